"""NumPy's answers to layers: softmax, the negative log-likelihood, rows of tables found by number."""

from __future__ import annotations

import numpy

from .movement import moved_back, wide


def _softmax(x, dim):
    """exp(x) / sum(exp(x))."""
    return (e := numpy.exp(x - x.max(dim, keepdims=True))) / e.sum(dim, keepdims=True)


def _log_softmax(x, dim):
    """log(softmax(x))."""
    return (less := x - x.max(dim, keepdims=True)) - numpy.log(numpy.exp(less).sum(dim, keepdims=True))


def _weights(target, weight, ignored):
    """Of each target's class, 0 where it is ignored."""
    used = numpy.ones(target.shape) if weight is None else weight[target]
    return numpy.where(target == ignored, 0, used)


def _nll(input, target, weight, mean, ignored, reduced):
    """-weight[t] * input[n][t], at most as the mean by weights: 0 where there are none."""
    used = _weights(target, weight, ignored)
    picked = numpy.take_along_axis(input, target[:, None], 1)[:, 0]
    losses = numpy.where(target == ignored, 0, -used * picked)
    return losses if not reduced else losses.sum() / (used.sum() or 1 if mean else 1)


def _nll_grad(delta, size, target, weight, mean, ignored, reduced):
    used = _weights(target, weight, ignored)
    out = numpy.zeros(size, delta.dtype)
    slopes = -used * delta / (used.sum() or 1 if mean and reduced else 1)
    out[numpy.arange(size[0]), target] = numpy.where(target == ignored, 0, slopes)
    return out


def _cross_entropy(input, *how):
    """The sums, which are there for the gradient, of numbers alone."""
    most = input.max(1)
    sums = numpy.stack([most, numpy.log(numpy.exp(input - most[:, None]).sum(1))], 1)
    return [_nll(_log_softmax(input, 1), *how), sums if numpy.isfinite(input).all() else None]


def _cross_entropy_grad(delta, input, sums, target, weight, mean, ignored, reduced):
    """By the sums it is handed, whatever they are; 0 for what is ignored."""
    through = _nll_grad(delta, input.shape, target, weight, mean, ignored, reduced)
    slopes = through - numpy.exp(input - sums.sum(1, keepdims=True)) * through.sum(1, keepdims=True)
    return numpy.where((target == ignored)[:, None], 0, slopes)


def _share(weight, indices, padding, by_frequency):
    """The rows that are looked up, 0 for that of padding, each over the number of its uses where asked for."""
    uses = numpy.bincount(indices.ravel(), minlength=len(weight)) if by_frequency else numpy.ones(len(weight))
    return numpy.where((indices == padding)[..., None], 0, weight[indices] / uses[indices][..., None])


def _looked_up_back(delta, size, indices, padding, by_frequency):
    uses = numpy.bincount(indices.ravel(), minlength=size[0]) if by_frequency else numpy.ones(size[0])
    shares = numpy.where((indices == padding)[..., None], 0, delta / uses[indices][..., None])
    return moved_back(shares.astype(delta.dtype), size, lambda weight: weight[indices])


def _bag(weight, indices, offsets, most, p, by_frequency, mode):
    ends = [*offsets[1:], len(indices)]
    fold = numpy.mean if mode == "mean" else numpy.sum
    return numpy.stack([fold(wide(weight[indices[a:b]]), 0) for a, b in zip(offsets, ends, strict=True)])


def _bag_back(delta, size, indices, offsets, by_frequency, mode):
    counts = numpy.diff([*offsets, len(indices)])
    each = numpy.repeat(delta / (counts[:, None] if mode == "mean" else 1), counts, 0)
    return _looked_up_back(each.astype(delta.dtype), size, indices, -1, by_frequency)


TWINS = {
    "softmax": _softmax, "log_softmax": _log_softmax,
    "softmax_grad": lambda delta, y, dim: y * (delta - (delta * y).sum(dim, keepdims=True)),
    "log_softmax_grad": lambda delta, y, dim: delta - numpy.exp(y) * delta.sum(dim, keepdims=True),
    "nll_loss": _nll, "nll_loss_grad": _nll_grad,
    "cross_entropy": _cross_entropy, "cross_entropy_grad": _cross_entropy_grad,
    "channel_sum": lambda x: wide(x).sum((0, 2)),
    "embedding": lambda weight, indices, *_: weight[indices],
    "embedding_share": _share, "embedding_grad": _looked_up_back,
    "embedding_bag": _bag, "embedding_bag_grad": _bag_back,
}  # fmt: skip
