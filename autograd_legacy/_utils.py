"""torch._utils: how tensors, storages and Variables are taken apart and put together again by pickle, and flattened.

The core's classes call `reduce_...` from their __reduce__; a pickle names the `_rebuild_...` functions. Programs that
exchange gradients took the last functions from here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import accumulate as _accumulate
from typing import Any

from ._core import pickling


def reduce_tensor(tensor: Any) -> tuple:
    """A tensor is a view of its whole storage, so that tensors that share memory still do when they are read back."""
    if tensor.is_sparse:
        raise NotImplementedError("sparse tensors cannot be pickled: save their indices and values")
    if tensor.dim() == 0 and tensor.nelement() == 1:
        return _rebuild_point, (tensor.storage(), tensor.storage_offset())
    return _rebuild_tensor, (tensor.storage(), tensor.storage_offset(), tuple(tensor.size()), tensor.stride())


def _rebuild_point(storage: Any, storage_offset: int) -> Any:
    """A single number without dimensions, which 0.3.1 did not know."""
    from ._core.restructure import point_of

    return point_of(pickling.rebuild_tensor(storage, storage_offset, (1,), (1,)))


def _rebuild_tensor(storage: Any, storage_offset: int, size: tuple, stride: tuple) -> Any:
    return pickling.rebuild_tensor(storage, storage_offset, size, stride)


def reduce_storage(storage: Any) -> tuple:
    """The class by name and the elements as bytes, in the machine's order."""
    return _rebuild_storage, (type(storage).__name__, bytes(pickling.storage_bytes(storage)))


def _rebuild_storage(name: str, data: bytes) -> Any:
    cls = getattr(sys.modules[__package__], name)
    storage = cls(len(data) // cls().element_size())
    pickling.storage_bytes(storage)[:] = data
    return storage


def reduce_variable(variable: Any) -> tuple:
    """A Variable is its class, its tensor and its flags. It comes back as a leaf; its gradient is not kept."""
    return type(variable), (variable.data,), (variable.requires_grad, variable.volatile, None)


def set_variable_state(variable: Any, state: tuple) -> None:
    """What Variable.__setstate__ does: the flags that reduce_variable wrote."""
    requires_grad, volatile, hooks = state
    variable.requires_grad = bool(requires_grad)
    variable.volatile = bool(volatile)
    for hook in (hooks or {}).values():
        variable.register_hook(hook)


def reduce_size(size: Any) -> tuple:
    """A Size is its numbers."""
    return _rebuild_size, (tuple(size),)


def _rebuild_size(numbers: tuple) -> Any:
    from ._core.tensor import Size

    return Size(numbers)


def reduce_function(function: Any) -> tuple:
    """A function of the table is its name: torch.add."""
    return _rebuild_function, (function.__name__,)


def _rebuild_function(name: str) -> Any:
    return getattr(sys.modules[__package__], name)


def _flatten_dense_tensors(tensors: Iterable) -> Any:
    """The elements of tensors of one type, one after the other in a vector: a view where there is one tensor."""
    from ._core.functions import cat

    rows = [tensor.contiguous().view(-1) for tensor in tensors]
    return rows[0] if len(rows) == 1 else cat(rows, 0)


def _unflatten_dense_tensors(flat: Any, tensors: Iterable) -> tuple:
    """Views of a vector in the sizes of the tensors, one after the other: undoes _flatten_dense_tensors."""
    found, start = [], 0
    for tensor in tensors:
        count = tensor.numel()
        found.append(flat.narrow(0, start, count).view_as(tensor))
        start += count
    return tuple(found)


_flatten_tensors, _unflatten_tensors = _flatten_dense_tensors, _unflatten_dense_tensors  # their names before 0.3


def _take_tensors(tensors: Iterable, size_limit: int) -> Iterator[list]:
    """The tensors in groups of one type, of at most size_limit bytes each unless a single one is larger."""
    groups: dict = {}
    sizes: dict = {}
    for tensor in tensors:
        kind, size = tensor.type(), tensor.numel() * tensor.element_size()
        group = groups.setdefault(kind, [])
        if group and sizes[kind] + size > size_limit:
            yield group
            group = groups[kind] = []
        sizes[kind] = sizes[kind] + size if group else size
        group.append(tensor)
    yield from filter(None, groups.values())


__all__ = ["_accumulate", "_flatten_dense_tensors", "_take_tensors", "_unflatten_dense_tensors"]
