"""Switches for warnings where code of torch 0.1 behaves differently since 0.2."""

from __future__ import annotations

from collections.abc import Callable

from .._core.calls import set_keepdim_warning
from .._core.pointwise import set_broadcast_warning


class Warning:
    """A switch: `enabled` turns the warning on and off (RuntimeError for anything but a bool)."""

    def __init__(self, setter: Callable[[bool], None], getter: Callable[[], bool]) -> None:
        self.setter = setter
        self.getter = getter

    @property
    def enabled(self) -> bool:
        return self.getter()

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self.setter(value)


def _switch(name: str, tell: Callable[[bool], None]) -> Warning:
    on = False

    def setter(value: bool) -> None:
        nonlocal on
        if not isinstance(value, bool):
            raise RuntimeError(f"{name}.enabled expects a bool, but got {type(value).__name__}")
        on = value
        tell(value)

    return Warning(setter, lambda: on)


# operands of different sizes but equal counts, which were taken element by element
broadcast_warning = _switch("broadcast_warning", set_broadcast_warning)
# reductions that kept the reduced dimension
keepdim_warning = _switch("keepdim_warning", set_keepdim_warning)
