"""Runs hostile calls: `python -m tests.hostile.run` reads a call a line, as JSON, and says how each ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from ..conformance.worker import Slow, time_limit
from .names import namespace

LIMIT_S = 60  # a call's time
ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def refused(function: Callable, *args) -> bool:
    """Whether the call is refused; an error that no program should see passes on."""
    try:
        function(*args)
    except Exception as error:
        if isinstance(error, SystemError):
            raise
        return True
    return False


def verdict(text: str, must_raise: bool) -> str:
    """What is wrong with how the call ends, or nothing."""
    scope = namespace() | {"refused": refused}
    try:
        with time_limit(LIMIT_S), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(text.replace("\\n", "\n"), "<call>", "exec"), scope)
    except Slow:
        return "took too long"
    except Exception as error:
        if not must_raise:
            return f"raised {type(error).__name__}: {error}"
        if isinstance(error, SystemError) or not str(error):
            return f"raised {type(error).__name__}({error}), which says nothing"
        return ""
    return "was not refused" if must_raise else ""


def failures(calls: list[tuple[str, bool]]) -> Iterator[str]:
    """What goes wrong, call by call; a crash costs the process, and a new one goes on behind it."""
    done = 0
    while done < len(calls):
        lines = "".join(json.dumps(call) + "\n" for call in calls[done:])
        command = [sys.executable, "-m", __spec__.name]
        with tempfile.TemporaryDirectory() as folder:  # where calls may write
            child = subprocess.run(
                command, input=lines, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
            )
        ready, *answers = [json.loads(line) for line in child.stdout.splitlines()] or [None]
        if not ready:
            raise RuntimeError(f"the process that runs the calls did not begin: {child.stderr}")
        for (text, _), why in zip(calls[done:], answers, strict=False):
            if why:
                yield f"{text}\n    {why}"
        yield from sorted({line for line in child.stderr.splitlines() if "runtime error: " in line})  # a sanitizer's
        done += len(answers)
        if done < len(calls):
            yield f"{calls[done][0]}\n    ended the process with status {child.returncode}: {child.stderr[-3000:]}"
            done += 1


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")  # what calls print must not get between
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    answers.write(json.dumps(sorted(namespace())) + "\n")
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(verdict(*json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
