"""Tensors and Variables moved between devices. A device is a GPU's number; -1 is the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._core import ops
from . import nccl  # noqa: F401 (found here in 0.3)
from .devices import current_device

BUFFER = 10 * 1024 * 1024  # bytes that 0.3.1 put together before it sent them


def to_device(value: Any, device: int) -> Any:
    """A tensor or Variable on a device. AssertionError where there is no such GPU."""
    return value.cpu() if device < 0 else value.cuda(device)


def broadcast(tensor: Any, devices: Sequence[int]) -> tuple:
    """The tensor on each device."""
    return tuple(to_device(tensor, device) for device in devices)


def broadcast_coalesced(tensors: Sequence, devices: Sequence[int], buffer_size: int = BUFFER) -> tuple:
    """For each device a tuple of all tensors. They are sent one by one, whatever buffer_size."""
    return tuple(tuple(to_device(tensor, device) for tensor in tensors) for device in devices)


def reduce_add(inputs: Sequence, destination: int | None = None) -> Any:
    """The sum of tensors of one size on one device, by default the GPU in use.

    RuntimeError where the sizes differ.
    """
    size = inputs[0].size()
    if any(tensor.size() != size for tensor in inputs):
        raise RuntimeError(f"reduce_add: sizes must be the same, got {[tuple(tensor.size()) for tensor in inputs]}")
    first, *others = (to_device(tensor, _device(destination)) for tensor in inputs)
    return sum(others[1:], first + others[0]) if others else first.clone()


def reduce_add_coalesced(
    inputs: Sequence[Sequence], destination: int | None = None, buffer_size: int = BUFFER
) -> tuple:
    """The sums of the first of each device's tensors, of the second, and so on, as reduce_add's."""
    return tuple(reduce_add(tensors, destination) for tensors in zip(*inputs, strict=True))


def scatter(
    tensor: Any, devices: Sequence[int], chunk_sizes: Sequence[int] | None = None, dim: int = 0, streams: Any = None
) -> tuple:
    """One chunk along dim on each device: of equal sizes, but for the last, where none are given.

    ValueError where the numbers of sizes and devices differ.
    """
    if chunk_sizes is None:
        chunks = tensor.chunk(len(devices), dim)
    elif len(chunk_sizes) != len(devices):
        raise ValueError(f"scatter: {len(devices)} devices want as many chunk_sizes, got {len(chunk_sizes)}")
    else:
        starts = [sum(chunk_sizes[:place]) for place in range(len(chunk_sizes))]
        chunks = [tensor.narrow(dim, start, size) for start, size in zip(starts, chunk_sizes, strict=True)]
    return tuple(to_device(chunk, device) for chunk, device in zip(chunks, devices, strict=False))


def gather(tensors: Sequence, dim: int = 0, destination: int | None = None) -> Any:
    """The tensors joined along dim on one device, by default the GPU in use."""
    return ops.cat([to_device(tensor, _device(destination)) for tensor in tensors], dim)


def _device(destination: int | None) -> int:
    return current_device() if destination is None else destination
