"""Conjugate gradients as a function."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite, nan, sqrt
from sys import float_info
from typing import Any

from .steps import Config, own_state

SHRINK, GROW = 0.1, 3.0  # how near to the interval's ends a guess may lie; how far beyond the last step


def _root(value: float) -> float:
    return sqrt(value) if value >= 0 else nan


def _quotient(a: float, b: float) -> float:
    return a / b if b else inf


class _Search:
    """A line search along s from x: z is how far it is from the start, f and slope are the loss and its slope there."""

    def __init__(self, opfunc: Callable, x: Any, s: Any, f: float, slope: float, z: float) -> None:
        self.opfunc, self.x, self.s = opfunc, x, s
        self.start, self.start_slope = f, slope
        self.z, self.f, self.slope = 0.0, f, slope
        self.evaluations = 0
        self.gap = 0.0  # from here to the place before, whose loss and slope are old and old_slope
        self.limit: float | None = None
        self.move(z)

    def move(self, z: float) -> None:
        """Go z further, and evaluate."""
        self.old, self.old_slope, self.gap = self.f, self.slope, -z
        self.step(z)

    def step(self, z: float) -> None:
        """Go z further, and evaluate; the place before stays what it was."""
        self.z += z
        self.x.add_(z, self.s)
        self.f, self.grad = self.opfunc(self.x)
        self.evaluations += 1
        self.slope = self.grad.dot(self.s)

    def too_far(self, rho: float, sig: float) -> bool:
        """Whether the loss has not fallen enough, or rises steeply."""
        return self.f > self.start + self.z * rho * self.start_slope or self.slope > -sig * self.start_slope

    def _cubic(self) -> tuple[float, float, float]:
        """The cubic through both places: (A, B, the root of its discriminant)."""
        gap, rise = self.gap, self.f - self.old
        a = 6 * rise / gap + 3 * (self.slope + self.old_slope)
        b = -3 * rise - gap * (self.old_slope + 2 * self.slope)
        return a, b, _root(b * b - a * self.slope * gap * gap)

    def back(self) -> None:
        """Go to the minimum that a parabola or the cubic has between both places."""
        self.limit, gap = self.z, self.gap
        if self.f > self.start:
            bend = self.old_slope * gap + self.f - self.old
            z = gap - _quotient(0.5 * self.old_slope * gap * gap, bend)
        else:
            a, b, root = self._cubic()
            z = _quotient(root - b, a)
        z = z if isfinite(z) else gap / 2
        z = max(min(z, SHRINK * gap), (1 - SHRINK) * gap)
        self.step(z)
        self.gap = gap - z

    def on(self) -> None:
        """Go to the minimum that the cubic has beyond here, within bounds."""
        _, b, root = self._cubic()
        z, gap, limit = _quotient(-self.slope * self.gap * self.gap, b + root), self.gap, self.limit
        if not isfinite(z) or z < 0:
            z = self.z * (GROW - 1) if limit is None else (limit - self.z) / 2
        elif limit is not None and z + self.z > limit:
            z = (limit - self.z) / 2
        elif limit is None and z + self.z > self.z * GROW:
            z = self.z * (GROW - 1)
        elif z < -gap * SHRINK:
            z = -gap * SHRINK
        elif limit is not None and z < (limit - self.z) * (1 - SHRINK):
            z = (limit - self.z) * (1 - SHRINK)
        self.move(z)

    def run(self, rho: float, sig: float, most: int) -> bool:
        """Search until the loss has fallen and the slope is gentle (True), or `most` evaluations are used up."""
        while True:
            while self.too_far(rho, sig) and most > 0:
                self.back()
                most -= 1
            if self.too_far(rho, sig):
                return False
            if self.slope > sig * self.start_slope:
                return True
            if most <= 0:
                return False
            self.on()
            most -= 1


def cg(opfunc: Callable, x: Any, config: Config, state: Config | None = None) -> tuple:
    """Polak and Ribiere's conjugate gradients: (x, the losses after each line search, the number of evaluations).

    Options: maxIter (20, the evaluations of one line search), maxEval (1.25 * maxIter, those of all), rho (0.01) and
    sig (0.5), which say when a line search is content, red (1, the reduction that the first step expects), ratio (100).
    """
    config, state = own_state(config, state)
    per_search = config.get("maxIter", 20)
    most = config.get("maxEval", per_search * 1.25)
    rho, sig = config.get("rho", 0.01), config.get("sig", 0.5)
    loss, grad = opfunc(x)
    grad = state["df1"] = grad.clone()
    losses, evaluations, failed = [loss], 1, False
    s = grad.neg()
    slope = -s.dot(s)
    z = config.get("red", 1) / (1 - slope)
    while evaluations < abs(most):
        state["x0"], state["df0"] = x.clone(), grad.clone()
        search = _Search(opfunc, x, s, loss, slope, z)
        success = search.run(rho, sig, min(per_search, most - evaluations - 1))
        evaluations += search.evaluations
        there = state["df2"] = search.grad.clone()
        if success:
            loss = search.f
            losses.append(loss)
            s.mul_((there.dot(there) - grad.dot(there)) / grad.dot(grad)).add_(-1, there)
            grad, new_slope = there, there.dot(s)
            if new_slope > 0:  # not downhill
                s = grad.neg()
                new_slope = -s.dot(s)
            z = search.z * min(config.get("ratio", 100), slope / (new_slope - float_info.min))
            slope, failed = new_slope, False
            continue
        x.copy_(state["x0"])
        if failed or evaluations > most:
            break
        grad, failed = there, True  # steepest descent, once
        s = grad.neg()
        slope = -s.dot(s)
        z = 1 / (1 - slope)
    state.update(df1=grad, df3=state["df0"], s=s)
    return x, losses, evaluations
