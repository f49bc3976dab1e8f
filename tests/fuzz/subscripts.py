"""Random subscripts, read and written, against NumPy."""

from __future__ import annotations

import numpy

import autograd_legacy as torch

from ..operands import array, tensor
from .layouts import laid_out

TYPES = "Bhilfd"


def random_key(random: numpy.random.RandomState, sizes: tuple) -> tuple:
    """Ints, slices, None and an Ellipsis, or lists and LongTensors in adjacent dimensions beside full slices."""
    if random.rand() < 0.4:
        return _lists(random, sizes)
    key: list = []
    for n in sizes[: random.randint(len(sizes) + 1)]:
        way = random.randint(4)
        if way == 0:
            key.append(int(random.randint(-n, n)))
        elif way == 1:
            start = int(random.randint(-n - 1, n))
            key.append(slice(start, int(random.randint(min(start % n, n - 1), n)) + 1, int(random.randint(1, 4))))
        elif way == 2:
            key.append(slice(None))
        else:
            key.append(numpy.int64(random.randint(0, n)))
        if random.rand() < 0.15:
            key.append(None)
    if random.rand() < 0.2:
        full = sum(item is not None for item in key) == len(sizes)
        key.insert(random.randint(len(key) + 1) if full else len(key), Ellipsis)
    return tuple(key)


def _lists(random: numpy.random.RandomState, sizes: tuple) -> tuple:
    first = random.randint(len(sizes))
    last = random.randint(first, len(sizes)) + 1
    count = random.randint(1, 5)
    indices = [random.randint(0, n, count if random.rand() < 0.8 else 1) for n in sizes[first:last]]
    return (*[slice(None)] * first, *([int(i) for i in index] for index in indices))


def problems(seed: int):
    """Reads and writes by one random key, in a random layout; what NumPy does otherwise."""
    random = numpy.random.RandomState(seed)
    sizes = tuple(int(n) for n in random.randint(1, 6, random.randint(1, 6)))
    values = random.randint(0, 100, sizes).astype(TYPES[random.randint(len(TYPES))])
    key = random_key(random, sizes)
    x = laid_out(values, random)
    text = f"{values.dtype} of {sizes} [{key}]"
    wanted = values[key]
    if wanted.size == 0:
        try:
            x[key]
        except (ValueError, RuntimeError):
            return
        yield f"{text}: an empty slice was not refused"
        return
    spelled = tuple(
        torch.LongTensor(item) if isinstance(item, list) and len(key) > 1 and random.rand() < 0.5 else item
        for item in key
    )
    got = array(x[spelled])
    if not numpy.array_equal(numpy.asarray(got).reshape(-1), wanted.reshape(-1)) or (
        wanted.ndim and numpy.shape(got) != wanted.shape
    ):
        yield f"{text}: NumPy has\n{wanted}\nnot\n{got}"
    x = tensor(values) if 0 in x.stride() else x
    changed = values.copy()
    if random.rand() < 0.5 or wanted.ndim == 0:
        changed[key] = 7
        x[spelled] = 7
    else:
        source = random.randint(0, 100, wanted.shape).astype(values.dtype)
        changed[key] = source
        x[spelled] = laid_out(source, random)
    if not numpy.array_equal(array(x), changed):
        yield f"{text} = ...: NumPy has\n{changed}\nnot\n{array(x)}"
