"""0.3.1's classes of functions. Each is a function of this library under the name that programs call it by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Applied:
    """A function called in either of two ways: `X.apply(input, *options)`, and before 0.2 `X(*options)(input)`."""

    apply: Callable

    def __init__(self, *options: Any) -> None:
        self.options = options

    def __call__(self, *inputs: Any) -> Any:
        return self.apply(*inputs, *self.options)


def applied(name: str, function: Callable) -> type[Applied]:
    """The class of a function. Its options come in the function's own order."""
    return type(name, (Applied,), {"apply": staticmethod(function), "__doc__": function.__doc__})
