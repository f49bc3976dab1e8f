"""Adadelta."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for


class Adadelta(Optimizer):
    """ADADELTA: An Adaptive Learning Rate Method (Zeiler, 2012).

    g = grad + weight_decay * p
    s = rho * s + (1 - rho) * g * g
    d = sqrt(a + eps) / sqrt(s + eps) * g
    a = rho * a + (1 - rho) * d * d
    p = p - lr * d
    """

    def __init__(
        self, params: Iterable, lr: float = 1.0, rho: float = 0.9, eps: float = 1e-6, weight_decay: float = 0
    ) -> None:
        super().__init__(params, dict(lr=lr, rho=rho, eps=eps, weight_decay=weight_decay))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._dense_gradients():
            state = self.state[param]
            if not state:
                state.update(step=0, square_avg=zeros_for(tensor), acc_delta=zeros_for(tensor))
            state["step"] += 1
            square, moved = state["square_avg"], state["acc_delta"]
            lr, rho, eps, decay = group["lr"], group["rho"], group["eps"], group["weight_decay"]
            update.adadelta(tensor, grad, square, moved, lr, rho, eps, decay)
        return loss
