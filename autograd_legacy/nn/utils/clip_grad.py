"""Clipping of gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ...autograd import Variable


def clip_grad_norm(parameters: Iterable[Variable], max_norm: float, norm_type: float = 2) -> float:
    """Scale the gradients, in place, so that the norm of all of them together is at most max_norm.

    Gives the norm that it was.

    norm_type: the p of the norm, or "inf" for the largest absolute value.
    """
    gradients = [p.grad.data for p in parameters if p.grad is not None]
    max_norm, norm_type = float(max_norm), float(norm_type)
    if math.isinf(norm_type):
        total = max((g.abs().max() for g in gradients), default=0.0)
    else:
        total = sum(g.norm(norm_type) ** norm_type for g in gradients) ** (1.0 / norm_type)
    scale = max_norm / (total + 1e-6)
    if scale < 1:
        for g in gradients:
            g.mul_(scale)
    return float(total)
