"""NumPy 1 in what NumPy 2 does otherwise: arrays with copy=False, bytes of any number, numbers of arrays."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy


def copying_if_needed(array: Callable) -> Callable:
    """numpy.array, its copy=False meaning again "only where needed" instead of "or else raise"."""

    @functools.wraps(array)
    def array_of_numpy_1(*args: Any, copy: Any = True, **options: Any) -> Any:
        return array(*args, copy=None if copy is False else copy, **options)

    return array_of_numpy_1


class Wrapping(numpy.uint8):
    """numpy.uint8, which again takes numbers modulo 256."""

    def __new__(cls, value: Any = 0) -> Any:
        return numpy.uint8(int(value) % 256) if numpy.ndim(value) == 0 else numpy.asarray(value).astype(numpy.uint8)


class Numpy1(ModuleType):
    """NumPy, with uint8 as above: for a single module, since others want the true class."""

    uint8 = Wrapping

    def __getattr__(self, name: str) -> Any:
        return getattr(numpy, name)


def of_plain_numbers(finfo: Callable) -> Callable:
    """numpy.finfo, of float32 with Python's floats: float + float32 was a float64 in NumPy 1, which tensors take."""

    class FloatInfo:
        def __init__(self, dtype: Any) -> None:
            self._info = finfo(dtype)

        def __getattr__(self, name: str) -> Any:
            value = getattr(self._info, name)
            return value.item() if isinstance(value, numpy.float32 | numpy.float16) else value

        def __repr__(self) -> str:
            return repr(self._info)

    return functools.wraps(finfo, updated=())(FloatInfo)


def of_one_number(function: Callable) -> Callable:
    """A function whose arrays of one element come without dimensions: float() takes no others any more."""

    @functools.wraps(function)
    def changed(*args: Any, **options: Any) -> Any:
        array = function(*args, **options)
        return array.reshape(()) if numpy.size(array) == 1 else array

    return changed
