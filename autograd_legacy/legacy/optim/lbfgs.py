"""Limited-memory BFGS as a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...optim.lbfgs import quasi_newton_direction
from .steps import Config, own_state


def lbfgs(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """(x, the losses at all evaluations, their number), after maxIter steps or fewer; x is changed in place.

    Options: maxIter (20), maxEval (1.25 * maxIter), tolFun (1e-5), tolX (1e-9), nCorrection (100), learningRate (1),
    and lineSearch: a function (opfunc, x, t, d, f, g, gtd, lineSearchOptions) -> (f, g, x, t, evaluations).
    """
    config, state = own_state(config, state)
    steps = config.get("maxIter", 20)
    most = config.get("maxEval", steps * 1.25)
    smallest, rate = config.get("tolX", 1e-9), config.get("learningRate", 1)
    flat, search = config.get("tolFun", 1e-5), config.get("lineSearch")
    state.setdefault("funcEval", 0)
    state.setdefault("n_iter", 0)

    loss, grad = opfunc(x)
    losses, evaluations = [loss], 1
    state["funcEval"] += 1
    total = grad.abs().sum()
    if total <= flat:
        return x, losses, evaluations
    for step in range(1, steps + 1):
        state["n_iter"] += 1
        direction = quasi_newton_direction(state, grad, config.get("nCorrection", 100))
        before = loss
        state.update(d=direction, prev_flat_grad=grad.clone())
        slope = grad.dot(direction)
        if slope > -smallest:
            break
        state["t"] = length = min(1.0, 1.0 / total) * rate if state["n_iter"] == 1 else rate
        count = 0
        if search is not None:
            options = config.get("lineSearchOptions")
            loss, grad, moved, length, count = search(opfunc, x, length, direction, loss, grad, slope, options)
            x.copy_(moved)
            state["t"] = length
        else:
            x.add_(length, direction)
            if step != steps:  # what the loss is there, the next call's first evaluation will say
                loss, grad = opfunc(x)
                count = 1
        if count:
            losses.append(loss)
        evaluations += count
        state["funcEval"] += count
        total = grad.abs().sum()
        still = direction.mul(length).abs().sum() <= smallest or (count and abs(loss - before) < smallest)
        if step == steps or evaluations >= most or total <= flat or still:
            break
    return x, losses, evaluations
