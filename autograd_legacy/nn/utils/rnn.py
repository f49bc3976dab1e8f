"""Sequences of different lengths in one batch."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from itertools import groupby, pairwise

from ..._core import ops
from ...autograd import Variable

PackedSequence_ = namedtuple("PackedSequence", ["data", "batch_sizes"])


class PackedSequence(PackedSequence_):
    """Sequences without their padding: `data` holds the first elements of all, then the second, and so on.

    `batch_sizes` says how many there are of each.
    """


def pack_padded_sequence(input: Variable, lengths: Sequence[int], batch_first: bool = False) -> PackedSequence:
    """Pack T x N x * (N x T x * with batch_first), of which sequence i fills lengths[i] steps.

    ValueError unless the lengths are positive, one for each sequence, and do not increase.
    """
    lengths = [int(length) for length in lengths]  # of an array, too: what is made of them shall be Python's
    if lengths[-1] <= 0:
        raise ValueError(
            "length of all samples has to be greater than 0, but found an element in 'lengths' that is <=0"
        )
    if batch_first:
        input = input.transpose(0, 1)
    if any(later > earlier for earlier, later in pairwise(lengths)):
        raise ValueError("lengths array has to be sorted in decreasing order")
    if len(lengths) != input.size(1):
        raise ValueError("lengths array has incorrect size")
    batch_sizes = [sum(length > step for length in lengths) for step in range(lengths[0])]
    steps, start = [], 0
    for stop in sorted(set(lengths)):  # stretches of steps with one batch size
        block = input[start:stop, : batch_sizes[start]].contiguous()
        steps.append(block.view(-1, *input.size()[2:]))
        start = stop
    return PackedSequence(ops.cat(steps, 0), batch_sizes)


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0
) -> tuple[Variable, list[int]]:
    """The inverse of pack_padded_sequence: (sequences, lengths).

    The sequences are T x N x * (N x T x * with batch_first), with padding_value after their ends.
    """
    data, batch_sizes = sequence
    first = batch_sizes[0]
    output = Variable(data.data.new(len(batch_sizes), first, *data.size()[1:]).fill_(padding_value))
    step = start = 0
    for size, steps in groupby(batch_sizes):  # stretches of steps with one batch size
        count = len(list(steps))
        block = data[start : start + count * size]
        output[step : step + count, :size] = block.view(count, size, *data.size()[1:])
        step, start = step + count, start + count * size
    lengths = [sum(size > i for size in batch_sizes) for i in range(first)]
    return output.transpose(0, 1) if batch_first else output, lengths
