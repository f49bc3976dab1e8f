"""Limited-memory BFGS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .._core import ops
from .._core.tensor import Tensor
from .optimizer import Optimizer


class LBFGS(Optimizer):
    """Limited-memory BFGS (Liu and Nocedal, 1989), without line search: each iteration steps by lr along the direction.

    A step is up to max_iter iterations and max_eval (by default max_iter * 5 // 4) evaluations of the closure. It ends
    early where the sum of the gradient's absolute values is at most tolerance_grad, or where the parameters or the loss
    change by less than tolerance_change. history_size pairs of changes describe the curvature: memory of
    2 * history_size times the parameters. One parameter group only (ValueError).
    """

    def __init__(
        self,
        params: Iterable,
        lr: float = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-5,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: Any = None,
    ) -> None:
        defaults = dict(
            lr=lr,
            max_iter=max_iter,
            max_eval=max_iter * 5 // 4 if max_eval is None else max_eval,
            tolerance_grad=tolerance_grad,
            tolerance_change=tolerance_change,
            history_size=history_size,
            line_search_fn=line_search_fn,
        )
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")

    def step(self, closure: Callable[[], Any]) -> Any:
        """Minimise the loss that `closure` computes (gradients cleared, backward called). Returns the loss found first:
        as a number where the gradient was within tolerance_grad already, else as the closure gave it."""
        options = self.param_groups[0]
        lr, max_iter, tolerance_change = options["lr"], options["max_iter"], options["tolerance_change"]
        state = self.state["global_state"]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        first_loss = closure()
        loss = first_loss.data[0]
        evaluations = 1
        state["func_evals"] += 1
        grad = self._flat_gradient()
        total = grad.abs().sum()
        if total <= options["tolerance_grad"]:
            return loss

        for iteration in range(1, max_iter + 1):
            state["n_iter"] += 1
            direction = quasi_newton_direction(state, grad, options["history_size"])
            state["d"], state["prev_flat_grad"], state["prev_loss"] = direction, grad, loss
            state["t"] = length = min(1.0, 1.0 / total) * lr if state["n_iter"] == 1 else lr
            slope = grad.dot(direction)
            if options["line_search_fn"] is not None:
                raise RuntimeError("line search function is not supported yet")
            self._move(length, direction)
            if iteration == max_iter:  # what the loss is there, the next step's first evaluation will say
                break
            loss = closure().data[0]
            evaluations += 1
            state["func_evals"] += 1
            grad = self._flat_gradient()
            total = grad.abs().sum()
            if (
                evaluations >= options["max_eval"]
                or total <= options["tolerance_grad"]
                or slope > -tolerance_change
                or direction.mul(length).abs_().sum() <= tolerance_change
                or abs(loss - state["prev_loss"]) < tolerance_change
            ):
                break
        return first_loss

    def _flat_gradient(self) -> Tensor:
        """All gradients in one row, always of memory of its own; zeros for a parameter without gradient."""
        rows = []
        for param in self.param_groups[0]["params"]:
            if param.grad is None:
                rows.append(param.data.new(param.data.numel()).zero_())
            else:
                grad = param.grad.data
                rows.append((grad.to_dense() if grad.is_sparse else grad).contiguous().view(-1))
        return ops.cat(rows, 0)

    def _move(self, length: float, direction: Tensor) -> None:
        start = 0
        for param in self.param_groups[0]["params"]:
            count = param.data.numel()
            param.data.add_(length, direction[start : start + count].view(param.data.size()))
            start += count


def quasi_newton_direction(state: dict, grad: Tensor, history_size: int) -> Tensor:
    """-H grad, H being the inverse Hessian as the last changes of parameters and gradient suggest it."""
    if state["n_iter"] == 1:
        state["old_dirs"], state["old_stps"], state["H_diag"] = [], [], 1
        return grad.neg()
    bends, moves = state["old_dirs"], state["old_stps"]
    bend, move = grad.sub(state["prev_flat_grad"]), state["d"].mul(state["t"])
    curvature = bend.dot(move)
    if curvature > 1e-10:
        if len(bends) == history_size:
            bends.pop(0)
            moves.pop(0)
        bends.append(bend)
        moves.append(move)
        state["H_diag"] = curvature / bend.dot(bend)
    # the two loops of the method: newest to oldest, then back
    pairs = [(bend, move, 1.0 / bend.dot(move)) for bend, move in zip(bends, moves, strict=True)]
    direction, shares = grad.neg(), []
    for bend, move, scale in reversed(pairs):
        shares.append(move.dot(direction) * scale)
        direction.add_(-shares[-1], bend)
    direction.mul_(state["H_diag"])
    for bend, move, scale in pairs:
        direction.add_(shares.pop() - bend.dot(direction) * scale, move)
    return direction
