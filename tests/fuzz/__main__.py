"""The fuzzer's command: python -m tests.fuzz --calls 100000 --seed 0."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ..operands import ROWS
from . import subscripts
from .calls import Call


def fuzz(calls: int, seed: int, with_torch: bool = False) -> Iterator[str]:
    """Random calls; what is wrong with each, and at last how many of which rows there were."""
    done, refused, seen, compared = 0, 0, set(), set()
    while done < calls:
        if seed % 6 == 0:
            yield from (f"seed {seed}: {problem}" for problem in subscripts.problems(seed))
            done += 2
        else:
            call = Call(seed, with_torch)
            yield from (f"seed {seed}: {problem}" for problem in call.problems())
            done += call.n
            refused += not call.answered
            seen.update([call.row.name] * call.answered)
            compared.update([call.row.name] * call.compared)
        seed += 1
    never = sorted(set(ROWS) - seen)
    print(
        f"{done} calls up to seed {seed}; {len(seen)} of {len(ROWS)} rows answered, {len(compared)} of them beside "
        f"another's answer; {refused} draws were refused; no answer from",
        never,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--torch", action="store_true", help="ask current PyTorch, too")
    options = parser.parse_args()
    found = 0
    for problem in fuzz(options.calls, options.seed, options.torch):
        found += 1
        print(problem, flush=True)
    raise SystemExit(f"{found} mismatches" if found else 0)


if __name__ == "__main__":
    main()
