"""The printed form of tensors, Variables and storages: that of 0.3.1, to the last space."""

from __future__ import annotations

import math
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy

ACROSS, DOWN, DIAGONAL = "...", "\u22ee", "\u22f1"  # what stands for numbers that are left out

DEFAULT = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80}
PROFILES = {
    "default": DEFAULT,
    "short": DEFAULT | {"precision": 2, "edgeitems": 2},
    "full": DEFAULT | {"threshold": math.inf},
}
_options = SimpleNamespace(**DEFAULT)  # set_printoptions says what they mean


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
) -> None:
    """Say how tensors are printed from now on. What is not given stays.

    precision   digits after the point (4)
    threshold   from this many elements on, only the edges are printed (1000)
    edgeitems   numbers kept at each edge (3)
    linewidth   characters in a line (80)
    profile     "default", "short" (precision 2, edgeitems 2) or "full" (no threshold): all four at once, before the
                others are looked at. Another name changes nothing.
    """
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth}
    vars(_options).update(PROFILES.get(profile, {}))
    vars(_options).update({name: value for name, value in given.items() if value is not None})


def tensor_text(tensor: Any) -> str:
    """The text of a dense or sparse tensor."""
    if tensor.is_sparse:
        name = tensor.type().rpartition(".")[2]
        return f"{name} of size {_sizes(tensor)} with indices:\n{tensor._indices()}and values:\n{tensor._values()}"
    if tensor.numel() == 0:
        return f"[{tensor.type()} with no dimension]\n"
    if tensor.dim() == 0:  # one number, as the next era's tensors without dimensions hold
        return _point(tensor.tolist())
    host = tensor.cpu()
    # A tensor that NumPy looks at can no longer grow: it gets another one.
    values = (host.clone() if host.type() == "torch.DoubleTensor" else host.double()).numpy()
    device = f" (GPU {tensor.get_device()})" if tensor.is_cuda else ""
    return f"\n{_numbers(values)}[{tensor.type()} of size {_sizes(tensor)}{device}]\n"


def variable_text(variable: Any) -> str:
    """The text of a Variable. One without dimensions, which 0.3.1 did not have, prints as later versions do:
    tensor(3., requires_grad=True).
    """
    from .nn.parameter import Parameter

    data = variable.data
    if data.dim() == 0 and data.numel() == 1:
        return _point(data.tolist(), variable)
    kind = "Parameter" if isinstance(variable, Parameter) else "Variable"
    return f"{kind} containing:{tensor_text(data)}"


def storage_text(storage: Any) -> str:
    """The text of a storage: an element a line."""
    numbers = "\n ".join(map(str, storage.tolist()))
    return f" {numbers}\n[{storage.type()} of size {len(storage)}]"


def _sizes(tensor: Any) -> str:
    return "x".join(map(str, tensor.size()))


def _point(number: float, variable: Any = None) -> str:
    if not isinstance(number, float):
        text = str(number)
    elif number.is_integer():
        text = f"{number:.0f}."
    else:
        text = f"{number:.{_options.precision}f}"
    if variable is not None and variable.grad_fn is not None:
        text += f", grad_fn=<{type(variable.grad_fn).__name__.rstrip('0123456789')}0>"
    elif variable is not None and variable.requires_grad:
        text += ", requires_grad=True"
    return f"tensor({text})"


class _Format:
    """One format for all numbers of a tensor: `width`, and a power of ten to divide by, where there is one, as `scale`.

    It looks at all numbers, also at those that will be left out.
    """

    def __init__(self, values: numpy.ndarray, least_width: int):
        precision = _options.precision
        sizes = numpy.abs(values[numpy.isfinite(values)])
        low, high = (_digits(sizes.min()), _digits(sizes.max())) if sizes.size else (1, 1)
        self.scale = 1.0
        if numpy.array_equal(sizes, numpy.ceil(sizes)):
            if high <= precision + 1:
                self.width = max(least_width, high + 1, 0 if sizes.size == values.size else 3)
                self.spec = f"{self.width}.0f"
            else:
                self.width = max(least_width, precision + 7)
                self.spec = f"11.{precision}e"
        elif high - low > precision:
            self.width = max(least_width, precision + 7 + (abs(high) > 99 or abs(low) > 99))
            self.spec = f"{self.width}.{precision}e"
        else:
            if high > precision + 1 or high < 0:
                self.scale = 10.0 ** (high - 1)
                high = 0
            self.width = max(least_width, 7 if high == 0 else high + 6)
            self.spec = f"{self.width}.{precision}f"

    @property
    def scale_line(self) -> str:
        return "" if self.scale == 1 else f"{self.scale:.5e} *\n"

    @property
    def scale_indent(self) -> str:
        """What precedes numbers under a scale line."""
        return "" if self.scale == 1 else " "

    def texts(self, values: numpy.ndarray) -> list[str]:
        """The numbers of a vector."""
        return [format(value / self.scale, self.spec) for value in values.tolist()]

    def row(self, values: numpy.ndarray) -> str:
        return " ".join(self.texts(values))


