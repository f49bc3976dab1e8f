"""The tensors and storages of a GPU: names to compare types with. None can be made, for there is no GPU."""

from __future__ import annotations

from typing import Any, NoReturn

from .. import optable
from .._core.storage import Storage
from .._core.tensor import Tensor
from .devices import refuse


def _refuse_new(cls: type, *args: Any, **kwargs: Any) -> NoReturn:
    refuse(f"a torch.cuda.{cls.__name__}")


def _typed(name: str, base: type) -> type:
    doc = f"A {name} in the memory of a GPU. AssertionError: there is none."
    names = {"__new__": _refuse_new, "is_cuda": True, "__module__": "torch.cuda", "__doc__": doc}
    return type(name, (base,), names)


__all__ = [f"{dtype.name}{kind}" for dtype in optable.DTYPES for kind in ("Tensor", "Storage")]
globals().update({name: _typed(name, Tensor if name.endswith("Tensor") else Storage) for name in __all__})
