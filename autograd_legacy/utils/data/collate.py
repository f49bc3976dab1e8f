"""From samples to batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from ... import (
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
    from_numpy,
    stack,
)
from ..._core.index import rows
from ..._core.tensor import Tensor

string_classes = (str, bytes)

# The tensor type of a batch of NumPy scalars.
numpy_type_map = {
    "float64": DoubleTensor,
    "float32": FloatTensor,
    "float16": HalfTensor,
    "int64": LongTensor,
    "int32": IntTensor,
    "int16": ShortTensor,
    "int8": CharTensor,
    "uint8": ByteTensor,
}


def room(like: Tensor, count: int) -> Tensor | None:
    """Where to put `count` tensors stacked, if not in memory of their own: worker processes say that here."""
    return None


def default_collate(batch: Sequence) -> Any:
    """One batch from a list of samples of the same kind.

    tensors, NumPy arrays       stacked along a new first dimension
    ints, bools                 a LongTensor
    floats                      a DoubleTensor
    NumPy scalars               a tensor of their type
    str, bytes                  the list itself
    mappings, sequences         a dict, a list with one batch for each key or place

    TypeError for anything else; the first sample decides.
    """
    first = batch[0]
    if isinstance(first, Tensor):
        return _stacked(batch)
    if isinstance(first, numpy.ndarray):
        if first.dtype.kind in "SUO":
            raise TypeError(_refusal(first.dtype))
        return _stacked([from_numpy(array) for array in batch])
    if isinstance(first, numpy.generic) and not isinstance(first, string_classes):
        return numpy_type_map[first.dtype.name]([sample.item() for sample in batch])
    if isinstance(first, int):
        return LongTensor(batch)
    if isinstance(first, float):
        return DoubleTensor(batch)
    if isinstance(first, string_classes):
        return batch
    if isinstance(first, Mapping):
        return {key: default_collate([sample[key] for sample in batch]) for key in first}
    if isinstance(first, Sequence):
        return [default_collate(column) for column in zip(*batch, strict=False)]
    raise TypeError(_refusal(type(first)))


def _stacked(tensors: Sequence[Tensor]) -> Tensor:
    return stack(tensors, 0, out=room(tensors[0], len(tensors)))


def _refusal(found: object) -> str:
    return f"batch must contain tensors, numbers, dicts or lists; found {found}"


def gather(tensor: Any, indices: list[int]) -> Tensor | None:
    """default_collate([tensor[i] for i in indices]), copied at once.

    None where the items must be looked up one by one: a Variable, or indices that are not plain ints within range.
    """
    if not isinstance(tensor, Tensor) or isinstance(tensor, HalfTensor):
        return None
    batch = rows(tensor, indices)
    if batch is None or tensor.dim() > 1:
        return batch
    # items of a one-dimensional tensor are Python numbers, and these collate to one of two types
    return batch.double() if isinstance(tensor, FloatTensor | DoubleTensor) else batch.long()
