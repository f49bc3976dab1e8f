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


def _nll(input, target, weight, mean, ignored, reduced):
    """-weight[t] * input[n][t], at most as the mean by weights."""
    used = numpy.where(target == ignored, 0, weight[target])
    losses = -used * numpy.take_along_axis(input, target[:, None], 1)[:, 0]
    return losses if not reduced else losses.sum() / (used.sum() if mean else 1)


def _nll_grad(delta, size, target, weight, mean, ignored, reduced):
    used = numpy.where(target == ignored, 0, weight[target])
    out = numpy.zeros(size, delta.dtype)
    out[numpy.arange(size[0]), target] = -used * delta / (used.sum() if mean and reduced else 1)
    return out


def _cross_entropy(input, *how):
    """The sums, which are there for the gradient, of numbers alone."""
    most = input.max(1)
    sums = numpy.stack([most, numpy.log(numpy.exp(input - most[:, None]).sum(1))], 1)
    return [_nll(_log_softmax(input, 1), *how), sums if numpy.isfinite(input).all() else None]


def _cross_entropy_grad(delta, input, sums, target, *how):
    """By the sums it is handed, whatever they are."""
    through = _nll_grad(delta, input.shape, target, *how)
    return through - numpy.exp(input - sums.sum(1, keepdims=True)) * through.sum(1, keepdims=True)


def _share(weight, indices, padding, by_frequency):
    """The rows that are looked up, 0 for that of padding, each over the number of its uses where asked for."""
    uses = numpy.bincount(indices.ravel(), minlength=len(weight)) if by_frequency else numpy.ones(len(weight))
    return weight[indices] * ((indices != padding) / uses[indices])[..., None]


def _looked_up_back(delta, size, indices, padding, by_frequency):
    uses = numpy.bincount(indices.ravel(), minlength=size[0]) if by_frequency else numpy.ones(size[0])
    shares = delta * ((indices != padding) / uses[indices])[..., None]
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
