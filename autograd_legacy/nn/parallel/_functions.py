"""Variables moved between devices, with gradients, under the names of 0.3.1's classes.

A device is a GPU's number; -1 is the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..._core import ops
from ...autograd import Variable
from .._functions.applied import applied


def to_device(value, device: int):
    """A tensor or Variable on a device."""
    return value.cpu() if device < 0 else value.cuda(device)


def scatter_chunks(target_gpus: Sequence[int], chunk_sizes: Sequence[int] | None, dim: int, input: Variable) -> tuple:
    """One chunk along dim for each device: of equal sizes where none are given."""
    if chunk_sizes is None:
        chunks = input.chunk(len(target_gpus), dim)
    else:
        starts = [sum(chunk_sizes[:place]) for place in range(len(chunk_sizes))]
        chunks = [input.narrow(dim, start, size) for start, size in zip(starts, chunk_sizes, strict=True)]
    return tuple(to_device(chunk, device) for chunk, device in zip(chunks, target_gpus, strict=False))


def gather_chunks(target_device: int, dim: int, *inputs: Variable) -> Variable:
    """The inputs joined along dim on one device."""
    return ops.cat([to_device(input, target_device) for input in inputs], dim)


def _broadcast(target_gpus: Sequence[int], *inputs: Variable) -> tuple:
    """All inputs on the first device, all on the second, and so on."""
    return tuple(to_device(input, device) for device in target_gpus for input in inputs)


def _reduce_add(destination: int, num_inputs: int, *grads: Variable) -> tuple:
    """The sums of what _broadcast gave: grads[i] + grads[i + num_inputs] + ... on one device, for each i."""
    moved = [to_device(grad, destination) for grad in grads]
    return tuple(sum(moved[place + num_inputs :: num_inputs], moved[place]) for place in range(num_inputs))


Scatter, Gather = applied("Scatter", scatter_chunks), applied("Gather", gather_chunks)
Broadcast, ReduceAddCoalesced = applied("Broadcast", _broadcast), applied("ReduceAddCoalesced", _reduce_add)
