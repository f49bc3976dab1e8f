"""NumPy's answers to rows that reduce, put in order or run along a dimension."""

from __future__ import annotations

import numpy

from autograd_legacy.optable.reduction import DIST, NORM

from .expressions import folded
from .movement import wide


def _along(function, indices):
    def answer(x, *operands):
        dim, keepdim = operands[-2:]
        return [function(x, dim, keepdims=keepdim), indices(x, dim, keepdims=keepdim)]

    return answer


def _one(x, at, dim, keepdim):
    """The at-th smallest along dim."""
    return [numpy.take(numpy.sort(x, dim), [at] if keepdim else at, dim)]


def _sorted(x, dim, descending):
    order = numpy.sort(x, dim)
    return [numpy.flip(order, dim) if descending else order]


def _mode(x, dim, keepdim):
    """The most frequent (all nan count as one), of equally frequent ones the smallest, and its first place."""

    def of_line(line):
        values, counts = numpy.unique(line, return_counts=True)
        return values[counts.argmax()]

    values = numpy.apply_along_axis(of_line, dim, x)
    kept = numpy.expand_dims(values, dim)
    places = ((x == kept) | ((x != x) & (kept != kept))).argmax(dim)
    return [kept, numpy.expand_dims(places, dim)] if keepdim else [values, places]


def _histc(x, bins, low, high):
    """None where the range of x, or what lies in it, is not made of numbers."""
    if not numpy.isfinite(x).all():
        return None
    ends = (low, high) if low < high else (x.min(), x.max())
    ends = (ends[0] - 1, ends[1] + 1) if ends[0] == ends[1] else ends
    # computed as the row's doc says, at x's precision: where an edge falls is a matter of rounding
    inside = x[(x >= ends[0]) & (x <= ends[1])]
    places = ((inside - ends[0]) / (ends[1] - ends[0]) * bins).astype(int)
    return numpy.bincount(numpy.minimum(places, bins - 1), minlength=bins).astype(x.dtype)


def _norms(x, p, dim):
    slices = numpy.moveaxis(x, dim, -1)
    norms = folded(NORM, slices.reshape(-1, slices.shape[-1]), p)
    return norms.reshape([-1 if k == dim else 1 for k in range(x.ndim)])


def _renormed(x, p, dim, most):
    norms = _norms(x, p, dim)
    return (x * numpy.where(norms > most, most / (norms + 1e-7), 1)).astype(x.dtype)


def _accumulated(function):
    return lambda x, dim: function(wide(x), dim).astype(x.dtype)


def _recurrence(x, factor, dim, back):
    out = numpy.zeros_like(x)
    x, factor, lines = (numpy.moveaxis(array, dim, 0) for array in (x, factor, out))
    before = 0
    for k in reversed(range(len(x))) if back else range(len(x)):
        lines[k] = before = x[k] + factor[k] * before
    return out


TWINS = {
    "max_dim": _along(numpy.max, numpy.argmax), "min_dim": _along(numpy.min, numpy.argmin),
    "max": numpy.max, "min": numpy.min,
    "dist": lambda x, y, p: folded(DIST, (x - y).ravel(), p),
    "norms": _norms, "renorm": _renormed, "histc": _histc,
    "equal": numpy.array_equal, "trace": lambda x: numpy.trace(wide(x)),
    "sort": _sorted, "mode": _mode,
    "median": lambda x: numpy.sort(x.ravel())[(x.size - 1) // 2],
    "median_dim": lambda x, dim, keepdim: _one(x, (x.shape[dim] - 1) // 2, dim, keepdim),
    "kthvalue": lambda x, k, dim, keepdim: _one(x, k - 1, dim, keepdim),
    "topk": lambda x, k, dim, largest, ordered: [numpy.take(_sorted(x, dim, largest)[0], range(k), dim)],
    # along a dimension
    "cumsum": _accumulated(numpy.cumsum), "cumprod": _accumulated(numpy.cumprod),
    "cumsum_back": _accumulated(lambda x, dim: numpy.flip(numpy.cumsum(numpy.flip(x, dim), dim), dim)),
    "recurrence": _recurrence,
}  # fmt: skip
