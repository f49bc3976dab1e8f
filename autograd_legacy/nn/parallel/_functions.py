"""Variables moved between devices, with their gradients, under the names of 0.3.1's classes."""

from __future__ import annotations

from collections.abc import Sequence

from ...autograd import Variable
from ...cuda import comm
from .._functions.applied import applied


def _scatter(target_gpus: Sequence[int], chunk_sizes: Sequence[int] | None, dim: int, input: Variable) -> tuple:
    """One chunk along dim for each device."""
    return comm.scatter(input, target_gpus, chunk_sizes, dim)


def _gather(target_device: int, dim: int, *inputs: Variable) -> Variable:
    """The inputs joined along dim on one device."""
    return comm.gather(inputs, dim, target_device)


def _broadcast(target_gpus: Sequence[int], *inputs: Variable) -> tuple:
    """All inputs on the first device, all on the second, and so on."""
    return sum(comm.broadcast_coalesced(inputs, target_gpus), ())


def _reduce_add(destination: int, num_inputs: int, *grads: Variable) -> tuple:
    """The sums on one device of what Broadcast gave: grads[i] + grads[i + num_inputs] + ..., for each i."""
    devices = [grads[first : first + num_inputs] for first in range(0, len(grads), num_inputs)]
    return comm.reduce_add_coalesced(devices, destination)


Scatter, Gather = applied("Scatter", _scatter), applied("Gather", _gather)
Broadcast, ReduceAddCoalesced = applied("Broadcast", _broadcast), applied("ReduceAddCoalesced", _reduce_add)
