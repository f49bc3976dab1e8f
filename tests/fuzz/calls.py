"""One random call of a row: in a plain layout, in a random one, with out=, in place, and beside another's answer."""

from __future__ import annotations

import itertools
import warnings

import numpy

import autograd_legacy as torch
from autograd_legacy import optable
from autograd_legacy._core import ops

from ..operands import LETTERS, ROWS, array, each, is_array, tensor
from . import answers
from .layouts import laid_out
from .variety import Varied

TOLERANCE = {"f": 2e-3, "d": 1e-7}
# Whose public form reads its operands otherwise: out= takes the first result alone; dim, unbiased, keepdim.
SPELLED_OTHERWISE = ("orgqr", "ormqr", "std_dim", "var_dim")


class Call:
    """A row, a type, sizes and operands; `problems()` says where the answers differ."""

    def __init__(self, seed: int, with_torch: bool = False, row: optable.Row | None = None):
        self.with_torch = with_torch
        self.random = numpy.random.RandomState(seed)
        self.row = row or self.random.choice(list(ROWS.values()))
        self.code = self.random.choice([code for code in self.row.dtypes if code in optable.ALL])
        most = self.random.choice([2, 5, 9, 40], p=[0.3, 0.5, 0.17, 0.03])
        sizes = {letter: int(self.random.randint(1, most + 1)) for letter in LETTERS}
        self.draw = Varied(seed, self.code, sizes, self.random.rand() < 0.2)
        self.values = self.draw.operands(self.row)
        if isinstance(self.row, optable.Op):
            self._broadcast()
        self.text = f"{self.row.name} of {self.code}, sizes {sizes}"
        self.n = 0  # calls
        self.answered = self.compared = False  # whether there was a result, and another's answer to it

    def _broadcast(self) -> None:
        """Sizes of 0 to 5 dimensions that broadcast; a number in the place of an operand."""
        ndim = self.random.randint(1, 6)
        sizes = [int(n) for n in self.random.randint(1, 6, ndim)]
        for k, value in enumerate(self.values):
            own = [1 if self.random.rand() < 0.25 else n for n in sizes]
            if k and self.random.rand() < 0.2:
                own = own[self.random.randint(ndim) :]
            self.values[k] = self.draw.values(self.row, *own)
            if k and self.random.rand() < 0.2:
                self.values[k] = value.flat[0].item()

    def tensors(self, how=tensor) -> list:
        return [each(value, how) for value in self.values]

    def run(self, operands: list, function=None):
        """The result, or the error."""
        torch.manual_seed(7)
        self.n += 1
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return (function or getattr(ops, self.row.name))(*operands)
        except (RuntimeError, TypeError, ValueError, IndexError) as error:
            return error

    def problems(self):
        """What is wrong, as text, one after the other."""
        plain = self.run(self.tensors())
        if isinstance(plain, Exception):
            if type(self.run(self.tensors(self._laid))) is not type(plain):
                yield f"{self.text}: in a plain layout alone {plain!r}"
            return
        self.answered = True
        expected = array(plain)
        yield from self.mistakes(expected)
        for what, got in itertools.chain(self._layouts(), self._out(), self._in_place(expected)):
            if isinstance(got, Exception) and "contiguous" in str(got):
                continue  # refused, and the error says what to do
            if isinstance(got, Exception) or self._differ(array(got), expected):
                yield f"{self.text}: {what} gives\n{got!r}\nnot\n{expected}"

    def mistakes(self, results):
        """Where results, as arrays, differ from another's answer."""
        for got, wanted in answers.pairs(self.row, self.values, results, self.code, self.with_torch):
            self.compared = True
            if self._differ(got, wanted):
                yield f"{self.text}: {answers.source(self.row)} has\n{wanted}\nnot\n{got}"

    def _laid(self, values: numpy.ndarray):
        return laid_out(values, self.random)

    def _layouts(self):
        operands = self.tensors(self._laid)
        if self.row.name.endswith("_"):
            operands[0] = self._changeable(operands[0])
        yield "another layout", self.run(operands)

    def _out(self):
        """The public function with out=: a tensor of another size, or one with steps that fits."""
        name = optable.public_name(self.row.calls[0]) if self.row.calls else ""
        if (
            not name
            or self.row.name in SPELLED_OTHERWISE
            or not self.row.out
            or optable.TORCH not in self.row.where
            or name.endswith("_")
            or "*" in str(self.row.calls)
        ):
            return
        function = getattr(torch, name)
        numbers = any("Tensor" in call for call in self.row.calls) and not all(map(is_array, self.values))
        result = self.run(self.tensors(), function)
        if isinstance(result, Exception) or (isinstance(self.row, optable.Op) and numbers):
            return  # this overload is spelled otherwise
        several = isinstance(result, tuple)
        for fit in (True, False):
            outs = [self._target(t, fit) for t in (result if several else [result])]
            given = tuple(outs) if several else outs[0]
            yield (
                f"out= ({'strided' if fit else 'of another size'})",
                self.run(self.tensors(self._laid), lambda *operands, given=given: function(*operands, out=given)),
            )

    @staticmethod
    def _changeable(x):
        """x, or a copy of it where several of its elements are one in memory."""
        return x.clone() if 0 in x.stride() else x

    def _target(self, result, fits: bool):
        sizes = tuple(result.size()) if fits else (3, 1)
        if not fits or not sizes:
            return type(result)(*sizes)
        return laid_out(numpy.zeros(sizes, array(result).dtype), numpy.random.RandomState(self.n % 4 + 1)).clone()

    def _in_place(self, expected):
        """ops.name_(x, ...) changes x and gives it back, where the result has x's size."""
        if not self.row.inplace or not isinstance(self.row, optable.Op) or self.row.result:
            return
        if not is_array(self.values[0]) or expected.shape != self.values[0].shape:
            return
        operands = self.tensors(self._laid)
        operands[0] = self._changeable(operands[0])
        yield "in place", self.run(operands, getattr(ops, f"{self.row.name}_"))

    def _differ(self, got, wanted) -> bool:
        if isinstance(wanted, list):
            return any(self._differ(g, w) for g, w in zip(got, wanted, strict=False) if w is not None and g is not None)
        got, wanted = numpy.asarray(got), numpy.asarray(wanted)
        if got.size != wanted.size or (got.shape != wanted.shape and got.shape not in ((1,), (0,))):
            return True
        if got.dtype.kind not in "fc":
            return not numpy.array_equal(got.ravel(), wanted.astype(got.dtype).ravel())
        tolerance = TOLERANCE[self.code if self.code in "fd" else "d"]
        with numpy.errstate(all="ignore"):
            return not numpy.allclose(got.ravel(), wanted.ravel(), tolerance, tolerance, equal_nan=True)