def _digits(size: float) -> int:
    """The digits before the point; for sizes below 1 minus the zeros after it."""
    return math.floor(math.log10(size)) + 1 if size else 1


def _numbers(values: numpy.ndarray) -> str:
    """The lines that show all numbers."""
    least_width = 0
    if values.ndim > 1 and max(values.shape[-2:]) > 2 * _options.edgeitems:
        least_width = 5 if values.ndim == 2 else 3
    number = _Format(values, least_width)
    summarize = values.size >= _options.threshold
    if values.ndim == 1:
        return _vector(values, number, summarize)
    if values.ndim == 2:
        return _matrix(values, number, summarize, "")
    return _matrices(values, number, summarize)


def _vector(values: numpy.ndarray, number: _Format, summarize: bool) -> str:
    indent, edge = number.scale_indent, _options.edgeitems
    if summarize:
        lines = [*number.texts(values[:edge]), f"{DOWN:^{number.width}}", *number.texts(values[-edge:])]
    else:
        lines = number.texts(values)
    return number.scale_line + "".join(f"{indent}{line}\n" for line in lines)


def _matrix(values: numpy.ndarray, number: _Format, summarize: bool, indent: str) -> str:
    if summarize:
        return number.scale_line + _edges(values, number, indent)
    columns = max(1, (_options.linewidth - len(indent)) // (number.width + 1))
    if columns < values.shape[1]:
        return _blocks(values, number, columns, indent)
    start = indent + number.scale_indent
    return number.scale_line + "".join(f"{start}{number.row(row)}\n" for row in values)


def _blocks(values: numpy.ndarray, number: _Format, columns: int, indent: str) -> str:
    """A matrix too wide for a line."""
    text = ""
    start = indent + number.scale_indent
    for first in range(0, values.shape[1], columns):
        block = values[:, first : first + columns]
        if first != 1:  # so it was; it shows where each number fills a line
            text += "\n"
        text += f"Columns {first} to {first + block.shape[1] - 1} \n{indent}{number.scale_line}"
        text += "".join(f"{start}{number.row(row)}\n" for row in block)
    return text


def _edges(values: numpy.ndarray, number: _Format, indent: str) -> str:
    """A matrix without its middle rows and columns, where it has more than the edges."""
    edge = _options.edgeitems
    rows, columns = (size > 2 * edge for size in values.shape)

    def line(row: numpy.ndarray) -> str:
        middle = f"  {ACROSS}  "
        return indent + (number.row(row[:edge]) + middle + number.row(row[-edge:]) if columns else number.row(row))

    if not rows:
        return "".join(f"{line(row)}\n" for row in values)
    above, below = [line(row) for row in values[:edge]], [line(row) for row in values[-edge:]]
    if columns:
        side = f"{ACROSS:^{edge * (number.width + 1) - 1}}"
        between = f"{indent}{side}{DIAGONAL:^7}{side}"
    else:
        between = f"{DOWN:^{len(above[0]) + 1}}"
    return "".join(f"{text}\n" for text in [*above, between, *below])


def _matrices(values: numpy.ndarray, number: _Format, summarize: bool) -> str:
    """More than two dimensions: each matrix under its indices, which count like an odometer."""
    leading, edge = values.shape[:-2], _options.edgeitems
    cut = [summarize and size > 2 * edge for size in leading]
    kept = [
        [*range(edge), *range(size - edge, size)] if short else range(size)
        for size, short in zip(leading, cut, strict=True)
    ]
    width = max(2, len(str(max(values.shape))))
    text, before = "", None
    for indices in product(*kept):
        if before is not None:
            if summarize:
                text += _dots(before, indices)
            text += "\n"
        heads = ",".join(f"{index:^{width}}" for index in indices)
        text += f"({heads},.,.) = \n{_matrix(values[indices], number, summarize, ' ')}"
        before = indices
    return text


def _dots(before: tuple, after: tuple) -> str:
    """The lines between two matrices of a summary: which index jumps, and which ones start again."""
    jumps = "".join(ACROSS if b > a + 1 else "   " for a, b in zip(before, after, strict=True))
    moved = next(k for k, (a, b) in enumerate(zip(before, after, strict=True)) if b > a)
    restarts = "   " * (moved + 1) + f" {DOWN} " * (len(after) - moved - 1)
    return (f"{jumps}\n" if ACROSS in jumps else "") + (f" {restarts}\n" if DOWN in restarts else "")
