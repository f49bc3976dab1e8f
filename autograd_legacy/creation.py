"""Constructors without an operand: zeros, ones, the identity, evenly spaced numbers.

They make a tensor of the default type, or fill and resize `out`, whose type counts then.
"""

from __future__ import annotations

import warnings

from . import _default
from ._core import create
from ._core.copy import type_code
from ._core.tensor import Tensor

_HALF = 5  # types before it hold integers


def _type(name: str, out) -> int:
    """The code of the type to make."""
    if out is None:
        return _default.dtype_code()
    if not isinstance(out, Tensor):
        raise TypeError(f"{name}: out must be a tensor, got {type(out).__name__}")
    return type_code(out)


def _sizes(name: str, sizes: tuple):
    if not sizes:
        raise TypeError(f"{name} takes sizes: ints, or one list, tuple or torch.Size of ints")
    return sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (list, tuple)) else sizes


def zeros(*sizes, out=None) -> Tensor:
    """Zeros in the given sizes: ints, or one list, tuple or torch.Size; they end at the first that is not positive."""
    return create.filled(_sizes("zeros", sizes), 0, _type("zeros", out), out)


def ones(*sizes, out=None) -> Tensor:
    """Ones in the given sizes: ints, or one list, tuple or torch.Size; they end at the first that is not positive."""
    return create.filled(_sizes("ones", sizes), 1, _type("ones", out), out)


def _like(name: str, x, out, value: int):
    if hasattr(x, "volatile"):
        from .autograd import Variable

        return Variable(_like(name, x.data, out, value), volatile=x.volatile)
    if not isinstance(x, Tensor):
        raise TypeError(f"{name} takes a tensor or a Variable, got {type(x).__name__}")
    if out is not None and _type(name, out) != type_code(x):
        raise TypeError(f"{name}: out must have the tensor's type, {x.type()}, got {out.type()}")
    return create.filled(x.size(), value, type_code(x), out)


def zeros_like(input, out=None):
    """Zeros of the type and in the sizes of a tensor; of a Variable, a constant Variable, volatile where that is."""
    return _like("zeros_like", input, out, 0)


def ones_like(input, out=None):
    """Ones of the type and in the sizes of a tensor; of a Variable, a constant Variable, volatile where that is."""
    return _like("ones_like", input, out, 1)


def _ints(name: str, **numbers) -> None:
    for label, number in numbers.items():
        if type(number) is not int:
            raise TypeError(f"{name} takes an int as {label}, got {type(number).__name__}")


def _numbers(name: str, code: int, **numbers) -> None:
    """Ints are taken everywhere, floats where the type holds them."""
    for label, number in numbers.items():
        if not isinstance(number, int if code < _HALF else (int, float)):
            expected = "an int" if code < _HALF else "a number"
            raise TypeError(f"{name} takes {expected} as {label}, got {type(number).__name__}")


def eye(n, m=0, out=None) -> Tensor:
    """The n x m matrix (m <= 0: square) with ones on the main diagonal, zeros elsewhere. RuntimeError unless n > 0."""
    _ints("eye", n=n, m=m)
    return create.eye(n, m, _type("eye", out), out)


_MISSING = object()


def arange(start=_MISSING, end=_MISSING, step=1, out=None) -> Tensor:
    """start, start + step, ... below end; one number alone is the end, and start 0.

    Computed in double. As in 0.3.1 the end is left out only where fmod(end - start, step) is exactly 0, so that
    arange(0, 1, 0.1) has 11 elements. RuntimeError where there is no such number, or step is 0.
    """
    if end is _MISSING:
        start, end = 0, start
    elif start is _MISSING:
        start = 0
    if end is _MISSING:
        raise TypeError("arange takes an end, or a start and an end, got neither")
    code = _type("arange", out)
    _numbers("arange", code, start=start, end=end, step=step)
    return create.arange(start, end, step, code, out)


def range(start, end, step=1, out=None) -> Tensor:
    """start, start + step, ... up to end, which is included: int((end - start) / step + 1) elements.

    Warns, since arange took its place.
    """
    warnings.warn("torch.range includes its end; torch.arange, which leaves it out, took its place", stacklevel=2)
    code = _type("range", out)
    _numbers("range", code, start=start, end=end, step=step)
    return create.range_(start, end, step, code, out)


def _spaced(name: str, start, end, steps, out, logarithmic: bool) -> Tensor:
    code = _type(name, out)
    _numbers(name, max(code, _HALF), start=start, end=end)
    _ints(name, steps=steps)
    return create.linspace(start, end, steps, logarithmic, code, out)


def linspace(start, end, steps=100, out=None) -> Tensor:
    """start + i * (end - start) / (steps - 1) for i < steps. RuntimeError for 1 step unless start is end."""
    return _spaced("linspace", start, end, steps, out, False)


def logspace(start, end, steps=100, out=None) -> Tensor:
    """10 to the power of each number of linspace(start, end, steps)."""
    return _spaced("logspace", start, end, steps, out, True)
