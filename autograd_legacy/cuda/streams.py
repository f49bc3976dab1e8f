"""Streams and events of a GPU, which there is none of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from .devices import refuse


class Stream:
    """A queue of work on a GPU. AssertionError: there is none."""

    def __init__(self, device: int = -1, priority: int = 0, **options: Any):
        refuse("a Stream")


class Event:
    """A mark in a queue of work on a GPU. AssertionError: there is none."""

    def __init__(
        self, enable_timing: bool = False, blocking: bool = False, interprocess: bool = False, _handle: Any = None
    ):
        refuse("an Event")


def current_stream() -> Stream:
    """The queue in use. AssertionError: there is none."""
    return refuse("current_stream()")


def current_blas_handle() -> int:
    """cuBLAS's handle. AssertionError: there is none."""
    return refuse("current_blas_handle()")


@contextlib.contextmanager
def stream(stream: Stream | None) -> Iterator[None]:
    """In the `with` block work goes to a queue; None changes nothing."""
    if stream is not None:
        refuse("a Stream")
    yield
