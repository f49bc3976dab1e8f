"""Dropout: noise that is 0 with probability p."""

from __future__ import annotations

from typing import Any

from ...autograd import Variable
from .recorded import Recorded
from .utils import new_tensor


class Dropout(Recorded):
    """In training x / (1 - p), and 0 with probability p for each element; else x."""

    train = True
    _state = ("noise",)

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace
        self.train = True
        self.noise = new_tensor()
        self.setp(p)

    def setp(self, p: float) -> None:
        """Another p: 0 <= p < 1, else ValueError."""
        if not 0 <= p < 1:
            raise ValueError(f"dropout probability has to be at least 0 and below 1, but got {p}")
        self.p = p

    def _prepare(self, input: Any) -> None:
        if self.train and self.p > 0:
            self.noise.resize_as_(input).bernoulli_(1 - self.p).div_(1 - self.p)

    def _compute(self, x: Variable) -> Variable:
        return x * Variable(self.noise) if self.train and self.p > 0 else x * 1

    def _shown(self) -> str:
        return f"({self.p:.4f})"


class _FeatureDropout(Recorded):
    """In training x, and 0 with probability p for each channel of N x C x ... as a whole; else x * (1 - p)."""

    train = True
    _state = ("noise",)

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p
        self.train = True
        self.noise = new_tensor()

    def setp(self, p: float) -> None:
        """Another p."""
        self.p = p

    def _prepare(self, input: Any) -> None:
        if self.train:
            places = [1] * (input.dim() - 2)
            self.noise.resize_(input.size(0), input.size(1), *places).bernoulli_(1 - self.p)

    def _compute(self, x: Variable) -> Variable:
        return x * Variable(self.noise).expand_as(x) if self.train else x * (1 - self.p)

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        """In training only, as in 0.3.1; else RuntimeError."""
        if not self.train:
            raise RuntimeError("backprop only defined while training")
        return super().updateGradInput(input, gradOutput)


class SpatialDropout(_FeatureDropout):
    """In training channels of N x C x H x W are 0 with probability p; else x * (1 - p)."""


class VolumetricDropout(_FeatureDropout):
    """In training channels of N x C x T x H x W are 0 with probability p; else x * (1 - p)."""

    def _shown(self) -> str:
        return f"({self.p:.4f})"
