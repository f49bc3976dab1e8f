"""Devices: none is available, and what needs one says so."""

from __future__ import annotations

from typing import Any, NoReturn


def refuse(what: str) -> NoReturn:
    """AssertionError: `what` needs a GPU."""
    raise AssertionError(f"Torch not compiled with CUDA enabled: {what} needs a GPU, and this library uses none")


def is_available() -> bool:
    """Whether tensors can be put on a GPU."""
    return False


def device_count() -> int:
    """The number of GPUs that can be used."""
    return 0


def init() -> None:
    """Get the GPUs ready. AssertionError: there is none."""
    refuse("cuda.init()")


def current_device() -> int:
    """The number of the GPU in use. AssertionError: there is none."""
    return refuse("current_device()")


def set_device(device: int) -> None:
    """Use another GPU; a negative number changes nothing. AssertionError for others: there is none."""
    if device >= 0:
        refuse(f"set_device({device})")


class device:
    """In the `with` block a GPU is the one in use; a negative number changes nothing."""

    def __init__(self, idx: int):
        self.idx = idx

    def __enter__(self) -> None:
        set_device(self.idx)

    def __exit__(self, *exception: Any) -> bool:
        return False


class device_of(device):
    """In the `with` block the GPU that holds obj is the one in use; what lies on the CPU changes nothing."""

    def __init__(self, obj: Any):
        super().__init__(obj.get_device() if obj.is_cuda else -1)


def get_device_name(device: int) -> str:
    """The name of a GPU. AssertionError: there is none."""
    return refuse(f"get_device_name({device})")


def get_device_capability(device: int) -> tuple[int, int]:
    """The compute capability of a GPU. AssertionError: there is none."""
    return refuse(f"get_device_capability({device})")


def synchronize() -> None:
    """Wait until the GPU has done what was asked of it: nothing."""


def empty_cache() -> None:
    """Give the GPU's memory that is kept for later use back: there is none."""
