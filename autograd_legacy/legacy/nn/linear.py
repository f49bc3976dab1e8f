"""Layers with weights between all elements of a row."""

from __future__ import annotations

from typing import Any

from ...autograd import Variable
from ...nn import functional as F
from .module import bound
from .recorded import Recorded
from .utils import new_tensor, torch


class Weighted(Recorded):
    """A layer with a weight and perhaps a bias; _fan_in says for how many inputs to draw the start values."""

    _parameters = ("weight", "bias")

    def _make(self, weight: tuple, bias: tuple | None = None) -> None:
        """The parameters, of the sizes given, and their gradients."""
        self.weight, self.gradWeight = new_tensor(*weight), new_tensor(*weight)
        self.bias, self.gradBias = (None, None) if bias is None else (new_tensor(*bias), new_tensor(*bias))
        self.reset()

    def _fan_in(self) -> int:
        raise NotImplementedError

    def reset(self, stdv: float | None = None) -> None:
        """Start values: uniform in +-1 / sqrt(fan in), or of deviation stdv."""
        self._start(bound(stdv, self._fan_in()))

    def noBias(self) -> Weighted:
        """Drop the bias; returns self."""
        self.bias = self.gradBias = None
        return self

    def _prepare(self, input: Any) -> None:
        tensor = input[0] if isinstance(input, list) else input
        if self._rows and tensor.dim() != 2:
            raise AssertionError(f"{self!r} takes a matrix, got a tensor of {tensor.dim()} dimensions")

    _rows = True  # takes matrices only


class Linear(Weighted):
    """x W' + b for the rows of a matrix."""

    def __init__(self, inputSize: int, outputSize: int, bias: bool = True) -> None:
        super().__init__()
        self._make((outputSize, inputSize), (outputSize,) if bias else None)

    def _fan_in(self) -> int:
        return self.weight.size(1)

    def _compute(self, x: Variable, weight: Variable, bias: Variable | None) -> Variable:
        return F.linear(x, weight, bias)

    def accGradParameters(self, input: Any, gradOutput: Any, scale: float = 1) -> None:
        """Add the parameters' gradients to scale times their sums: in 0.3.1 scale was at the wrong place, here only."""
        for _, total in self._own():
            total.mul_(scale)
        super().accGradParameters(input, gradOutput)

    def _shown(self) -> str:
        out, size = self.weight.size()
        return f"({size} -> {out})" + (" without bias" if self.bias is None else "")


class PartialLinear(Weighted):
    """Linear of which only those outputs are computed that setPartition names, at first all. The bias is a row."""

    def __init__(self, inputsize: int, outputsize: int, bias: bool = True) -> None:
        super().__init__()
        self.inputsize = inputsize
        self.outputsize = outputsize
        self._make((outputsize, inputsize), (1, outputsize) if bias else None)
        self.resetPartition()

    def _fan_in(self) -> int:
        return self.weight.size(1)

    def setPartition(self, indices: Any) -> None:
        """The outputs to compute, a LongTensor."""
        self.partition = indices

    def resetPartition(self) -> None:
        """Compute all outputs again."""
        self.partition = torch.arange(0, self.outputsize).long()

    def _compute(self, x: Variable, weight: Variable, bias: Variable | None) -> Variable:
        chosen = Variable(self.partition)
        bias = None if bias is None else bias.index_select(1, chosen).view(-1)
        return F.linear(x, weight.index_select(0, chosen), bias)


class Bilinear(Weighted):
    """x1 W[k] x2' + b[k] for the rows of a table of two matrices."""

    def __init__(self, inputSize1: int, inputSize2: int, outputSize: int, bias: bool = True) -> None:
        super().__init__()
        self._make((outputSize, inputSize1, inputSize2), (outputSize,) if bias else None)

    def _fan_in(self) -> int:
        return self.weight.size(1)

    def _compute(self, x: list, weight: Variable, bias: Variable | None) -> Variable:
        return F.bilinear(x[0], x[1], weight, bias)

    def __repr__(self) -> str:
        out, first, second = self.weight.size()
        return f"<class '{self._old_path()}'>({first}x{second} -> {out}) " + (
            "without bias" if self.bias is None else ""
        )


