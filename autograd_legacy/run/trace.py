"""Tracebacks that show the program and not what runs it."""

import os
import sys
from collections.abc import Iterator
from types import CodeType, TracebackType

HIDDEN = (os.path.dirname(__file__) + os.sep, "<frozen importlib.")


def hide_runner(outermost: CodeType) -> None:
    """Let the uncaught exception that is on its way be shown by the program's own sys.excepthook, less our frames.

    The interpreter calls the hook when the exception has left everything, so the exit status, the end by a signal after
    Ctrl-C, and the order of the last actions are its own. `outermost` is the code of our last function before the
    program's.
    """
    hook = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        for one in chain(error):
            one.__traceback__ = program_part(one.__traceback__, outermost)
        hook(kind, error, error.__traceback__)

    sys.excepthook = show


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, and each that it was raised from or while handling."""
    seen, waiting = set(), [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


def program_part(trace: TracebackType | None, outermost: CodeType) -> TracebackType | None:
    """The entries of a traceback after the one of `outermost`, if it is there, without ours and the import system's."""
    entries = []
    while trace is not None:
        entries.append(trace)
        if trace.tb_frame.f_code is outermost:
            entries.clear()
        trace = trace.tb_next
    following = None
    for entry in reversed(entries):
        if not entry.tb_frame.f_code.co_filename.startswith(HIDDEN):
            entry.tb_next = following
            following = entry
    return following
