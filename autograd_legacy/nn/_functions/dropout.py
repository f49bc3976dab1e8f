"""Dropout: noise that is 0 with probability p, and keeps the mean otherwise."""

from __future__ import annotations

from ..._core import ops
from ...autograd import Variable
from .applied import applied

ALPHA = -1.7580993408473766  # the lower bound of SELU


def _check_probability(p: float) -> None:
    if p < 0 or p > 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def _noise(like, size: tuple, p: float):
    """0 with probability p, else 1 / (1 - p), in a Variable; a number, and nothing drawn, where p leaves no choice."""
    if p in (0, 1):
        return 1 - p
    return Variable(like.new().resize_(*size).bernoulli_(1 - p).div_(1 - p))


def dropout(input: Variable, p: float = 0.5, training: bool = False, inplace: bool = False) -> Variable:
    """In training, x / (1 - p), and 0 with probability p for each element; else a copy of x."""
    _check_probability(p)
    noise = _noise(input.data, input.size(), p if training else 0)
    return (ops.dropout_ if inplace else ops.dropout)(input, noise)


def _feature_dropout(input: Variable, p: float = 0.5, training: bool = False, inplace: bool = False) -> Variable:
    """In training, x / (1 - p), and 0 with probability p for each channel as a whole; else a copy of x."""
    _check_probability(p)
    if input.dim() < 2:
        raise RuntimeError(
            f"dropout of channels wants an input of size N x C x ..., got one of {input.dim()} dimensions"
        )
    size = (input.size(0), input.size(1), *[1] * (input.dim() - 2))
    noise = _noise(input.data, size, p if training else 0)
    return (ops.feature_dropout_ if inplace else ops.feature_dropout)(input, noise)


def dropout2d(input: Variable, p: float = 0.5, training: bool = False, inplace: bool = False) -> Variable:
    """Dropout of whole channels of N x C x H x W."""
    return _feature_dropout(input, p, training, inplace)


def dropout3d(input: Variable, p: float = 0.5, training: bool = False, inplace: bool = False) -> Variable:
    """Dropout of whole channels of N x C x D x H x W."""
    return _feature_dropout(input, p, training, inplace)


def alpha_dropout(input: Variable, p: float = 0.5, training: bool = False) -> Variable:
    """Dropout that keeps mean 0 and variance 1, for use with SELU: a dropped x becomes SELU's lower bound.

    All are then scaled and moved: a * x + b.
    """
    _check_probability(p)
    if p == 0 or not training:
        return input
    keep = 1 - p
    x = input.data
    dropped = Variable(x.new().resize_as_(x).bernoulli_(p).byte())
    a = (keep + ALPHA**2 * keep * p) ** -0.5
    b = -a * ALPHA * p
    return input.masked_fill(dropped, ALPHA).mul_(a).add_(b)


Dropout, FeatureDropout = applied("Dropout", dropout), applied("FeatureDropout", _feature_dropout)
