"""Distances as modules."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .module import Module


class PairwiseDistance(Module):
    """The p-norm of the difference of each pair of rows: N x D and N x D give N x 1."""

    def __init__(self, p: float = 2, eps: float = 1e-6):
        super().__init__()
        self.norm = p
        self.eps = eps

    def forward(self, x1: Variable, x2: Variable) -> Variable:
        return F.pairwise_distance(x1, x2, self.norm, self.eps)


class CosineSimilarity(Module):
    """x1 . x2 / max(|x1| |x2|, eps) along dim."""

    def __init__(self, dim: int = 1, eps: float = 1e-8):
        super().__init__()
        self.dim = dim
        self.eps = eps

    def forward(self, x1: Variable, x2: Variable) -> Variable:
        return F.cosine_similarity(x1, x2, self.dim, self.eps)
