"""Sizes given as one number or as one for each dimension."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat


def _ntuple(n: int) -> Callable:
    """A function giving n-tuples: of one value repeated, or of the values of what is iterable."""

    def parse(value) -> tuple:
        return tuple(value) if isinstance(value, Iterable) else tuple(repeat(value, n))

    return parse


_single, _pair, _triple, _quadruple = (_ntuple(n) for n in (1, 2, 3, 4))


def _list_with_default(out_size, defaults) -> tuple:
    """out_size, with None replaced by the default of its place, counted from the end."""
    if isinstance(out_size, int):
        return (out_size,) * len(defaults)
    if len(defaults) < len(out_size):
        raise ValueError(f"an output size of at most {len(defaults)} numbers was expected, got {tuple(out_size)}")
    return tuple(default if v is None else v for v, default in zip(out_size, defaults[-len(out_size) :], strict=True))
