"""Probability distributions, to sample from and to take log-likelihoods of, as in torch.distributions of 0.3.

Parameters are Tensors or Variables; results are of the same kind. A sample has no gradient; log_prob has one, so that
`(-distribution.log_prob(action) * reward).backward()` gives the policy gradient (R. J. Williams, 1992).
"""

from __future__ import annotations

import math
from typing import Any

from ._core.functions import bernoulli, multinomial, normal
from ._core.tensor import Tensor
from ._core.variable import Variable

__all__ = ["Bernoulli", "Categorical", "Distribution", "Normal"]


class Distribution:
    """What all distributions have."""

    def sample(self) -> Any:
        """One sample for each set of parameters."""
        raise NotImplementedError(f"{type(self).__name__} has no sample()")

    def sample_n(self, n: int) -> Any:
        """n samples, along a new first dimension."""
        raise NotImplementedError(f"{type(self).__name__} has no sample_n()")

    def log_prob(self, value: Any) -> Any:
        """The logarithm of the probability (density) of value."""
        raise NotImplementedError(f"{type(self).__name__} has no log_prob()")


def _repeated(parameter: Any, n: int) -> Any:
    return parameter.expand(n, *parameter.size())


class Bernoulli(Distribution):
    """1 with probability p, else 0."""

    def __init__(self, probs: Any):
        self.probs = probs

    def sample(self) -> Any:
        """0 or 1 for each probability."""
        return bernoulli(self.probs)

    def sample_n(self, n: int) -> Any:
        """n samples, along a new first dimension."""
        return bernoulli(_repeated(self.probs, n))

    def log_prob(self, value: Any) -> Any:
        """log p where value is 1, log(1 - p) where it is 0; fractions of value are cut off."""
        both = _stacked(1 - self.probs, self.probs)
        return both.gather(-1, value.unsqueeze(-1).long()).log().squeeze(-1)


def _stacked(*parts: Any) -> Any:
    from .functional import stack

    return stack(list(parts), parts[0].dim())


class Categorical(Distribution):
    """The index k with a probability in proportion to probs[k]; one for each row of a matrix."""

    def __init__(self, probs: Any):
        if probs.dim() not in (1, 2):
            raise ValueError(f"probs must be 1D or 2D, got {probs.dim()} dimensions")
        self.probs = probs

    def sample(self) -> Any:
        """An index for each row."""
        return multinomial(self.probs, 1, True).squeeze(-1)

    def sample_n(self, n: int) -> Any:
        """n indices for each row, along a new first dimension."""
        drawn = multinomial(self.probs, n, True)
        return drawn.t() if self.probs.dim() == 2 else drawn

    def log_prob(self, value: Any) -> Any:
        """log(probs[value] / sum of probs)."""
        share = self.probs / self.probs.sum(-1, keepdim=True)
        if value.dim() == share.dim():
            return share.gather(-1, value).log()
        return share.gather(-1, value.unsqueeze(-1)).squeeze(-1).log()


class Normal(Distribution):
    """The normal distribution with a mean and a standard deviation, tensors or numbers."""

    def __init__(self, mean: Any, std: Any):
        self.mean, self.std = mean, std

    def sample(self) -> Any:
        """A normal for each pair of parameters."""
        return normal(self.mean, self.std)

    def sample_n(self, n: int) -> Any:
        """n samples, along a new first dimension; of two numbers, a column."""

        def repeated(parameter: Any) -> Any:
            if isinstance(parameter, (Tensor, Variable)):
                return _repeated(parameter, n)
            return parameter

        mean, std = repeated(self.mean), repeated(self.std)
        if isinstance(mean, (int, float)) and isinstance(std, (int, float)):
            from . import _default

            mean = _default.tensor_class()(n, 1).fill_(mean)
        return normal(mean, std)

    def log_prob(self, value: Any) -> Any:
        """-(value - mean)^2 / (2 std^2) - log(std) - log(2 pi) / 2."""
        variance = self.std**2
        log_std = math.log(self.std) if isinstance(self.std, (int, float)) else self.std.log()
        return -((value - self.mean) ** 2) / (2 * variance) - log_std - math.log(math.sqrt(2 * math.pi))
