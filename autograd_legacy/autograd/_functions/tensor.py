"""Functions that are methods of Variables, as classes to be applied."""

from __future__ import annotations

from collections.abc import Sequence

from ..._core.variable import Variable


class Type:
    """Conversion to another type."""

    @staticmethod
    def apply(input: Variable, type: type | str) -> Variable:
        """input.type(type)"""
        return input.type(type)


class Resize:
    """The same elements in other sizes."""

    @staticmethod
    def apply(input: Variable, sizes: Sequence) -> Variable:
        """input.resize(*sizes); RuntimeError unless the number of elements stays."""
        return input.resize(*sizes)


class Repeat:
    """Copies along each dimension."""

    @staticmethod
    def apply(input: Variable, repeats: Sequence) -> Variable:
        """input.repeat(*repeats)"""
        return input.repeat(*repeats)
