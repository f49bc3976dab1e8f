"""RMSprop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for


class RMSprop(Optimizer):
    """RMSprop (Hinton's lecture 6e, 2012; centered: Graves, 2013).

    g = grad + weight_decay * p
    s = alpha * s + (1 - alpha) * g * g
    r = sqrt(s) + eps           (centered: a = alpha * a + (1 - alpha) * g, r = sqrt(s - a * a) + eps)
    p = p - lr * g / r          (with momentum: v = momentum * v + g / r, p = p - lr * v)
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
    ) -> None:
        defaults = dict(lr=lr, momentum=momentum, alpha=alpha, eps=eps, centered=centered, weight_decay=weight_decay)
        super().__init__(params, defaults)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("momentum", 0)
            group.setdefault("centered", False)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._dense_gradients():
            state = self.state[param]
            momentum = group["momentum"]
            if not state:
                state.update(step=0, square_avg=zeros_for(tensor))
                if momentum > 0:
                    state["momentum_buffer"] = zeros_for(tensor)
                if group["centered"]:
                    state["grad_avg"] = zeros_for(tensor)
            state["step"] += 1
            mean = state["grad_avg"] if group["centered"] else None
            velocity = state["momentum_buffer"] if momentum > 0 else None
            lr, alpha, eps, decay = group["lr"], group["alpha"], group["eps"], group["weight_decay"]
            update.rmsprop(tensor, grad, state["square_avg"], mean, velocity, lr, alpha, eps, decay, momentum)
        return loss
