"""Local response normalization."""

from __future__ import annotations

from ...autograd import Variable
from .._functions.normalization import cross_map_lrn
from .module import Module


class CrossMapLRN2d(Module):
    """x / (k + alpha / size * s) ** beta for N x C x H x W.

    Here s is the sum of the squares in `size` channels around x's.
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input: Variable) -> Variable:
        return cross_map_lrn(input, self.size, self.alpha, self.beta, self.k)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.size}, alpha={self.alpha}, beta={self.beta}, k={self.k})"
