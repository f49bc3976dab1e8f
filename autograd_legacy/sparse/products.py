"""Products of a sparse and a dense matrix."""

from __future__ import annotations

from typing import Any

from .._core.functions import cat
from .._core.tensor import Tensor
from .._core.types import LongTensor
from .tensor import SparseTensor, is_number


def _check(name: str, sparse: Any, dense: Any) -> None:
    if not isinstance(sparse, SparseTensor):
        kind = sparse.type() if isinstance(sparse, Tensor) else type(sparse).__name__
        raise TypeError(f"{name} multiplies a sparse by a dense matrix, got a {kind} first")
    if type(dense) is not sparse._dense:
        kind = dense.type() if isinstance(dense, Tensor) else type(dense).__name__
        raise TypeError(f"{name} of a {sparse.type()} takes a torch.{sparse._dense.__name__}, got {kind}")
    if sparse._dimI() != 2 or sparse._dimV() != 0:
        raise RuntimeError(
            f"{name}: a matrix expected, with scalar values; got {sparse._dimI()} sparse and {sparse._dimV()} dense "
            "dimensions"
        )
    if dense.dim() != 2:
        raise RuntimeError(f"{name}: matrices expected, got a dense tensor of {dense.dim()} dimensions")
    if dense.size(0) != sparse.size(1):
        raise RuntimeError(f"{name}: Expected dim 0 size {sparse.size(1)}, got {dense.size(0)}")


def _add_product(out: Any, alpha: Any, sparse: SparseTensor, dense: Any) -> Any:
    """out += alpha * sparse x dense."""
    if sparse._nnz():
        sparse._keys()  # says where an index lies outside
        rows, columns = sparse._at
        values = sparse._held if alpha == 1 else sparse._held * alpha
        terms = dense.index_select(0, columns)
        out.index_add_(0, rows, terms * values.unsqueeze(1).expand_as(terms))
    return out


def mm(sparse: Any, dense: Any, out: Any = None) -> Any:
    """sparse (n x m) x dense (m x k), dense."""
    _check("mm", sparse, dense)
    result = _add_product(dense.new(sparse.size(0), dense.size(1)).zero_(), 1, sparse, dense)
    return result if out is None else out.resize_(result.size()).copy_(result)


def addmm(beta: Any, summand: Any, alpha: Any, sparse: Any, dense: Any) -> Any:
    """beta * summand + alpha * sparse x dense, dense. The summand is not broadcast."""
    _check("addmm", sparse, dense)
    if type(summand) is not type(dense):
        raise TypeError(f"addmm of a {sparse.type()} adds a {dense.type()}, got {summand.type()}")
    size = (sparse.size(0), dense.size(1))
    if tuple(summand.size()) != size:
        raise RuntimeError(f"addmm: Expected a summand of size {size}, got {tuple(summand.size())}")
    start = summand * beta if beta != 0 else summand.new(*size).zero_()
    return _add_product(start, alpha, sparse, dense)


def dsmm(sparse: Any, dense: Any) -> Any:
    """torch.dsmm: sparse x dense, dense."""
    return mm(sparse, dense)


def hsmm(sparse: Any, dense: Any) -> SparseTensor:
    """torch.hsmm: sparse x dense as a tensor with one sparse dimension, of rows."""
    _check("hsmm", sparse, dense)
    made = type(sparse)()
    sizes = (sparse.size(0), dense.size(1))
    if not sparse._nnz():
        return made._become(LongTensor(), sparse._dense(), sizes, 1, False)
    rows = sparse.coalesce()._at[0]
    kept = LongTensor(sorted(set(rows.tolist())))
    return made._become(kept.unsqueeze(0), mm(sparse, dense).index_select(0, kept), sizes, 1, False)


def smm(sparse: Any, dense: Any) -> SparseTensor:
    """torch.smm: sparse x dense, with two sparse dimensions."""
    _check("smm", sparse, dense)
    rows = hsmm(sparse, dense)
    made, sizes, width = type(sparse)(), rows.size(), dense.size(1)
    if not rows._nnz():
        return made._become(rows._at, rows._held, sizes, 2, False)
    n = rows._nnz()
    row = rows._at[0].unsqueeze(1).expand(n, width).contiguous().view(1, -1)
    column = LongTensor(list(range(width))).unsqueeze(0).expand(n, width).contiguous().view(1, -1)
    return made._become(cat([row, column], 0), rows._held.contiguous().view(-1), sizes, 2, False)


def sspaddmm(*args: Any) -> SparseTensor:
    """torch.saddmm: [beta,] summand, [alpha,] sparse, dense: beta * summand + alpha * sparse x dense, all sparse."""
    beta, summand, alpha, sparse, dense = scaled("saddmm", args)
    if not isinstance(summand, SparseTensor):
        raise TypeError(f"saddmm adds a sparse tensor, got {type(summand).__name__}")
    return (summand if beta == 1 else summand * beta).add(alpha, smm(sparse, dense))


saddmm = sspaddmm


def scaled(name: str, args: tuple) -> tuple:
    """beta, summand, alpha and two factors, of which the numbers may have been left out."""
    tensors = [arg for arg in args if not is_number(arg)]
    if len(tensors) != 3 or len(args) > 5 or any(is_number(arg) for arg in args[-2:]):
        raise TypeError(f"{name} takes ([beta,] summand, [alpha,] sparse, dense), got {len(args)} arguments")
    beta = args[0] if is_number(args[0]) else 1
    alpha = args[-3] if is_number(args[-3]) else 1
    return beta, tensors[0], alpha, tensors[1], tensors[2]
