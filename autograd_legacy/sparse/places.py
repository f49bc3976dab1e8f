"""Where the elements of a sparse tensor lie: its places as single numbers, so that they can be sorted and compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._core.types import LongTensor


def keys(indices: Any, sizes: Sequence[int]) -> Any:
    """The places of indices (sparse dims x n) in row-major order: n numbers."""
    numbers = indices[0].clone()
    for k in range(1, len(sizes)):
        numbers.mul_(sizes[k]).add_(indices[k])
    return numbers


def check(indices: Any, sizes: Sequence[int]) -> None:
    """RuntimeError where an index lies outside of its dimension."""
    for k, size in enumerate(sizes):
        low, high = indices[k].min(), indices[k].max()
        if low < 0 or high >= size:
            raise RuntimeError(
                f"index {low if low < 0 else high} of sparse dimension {k} lies outside of its size {size}"
            )


def merged(indices: Any, values: Any, sizes: Sequence[int]) -> tuple[Any, Any]:
    """Indices in row-major order, each place once, and the sums of the values there."""
    ordered, order = keys(indices, sizes).sort()
    groups, firsts = _groups(ordered)
    summed = values.new(firsts.size(0), *values.size()[1:]).zero_()
    summed.index_add_(0, groups, values.index_select(0, order))
    return indices.index_select(1, order.index_select(0, firsts)), summed


def _groups(ordered: Any) -> tuple[Any, Any]:
    """For each of the numbers which distinct one it is, and where each distinct one stands first."""
    n = ordered.size(0)
    first = LongTensor([0])
    if n == 1:
        return first, first
    steps = (ordered[1:] != ordered[:-1]).long()
    groups = LongTensor(n).zero_()
    groups[1:] = steps.cumsum(0)
    found = steps.nonzero()
    return groups, first if found.dim() == 0 else _joined(first, found.view(-1) + 1)


def common(a: Any, b: Any) -> tuple[Any, Any] | None:
    """Where the numbers that two ascending rows share stand in each; None where they share none."""
    ordered, order = _joined(a, b).sort()
    found = (ordered[1:] == ordered[:-1]).nonzero()
    if found.dim() == 0:
        return None
    found = found.view(-1)
    one, other = order.index_select(0, found), order.index_select(0, found + 1)
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    left, right = zip(*(sorted(pair) for pair in pairs), strict=True)
    return LongTensor(left), LongTensor(right) - a.size(0)


def ascending(numbers: Any) -> bool:
    """Whether each number is larger than the one before."""
    return numbers.size(0) == 1 or bool((numbers[1:] > numbers[:-1]).all())


def _joined(a: Any, b: Any) -> Any:
    from .._core.functions import cat

    return cat([a, b], 0)
