"""Does the memory grow? A small training loop with hooks, in-place operations and graphs that are walked twice.

    python benchmarks/endurance.py --iterations 1000000

Prints the resident memory along the way; the status is 1 where after the first hundredth it moved by more than 1 MB.
"""

import argparse
import sys
import time

import autograd_legacy as torch
from autograd_legacy import nn, optim
from autograd_legacy.autograd import Function, Variable, grad

LIMIT_KB = 1024


class Doubled(Function):
    """A Function as users write them."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_variables
        return g * 2 + x * 0


class Loop:
    """A network of two layers, a hook of each kind, and what one iteration does with them."""

    def __init__(self):
        torch.manual_seed(0)
        self.model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(inplace=True), nn.Linear(16, 1))
        self.optimizer = optim.SGD(self.model.parameters(), lr=1e-3, momentum=0.9)
        self.data, self.target = Variable(torch.randn(4, 8)), Variable(torch.randn(4, 1))
        self.seen = 0
        self.model[0].register_forward_hook(self.count)
        self.model[2].register_backward_hook(self.count)
        self.model[0].weight.register_hook(self.count)

    def count(self, *_) -> None:
        self.seen += 1

    def step(self, k: int) -> None:
        self.optimizer.zero_grad()
        output = Doubled.apply(self.model(self.data))
        output.register_hook(lambda g: g * 1)
        output += 0.1
        output.clamp(min=-5)[0] = 0
        loss = (output - self.target).pow(2).mean()
        loss.backward(retain_graph=True)
        loss.backward()
        if k % 16 == 0:
            (slope,) = grad(self.model(self.data).tanh().sum(), self.model[2].weight, create_graph=True)
            slope.pow(2).sum().backward()
        self.optimizer.step()


def resident_kb() -> int:
    """The memory that the process holds now, as Linux tells it."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iterations", type=int, default=1_000_000)
    iterations = parser.parse_args().iterations
    loop = Loop()
    first, marks = max(1, iterations // 100), []
    start = time.perf_counter()
    for k in range(iterations):
        loop.step(k)
        if k + 1 == first or (k + 1) % max(1, iterations // 10) == 0:
            marks.append(resident_kb())
            print(f"{k + 1:10} iterations  {marks[-1]:8} kB  {time.perf_counter() - start:8.1f} s", flush=True)
    moved = max(abs(mark - marks[0]) for mark in marks)
    print(f"moved by at most {moved} kB after the first {first} iterations; {loop.seen} calls of hooks")
    return int(moved > LIMIT_KB)


if __name__ == "__main__":
    sys.exit(main())
