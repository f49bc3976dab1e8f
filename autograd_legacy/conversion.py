"""Other types, other devices, NumPy: methods of Tensors and Variables alike."""

from __future__ import annotations

import builtins
from typing import NoReturn

from . import optable
from ._core import ops
from ._core.copy import contiguous_view, type_code
from ._core.tensor import Tensor, class_of

_CODES = {d.name: k for k, d in enumerate(optable.DTYPES)}


def _converted(x, code: int):
    own = type_code(x)
    return x if own == code else ops.convert(x, code, own)


def _conversion(name: str):
    def convert(x):
        return _converted(x, _CODES[name])

    convert.__name__ = name.lower()
    return convert


byte, char, short, int, long, half, float, double = (_conversion(d.name) for d in optable.DTYPES)


def _refuse_cuda(kind: str) -> NoReturn:
    from .cuda.devices import refuse

    refuse(f"a {kind}")


def _target(kind) -> type:
    """The tensor class that a class or its name ("torch.FloatTensor") says."""
    if isinstance(kind, str):
        module, _, name = kind.rpartition(".")
        if not module:
            import importlib

            return importlib.import_module(kind)
        if module in ("torch", __package__):
            if name.endswith("Tensor") and name[:-6] in _CODES:
                return class_of(_CODES[name[:-6]])
            raise AttributeError(f"module 'torch' has no attribute {name!r}")
        if module in ("torch.sparse", f"{__package__}.sparse"):
            raise RuntimeError(f"Cannot cast dense tensor to sparse tensor: {kind}")
        if module in ("torch.cuda", f"{__package__}.cuda"):
            _refuse_cuda(kind)
        raise ModuleNotFoundError(f"No module named {module!r}")
    if isinstance(kind, builtins.type) and issubclass(kind, Tensor):
        if kind.is_cuda:
            _refuse_cuda(f"torch.cuda.{kind.__name__}")
        return kind
    raise RuntimeError(f"a tensor type is a class like torch.FloatTensor or its name, got {kind!r}")


def type(x, new_type=None, **options):
    """The name of x's type ("torch.FloatTensor"), or with new_type x in that type (x itself where it has it)."""
    _check_transfer("type", options)
    if new_type is None:
        return f"torch.{class_of(type_code(x)).__name__}"
    return _converted(x, _CODES[_target(new_type).__name__[:-6]])


def type_of_variable(x, t):
    """The Variable x in another type, a tensor class or its name (x itself where it has it)."""
    return _converted(x, _CODES[_target(t).__name__[:-6]])


def type_as(x, tensor):
    """x in the type of another tensor."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"type_as of a tensor takes a tensor, got {builtins.type(tensor).__name__}")
    return _converted(x, type_code(tensor))


def type_of_variable_as(x, t):
    """The Variable x in the type of another one, or of a tensor."""
    return _converted(x, type_code(t))


def cpu(x):
    """x in the memory of the CPU: x itself, where it is there."""
    return x


def _check_transfer(name: str, options: dict) -> None:
    """`async` and its later name are accepted and mean nothing on the CPU."""
    for option in options:
        if option not in ("async", "non_blocking"):
            raise TypeError(f"{name}() got an unexpected keyword argument {option!r}")


def cuda(x, device=None, **options):
    """x in the memory of a GPU. AssertionError: there is none."""
    _check_transfer("cuda", options)
    _refuse_cuda("tensor in its memory")


def contiguous(x):
    """x with its elements in row-major order without gaps. A Variable is changed itself, as in 0.3.1."""
    if isinstance(x, Tensor):
        return contiguous_view(x)
    if not x.data.is_contiguous():
        x.data = x.data.contiguous()
    return x


def numpy(x):
    """A NumPy array on the same memory."""
    from ._core.interop import to_numpy

    if not isinstance(x, Tensor):
        raise RuntimeError("numpy() is a method of tensors: use variable.data.numpy()")
    return to_numpy(x)


def copy_(x, source, broadcast=True, **options):
    """The elements of source, of any type, are put into x: broadcast, or in order where their numbers agree."""
    _check_transfer("copy_", options)
    if not isinstance(source, Tensor):
        raise RuntimeError(
            f"copy from {source.__class__.__name__} to {x.type()} isn't implemented (copy_ takes a tensor)"
        )
    if not broadcast and source.nelement() != x.nelement():
        raise RuntimeError(
            f"copy_ without broadcast needs a source of as many elements: {x.nelement()} for {tuple(x.size())}, got "
            f"{source.nelement()} in {tuple(source.size())}"
        )
    return ops.assign_(x, source)
