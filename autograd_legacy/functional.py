"""torch.functional: functions of tensors in plain Python, on Tensors and Variables alike."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from . import creation
from ._core import functions, ops
from ._core.tensor import Tensor


def split(tensor, split_size: int, dim: int = 0) -> tuple:
    """tensor cut along dim into pieces of split_size, the last of which may be smaller, as views.

    ZeroDivisionError for a split_size of 0; a negative one gives no pieces.
    """
    variable = not isinstance(tensor, Tensor)
    if isinstance(split_size, (str, float)) or (variable and type(split_size) is not int):
        kind = RuntimeError if variable else TypeError
        raise kind(f"split() takes an int as split_size, got {type(split_size).__name__}")
    if dim < 0:
        dim += tensor.dim()
    size = tensor.size(dim)
    pieces = (size + split_size - 1) // split_size
    if variable and pieces > 0 and size % split_size == 0:
        return ops.split_evenly(tensor, split_size, dim)  # one node, whose pieces do not count as views of tensor
    last = split_size - (split_size * pieces - size)
    return tuple(tensor.narrow(dim, i * split_size, split_size if i < pieces - 1 else last) for i in range(pieces))


def chunk(tensor, chunks: int, dim: int = 0) -> tuple:
    """tensor cut along dim into at most so many pieces of equal size, the last of which may be smaller, as views."""
    if dim < 0:
        dim += tensor.dim()
    return split(tensor, (tensor.size(dim) + chunks - 1) // chunks, dim)


def chunk_of_tensor(x, n_chunks: int, dim: int = 0) -> tuple:
    """chunk as a method of Tensors, whose keyword has another name."""
    return chunk(x, n_chunks, dim)


def stack(sequence: Sequence, dim: int = 0, out=None):
    """Tensors of one size, put side by side along a new dimension dim. ValueError where there is none."""
    if not len(sequence):
        raise ValueError("stack expects a non-empty sequence of tensors")
    if dim < 0:
        dim += sequence[0].dim() + 1
    rows = [tensor.unsqueeze(dim) for tensor in sequence]
    return functions.cat(rows, dim) if out is None else functions.cat(rows, dim, out=out)


def unbind(tensor, dim: int = 0) -> tuple:
    """The slices of tensor along dim, each with one dimension less."""
    return tuple(tensor.select(dim, i) for i in range(tensor.size(dim)))


def btriunpack(LU_data, LU_pivots, unpack_data: bool = True, unpack_pivots: bool = True) -> tuple:
    """The permutations, the lower and the upper triangles (P, L, U) of the LU factorizations that btrifact gives.

    Each is a batch of matrices, with P L U the matrix that was factorized; None for those not asked for.
    """
    n = LU_data.size(-1)
    lower = upper = permutations = None
    if unpack_data:
        lower, upper = LU_data.clone(), LU_data.clone()
        ones = creation.eye(n, out=type(LU_data)())
        for i in range(LU_data.size(0)):
            upper[i] = LU_data[i].triu()
            lower[i] = LU_data[i].tril(-1) + ones
    if unpack_pivots:
        permutations = LU_data.clone().zero_()
        for i in range(LU_data.size(0)):
            order = list(range(n))
            for row, pivot in enumerate(LU_pivots[i]):
                order[row], order[int(pivot) - 1] = order[int(pivot) - 1], order[row]
            for column, row in enumerate(order):
                permutations[i, row, column] = 1
    return permutations, lower, upper


def matmul(tensor1, tensor2, out=None):
    """The product of vectors, matrices or batches of matrices.

    Two vectors give their inner product, a Python number; a vector beside a matrix is a row on the left, a column on
    the right. With more dimensions the last two are matrices and the others a batch, which is broadcast. ValueError
    where one of the two is empty.
    """
    if tensor1.is_sparse and isinstance(tensor1, Tensor):
        return tensor1.matmul(tensor2)
    n1, n2 = tensor1.dim(), tensor2.dim()
    if n1 == 0 or n2 == 0:
        raise ValueError(f"both arguments to matmul need to be at least 1D, but they are {n1}D and {n2}D")
    if n1 == 1 and n2 == 1:
        if out is not None:
            raise ValueError("out must be None for 1-d tensor matmul, returns a scalar")
        return tensor1.dot(tensor2)
    result = _product(tensor1, tensor2, n1, n2)
    return result if out is None else out.resize_(result.size()).copy_(result)


def matmul_method(x, other):
    """matmul as a method."""
    return matmul(x, other)


def masked_copy_(x, *args, **kwargs):
    """masked_scatter_, by the name that it had before PyTorch 0.2."""
    warnings.warn("masked_copy_ is renamed to masked_scatter_: use that name", stacklevel=3)
    return x.masked_scatter_(*args, **kwargs)


def masked_copy_of_variable_(x, mask, variable):
    """masked_scatter_ of Variables, by the name that it had before PyTorch 0.2."""
    return masked_copy_(x, mask, variable)


def masked_copy_of_variable(x, mask, variable):
    """masked_scatter of Variables, by the name that it had before PyTorch 0.2."""
    warnings.warn("masked_copy is renamed to masked_scatter: use that name", stacklevel=3)
    return x.masked_scatter(mask, variable)


def _product(a, b, n1: int, n2: int):
    if n1 == 2 and n2 == 2:
        return a.mm(b)
    if n1 == 2 and n2 == 1:
        return a.mv(b)
    if n1 == 1 and n2 == 2:
        return a.unsqueeze(0).mm(b).squeeze(0)
    if n2 <= 2:  # the batch's matrices, one below the other, are one matrix
        rows = a.contiguous().view(-1, a.size(-1))
        if n2 == 1:
            return rows.mm(b.unsqueeze(1)).squeeze(1).contiguous().view(a.size()[:-1])
        return rows.mm(b).view(*a.size()[:-1], b.size(1))
    if n1 == 1:
        return _product(b.transpose(-2, -1), a, n2, 1)
    if n1 == 2:
        return _product(b.transpose(-2, -1), a.t(), n2, 2).transpose(-2, -1)
    batch = _broadcast(a.size()[:-2], b.size()[:-2])
    product = _flat(a, batch).bmm(_flat(b, batch))
    return product.view(*batch, a.size(-2), b.size(-1))


def _flat(x, batch: tuple):
    """x, broadcast to the batch, with one dimension for all of the batch's."""
    x = x.expand(*batch, x.size(-2), x.size(-1))
    return x if len(batch) == 1 else x.contiguous().view(-1, x.size(-2), x.size(-1))


def _broadcast(a: tuple, b: tuple) -> tuple:
    """The sizes that a and b broadcast to."""
    n = max(len(a), len(b))
    sizes = []
    for k, (i, j) in enumerate(zip((1,) * (n - len(a)) + tuple(a), (1,) * (n - len(b)) + tuple(b), strict=True)):
        if i != j and i != 1 and j != 1:
            raise RuntimeError(
                f"The size of tensor a ({i}) must match the size of tensor b ({j}) at non-singleton dimension {k}."
            )
        sizes.append(max(i, j))
    return tuple(sizes)
