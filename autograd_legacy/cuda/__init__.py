"""CUDA: the kernels' texts, checked without a GPU. Nothing runs on one yet, so no device is ever available."""

from __future__ import annotations


def is_available() -> bool:
    """Whether tensors can be put on a GPU."""
    return False


def device_count() -> int:
    """The number of GPUs that can be used."""
    return 0


def manual_seed(seed: int) -> None:
    """Seed the generator of the current GPU: accepted where there is none, as in 0.3.1."""


def manual_seed_all(seed: int) -> None:
    """Seed the generators of all GPUs: accepted where there is none, as in 0.3.1."""


def synchronize() -> None:
    """Wait until the GPU has done what was asked of it: nothing."""
