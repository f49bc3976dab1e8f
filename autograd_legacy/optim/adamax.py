"""Adamax."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for


class Adamax(Optimizer):
    """Adam with the infinity norm (Kingma and Ba, 2014). At step t, with b1, b2 = betas:

    g = grad + weight_decay * p
    m = b1 * m + (1 - b1) * g
    u = max(b2 * u, abs(g) + eps)
    p = p - lr / (1 - b1**t) * m / u
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 2e-3,
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
                state.update(step=0, exp_avg=zeros_for(tensor), exp_inf=zeros_for(tensor))
            state["step"] += 1
            beta1, beta2 = group["betas"]
            size = group["lr"] / (1 - beta1 ** state["step"])
            mean, norm = state["exp_avg"], state["exp_inf"]
            update.adamax(tensor, grad, mean, norm, size, beta1, beta2, group["eps"], group["weight_decay"])
        return loss
