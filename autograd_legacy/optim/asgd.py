"""Averaged stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for


class ASGD(Optimizer):
    """Acceleration of stochastic approximation by averaging (Polyak and Juditsky, 1992). At step t:

        g = grad + weight_decay * p
        p = p * (1 - lambd * eta) - eta * g
        a = a + mu * (p - a)
        eta = lr / (1 + lambd * lr * t)**alpha          (lr at the first step)
        mu = 1 / max(1, t - t0)                         (1 at the first step)

    The average a is state[p]["ax"].
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(params, dict(lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._dense_gradients():
            state = self.state[param]
            if not state:
                state.update(step=0, eta=group["lr"], mu=1, ax=zeros_for(tensor))
            state["step"] += 1
            lr, lambd = group["lr"], group["lambd"]
            shrink = 1 - lambd * state["eta"]
            update.asgd(tensor, grad, state["ax"], state["eta"], shrink, state["mu"], group["weight_decay"])
            state["eta"] = lr / (1 + lambd * lr * state["step"]) ** group["alpha"]
            state["mu"] = 1 / max(1, state["step"] - group["t0"])
        return loss
