"""Page-locked batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.tensor import Tensor
from .collate import string_classes


def pin_memory_batch(batch: Any) -> Any:
    """The batch with all its tensors in page-locked memory; sequences come back as lists."""
    if isinstance(batch, Tensor):
        return batch.pin_memory()
    if isinstance(batch, string_classes):
        return batch
    if isinstance(batch, Mapping):
        return {key: pin_memory_batch(item) for key, item in batch.items()}
    if isinstance(batch, Sequence):
        return [pin_memory_batch(item) for item in batch]
    return batch
