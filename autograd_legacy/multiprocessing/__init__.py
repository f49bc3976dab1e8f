"""torch.multiprocessing: Python's multiprocessing, whose queues and pipes hand tensors over through shared memory."""

from __future__ import annotations

import multiprocessing
from multiprocessing import *

from . import reductions
from .reductions import init_reductions

__all__ = [
    *multiprocessing.__all__,
    "get_all_sharing_strategies",
    "get_sharing_strategy",
    "init_reductions",
    "reductions",
    "set_sharing_strategy",
]

_STRATEGIES = {"file_descriptor", "file_system"}
_strategy = "file_descriptor"


def get_all_sharing_strategies() -> set[str]:
    """The names that set_sharing_strategy takes."""
    return set(_STRATEGIES)


def get_sharing_strategy() -> str:
    """How memory is shared."""
    return _strategy


def set_sharing_strategy(new_strategy: str) -> None:
    """Choose how memory is shared. AssertionError for an unknown name.

    Either way files without a name are shared, by their descriptors; 0.3.1's "file_system" could leave files behind.
    """
    global _strategy
    if new_strategy not in _STRATEGIES:
        raise AssertionError(f"a sharing strategy is one of {sorted(_STRATEGIES)}, got {new_strategy!r}")
    _strategy = new_strategy


init_reductions()
