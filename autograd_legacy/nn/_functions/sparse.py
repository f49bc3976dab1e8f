"""Rows of a table, found by number."""

from __future__ import annotations

from ... import sparse
from ..._core import ops
from ...autograd import Function, Variable
from ...autograd.function import once_differentiable
from .._tensors import check_variable

NO_PADDING = -1


class Embedding(Function):
    """The rows of a table, whose gradient is sparse: an entry for each row looked up. Uses are not counted for it."""

    @staticmethod
    def forward(ctx, weight, indices, padding: int, *options):
        """ops.embedding's operands."""
        ctx.indices, ctx.padding, ctx.table = indices.clone(), padding, weight.size()
        return ops.embedding(weight, indices, padding, *options)

    @staticmethod
    @once_differentiable
    def backward(ctx, grad):
        """RuntimeError where nothing but padding was looked up: no sparse tensor has values of no rows."""
        rows, values = ctx.indices.view(-1), grad.contiguous().view(-1, ctx.table[1])
        if ctx.padding != NO_PADDING:
            kept = (rows != ctx.padding).nonzero()
            if kept.dim() == 0:
                raise RuntimeError("embedding: a sparse gradient needs at least one row that is not padding")
            rows, values = rows.index_select(0, kept.view(-1)), values.index_select(0, kept.view(-1))
        elif values.data_ptr() == grad.data_ptr():
            values = values.clone()  # the gradient keeps its values, and others may hold them
        made = getattr(sparse, type(values).__name__)(rows.unsqueeze(0), values, ctx.table)
        return made, *[None] * 6


def lookup(indices, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, is_sparse) -> Variable:
    check_variable(indices, "embedding")
    if indices.dim() > 2:
        raise AssertionError(f"embedding takes indices of one or two dimensions, got {indices.dim()}")
    padding = NO_PADDING if padding_idx is None else padding_idx
    options = (padding, max_norm, norm_type, scale_grad_by_freq, is_sparse)
    return (Embedding.apply if is_sparse else ops.embedding)(weight, indices, *options)


def embedding(
    input: Variable,
    embedding_matrix: Variable,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Variable:
    """The rows of embedding_matrix that the indices `input` name: N or N x L give N x D or N x L x D.

    Rows in use whose norm_type-norm is above max_norm are shortened in place. With scale_grad_by_freq the gradient of a
    row is divided by the number of its uses; with `sparse` it is a sparse tensor.
    """
    return lookup(input, embedding_matrix, None, max_norm, norm_type, scale_grad_by_freq, sparse)


def embedding_bag(
    embedding_matrix: Variable,
    indices: Variable,
    offsets: Variable | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
) -> Variable:
    """The sum or mean of the table's rows in each bag.

    A bag is a row of N x L indices, or a stretch of N indices that begins at one of `offsets`.
    """
    if indices.dim() == 2:
        if offsets is not None:
            raise ValueError(
                "if input is 2D, then offsets has to be None, as input is treated as a mini-batch of fixed length "
                "sequences"
            )
        bags, length = indices.size()
        offsets = Variable(indices.data.new([length * bag for bag in range(bags)]))
        indices = indices.contiguous().view(-1)
    elif indices.dim() != 1:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {indices.dim()}")
    else:
        _check_offsets(offsets, indices.size(0))
    if mode not in ("sum", "mean"):
        raise ValueError(f"mode needs to be 'sum' or 'mean', but got {mode}")
    return ops.embedding_bag(embedding_matrix, indices, offsets, max_norm, norm_type, scale_grad_by_freq, mode)


def _check_offsets(offsets: Variable | None, length: int) -> None:
    if offsets is None or offsets.dim() != 1:
        raise ValueError(f"offsets has to be a 1D Tensor, but got {None if offsets is None else offsets.size()}")
    if offsets.data[0] != 0:
        raise ValueError(
            f"offsets[0] has to be 0, for the first bag starts at position 0. However, got {offsets.data[0]}"
        )
    if offsets.data[-1] > length:
        raise ValueError(f"offsets[-1] has to be at most the number of indices ({length}), but got {offsets.data[-1]}")
