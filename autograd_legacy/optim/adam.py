"""Adam."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for


class Adam(Optimizer):
    """Adam: A Method for Stochastic Optimization (Kingma and Ba, 2014). At step t, with b1, b2 = betas:

    g = grad + weight_decay * p
    m = b1 * m + (1 - b1) * g
    s = b2 * s + (1 - b2) * g * g
    p = p - lr * sqrt(1 - b2**t) / (1 - b1**t) * m / (sqrt(s) + eps)

    Sparse gradients: RuntimeError; SparseAdam takes them.
    """

    _instead = ", please consider SparseAdam instead"

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._dense_gradients():
            state = self.state[param]
            if not state:
                state.update(step=0, exp_avg=zeros_for(tensor), exp_avg_sq=zeros_for(tensor))
            state["step"] += 1
            beta1, beta2 = group["betas"]
            size = group["lr"] * math.sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])
            mean, square = state["exp_avg"], state["exp_avg_sq"]
            update.adam(tensor, grad, mean, square, size, beta1, beta2, group["eps"], group["weight_decay"])
        return loss
