"""Exceptions on their way from a worker process to the parent."""

from __future__ import annotations

import pickle
import traceback


class ExceptionWrapper:
    """An exception on its way to another process: its type, and its traceback as text."""

    def __init__(self, exc_info: tuple) -> None:
        self.exc_type = _transferable(exc_info[0])
        self.exc_msg = "".join(traceback.format_exception(*exc_info))

    def reraise(self) -> None:
        """Raise an exception of the type, with the text as its message; RuntimeError where that takes no message."""
        try:
            exception = self.exc_type(self.exc_msg)
        except TypeError:
            exception = RuntimeError(self.exc_msg)
        raise exception


def _transferable(exc_type: type) -> type:
    """The type itself, or the nearest base that can be found by its name: a class may be local to a function."""
    for cls in exc_type.__mro__:
        try:
            pickle.dumps(cls)
        except (pickle.PicklingError, AttributeError):
            continue
        return cls
    return Exception
