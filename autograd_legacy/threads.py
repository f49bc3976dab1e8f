"""How many threads the loops and matrix products use."""

from __future__ import annotations

from ._core import threads as core


def set_num_threads(threads: int) -> None:
    """Use so many threads in operations on large tensors. RuntimeError for anything but a positive int."""
    if type(threads) is not int:
        raise RuntimeError(f"set_num_threads expects an int, but got {type(threads).__name__}")
    if threads < 1:
        raise RuntimeError(f"set_num_threads expects a positive number, got {threads}")
    core.set_num_threads(threads)


def get_num_threads() -> int:
    """The number of threads in use, at first OMP_NUM_THREADS or that of the processors."""
    return core.get_num_threads()
