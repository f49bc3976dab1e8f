"""What old code took from torch._six to run on Python 2 and 3."""

from __future__ import annotations

import sys
from math import inf, nan

PY2, PY3 = False, True
string_classes = (str, bytes)
int_classes = int
FileNotFoundError = FileNotFoundError


def with_metaclass(meta: type, *bases: type) -> type:
    """A class of these bases whose class is meta."""
    return meta("temporary_class", bases, {})


def raise_from(value: BaseException, from_value: BaseException) -> None:
    """raise value from from_value."""
    raise value from from_value


__all__ = ["PY2", "PY3", "inf", "int_classes", "nan", "raise_from", "string_classes", "sys", "with_metaclass"]
