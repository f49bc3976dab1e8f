"""Rprop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import update
from .optimizer import Optimizer, zeros_for


class Rprop(Optimizer):
    """Resilient backpropagation (Riedmiller and Braun, 1993): only the signs of the gradient count.

    Where the gradient kept its sign, the step size grows by etas[1]; where it changed, it shrinks by etas[0] and the
    parameter rests for one step. It stays within step_sizes, and begins as lr.
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
    ) -> None:
        super().__init__(params, dict(lr=lr, etas=etas, step_sizes=step_sizes))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._dense_gradients():
            state = self.state[param]
            if not state:
                state.update(step=0, prev=zeros_for(tensor), step_size=zeros_for(tensor).fill_(group["lr"]))
            state["step"] += 1
            update.rprop(tensor, grad, state["prev"], state["step_size"], *group["etas"], *group["step_sizes"])
        return loss
