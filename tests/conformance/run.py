"""Runs the cases of an area in child processes, so that a crash costs one case and not the run."""

import functools
import json
import subprocess
import sys
from collections.abc import Iterator

from .cases import HERE, cases
from .compare import verdict

MODULE = "autograd_legacy"
BATCH = 500  # cases a process runs; a few leave traces, such as a changed default


@functools.cache
def failures(area: str, only: str = "") -> dict[str, str]:
    """The id of each case whose answer is not the recorded one, and why; of those whose id holds `only`."""
    chosen = [case for case in cases(area).values() if only in case["id"]]
    verdicts = {case["id"]: verdict(case, got) for case, got in zip(chosen, answers(chosen), strict=True)}
    return {case_id: why for case_id, why in verdicts.items() if why}


def answers(chosen: list[dict]) -> Iterator[dict]:
    """The answer to each case."""
    done = 0
    while done < len(chosen):
        batch = chosen[done : done + BATCH]
        got, end = ask(batch)
        yield from got
        done += len(got)
        if len(got) < len(batch):
            if not got and done == 0:
                raise RuntimeError(f"the first case ended the process that runs them, or it did not begin:\n{end}")
            yield {"error": "Crash", "message": end}
            done += 1


def ask(batch: list[dict]) -> tuple[list[dict], str]:
    """The answers of one process, as far as it came, and how it ended."""
    questions = "".join(json.dumps(case["code"]) + "\n" for case in batch)
    command = [sys.executable, "-m", f"{__package__}.worker", MODULE]
    done = subprocess.run(command, input=questions, cwd=HERE.parent.parent, capture_output=True, text=True, check=False)
    end = f"the process ended with status {done.returncode}: {done.stderr[-400:]}"
    return [json.loads(line) for line in done.stdout.splitlines()], end
