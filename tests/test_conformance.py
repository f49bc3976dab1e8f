"""The recorded answers of PyTorch 0.3.1 hold, but for the listed gaps; and the list says no more than is so."""

import pytest

from .conformance import gaps
from .conformance.cases import AREAS, cases, topic
from .conformance.run import failures

TOPICS = [(area, name) for area in AREAS for name in sorted({topic(case_id) for case_id in cases(area)})]


@pytest.mark.parametrize(("area", "name"), TOPICS, ids=[f"{area}-{name}" for area, name in TOPICS])
def test_topic(area, name):
    listed = gaps.read(area)
    failed = {case_id: why for case_id, why in failures(area).items() if topic(case_id) == name}
    new = [f"{case_id} :: {why}" for case_id, why in failed.items() if case_id not in listed]
    closed = [case_id for case_id in listed if topic(case_id) == name and case_id not in failed]
    assert not new, "\n".join(["these recorded answers do not hold:", *new])
    assert not closed, "\n".join([f"these hold now; take them from gaps/{area}.txt:", *closed])


@pytest.mark.parametrize("area", AREAS)
def test_listed_gaps_are_cases(area):
    assert set(gaps.read(area)) <= set(cases(area))
