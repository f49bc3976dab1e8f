"""torch.backends.cudnn: the switches that programs set. Nothing is computed by cuDNN, so they change nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

enabled = True
benchmark = False
deterministic = False
verbose = False
lib = None


def version() -> int | None:
    """None: there is no cuDNN."""
    return None


def is_acceptable(tensor: Any) -> bool:
    """False: no tensor is computed on by cuDNN."""
    return False


def set_flags(_enabled: bool, _benchmark: bool, _deterministic: bool, _verbose: bool) -> tuple:
    """Set all switches; what they were before is returned."""
    global enabled, benchmark, deterministic, verbose
    before = (enabled, benchmark, deterministic, verbose)
    enabled, benchmark, deterministic, verbose = _enabled, _benchmark, _deterministic, _verbose
    return before


@contextlib.contextmanager
def flags(
    enabled: bool = False, benchmark: bool = False, deterministic: bool = False, verbose: bool = False
) -> Iterator[None]:
    """In the `with` block the switches are these; then as they were before."""
    before = set_flags(enabled, benchmark, deterministic, verbose)
    try:
        yield
    finally:
        set_flags(*before)
