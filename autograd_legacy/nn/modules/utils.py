"""Sizes given as one number or as one for each dimension."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import repeat

from .._functions.sizes import with_default as _list_with_default  # noqa: F401 (found here in 0.3)


def _ntuple(n: int) -> Callable:
    """A function giving n-tuples: of one value repeated, or of the values of what is iterable."""

    def parse(value) -> tuple:
        return tuple(value) if isinstance(value, Iterable) else tuple(repeat(value, n))

    return parse


_single, _pair, _triple, _quadruple = (_ntuple(n) for n in (1, 2, 3, 4))
