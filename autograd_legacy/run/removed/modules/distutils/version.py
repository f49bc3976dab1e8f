"""Version numbers that can be compared."""

import re
from functools import total_ordering


@total_ordering
class LooseVersion:
    """A version as the list of its numbers and words: LooseVersion("0.3.1b0").version is [0, 3, 1, "b", 0].

    Texts are taken as versions in comparisons. TypeError where a number meets a word.
    """

    def __init__(self, vstring: str = "") -> None:
        self.vstring = vstring
        parts = re.findall(r"\d+|[a-z]+|[^\da-z.]+", vstring)
        self.version = [int(part) if part.isdigit() else part for part in parts]

    def __str__(self) -> str:
        return self.vstring

    def __repr__(self) -> str:
        return f"{type(self).__name__} ('{self}')"

    def __eq__(self, other: object) -> bool:
        return self.version == self._parts(other)

    def __lt__(self, other: object) -> bool:
        return self.version < self._parts(other)

    __hash__ = None

    def _parts(self, other: object) -> list:
        if isinstance(other, str):
            other = type(self)(other)
        if not isinstance(other, LooseVersion):
            raise TypeError(f"a version is compared with a version or a str, got {type(other).__name__}")
        return other.version


class StrictVersion(LooseVersion):
    """A version of two or three numbers, perhaps with aN or bN (a release before it). ValueError for anything else."""

    def __init__(self, vstring: str = "0.0") -> None:
        match = re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?", vstring)
        if match is None:
            raise ValueError(f"invalid version number '{vstring}'")
        major, minor, patch, kind, number = match.groups()
        self.vstring = vstring
        # "c" sorts after both kinds of versions before a release
        self.version = [int(major), int(minor), int(patch or 0), kind or "c", int(number or 0)]
