"""Adam for sparse gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from .optimizer import Optimizer, zeros_for
from .sparse import Rows


class SparseAdam(Optimizer):
    """Adam whose averages and parameters change only in the rows that the sparse gradient names ("lazy" Adam).

    Dense gradients: RuntimeError.
    """

    def __init__(
        self, params: Iterable, lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
    ) -> None:
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update all parameters that have a gradient; returns what `closure`, called first, returned."""
        loss = None if closure is None else closure()
        for group, param, tensor, grad in self._gradients():
            if not grad.is_sparse:
                raise RuntimeError("SparseAdam does not support dense gradients, please consider Adam instead")
            state = self.state[param]
            if not state:
                state.update(step=0, exp_avg=zeros_for(tensor), exp_avg_sq=zeros_for(tensor))
            state["step"] += 1
            beta1, beta2 = group["betas"]
            size = group["lr"] * math.sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])
            rows = Rows(grad)
            mean = _moved(rows, state["exp_avg"], rows.values, beta1)
            square = _moved(rows, state["exp_avg_sq"], rows.values * rows.values, beta2)
            rows.add_to(tensor, mean.div_(square.sqrt_().add_(group["eps"])).mul_(-size))
        return loss


def _moved(rows: Rows, average, values, beta: float):
    """The rows of a running average after a step towards `values`; it is kept in `average`."""
    old = rows.of(average)
    change = (values - old).mul_(1 - beta)
    rows.add_to(average, change)
    return change.add_(old)
