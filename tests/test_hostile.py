"""Hundreds of hostile calls: each is refused with an error or answered rightly; none crashes, hangs or is silent."""

import pytest

from .hostile import graphs, networks, tensors
from .hostile.run import failures
from .operands import ROWS

TABLES = {
    f"{module.__name__.rpartition('.')[2]}, {kind.lower()}": [
        (line, kind == "REFUSED") for line in getattr(module, kind).splitlines() if line
    ]
    for module in (tensors, networks, graphs)
    for kind in ("REFUSED", "ANSWERED")
}
TABLES["each row with each operand impossible"] = [(f"abuse({name!r}, refused)", False) for name in ROWS]


@pytest.mark.parametrize("table", TABLES)
def test_calls(table):
    found = list(failures(TABLES[table]))
    print(f"{len(TABLES[table])} calls")
    assert not found, "\n".join([f"{len(found)} of {len(TABLES[table])} calls:", *found])


def test_there_are_enough():
    calls = [line for table in TABLES.values() for line, _ in table]
    assert len(calls) == len(set(calls)) >= 500
