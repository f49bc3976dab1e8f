"""The fuzzer's command: python -m tests.fuzz --calls 100000 --seed 0."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterator

from ..operands import ROWS
from . import subscripts
from .calls import Call


def fuzz(calls: int, seed: int) -> Iterator[str]:
    """Random calls; what is wrong with each, and at last how many of which rows there were."""
    done, refused, seen = 0, 0, collections.Counter()
    while done < calls:
        if seed % 6 == 0:
            yield from (f"seed {seed}: {problem}" for problem in subscripts.problems(seed))
            done += 2
        else:
            call = Call(seed)
            yield from (f"seed {seed}: {problem}" for problem in call.problems())
            done += call.n
            answered = call.n > 2
            refused += not answered
            seen[call.row.name] += answered
        seed += 1
    never = sorted(set(ROWS) - set(seen))
    print(
        f"{done} calls up to seed {seed}; {len(seen)} of {len(ROWS)} rows answered, {refused} draws were refused", never
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = 0
    for problem in fuzz(options.calls, options.seed):
        found += 1
        print(problem, flush=True)
    raise SystemExit(f"{found} mismatches" if found else 0)


if __name__ == "__main__":
    main()
