"""All parameters as one vector."""

from __future__ import annotations

from collections.abc import Iterable

from ..._core import ops
from ...autograd import Variable
from .._tensors import type_name


def parameters_to_vector(parameters: Iterable[Variable]) -> Variable:
    """The parameters, one after another, as a Variable of one dimension."""
    return ops.cat([p.contiguous().view(-1) for p in parameters], 0)


def vector_to_parameters(vec: Variable, parameters: Iterable[Variable]) -> None:
    """Let the parameters be views of vec's parts, in order. TypeError for what is not a Variable."""
    if not isinstance(vec, Variable):
        raise TypeError(f"expected torch.autograd.Variable, but got: {type_name(vec)}")
    start = 0
    for p in parameters:
        count = p.numel()
        part = vec.data[start : start + count]
        p.data = part.view(p.size())
        start += count
