"""Marks in what NVIDIA's profiler records, of which there is none here."""

from __future__ import annotations

from typing import NoReturn

from .devices import refuse

lib = None  # NVIDIA's library, where 0.3.1 had found one


def mark(msg: str) -> NoReturn:
    """A mark with a text. AssertionError: there is no GPU."""
    refuse(f"nvtx.mark({msg!r})")


def range_push(msg: str) -> NoReturn:
    """Begin a range with a text. AssertionError: there is no GPU."""
    refuse(f"nvtx.range_push({msg!r})")


def range_pop() -> NoReturn:
    """End the range begun last. AssertionError: there is no GPU."""
    refuse("nvtx.range_pop()")
