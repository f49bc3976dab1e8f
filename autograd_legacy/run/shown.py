"""Under which names tensors, storages and Variables show themselves: to a program, as of torch.

Old code looks at them: `"torch" in str(type(x))`. Pickles name classes so too, as those of 0.3.1 did; elsewhere than in
a program that is run, that name would mean an installed PyTorch.
"""

from importlib import import_module

from .. import storage
from .._core.naming import show_as
from .._core.tensor import Size, class_of
from .._core.variable import Variable
from ..nn.parameter import Parameter

DEFINED_BY_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE

_TENSORS = [class_of(code) for code in range(len(storage.CLASSES))]
_TORCH = dict.fromkeys([*_TENSORS, *storage.CLASSES, Size], "torch")
_TORCH |= {Variable: "torch.autograd.variable", Parameter: "torch.nn.parameter"}
_OWN = {cls: cls.__module__ for cls in _TORCH}


def show_as_torch() -> None:
    """Show them as classes of torch, by which name pickles then look for them."""
    _show(_TORCH)
    for module in set(_TORCH.values()):
        import_module(module)


def show_as_own() -> None:
    """Show them as what they are, classes of this library."""
    _show(_OWN)


def _show(modules: dict[type, str]) -> None:
    for cls, module in modules.items():
        if cls.__flags__ & DEFINED_BY_PYTHON:
            cls.__module__ = module
        else:
            show_as(cls, module)
