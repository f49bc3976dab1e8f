"""A sample of the fuzzer's calls; `python -m tests.fuzz` runs all of them. The seed stands in the output."""

import os

import pytest

from .fuzz.__main__ import fuzz

SEED = int(os.environ.get("FUZZ_SEED", "20171205"))
CALLS = int(os.environ.get("FUZZ_CALLS", "6000"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_calls_agree(part):
    found = list(fuzz(CALLS // PARTS, SEED + part * 100_000))
    assert not found, "\n".join(found[:20])
