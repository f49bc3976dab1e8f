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


def typename(o: Any) -> str:
    """The name of the type of o: "torch.FloatTensor" for tensors, else with the module where it has one."""
    if isinstance(o, (Tensor, Storage)):
        return o.type()
    if isinstance(o, type) and issubclass(o, (Tensor, Storage)):
        return f"torch.{o.__name__}"
    kind = o if isinstance(o, type) else type(o)
    module = getattr(o, "__module__", None)  # a class of C's has one, its instances have not
    name = getattr(o, "__qualname__", None) or getattr(o, "__name__", None) or kind.__name__
    return name if module in ("builtins", "__builtin__", None) else f"{module}.{name}"


def numel(source: Any) -> int:
    """The number of elements of a tensor."""
    if not hasattr(source, "nelement"):
        raise TypeError(f"numel takes a tensor, got {type(source).__name__}")
    return source.nelement()
