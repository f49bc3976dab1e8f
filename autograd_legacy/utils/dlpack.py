"""torch.utils.dlpack: tensors lent to and borrowed from other libraries without a copy.

>>> import numpy
>>> from autograd_legacy.utils.dlpack import from_dlpack
>>> array = numpy.zeros(3)
>>> from_dlpack(array).fill_(1).type(), array
('torch.DoubleTensor', array([1., 1., 1.]))
"""

from __future__ import annotations

from typing import Any

from .._core.dlpack import borrow, lend
from .._core.tensor import Tensor

CPU = 1  # as __dlpack_device__ says it


def to_dlpack(tensor: Tensor) -> Any:
    """A capsule that lends the tensor's memory; to be consumed once. TypeError for what is no dense tensor."""
    if not isinstance(tensor, Tensor) or tensor.is_sparse:
        raise TypeError(
            f"to_dlpack takes a dense tensor, got {type(tensor).__name__}; of a Variable, its data: variable.data"
        )
    return lend(tensor)


def from_dlpack(source: Any) -> Tensor:
    """The tensor on the memory that a capsule, or an object with __dlpack__, lends.

    The memory is given back when no tensor, array or storage lies on it any more. RuntimeError for a capsule consumed
    before, another device than the CPU, and types or strides that tensors do not have.
    """
    if not hasattr(source, "__dlpack__"):
        return borrow(source)
    device, number = source.__dlpack_device__()
    if device != CPU:
        raise RuntimeError(f"from_dlpack takes memory of the CPU, got device type {device}, number {number}")
    try:
        return borrow(source.__dlpack__(max_version=(1, 0)))
    except TypeError:  # it is older than versions
        return borrow(source.__dlpack__())


def dlpack_of(
    tensor: Tensor, stream: Any, max_version: tuple | None, dl_device: tuple | None, copy: bool | None
) -> Any:
    """What tensor.__dlpack__ gives. BufferError for streams and for another device."""
    if stream is not None:
        raise BufferError(f"a tensor of the CPU has no stream, got {stream!r}")
    if dl_device is not None and tuple(dl_device) != (CPU, 0):
        raise BufferError(f"a tensor of the CPU is on device {(CPU, 0)}, got {tuple(dl_device)}")
    return lend(tensor, max_version is not None and max_version[0] >= 1, bool(copy))


__all__ = ["from_dlpack", "to_dlpack"]
