"""autograd.detect_anomaly(): where a gradient first became nan or infinite, and which line saved what was changed.

Inside it, each node remembers the line of the program that made it, and backward checks what each node gives. Outside,
neither costs anything.
"""

from __future__ import annotations

import threading
from contextlib import ContextDecorator
from typing import Any

from .._core import site


class detect_anomaly(ContextDecorator, threading.local):
    """Name the forward line behind a nan or an infinity in a backward result; as a context or around a function.

        with autograd.detect_anomaly():
            loss = criterion(model(x), y)
            loss.backward()

    Around the forward pass it has each node remember its line, around backward it has every gradient checked:
    RuntimeError at the first node that gives nan or an infinity. The errors about values changed in place and about
    freed graphs then name the line that saved the values, too. It concerns this thread alone, nests, and may be entered
    again; mode=False switches the detection off inside another one.
    """

    def __init__(self, mode: bool = True):
        self._mode = _checked(mode)
        self._before: list[int] = []

    def __enter__(self) -> detect_anomaly:
        self._before.append(site.enter(self._mode))
        return self

    def __exit__(self, *exception: Any) -> None:
        site.leave(self._before.pop())


def set_detect_anomaly(mode: bool) -> None:
    """Switch the detection on or off for all threads, wherever no detect_anomaly() says otherwise."""
    site.watch_everywhere(_checked(mode))


def is_anomaly_enabled() -> bool:
    """Whether this thread detects anomalies now."""
    return site.is_watched()


def _checked(mode: Any) -> bool:
    if not isinstance(mode, bool):
        raise TypeError(f"mode has to be a bool, got {type(mode).__name__}")
    return mode
