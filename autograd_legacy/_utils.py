"""How tensors, storages and Variables are taken apart and put together again by pickle.

The core's classes call `reduce_...` from their __reduce__; a pickle names the `_rebuild_...` functions.
"""

from __future__ import annotations

import sys
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
