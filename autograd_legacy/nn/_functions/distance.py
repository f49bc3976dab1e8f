"""Distances between the rows of two inputs."""

from __future__ import annotations

from ...autograd import Variable


def pairwise_distance(x1: Variable, x2: Variable, p: float = 2, eps: float = 1e-6) -> Variable:
    """sum((|x1 - x2| + eps) ** p) ** (1 / p) of each pair of rows: N x D and N x D give N x 1."""
    if x1.size() != x2.size():
        raise AssertionError(f"Input sizes must be equal, got {x1.size()} and {x2.size()}.")
    if x1.dim() != 2:
        raise AssertionError(f"Input must be a 2D matrix, got {x1.dim()} dimensions.")
    return ((x1 - x2).abs() + eps).pow(p).sum(1, True).pow(1.0 / p)


def cosine_similarity(x1: Variable, x2: Variable, dim: int = 1, eps: float = 1e-8) -> Variable:
    """x1 . x2 / max(|x1| |x2|, eps) along dim."""
    lengths = x1.norm(2, dim) * x2.norm(2, dim)
    return (x1 * x2).sum(dim) / lengths.clamp(min=eps)
