"""Tensors whose memory lies in random ways: steps, offsets, other orders of the dimensions, expanded dimensions."""

from __future__ import annotations

import numpy

from ..operands import tensor


def laid_out(array: numpy.ndarray, random: numpy.random.RandomState):
    """A tensor with the array's elements, and nothing else known of its memory."""
    way = random.randint(6)
    if array.ndim == 0 or array.size == 0 or way == 0:
        return tensor(array)
    if way == 1:
        return stepped(array, random.randint(array.ndim), 1 + random.randint(3))
    if way == 2:
        return moved(array, random.randint(array.ndim))
    if way == 3:
        return turned(array, random.permutation(array.ndim))
    if way == 4:
        return expanded(array)
    inner = turned(stepped_array(array, 0, 2), random.permutation(array.ndim))
    return inner[::2]


def stepped_array(array: numpy.ndarray, dim: int, step: int) -> numpy.ndarray:
    return numpy.repeat(array, step, dim)


def stepped(array: numpy.ndarray, dim: int, step: int):
    """Every step-th slice of a larger tensor."""
    wide = tensor(stepped_array(array, dim, step))
    return wide[(slice(None),) * dim + (slice(None, None, step),)]


def moved(array: numpy.ndarray, dim: int):
    """A part that begins at an offset."""
    first = numpy.take(array, [0], dim)
    return tensor(numpy.concatenate([first, array, first], dim)).narrow(dim, 1, array.shape[dim])


def turned(array: numpy.ndarray, order: numpy.ndarray):
    """Another order of the dimensions in memory."""
    made = tensor(array.transpose(order))
    for k in range(len(order)):  # exchange the dimensions until each stands where it belongs
        while order[k] != k:
            other = int(order[k])
            made = made.transpose(k, other)
            order = order.copy()
            order[k], order[other] = order[other], order[k]
    return made


def expanded(array: numpy.ndarray):
    """Steps of 0 along dimensions in which all slices are the same."""
    first = array
    for dim in range(array.ndim):
        one = numpy.take(first, [0], dim)
        if array.shape[dim] > 1 and numpy.array_equal(numpy.broadcast_to(one, first.shape), first):
            first = one
    return tensor(first).expand(*array.shape)
