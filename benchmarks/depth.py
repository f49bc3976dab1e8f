"""What a long chain of operations costs, in this library and in current PyTorch.

    python benchmarks/depth.py --other /path/to/python/with/torch [--lengths N ...]

For each length a process of either library records a chain of that many operations on ten elements, walks it backward
and frees it. The table says how many nanoseconds of the processor each of the three takes for one operation, the best
of three times, and how many bytes of resident memory one recorded operation holds. Where costs are linear, the columns
are constant; recording many operations also pays for Python's own garbage collector, which goes through all objects
again whenever their number has grown by a quarter.
"""

import argparse
import importlib
import json
import subprocess
import sys
import time
import warnings
from itertools import pairwise

from run import OTHER, OURS, Side

ROUNDS = 3


def resident_bytes():
    """The memory of this process."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def measure(module, length):
    """Nanoseconds of recording, walking back and freeing, and bytes, for one operation."""
    warnings.simplefilter("ignore")
    torch = importlib.import_module(module)
    torch.set_num_threads(1)
    x = torch.autograd.Variable(torch.randn(10), requires_grad=True)
    y = torch.autograd.Variable(torch.linspace(-0.9, 0.9, 10))

    def chain(n):
        z = x
        for _ in range(n // 2):
            z = z * y + x
        return z

    chain(1000).sum().backward()
    before, held, rounds = resident_bytes(), 0, []
    for _ in range(ROUNDS):
        times = [time.process_time()]
        z = chain(length)
        times.append(time.process_time())
        held = held or resident_bytes() - before
        total = z.sum()
        total.backward()
        times.append(time.process_time())
        del z, total
        times.append(time.process_time())
        rounds.append([(end - start) * 1e9 / length for start, end in pairwise(times)])
    return [min(column) for column in zip(*rounds, strict=True)] + [held / length]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", required=True, metavar="PYTHON", help="the interpreter that has PyTorch")
    parser.add_argument("--lengths", type=int, nargs="+", default=[10**4, 10**5, 10**6], metavar="N")
    options = parser.parse_args()
    print("| operations | library | forward, ns | backward, ns | freeing, ns | bytes |\n|---:|---|---:|---:|---:|---:|")
    for length in options.lengths:
        for side in (Side(sys.executable, OURS, 1), Side(options.other, OTHER, 1)):
            command = [side.python, __file__, side.module, str(length)]
            done = subprocess.run(command, env=side.environment, capture_output=True, text=True, check=True)
            figures = " | ".join(f"{figure:.0f}" for figure in json.loads(done.stdout))
            print(f"| {length} | {side.module} | {figures} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in (OURS, OTHER):
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
