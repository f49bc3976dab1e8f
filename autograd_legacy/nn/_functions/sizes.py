"""Sizes given as one number, or as one for each dimension."""

from __future__ import annotations

from collections.abc import Iterable

Ints = int | Iterable


def per_dim(value: Ints, dims: int, name: str) -> tuple:
    """One number for each spatial dimension; RuntimeError for another count, in which `name` is the argument."""
    if not isinstance(value, Iterable):
        return (value,) * dims
    values = tuple(value)
    if len(values) == 1:
        return values * dims
    if len(values) != dims:
        raise RuntimeError(f"Expected a list of {dims} ints but got {len(values)} for argument '{name}'")
    return values


def with_default(out_size: Ints, defaults) -> tuple:
    """out_size, with None replaced by the default of its place, counted from the end."""
    if isinstance(out_size, int):
        return (out_size,) * len(defaults)
    if len(defaults) < len(out_size):
        raise ValueError(f"an output size of at most {len(defaults)} numbers was expected, got {tuple(out_size)}")
    return tuple(d if v is None else v for v, d in zip(out_size, defaults[-len(out_size) :], strict=True))
