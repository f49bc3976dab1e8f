"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, required, zeros_for
from .sparse import Rows


class SGD(Optimizer):
    """Gradient descent with momentum, as in torch 0.3: the learning rate scales the velocity, it is not part of it.

        g = grad + weight_decay * p
        v = momentum * v + (1 - dampening) * g          (v = g at the first step)
        p = p - lr * v                                  (nesterov: p - lr * (g + momentum * v))

    The decayed gradient is left in p.grad. Sparse gradients are supported without weight_decay and nesterov.
    ValueError where nesterov is asked for without momentum or with dampening.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = required,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        defaults = dict(lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov)
        super().__init__(params, defaults)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            group.setdefault("nesterov", False)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._gradients():
            momentum, dampening, velocity = group["momentum"], group["dampening"], None
            if momentum != 0:
                velocity = self.state[param].get("momentum_buffer")
                if velocity is None:
                    velocity = self.state[param]["momentum_buffer"] = zeros_for(tensor)
                    dampening = 0
            if grad.is_sparse:
                _sparse_step(group, tensor, grad, velocity, dampening)
            elif momentum == 0 and group["weight_decay"] == 0:
                tensor.add_(-group["lr"], grad)
            else:
                decay, nesterov = group["weight_decay"], group["nesterov"]
                update.sgd(tensor, grad, velocity, group["lr"], momentum, dampening, decay, nesterov)
        return loss


def _sparse_step(group: dict, tensor, grad, velocity, dampening: float) -> None:
    if group["weight_decay"] != 0 or group["nesterov"]:
        raise RuntimeError("SGD supports sparse gradients without weight_decay and nesterov only")
    rows = Rows(grad)
    if velocity is None:
        rows.add_to(tensor, rows.values * -group["lr"])
    else:
        velocity.mul_(group["momentum"])
        rows.add_to(velocity, rows.values * (1 - dampening))
        tensor.add_(-group["lr"], velocity)
