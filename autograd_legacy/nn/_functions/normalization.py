"""Normalization."""

from __future__ import annotations

from functools import reduce
from operator import mul

from ..._core import ops
from ...autograd import Variable


def batch_norm(
    input: Variable,
    running_mean,
    running_var,
    weight: Variable | None = None,
    bias: Variable | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Variable:
    """(x - mean) / sqrt(var + eps) * weight + bias for each channel (dimension 1).

    In training with the batch's own statistics, which move the running ones: running = (1 - momentum) * running +
    momentum * new, the variance without bias; else with the running ones. ValueError in training on a single value for
    each channel.
    """
    if training:
        size = list(input.size())
        if reduce(mul, size[2:], size[0]) == 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {size}")
    return ops.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)[0]


def normalize(input: Variable, p: float = 2, dim: int = 1, eps: float = 1e-12) -> Variable:
    """x over its p-norm along dim, which is at least eps."""
    return input / input.norm(p, dim, True).clamp(min=eps).expand_as(input)


def cross_map_lrn(input: Variable, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> Variable:
    """x / (k + alpha / size * s) ** beta, where s is the sum of the squares in `size` channels around x's."""
    if input.dim() != 4:
        raise ValueError(f"CrossMapLRN2d: a 4D input was expected, got one of {input.dim()} dimensions")
    channels = input.size(1)
    before = (size - 1) // 2
    squares = ops.pad_constant(input * input, (0, 0, 0, 0, before, size - 1 - before), 0)
    total = squares.narrow(1, 0, channels)
    for shift in range(1, size):
        total = total + squares.narrow(1, shift, channels)
    return input * (total * (alpha / size) + k).pow(-beta)
