"""Calls in which a sparse tensor takes part, handed over by the compiled core."""

from __future__ import annotations

from typing import Any

from .._core.tensor import Tensor
from . import products
from .tensor import SparseTensor, is_number

_OF_SPARSE = ("add", "sub", "mul", "div", "pow", "t", "transpose")  # torch.name(sparse, ...)


def computed(name: str, values: list, out: Any) -> Any:
    """A row of the table on operands of which one is sparse: the few that Variables over sparse tensors know."""
    x = values[0]
    if isinstance(x, SparseTensor):
        if name in ("clone", "zero_"):
            return getattr(x, name)()
        if name == "convert":
            return x._converted(values[1])
        if name == "add" and isinstance(values[1], SparseTensor):
            return x.add(values[1]) if out is None else x._put(x.add(values[1]))
    sparse = next((value for value in values if isinstance(value, SparseTensor)), x)
    kind = sparse.type() if isinstance(sparse, Tensor) else type(sparse).__name__
    raise RuntimeError(f"{name} is not implemented for type {kind}")


def call(name: str, args: tuple, method: bool, kwargs: dict, out: Any) -> Any:
    """torch.name(*args), or with method args[0].name(*args[1:]), where a tensor among the arguments is sparse."""
    first = next((arg for arg in args if isinstance(arg, Tensor)), None)
    if not kwargs:
        if name in ("addmm", "addmm_") and not isinstance(first, SparseTensor):
            return _addmm(name, args, method, out)
        if name == "mm" and isinstance(args[0], SparseTensor) and len(args) == 2:
            return products.mm(*args, out=out)
        if name in ("add", "add_") and first is not None and not isinstance(first, SparseTensor):
            return _add(first, args, name == "add_", out)
        if isinstance(first, SparseTensor) and args[0] is first and name in _OF_SPARSE:
            extra = {} if out is None else {"out": out}
            return getattr(first, name)(*args[1:], **extra)
    kinds = [arg.type() if isinstance(arg, Tensor) else type(arg).__name__ for arg in args]
    raise TypeError(f"{name} is not implemented for ({', '.join([*kinds, *(f'{key}=' for key in kwargs)])})")


def _add(dense: Any, args: tuple, inplace: bool, out: Any) -> Any:
    """dense + [number *] sparse."""
    scale = args[1] if len(args) == 3 else 1
    sparse = args[-1]
    if args[0] is not dense or len(args) not in (2, 3) or not is_number(scale) or not _fits(dense, sparse):
        raise TypeError(f"add of a {dense.type()} takes ([number,] tensor of its type, dense or sparse)")
    if not inplace:
        dense = dense.clone() if out is None else out.resize_(dense.size()).copy_(dense)
    return sparse.add_into(dense, scale)


def _fits(dense: Any, sparse: Any) -> bool:
    return isinstance(sparse, SparseTensor) and sparse._dense is type(dense)


def _addmm(name: str, args: tuple, method: bool, out: Any) -> Any:
    if method:  # both scales come after the summand
        summand, *scales = args[:-2]
        args = (*scales[:1], summand, *scales[1:], *args[-2:])
    beta, summand, alpha, sparse, dense = products.scaled("addmm", args)
    result = products.addmm(beta, summand, alpha, sparse, dense)
    target = summand if name == "addmm_" else out
    return result if target is None else target.resize_(result.size()).copy_(result)


def beside(name: str, dense: Any, sparse: Any, inplace: bool) -> Any:
    """dense `op` sparse, for the operators of Python: + alone."""
    if name != "add":
        raise TypeError(f"{name} of a {dense.type()} takes a number or a tensor of its type, got {sparse.type()}")
    return _add(dense, (dense, sparse), inplace, None)


def masked(dense: Any, mask: Any) -> SparseTensor:
    """The elements of dense in the places of mask.

    TypeError for a mask of another type, RuntimeError unless it is coalesced.
    """
    if not _fits(dense, mask):
        raise TypeError(
            f"_sparse_mask of a {dense.type()} takes a sparse tensor of its type, got {type(mask).__name__}"
        )
    if mask.size() != dense.size():
        raise RuntimeError(
            f"_sparse_mask: a mask of size {tuple(mask.size())} for a tensor of size {tuple(dense.size())}"
        )
    if not mask._nnz():
        return mask._made(mask._at, mask._held)
    if not mask.is_coalesced():
        raise RuntimeError("_sparse_mask: the mask must be coalesced")
    rows = dense.contiguous().view(-1, *dense.size()[mask._dimI() :])
    return mask._made(mask._at.clone(), rows.index_select(0, mask._keys()), True)
