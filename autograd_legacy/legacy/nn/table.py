"""Modules that take a table, or make one."""

from __future__ import annotations

from functools import reduce
from operator import add, mul
from typing import Any

from ...autograd import Variable
from .recorded import Recorded
from .utils import flat, torch


class CAddTable(Recorded):
    """The sum of a table's tensors; in place, in the first one's memory."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def _compute(self, x: list) -> Variable:
        return reduce(add, x) if len(x) > 1 else x[0] * 1


class CSubTable(Recorded):
    """x[0] - x[1]."""

    def _compute(self, x: list) -> Variable:
        return x[0] - x[1]


class CMulTable(Recorded):
    """The product of a table's tensors, element by element."""

    def _compute(self, x: list) -> Variable:
        return reduce(mul, x) if len(x) > 1 else x[0] * 1


class CDivTable(Recorded):
    """x[0] / x[1]."""

    def _compute(self, x: list) -> Variable:
        return x[0] / x[1]


class JoinTable(Recorded):
    """A table's tensors joined along a dimension; with nInputDims, tensors of more dimensions are batches."""

    nInputDims = 0

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension

    def _compute(self, x: list) -> Variable:
        dim = self.dimension if self.dimension >= 0 else x[0].dim() + self.dimension
        return torch.cat(x, dim + 1 if 0 < self.nInputDims == x[0].dim() - 1 else dim)


class SplitTable(Recorded):
    """The table of x's slices along a dimension."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension

    def _compute(self, x: Variable) -> list:
        dim = self.dimension if self.dimension >= 0 else x.dim() + self.dimension
        return [x.select(dim, index) for index in range(x.size(dim))]


class FlattenTable(Recorded):
    """A nested table's tensors in one list."""

    def _compute(self, x: list) -> list:
        return [leaf * 1 for leaf in flat(x)]


class SelectTable(Recorded):
    """One entry of a table; the others' gradients are zeros."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index

    def _compute(self, x: list) -> Any:
        return x[self.index]

    def _shown(self) -> str:
        return f"({self.index})"


class NarrowTable(Recorded):
    """length entries of a table from offset on."""

    def __init__(self, offset: int, length: int = 1) -> None:
        super().__init__()
        self.offset = offset
        self.length = length

    def _compute(self, x: list) -> list:
        return x[self.offset : self.offset + self.length]


class Index(Recorded):
    """The slices of x[0] along a dimension that the indices x[1] name. gradInput has no entry for these."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension

    def _compute(self, x: list) -> Variable:
        return x[0].index_select(self.dimension, x[1])

    def updateGradInput(self, input: list, gradOutput: Any) -> list:
        self.gradInput = super().updateGradInput(input, gradOutput)[:1]
        return self.gradInput


class MaskedSelect(Recorded):
    """The elements of x[0] where the mask x[1] is set."""

    def _compute(self, x: list) -> Variable:
        return x[0].masked_select(x[1])


class CosineDistance(Recorded):
    """The cosine of the angle between the rows of two matrices."""

    def _compute(self, x: list) -> Variable:
        a, b = x
        if a.dim() != 2:
            raise RuntimeError(f"CosineDistance takes two matrices, got tensors of {a.dim()} dimensions")
        squares = [(v * v).sum(1) + 1e-12 for v in (a, b)]
        return (a * b).sum(1) / (squares[0] * squares[1]).sqrt()


class DotProduct(Recorded):
    """The scalar products of the rows of two matrices."""

    def _compute(self, x: list) -> Variable:
        if x[0].dim() != 2:
            raise RuntimeError(f"DotProduct takes two matrices, got tensors of {x[0].dim()} dimensions")
        return (x[0] * x[1]).sum(1)


class PairwiseDistance(Recorded):
    """The p-norms of the differences between the rows of two matrices."""

    def __init__(self, p: float) -> None:
        super().__init__()
        if p % 1:
            raise AssertionError(f"p has to be a whole number, got {p}")
        self.norm = p

    def _compute(self, x: list) -> Variable:
        if x[0].dim() != 2:
            raise AssertionError(f"PairwiseDistance takes two matrices, got tensors of {x[0].dim()} dimensions")
        return (x[0] - x[1]).norm(self.norm, 1)


class MM(Recorded):
    """The product of two matrices, or of two batches of them; transA and transB transpose them first."""

    def __init__(self, transA: bool = False, transB: bool = False) -> None:
        super().__init__()
        self.transA = transA
        self.transB = transB

    def _compute(self, x: list) -> Variable:
        a, b = x
        if a.dim() not in (2, 3) or a.dim() != b.dim():
            raise AssertionError(f"MM takes two matrices or two batches, got {a.dim()} and {b.dim()} dimensions")
        last = a.dim() - 1
        a = a.transpose(last - 1, last) if self.transA else a
        b = b.transpose(last - 1, last) if self.transB else b
        return a.bmm(b) if last == 2 else a.mm(b)


class MV(Recorded):
    """The product of a matrix and a vector, or of batches of them; trans transposes the matrix first."""

    def __init__(self, trans: bool = False) -> None:
        super().__init__()
        self.trans = trans

    def _compute(self, x: list) -> Variable:
        m, v = x
        if m.dim() not in (2, 3) or v.dim() != m.dim() - 1:
            raise AssertionError(f"MV takes a matrix and a vector or batches, got {m.dim()} and {v.dim()} dimensions")
        m = m.transpose(m.dim() - 2, m.dim() - 1) if self.trans else m
        return m.mv(v) if m.dim() == 2 else m.bmm(v.unsqueeze(2)).squeeze(2)


class MixtureTable(Recorded):
    """The sum of experts weighted by gates: x[0] are the gates (N x K, or K), x[1] the experts, K along dim."""

    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def _compute(self, x: list) -> Variable:
        gates, experts = x
        if isinstance(experts, list):
            experts = torch.stack(experts, self.dim)
        size = [1] * experts.dim()
        size[self.dim] = gates.size(gates.dim() - 1)
        if gates.dim() > 1:
            size[0] = gates.size(0)
        return (experts * gates.contiguous().view(*size).expand_as(experts)).sum(self.dim)