class Cosine(Weighted):
    """The cosines between the rows of x and the rows of the weight."""

    _parameters = ("weight",)

    def __init__(self, inputSize: int, outputSize: int) -> None:
        super().__init__()
        self._make((outputSize, inputSize))

    def _fan_in(self) -> int:
        return self.weight.size(0)

    def _compute(self, x: Variable, weight: Variable) -> Variable:
        products = x.mm(weight.t())
        lengths = [(v * v).sum(1, True).sqrt() + 1e-12 for v in (x, weight)]
        return products / (lengths[0] * lengths[1].t()).expand_as(products)


class Euclidean(Weighted):
    """The distances between the rows of x and the columns of the weight."""

    _parameters = ("weight",)

    def __init__(self, inputSize: int, outputSize: int) -> None:
        super().__init__()
        self._make((inputSize, outputSize))

    def _fan_in(self) -> int:
        return self.weight.size(0)

    def _differences(self, x: Variable, weight: Variable) -> Variable:
        size = x.size(0), *weight.size()
        return x.unsqueeze(2).expand(*size) - weight.unsqueeze(0).expand(*size)

    def _compute(self, x: Variable, weight: Variable) -> Variable:
        return self._differences(x, weight).norm(2, 1)


class WeightedEuclidean(Euclidean):
    """Euclidean whose differences are first multiplied by diagCov, which is like the weight."""

    _parameters = ("weight", "diagCov")

    def __init__(self, inputSize: int, outputSize: int) -> None:
        super().__init__(inputSize, outputSize)
        self.diagCov = new_tensor(inputSize, outputSize).fill_(1)
        self.gradDiagCov = new_tensor(inputSize, outputSize)

    def reset(self, stdv: float | None = None) -> None:
        """Start values: the weight as ever, diagCov 1."""
        limit = bound(stdv, self.weight.size(1))
        self.weight.uniform_(-limit, limit)
        if hasattr(self, "diagCov"):
            self.diagCov.fill_(1)

    def _compute(self, x: Variable, weight: Variable, diagCov: Variable) -> Variable:
        differences = self._differences(x, weight)
        return (differences * diagCov.unsqueeze(0).expand_as(differences)).norm(2, 1)


class LookupTable(Weighted):
    """The rows of the weight (nIndex x nOutput) that a LongTensor of indices names.

    Rows of paddingValue get no gradient. Rows in use whose normType-norm (2) is above maxNorm are shortened in place.
    gradInput is zeros.
    """

    _parameters = ("weight",)
    _rows = False
    scaleGradByFreq = False

    def __init__(
        self,
        nIndex: int,
        nOutput: int,
        paddingValue: int = -1,
        maxNorm: float | None = None,
        normType: float | None = None,
    ) -> None:
        super().__init__()
        self.paddingValue = paddingValue
        self.maxNorm = maxNorm
        self.normType = normType
        self._make((nIndex, nOutput))

    def reset(self, stdv: float = 1) -> None:
        """Start values: normal of deviation stdv."""
        self.weight.normal_(0, stdv)

    def _prepare(self, input: Any) -> None:
        if self.maxNorm:
            rows = sorted(set(input.contiguous().view(-1).tolist()))
            used = self.weight.index_select(0, torch.LongTensor(rows))
            self.weight.index_copy_(0, torch.LongTensor(rows), used.renorm(self.normType or 2, 0, self.maxNorm))

    def _compute(self, x: Variable, weight: Variable) -> Variable:
        rows = weight.index_select(0, x.contiguous().view(-1))
        return rows.view(*x.size(), weight.size(1))

    def accGradParameters(self, input: Any, gradOutput: Any, scale: float = 1) -> None:
        indices = input.contiguous().view(-1)
        rows = gradOutput.contiguous().view(indices.size(0), -1) * scale
        if self.paddingValue >= 0:
            rows[indices.eq(self.paddingValue).unsqueeze(1).expand_as(rows)] = 0
        if self.scaleGradByFreq:
            counts = rows.new([indices.eq(index).long().sum() for index in indices])
            rows.div_(counts.unsqueeze(1).expand_as(rows))
        self.gradWeight.index_add_(0, indices, rows)
