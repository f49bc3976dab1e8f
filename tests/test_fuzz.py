"""A sample of the fuzzer's calls; `python -m tests.fuzz` runs all of them. The seed stands in the output."""

import os

import numpy
import pytest

from .fuzz import answers, current_torch
from .fuzz.__main__ import fuzz
from .fuzz.calls import Call
from .operands import ROWS, array

SEED = int(os.environ.get("FUZZ_SEED", "20171205"))
CALLS = int(os.environ.get("FUZZ_CALLS", "6000"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_calls_agree(part):
    found = list(fuzz(CALLS // PARTS, SEED + part * 100_000))
    assert not found, "\n".join(found[:20])


def test_calls_agree_with_current_pytorch():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    found = list(fuzz(CALLS // PARTS, SEED + PARTS * 100_000, with_torch=True))
    assert not found, "\n".join(found[:20])


def test_each_row_has_one_answer_or_a_reason_for_none():
    for row in ROWS.values():
        assert (answers.source(row) == "nobody") == (row.name in answers.WITHOUT_TWIN), row.name
    assert not set(current_torch.TWINS) & {*answers.TWINS, *answers.products.CHECKS}
    assert {*answers.TWINS, *answers.products.CHECKS, *current_torch.TWINS, *answers.WITHOUT_TWIN} <= set(ROWS)


def off_by_one(results):
    """The first result with another number in the place of each."""
    if isinstance(results, list):
        return [off_by_one(results[0]), *results[1:]]
    return results + 1 if isinstance(results, numpy.ndarray) else type(results)(not results)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if answers.source(row) in ("numpy", "expression")])
def test_wrong_answers_are_seen(name):
    for seed in range(20):  # some draws are refused, or have no elements
        call = Call(seed, row=ROWS[name])
        results = call.run(call.tensors())
        if not isinstance(results, Exception) and any(call.mistakes(off_by_one(array(results)))):
            return
    raise AssertionError(f"{name} is not compared with what {answers.source(ROWS[name])} answers")
