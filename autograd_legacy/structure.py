"""Sizes, storages and element-by-element calls of Python functions: methods of Tensors and Variables."""

from __future__ import annotations

from collections.abc import Callable

from ._core import ops
from ._core.restructure import resize_to, set_storage, wrap_dim
from ._core.storage import Storage
from ._core.tensor import Size, Tensor


def _sizes(args: tuple, name: str) -> tuple:
    """Sizes given as ints, a Size, a tuple or a list."""
    sizes = args[0] if len(args) == 1 and isinstance(args[0], (tuple, list)) else args
    for size in sizes:
        if type(size) is not int:
            raise TypeError(f"{name} takes sizes, which are plain ints, got {type(size).__name__}")
    return tuple(sizes)


def repeat(x, *sizes):
    """x copied sizes[k] times along dimension k; more numbers than dimensions add dimensions in front.

    Takes ints or a torch.Size. ValueError for fewer numbers than dimensions, TypeError for what is no int.
    """
    times = tuple(sizes[0]) if len(sizes) == 1 and isinstance(sizes[0], Size) else sizes
    if len(times) < x.dim():
        raise ValueError(
            f"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor: "
            f"{times} for {x.dim()} dimensions"
        )
    return ops.tile(x, tuple(Size(times)))


def select(x, dim: int, index: int, /):
    """The slice of x at `index` along `dim`; of a vector, a number."""
    if type(dim) is not int or type(index) is not int:
        raise TypeError(f"select takes two ints, got {type(dim).__name__} and {type(index).__name__}")
    part = ops.select(x, wrap_dim(dim, x.dim()), index)
    return part[0] if x.dim() == 1 else part


def permute(x, *dims: int):
    """x with its dimensions in another order: dimension k of the result is dimension dims[k] of x."""
    if sorted(d for d in dims if type(d) is int) != list(range(x.dim())) or len(dims) != x.dim():
        raise AssertionError(f"Invalid permutation: {dims} is no order of {x.dim()} dimensions")
    return ops.permute(x, dims)


def new(x, *args, **options):
    """A new tensor of the type of x: what its class makes of the arguments. Of a Variable, a Variable."""
    if isinstance(x, Tensor):
        if len(args) == 1 and isinstance(args[0], Tensor) and type(args[0]) is not type(x):
            raise TypeError(f"new() of a {x.type()} takes a tensor of the same type, got {args[0].type()}")
        return type(x)(*args)
    raise AttributeError(f"'{type(x).__name__}' object has no attribute 'new'")


def numel(x) -> int:
    """The number of elements."""
    return x.nelement()


def expand_as(x, tensor):
    """x expanded to the sizes of `tensor`."""
    return x.expand(tensor.size())


def view_as(x, tensor):
    """x viewed in the sizes of `tensor`."""
    return x.view(tensor.size())


def resize_(x, *sizes):
    """Give x other sizes over its own storage, read in order; the storage grows where it is too small."""
    if not sizes:
        raise TypeError("resize_ takes sizes: ints, or one list, tuple or torch.Size of ints")
    return resize_to(x, _sizes(sizes, "resize_"))


def resize_as_(x, tensor):
    """Give x the sizes of `tensor`."""
    if type(tensor) is not type(x):
        raise TypeError(f"resize_as_ takes a tensor of the same type, {x.type()}, got {type(tensor).__name__}")
    return resize_to(x, tuple(tensor.size()))


def resize(x, *sizes):
    """The elements of a Variable in other sizes; their number must stay."""
    return ops.resized(x.contiguous(), _sizes(sizes, "resize"))


def resize_as(x, variable):
    """The elements of a Variable in the sizes of another one."""
    return resize(x, *variable.size())


def set_(x, source=None, storage_offset=0, size=None, stride=None):
    """Make x a view of another memory: set_(), set_(tensor), set_(storage[, storage_offset, size[, stride]])."""
    if isinstance(source, (Tensor, Storage)) or source is None:
        return set_storage(x, source, storage_offset, size, stride)
    raise TypeError(f"set_ takes a tensor or a storage, got {type(source).__name__}")


def apply_(x, callable: Callable):
    """Replace each element by callable(element)."""
    return _replace(x, [callable(value) for value in _flat(x)])


def map_(x, tensor, callable: Callable):
    """Replace each element by callable(element, element of tensor)."""
    return _replace(x, [callable(a, b) for a, b in zip(_flat(x), _flat(_like(x, tensor)), strict=True)])


def map2_(x, x1, x2, callable: Callable):
    """Replace each element by callable(element, element of x1, element of x2)."""
    operands = (_flat(x), _flat(_like(x, x1)), _flat(_like(x, x2)))
    return _replace(x, [callable(*values) for values in zip(*operands, strict=True)])


def _flat(x) -> list:
    dense = x.contiguous() if hasattr(x, "contiguous") else x.float()
    return dense.view(-1).tolist() if dense.nelement() else []


def _like(x, other):
    """Another tensor of x's type, as x sees it: broadcast, or in order where the numbers of elements agree."""
    if type(other) is not type(x):
        raise TypeError(f"map_ takes tensors of one type, got {x.type()} and {type(other).__name__}")
    return other if other.nelement() == x.nelement() else other.expand(x.size())


def _replace(x, values: list):
    made = type(x)(values)
    return x.copy_(made.view(x.size()) if made.nelement() else made)


def is_signed(x) -> bool:
    """Whether the type has negative numbers."""
    return type(x).__name__ not in ("ByteTensor", "CharTensor")


def is_pinned(x) -> bool:
    """False: memory is locked in place only for a GPU."""
    return False


def pin_memory(x):
    """A copy in memory that a GPU reads faster. AssertionError: there is none."""
    from .cuda.devices import refuse

    refuse("pinned memory")


def share_memory_(x):
    """Move the storage to memory that other processes can map: all tensors on it follow."""
    x.storage().share_memory_()
    return x


def is_shared(x) -> bool:
    """Whether the storage lies in memory that other processes can map."""
    return x.storage().is_shared()


def get_device(x):
    """The number of the GPU that holds x; RuntimeError on the CPU."""
    raise RuntimeError("get_device is not implemented for CPU tensors")


def reinforce(x, reward):
    """RuntimeError: stochastic functions were removed in 0.3."""
    raise RuntimeError(
        "reinforce() was removed. Use torch.distributions instead: sample an action and call backward() on "
        "-m.log_prob(action) * reward."
    )
