"""Dropout layers."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .module import Module


class _Dropout(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
        self.p = p
        self.inplace = inplace

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p}{', inplace' if self.inplace else ''})"


class Dropout(_Dropout):
    """In training, 0 with probability p for each element, else x / (1 - p); in eval mode a copy of x."""

    def forward(self, input: Variable) -> Variable:
        return F.dropout(input, self.p, self.training, self.inplace)


class Dropout2d(_Dropout):
    """Dropout of whole channels of N x C x H x W."""

    def forward(self, input: Variable) -> Variable:
        return F.dropout2d(input, self.p, self.training, self.inplace)


class Dropout3d(_Dropout):
    """Dropout of whole channels of N x C x D x H x W."""

    def forward(self, input: Variable) -> Variable:
        return F.dropout3d(input, self.p, self.training, self.inplace)


class AlphaDropout(_Dropout):
    """Dropout that keeps mean 0 and variance 1, for use with SELU; in eval mode x itself."""

    inplace = False

    def __init__(self, p: float = 0.5):
        super().__init__(p)

    def forward(self, input: Variable) -> Variable:
        return F.alpha_dropout(input, self.p, self.training)
