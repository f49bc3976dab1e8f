"""Modules that rearrange, select and reduce."""

from __future__ import annotations

from typing import Any

from ...autograd import Variable
from .recorded import Recorded
from .utils import torch


def _sizes(args: tuple) -> Any:
    return torch.Size(args[0] if len(args) == 1 and not isinstance(args[0], int) else args)


class View(Recorded):
    """x with another size, -1 for at most one dimension."""

    def __init__(self, *args: Any) -> None:
        super().__init__()
        self.resetSize(*args)

    def resetSize(self, *args: Any) -> View:
        """Another size; returns self."""
        self.size = _sizes(args)
        return self

    def _compute(self, x: Variable) -> Variable:
        return x.contiguous().view(*self.size)

    def _shown(self) -> str:
        return f"({', '.join(map(str, self.size))})"


class Reshape(Recorded):
    """x with another size for each element of the batch, the first dimension."""

    def __init__(self, *args: Any) -> None:
        super().__init__()
        self.size = _sizes(args)

    def _compute(self, x: Variable) -> Variable:
        return x.contiguous().view(x.size(0), *self.size)

    def _shown(self) -> str:
        return f"({'x'.join(map(str, self.size))})"


class Transpose(Recorded):
    """x with pairs of dimensions exchanged, one pair after the other."""

    def __init__(self, *args: tuple[int, int]) -> None:
        super().__init__()
        self.permutations = args

    def _compute(self, x: Variable) -> Variable:
        for first, second in self.permutations:
            x = x.transpose(first, second)
        return x.contiguous()


class Unsqueeze(Recorded):
    """x with a dimension of size 1 before dim."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def _compute(self, x: Variable) -> Variable:
        return x.unsqueeze(self.dim)

    def _shown(self) -> str:
        return f"({self.dim})"


class Squeeze(Recorded):
    """x without its dimensions of size 1, or without the dimension dim if that is one."""

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def _compute(self, x: Variable) -> Variable:
        return x.squeeze() if self.dim is None else x.squeeze(self.dim)


class Select(Recorded):
    """The slice of x at an index of a dimension."""

    def __init__(self, dimension: int, index: int) -> None:
        super().__init__()
        self.dimension = dimension
        self.index = index

    def _compute(self, x: Variable) -> Variable:
        return x.select(self.dimension, self.index if self.index >= 0 else x.size(self.dimension) + self.index)


class Narrow(Recorded):
    """length slices of x from offset on; a negative length counts from the end, -1 being all that follow."""

    def __init__(self, dimension: int, offset: int, length: int = 1) -> None:
        super().__init__()
        self.dimension = dimension
        self.index = offset
        self.length = length

    def _compute(self, x: Variable) -> Variable:
        length = self.length if self.length >= 0 else x.size(self.dimension) - self.index + self.length + 1
        return x.narrow(self.dimension, self.index, length)


class Replicate(Recorded):
    """x nf times along a new dimension dim."""

    def __init__(self, nf: int, dim: int = 0) -> None:
        super().__init__()
        if nf <= 0:
            raise AssertionError(f"nf has to be positive, got {nf}")
        self.nfeatures = nf
        self.dim = dim

    def _compute(self, x: Variable) -> Variable:
        size = list(x.size())
        size.insert(self.dim, self.nfeatures)
        return x.unsqueeze(self.dim).expand(*size)


class Padding(Recorded):
    """|pad| slices of value put into dimension dim: at index if pad < 0, else at index from the end.

    With nInputDim, inputs of more dimensions are batches, and dim counts from the second.
    """

    def __init__(self, dim: int, pad: int, value: float = 0, index: int = 0, nInputDim: int = 0) -> None:
        super().__init__()
        self.dim = dim
        self.pad = pad
        self.value = value
        self.index = index
        self.nInputDim = nInputDim

    def _compute(self, x: Variable) -> Variable:
        dim = self.dim + 1 if 0 < self.nInputDim != x.dim() else self.dim
        length, count = x.size(dim), abs(self.pad)
        place = self.index if self.pad < 0 else length - self.index
        size = list(x.size())
        size[dim] = count
        filling = Variable(x.data.new(*size).fill_(self.value))
        parts = [(0, place, None), (None, None, filling), (place, length - place, None)]
        return torch.cat([f if f is not None else x.narrow(dim, s, n) for s, n, f in parts if f is not None or n], dim)


class _Reduced(Recorded):
    """Along a dimension."""

    def __init__(self, dimension: int = 0) -> None:
        super().__init__()
        self.dimension = dimension

    def _dim(self, x: Variable) -> int:
        return self.dimension if self.dimension >= 0 else x.dim() + self.dimension


class Sum(_Reduced):
    """The sum along a dimension; with sizeAverage the mean."""

    sizeAverage = False

    def __init__(self, dimension: int = 0, sizeAverage: bool = False) -> None:
        super().__init__(dimension)
        self.sizeAverage = sizeAverage

    def _compute(self, x: Variable) -> Variable:
        dim = self._dim(x)
        return x.mean(dim) if self.sizeAverage else x.sum(dim)


class Mean(Sum):
    """The mean along a dimension."""

    sizeAverage = True

    def __init__(self, dimension: int) -> None:
        super().__init__(dimension, True)


class Max(_Reduced):
    """The largest along a dimension; _indices says where it was found."""

    _state = ("_indices",)

    def _extreme(self, x: Variable) -> tuple:
        return x.max(self._dim(x))

    def _compute(self, x: Variable) -> Variable:
        values, places = self._extreme(x)
        self._indices = places.data.unsqueeze(self._dim(x))
        return values


class Min(Max):
    """The smallest along a dimension; _indices says where it was found."""

    def _extreme(self, x: Variable) -> tuple:
        return x.min(self._dim(x))
