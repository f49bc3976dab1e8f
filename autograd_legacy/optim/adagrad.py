"""Adagrad."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for
from .sparse import Rows

EPS = 1e-10  # keeps the divisor positive


class Adagrad(Optimizer):
    """Adaptive Subgradient Methods for Online Learning (Duchi, Hazan and Singer, 2011). At step t:

    g = grad + weight_decay * p
    s = s + g * g
    p = p - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + 1e-10)

    Sparse gradients are supported; with weight_decay they are a RuntimeError.
    """

    def __init__(self, params: Iterable, lr: float = 1e-2, lr_decay: float = 0, weight_decay: float = 0) -> None:
        super().__init__(params, dict(lr=lr, lr_decay=lr_decay, weight_decay=weight_decay))
        for group in self.param_groups:
            for param in group["params"]:
                self.state[param] = {"step": 0, "sum": zeros_for(param.data)}

    def share_memory(self) -> None:
        """Move the state to shared memory, for training in several processes at once."""
        for state in self.state.values():
            state["sum"].share_memory_()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._gradients():
            state = self.state[param]
            state["step"] += 1
            size = group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"])
            if not grad.is_sparse:
                update.adagrad(tensor, grad, state["sum"], size, EPS, group["weight_decay"])
            elif group["weight_decay"] != 0:
                raise RuntimeError("weight_decay option is not compatible with sparse gradients")
            else:
                rows = Rows(grad)
                rows.add_to(state["sum"], rows.values * rows.values)
                rows.add_to(tensor, rows.values / rows.of(state["sum"]).sqrt_().add_(EPS) * -size)
        return loss
