"""The sparse tensor: places and values, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import optable
from .._core.functions import cat
from .._core.sparse import DENSE_TYPES, set_shape
from .._core.tensor import Size, Tensor, class_of
from .._core.types import LongTensor
from . import places

_CODES = {d.name.lower(): k for k, d in enumerate(optable.DTYPES) if d.name != "Half"}


class _Absent:
    """A method of dense tensors that sparse ones lack, as hasattr tells."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        raise AttributeError(f"a sparse tensor has no {self.name}")


def _refused(name: str) -> Any:
    def refuse(self: SparseTensor, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"{name} is not implemented for {self.type()}")

    refuse.__name__ = name
    return refuse


def is_number(value: Any) -> bool:
    """Whether value is a number that a tensor may be scaled by."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class SparseTensor(Tensor):
    """A tensor of which only some elements are stored: column k of `_indices()` (LongTensor, sparse dims x nnz) is the
    place of `_values()[k]`, and the values of one place add up. Values may have dimensions of their own, the dense
    dims, which come after the sparse ones.

    Built from nothing, from sizes (all zeros), or from indices, values and, unless it is to be as small as the indices
    allow, a torch.Size. Indices and values are kept, not copied.
    """

    is_sparse = True
    is_cuda = False
    _code: int  # of the values' type
    _dense: type  # the values' class

    element_size = is_contiguous = is_same_size = is_set_to = nelement = _Absent()
    storage = storage_offset = stride = data_ptr = _share = _Absent()
    chunk, split, expand, repeat, permute = map(_refused, ("chunk", "split", "expand", "repeat", "permute"))
    tolist, view_as, expand_as, pin_memory = map(_refused, ("tolist", "view_as", "expand_as", "pin_memory"))
    is_shared, share_memory_, masked_copy_ = map(_refused, ("is_shared", "share_memory_", "masked_copy_"))
    __int__, __float__, __array__, __array_wrap__ = map(_refused, ("int", "float", "numpy.asarray", "a NumPy function"))
    __iter__ = _refused("iteration")
    __bool__ = _refused("bool")
    __neg__ = _refused("neg")
    __mod__ = _refused("remainder")
    __rsub__ = _refused("number - sparse")
    __rtruediv__ = __rdiv__ = _refused("number / sparse")
    __rpow__ = _refused("number ** sparse")
    __and__ = __or__ = __xor__ = __iand__ = __ior__ = __ixor__ = _refused("a logical operation")
    __matmul__ = _refused("@")
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refused("a comparison")
    __reduce_ex__ = __getstate__ = _refused("pickling")
    __hash__ = None  # unlike dense tensors

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs:
            raise RuntimeError(f"{self.type()} constructor doesn't accept any keyword arguments, got {sorted(kwargs)}")
        if len(args) == 1 and isinstance(args[0], (tuple, list)):
            args = tuple(args[0])
        if all(type(size) is int for size in args):
            self._become(LongTensor(), self._dense(), args, len(args), False)
            return
        fits = len(args) in (2, 3) and type(args[0]) is LongTensor and type(args[1]) is self._dense
        if not fits or (len(args) == 3 and not isinstance(args[2], Size)):
            given = ", ".join(arg.type() if isinstance(arg, Tensor) else type(arg).__name__ for arg in args)
            raise TypeError(
                f"{self.type()} takes nothing, sizes, or a LongTensor of indices, a {self._dense.__name__} of values "
                f"and optionally a torch.Size; got ({given})"
            )
        indices, values = args[:2]
        if indices.dim() != 2 or values.dim() == 0:
            raise RuntimeError(
                f"indices have two dimensions and values at least one, got {indices.dim()} and {values.dim()}"
            )
        if indices.size(1) != values.size(0):
            raise RuntimeError(f"indices and values must have same nnz, got {indices.size(1)} and {values.size(0)}")
        dims = indices.size(0)
        sizes = args[2] if len(args) == 3 else [row.max() + 1 for row in indices] + list(values.size()[1:])
        if len(sizes) != dims + values.dim() - 1:
            raise RuntimeError(
                f"number of dimensions must be nDimI + nDimV: {dims} + {values.dim() - 1}, got a size of {len(sizes)}"
            )
        self._become(indices, values, sizes, dims, False)

    def _become(self, indices: Any, values: Any, sizes: Sequence[int], dims: int, coalesced: bool) -> SparseTensor:
        set_shape(self, self._code, sizes)
        self._at, self._held, self._dims, self._sorted = indices, values, dims, coalesced
        return self

    def _made(self, indices: Any, values: Any, coalesced: bool = False, sizes: Any = None) -> SparseTensor:
        """A sparse tensor of self's type and, unless others are given, sizes."""
        made = type(self)()
        return made._become(indices, values, self.size() if sizes is None else sizes, self._dims, coalesced)

    def _put(self, other: SparseTensor) -> SparseTensor:
        """Self becomes the other."""
        return self._become(other._at, other._held, other.size(), other._dims, other._sorted)

    def _sparse_sizes(self) -> Sequence[int]:
        return self.size()[: self._dims]

    def _keys(self) -> Any:
        places.check(self._at, self._sparse_sizes())
        return places.keys(self._at, self._sparse_sizes())

    # -- parts -----------------------------------------------------------------------------------------------------

    def _indices(self) -> Any:
        """The places: a new object on the same memory."""
        return self._at._share()

    def _values(self) -> Any:
        """The values: a new object on the same memory."""
        return self._held._share()

    def _nnz(self) -> int:
        """The number of stored elements."""
        return self._held.size(0) if self._held.dim() else 0

    def _dimI(self) -> int:
        """The number of sparse dimensions."""
        return self._dims

    def _dimV(self) -> int:
        """The number of dense dimensions."""
        return self.ndimension() - self._dims

    def dim(self) -> int:
        """The number of sparse dimensions, as in 0.3.1; ndimension() counts all."""
        return self._dims

    def is_coalesced(self) -> bool:
        """Whether the places are known to be in order, each once."""
        return self._sorted

    def coalesce(self) -> SparseTensor:
        """The same with its places in order (the last dimension fastest) and the values of one place added up."""
        if self._sorted or self._nnz() == 0:
            return self._made(self._at, self._held, self._sorted)
        places.check(self._at, self._sparse_sizes())
        return self._made(*places.merged(self._at, self._held, self._sparse_sizes()), True)

    def to_dense(self) -> Any:
        """The dense tensor with these elements, and zeros elsewhere."""
        dense = self._dense(*self.size()).zero_()
        return self.add_into(dense, 1)

    def add_into(self, dense: Any, scale: Any) -> Any:
        """dense += scale * self, in place. RuntimeError where the sizes differ."""
        if dense.size() != self.size():
            raise RuntimeError(
                f"a sparse tensor of size {tuple(self.size())} cannot be added to a dense one of {tuple(dense.size())}"
            )
        if self._nnz():
            flat = dense.contiguous()
            rows = flat.view(-1, *self.size()[self._dims :])
            rows.index_add_(0, self._keys(), self._held if scale == 1 else self._held * scale)
            if not dense.is_contiguous():
                dense.copy_(flat)
        return dense

    def __repr__(self) -> str:
        from .._tensor_str import tensor_text

        return tensor_text(self)

    def __len__(self) -> int:
        raise TypeError(f"object of type {self.type()!r} has no len()")

    @property
    def data(self) -> Any:
        """RuntimeError: only Variables have it."""
        raise RuntimeError("cannot call .data on a torch.Tensor: did you intend to use autograd.Variable?")

    # -- copies ----------------------------------------------------------------------------------------------------

    def new(self, *args: Any) -> SparseTensor:
        """A sparse tensor of self's type, built from the arguments."""
        return type(self)(*args)

    def clone(self) -> SparseTensor:
        """A copy of places and values."""
        return self._made(self._at.clone(), self._held.clone(), self._sorted)

    def __deepcopy__(self, memo: dict) -> SparseTensor:
        return memo.setdefault(id(self), self.clone())

    def zero_(self) -> SparseTensor:
        """Drop all elements; sizes and dims stay."""
        return self._become(LongTensor(), self._dense(), self.size(), self._dims, self._sorted)

    def resize_as_(self, other: SparseTensor) -> SparseTensor:
        """Take the sizes of another sparse tensor; the elements stay."""
        return self._become(self._at, self._held, other.size(), other._dims, self._sorted)

    def cpu(self) -> SparseTensor:
        """Self, which is in the memory of the CPU."""
        return self

    def cuda(self, device: int | None = None, **options: Any) -> SparseTensor:
        """A copy in the memory of a GPU. AssertionError: there is none."""
        from ..cuda.devices import refuse

        refuse("a sparse tensor in its memory")

    def half(self) -> SparseTensor:
        """AttributeError: there is no sparse HalfTensor."""
        raise AttributeError("module 'torch.sparse' has no attribute 'HalfTensor'")

    def is_pinned(self) -> bool:
        """False: memory is locked in place only for a GPU."""
        return False

    def is_signed(self) -> bool:
        """Whether the type of the values has negative numbers."""
        return self._dense().is_signed()

    def type(self, new_type: Any = None, **options: Any) -> Any:
        """The name of the type ("torch.sparse.FloatTensor"), or self in another sparse type: a class or its name."""
        if new_type is None:
            return f"torch.sparse.{type(self).__name__}"
        if isinstance(new_type, str):
            module, _, name = new_type.rpartition(".")
            code = _CODES.get(name.removesuffix("Tensor").lower()) if module.endswith("sparse") else None
        else:
            code = getattr(new_type, "_code", None)
        if code is None:
            raise RuntimeError(f"Cannot cast sparse tensor to dense tensor: {new_type!r} is no sparse type")
        return self._converted(code)

    def type_as(self, tensor: SparseTensor) -> SparseTensor:
        """Self in the type of another sparse tensor."""
        return self.type(type(tensor))

    def _converted(self, code: int) -> SparseTensor:
        if code == self._code:
            return self
        made = class_of(DENSE_TYPES + code)()
        values = self._held.type(class_of(code))
        return made._become(self._at.clone(), values, self.size(), self._dims, False)

    # -- arithmetic ------------------------------------------------------------------------------------------------

    def _checked(self, name: str, other: Any) -> SparseTensor:
        if type(other) is not type(self):
            given = other.type() if isinstance(other, Tensor) else type(other).__name__
            raise TypeError(f"{name} of a {self.type()} takes another one, got {given}")
        if other.size() != self.size() or other._dims != self._dims:
            raise RuntimeError(
                f"{name}: operands have incompatible sizes or dimension types, {tuple(self.size())} with {self._dims} "
                f"sparse and {tuple(other.size())} with {other._dims}"
            )
        return other

    def _sum(self, name: str, args: tuple, sign: int) -> SparseTensor:
        scale = sign
        if len(args) == 2 and is_number(args[0]):
            scale, args = sign * args[0], args[1:]
        if len(args) != 1:
            raise TypeError(f"{name} of a {self.type()} takes ([number,] sparse tensor), got {len(args)} arguments")
        other = self._checked(name, args[0])
        theirs = other._held if scale == 1 else other._held * scale
        if not other._nnz():
            return self.clone()
        if not self._nnz():
            return other._made(other._at.clone(), theirs.clone(), other._sorted)
        coalesced = self._sorted and other._sorted
        if self._at.size() == other._at.size() and not (self._at != other._at).any():
            return self._made(self._at.clone(), self._held + theirs, coalesced)
        indices, values = cat([self._at, other._at], 1), cat([self._held, theirs], 0)
        if places.ascending(self._keys()) and places.ascending(other._keys()):
            indices, values = places.merged(indices, values, self._sparse_sizes())
        return self._made(indices, values, coalesced)

    def _product(self, other: Any) -> SparseTensor:
        if is_number(other):
            return self._made(self._at.clone(), self._held * other, self._sorted)
        a, b = self.coalesce(), self._checked("mul", other).coalesce()
        shared = places.common(a._keys(), b._keys()) if a._nnz() and b._nnz() else None
        if shared is None:
            return self._made(LongTensor(), self._dense(), True)
        left, right = shared
        values = a._held.index_select(0, left) * b._held.index_select(0, right)
        return self._made(a._at.index_select(1, left), values, True)

    def _quotient(self, number: Any) -> SparseTensor:
        if not is_number(number):
            raise TypeError(f"div of a {self.type()} takes a number, got {type(number).__name__}")
        return self._made(self._at.clone(), self._held / number, self._sorted)

    def _power(self, number: Any) -> SparseTensor:
        if not is_number(number):
            raise TypeError(f"pow of a {self.type()} takes a number, got {type(number).__name__}")
        if number == 0:
            raise RuntimeError("cannot raise a sparse tensor to the power 0: the result would be dense")
        if not hasattr(self._held, "pow"):
            raise TypeError(f"Type {self.type()} doesn't implement pow")
        one = self.coalesce()
        return self._made(one._at, one._held.pow(number), one._sorted)

    def add(self, *args: Any, out: Any = None) -> SparseTensor:
        """self + [number *] other."""
        return _given(self._sum("add", args, 1), out)

    def sub(self, *args: Any, out: Any = None) -> SparseTensor:
        """self - [number *] other."""
        return _given(self._sum("sub", args, -1), out)

    def mul(self, other: Any, out: Any = None) -> SparseTensor:
        """self * other, a number or, element by element, a sparse tensor."""
        return _given(self._product(other), out)

    def div(self, number: Any, out: Any = None) -> SparseTensor:
        """self / number."""
        return _given(self._quotient(number), out)

    def pow(self, number: Any, out: Any = None) -> SparseTensor:
        """self ** number, coalesced. RuntimeError for 0."""
        return _given(self._power(number), out)

    def add_(self, *args: Any) -> SparseTensor:
        """self += [number *] other."""
        return self._put(self._sum("add", args, 1))

    def sub_(self, *args: Any) -> SparseTensor:
        """self -= [number *] other."""
        return self._put(self._sum("sub", args, -1))

    def mul_(self, other: Any) -> SparseTensor:
        """self *= other."""
        return self._put(self._product(other))

    def div_(self, number: Any) -> SparseTensor:
        """self /= number."""
        return self._put(self._quotient(number))

    __add__ = __radd__ = add
    __sub__ = sub
    __mul__ = __rmul__ = mul
    __truediv__ = __div__ = div
    __pow__ = pow
    __iadd__, __isub__, __imul__, __itruediv__, __idiv__ = add_, sub_, mul_, div_, div_

    def __ipow__(self, number: Any) -> SparseTensor:
        return self._put(self._power(number))

    def __invert__(self) -> Any:
        raise RuntimeError("logical operations are supported on ByteTensors only")

    # -- places ----------------------------------------------------------------------------------------------------

    def transpose(self, dim0: int, dim1: int) -> SparseTensor:
        """A copy with two of its sparse dimensions exchanged."""
        if not (0 <= dim0 < self._dims and 0 <= dim1 < self._dims):
            raise RuntimeError(
                f"Transposed dimensions should be sparse. Got nDimI: {self._dims}, d1: {dim0}, d2: {dim1}"
            )
        order = list(range(self.ndimension()))
        order[dim0], order[dim1] = dim1, dim0
        indices = self._at.index_select(0, LongTensor(order[: self._dims])) if self._nnz() else LongTensor()
        return self._made(indices, self._held.clone(), sizes=[self.size(k) for k in order])

    def t(self) -> SparseTensor:
        """A copy with rows and columns exchanged. RuntimeError unless there are two sparse dimensions and no other."""
        if self._dims != 2 or self._dimV():
            raise RuntimeError(
                f"t() expects a 2D sparse tensor, but self is {self._dims}D indices and {self._dimV()}D values"
            )
        return self.transpose(0, 1)

    def transpose_(self, dim0: int, dim1: int) -> SparseTensor:
        """Exchange two sparse dimensions."""
        return self._put(self.transpose(dim0, dim1))

    def t_(self) -> SparseTensor:
        """Exchange rows and columns."""
        return self._put(self.t())

    # -- with dense tensors ----------------------------------------------------------------------------------------

    def spadd(self, dense: Any, *args: Any) -> Any:
        """dense + [number *] sparse, dense; self says the type only."""
        return dense.add(*args)

    def sspaddmm(self, *args: Any) -> SparseTensor:
        """[beta *] self + [alpha *] sparse x dense, with two sparse dimensions."""
        from .products import sspaddmm

        return sspaddmm(*args[:-2], self, *args[-2:]) if len(args) < 4 else sspaddmm(args[0], self, *args[1:])

    def matmul(self, other: Any) -> Any:
        """self x a dense matrix."""
        from .products import mm

        return mm(self, other)


def _conversion(name: str, code: int) -> Any:
    def convert(self: SparseTensor) -> SparseTensor:
        return self._converted(code)

    convert.__name__, convert.__doc__ = (
        name,
        f"Self in the sparse type {name.capitalize()}; self itself where it has it.",
    )
    return convert


for _name, _code in _CODES.items():
    setattr(SparseTensor, _name, _conversion(_name, _code))


def _given(result: Any, out: Any) -> Any:
    return result if out is None else out._put(result)
