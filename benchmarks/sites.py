"""What it costs to remember the line of an in-place operation, and what detect_anomaly() costs.

    python benchmarks/sites.py

Moving a version counter is timed against a method that does nothing, in the same function, in a function called anew,
and behind functions of the library. The minimum of many rounds, in nanoseconds.
"""

import os
import time

import autograd_legacy as torch
from autograd_legacy.autograd import Variable, detect_anomaly

LIBRARY = os.path.join(os.path.dirname(torch.__file__), "within.py")
ROUNDS, CALLS = 60, 20_000


def fastest(loop):
    """The nanoseconds of a call, in the fastest round of a loop over CALLS of them."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        loop()
        best = min(best, time.perf_counter() - start)
    return best / CALLS * 1e9


def within_library(method, depth):
    """A function that calls the method through `depth` functions that count as the library's own."""
    lines = [f"def f0(x): x.{method}()", *(f"def f{k}(x): f{k - 1}(x)" for k in range(1, depth))]
    names = {}
    exec(compile("\n".join(lines), LIBRARY, "exec"), names)
    return names[f"f{depth - 1}"]


def loops(x, method):
    """Loops over calls of the method, by where they stand."""

    def same():
        for _ in range(CALLS):
            getattr(x, method)()

    def once():
        getattr(x, method)()

    def anew():
        for _ in range(CALLS):
            once()

    def library(depth):
        function = within_library(method, depth)

        def loop():
            for _ in range(CALLS):
                function(x)

        return loop

    return {"in the same function": same, "in a function called anew": anew} | {
        f"behind {depth} of the library": library(depth) for depth in (1, 2, 3)
    }


def main():
    x = Variable(torch.ones(10))
    without, remembered = loops(x, "dim"), loops(x, "_mark_changed")
    for where, loop in remembered.items():
        print(f"{where:28} {fastest(loop) - fastest(without[where]):6.0f} ns")
    w = Variable(torch.ones(10), requires_grad=True)

    def product():
        for _ in range(CALLS):
            w * x

    print(f"{'a recorded product':28} {fastest(product):6.0f} ns")
    with detect_anomaly():
        print(f"{'... in detect_anomaly()':28} {fastest(product):6.0f} ns")


if __name__ == "__main__":
    main()
