"""What an object is: torch.is_tensor, is_storage, typename, numel."""

from __future__ import annotations

from typing import Any

from ._core.storage import Storage
from ._core.tensor import Tensor


def is_tensor(obj: Any) -> bool:
    """Whether obj is a tensor; a Variable is none."""
    return isinstance(obj, Tensor)


def is_storage(obj: Any) -> bool:
    """Whether obj is a storage."""
    return isinstance(obj, Storage)


def typename(obj: Any) -> str:
    """The name of the type of obj: "torch.FloatTensor" for tensors, else with the module where it has one."""
    if isinstance(obj, (Tensor, Storage)):
        return obj.type()
    if isinstance(obj, type) and issubclass(obj, (Tensor, Storage)):
        return f"torch.{obj.__name__}"
    kind = obj if isinstance(obj, type) else type(obj)
    module = getattr(obj, "__module__", None) or kind.__module__
    name = getattr(obj, "__qualname__", None) or getattr(obj, "__name__", None) or kind.__name__
    return name if module in ("builtins", "__builtin__", None) else f"{module}.{name}"


def numel(source: Any) -> int:
    """The number of elements of a tensor."""
    if not hasattr(source, "nelement"):
        raise TypeError(f"numel takes a tensor, got {type(source).__name__}")
    return source.nelement()
