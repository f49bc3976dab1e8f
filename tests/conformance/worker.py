"""Runs cases: `python -m tests.conformance.worker MODULE` reads one a line, as JSON, and answers each with a line."""

import contextlib
import faulthandler
import io
import json
import os
import signal
import sys
import warnings
from collections.abc import Iterator

from .encoding import encode
from .namespace import namespace

LIMIT_S = 20  # a case's time


class Slow(BaseException):
    """A case has used up its time."""


@contextlib.contextmanager
def time_limit(seconds: int = LIMIT_S) -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise Slow

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    faulthandler.dump_traceback_later(seconds + 10, exit=True)  # where compiled code hangs, no signal is seen
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.alarm(0)


def answer(code: str, names: dict[str, object]) -> dict:
    """What the case leaves in `out` or prints, encoded; or its error."""
    scope = {**names, "__name__": "case"}
    torch = names["torch"]
    printed = io.StringIO()
    try:
        torch.set_default_tensor_type("torch.FloatTensor")
        torch.manual_seed(1234)
        names["np"].random.seed(1234)
        with time_limit(), warnings.catch_warnings(record=True), contextlib.redirect_stdout(printed):
            warnings.simplefilter("always")
            exec(compile(code, "<case>", "exec"), scope)
            return {"value": encode(scope["out"], torch) if "out" in scope else {"stdout": printed.getvalue()}}
    except Slow:
        return {"slow": f"over {LIMIT_S} s"}
    except Exception as error:  # the case's own error is its answer
        return {"error": type(error).__name__, "message": str(error).strip()[:2000]}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")  # what cases print by any way must not get between
    os.dup2(2, 1)
    names = namespace(sys.argv[1])
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line), names)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
