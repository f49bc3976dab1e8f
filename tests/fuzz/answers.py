"""What a row should answer, by who knows: its own expression, NumPy, or, where it is installed, current PyTorch."""

from __future__ import annotations

import numpy

from autograd_legacy import optable
from autograd_legacy.optable import random
from autograd_legacy.optable.reduction import Reduction

from . import current_torch, layers, movement, products, reductions
from .expressions import pointwise, reduction

TWINS = movement.TWINS | reductions.TWINS | products.TWINS | layers.TWINS

# Rows that nobody else answers, and why.
DRAWN = "random numbers of 0.3.1's own streams: tests/test_streams.py holds them to recorded and reference streams"
WITHOUT_TWIN = {row.name: DRAWN for row in random.ROWS} | {"clamp_unbounded": "it is there to be refused"}


def source(row: optable.Row) -> str:
    """Who answers the row."""
    if row.name in TWINS or row.name in products.CHECKS:
        return "numpy"
    if isinstance(row, (optable.Op, Reduction)):
        return "expression"
    return "torch" if row.name in current_torch.TWINS else "nobody"


def pairs(row: optable.Row, values: list, results, code: str, with_torch: bool) -> list:
    """What was got beside what was wanted; nothing where there is no answer."""
    with numpy.errstate(all="ignore"):
        if row.name in products.CHECKS:
            return products.checked(row.name, values, results)
        if row.name in TWINS:
            wanted = TWINS[row.name](*values)
        elif isinstance(row, optable.Op):
            wanted = pointwise(row, values, code)
        elif isinstance(row, Reduction):
            wanted = reduction(row, values, code)
        elif with_torch and row.name in current_torch.TWINS:
            wanted = current_torch.answer(row.name, values)
        else:
            wanted = None
    return [] if wanted is None else [(results, wanted)]
