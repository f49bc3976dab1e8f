"""Every public name of PyTorch 0.3.1 is there and takes what it took, but for the listed; and the list says no more."""

from fnmatch import fnmatchcase

import pytest

from .conformance import api, gaps


@pytest.fixture(scope="module")
def failed():
    return api.failures()


def test_names_and_signatures(failed):
    listed = gaps.read("api")
    new = [f"{name} :: {why}" for name, why in failed.items() if not any(fnmatchcase(name, p) for p in listed)]
    assert not new, "\n".join(["these names of 0.3.1 are missing or take other arguments:", *new])


def test_listed_names_are_missing(failed):
    """A pattern in the list stands for names none of which is there."""
    for pattern in gaps.read("api"):
        names = [name for name in api.entries() if fnmatchcase(name, pattern)]
        assert names, f"{pattern} in gaps/api.txt is no name of 0.3.1"
        there = [name for name in names if name not in failed]
        assert not there, f"take these from gaps/api.txt ({pattern}), they are there: {there}"


def test_signatures_are_compared():
    """The walk sees a missing parameter, another name, another default."""
    recorded = api.parsed("(self, dim=None, keepdim=False)")
    assert api.takes(api.parsed("(self, dim=None, keepdim=False, more=1)"), recorded)
    for other in ("(self, dim=None)", "(self, axis=None, keepdim=False)", "(self, dim=None, keepdim=True)"):
        assert not api.takes(api.parsed(other), recorded)
    (documented,) = api.written("doc: cross(input, other, dim=-1, out=None) -> Tensor", "cross")
    assert api.takes_count(api.of_call("cross(self, Tensor other, int dim=-1)", False), documented)
    assert not api.takes_count(api.of_call("cross(self, Tensor other, int dim=0)", False), documented)
    assert not api.takes_count(api.of_call("cross(self, Tensor other)", False), documented)
