"""The default tensor type: what torch.Tensor, and constructors without a type, make."""

from __future__ import annotations

from ._core import types
from ._core.tensor import Tensor

_class = types.FloatTensor


def tensor_class() -> type:
    """The class that torch.Tensor stands for."""
    return _class


def dtype_code() -> int:
    """Its place among the types."""
    return _code


_code = 6


def set_default_tensor_type(t) -> None:
    """Make another type the default: a class, or its name ("torch.DoubleTensor")."""
    global _class, _code
    import sys

    from . import optable

    kind = t
    if isinstance(t, str):
        module, _, name = t.rpartition(".")
        if module not in ("torch", "") or not hasattr(types, name):
            raise ImportError(f"invalid type name {t!r}: expected one like 'torch.DoubleTensor'")
        kind = getattr(types, name)
    if not (isinstance(kind, type) and issubclass(kind, Tensor)):
        raise TypeError(f"the default tensor type is a tensor class or its name, got {kind!r}")
    _class = kind
    _code = [d.name + "Tensor" for d in optable.DTYPES].index(kind.__name__)
    package = sys.modules[__package__]
    package.Tensor = kind
    package.Storage = getattr(package, kind.__name__.replace("Tensor", "Storage"))
