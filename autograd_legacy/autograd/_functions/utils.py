"""Sizes of broadcast operands, and of padding."""

from __future__ import annotations

from collections.abc import Sequence

from ..._core import ops
from ..._core.variable import Variable


def maybe_unexpand(variable: Variable, old_size: Sequence, check_same: bool = True) -> Variable:
    """A gradient summed to the size that was expanded to its own."""
    return variable if check_same and variable.size() == old_size else ops.sum_to(variable, tuple(old_size))


def prepare_onnx_paddings(dim: int, pad: Sequence[int]) -> list[int]:
    """Amounts of padding in ONNX's order: those before each of `dim` dimensions, the first one's first, then those
    after; from pairs of which the last dimension's come first. Dimensions without a pair get 0."""
    pairs = [*zip(pad[::2], pad[1::2], strict=True)]
    pairs = [*pairs, *[(0, 0)] * (dim - len(pairs))][::-1]
    return [before for before, _ in pairs] + [after for _, after in pairs]
