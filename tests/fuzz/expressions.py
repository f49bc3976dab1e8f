"""The table's own texts, evaluated by NumPy: values of pointwise rows, folds of reductions."""

from __future__ import annotations

import ast
import math
from statistics import NormalDist
from types import SimpleNamespace

import numpy

from autograd_legacy import optable
from autograd_legacy.optable.expression import CALLED
from autograd_legacy.optable.reduction import MOMENTS, Fold


def _quotient(x, y):
    """Integers truncate."""
    return x / y if numpy.result_type(x, y).kind == "f" else numpy.trunc(x / y).astype(numpy.result_type(x, y))


def _modulo(x, y):
    """x - y * floor(x / y), nan for a y of 0; of integers Python's own."""
    if numpy.result_type(x, y).kind != "f":
        return x % y
    return numpy.where(y == 0, numpy.nan, x - y * numpy.floor(x / y))


def _shift(by_bits, scaled):
    """By bits, zeros coming in; real numbers are scaled by a power of 2."""

    def shifted(x, y):
        if x.dtype.kind == "f":
            return scaled(x, numpy.exp2(y))
        x, y = x.astype(x.dtype.char.upper()), y.astype(x.dtype.char.upper())
        return numpy.where(y < 8 * x.itemsize, by_bits(x, y), 0)

    return shifted


def _erfinv(y: float) -> float:
    if not abs(y) < 1:
        return math.copysign(math.inf, y) if abs(y) == 1 else math.nan
    return math.copysign(NormalDist().inv_cdf((1 - abs(y)) / 2), y) / math.sqrt(2)


def _lgamma(x: float) -> float:
    return math.inf if x <= 0 and x % 1 == 0 else math.lgamma(x)


def _each(function):
    """A function of Python's numbers, of arrays."""
    return numpy.vectorize(function, otypes=[float])


FUNCTIONS = {
    "where": numpy.where, "exp": numpy.exp, "expm1": numpy.expm1, "log": numpy.log, "log1p": numpy.log1p,
    "sin": numpy.sin, "cos": numpy.cos, "tan": numpy.tan, "asin": numpy.arcsin, "acos": numpy.arccos,
    "atan": numpy.arctan, "sinh": numpy.sinh, "cosh": numpy.cosh, "tanh": numpy.tanh, "sqrt": numpy.sqrt,
    "ceil": numpy.ceil, "floor": numpy.floor, "trunc": numpy.trunc, "abs": numpy.abs, "atan2": numpy.arctan2,
    "fmod": numpy.fmod, "plus": numpy.add,
    "min": lambda x, y: numpy.where(x < y, x, y),
    "max": lambda x, y: numpy.where(x > y, x, y),
    "sigmoid": lambda x: 1 / (1 + numpy.exp(-x)),
    "round": lambda x: numpy.trunc(x + numpy.copysign(0.5, x)),
    "erf": _each(math.erf), "erfinv": _each(_erfinv), "lgamma": _each(_lgamma),
    # what stands for the operators that NumPy has otherwise
    "quotient": _quotient, "modulo": _modulo, "power": numpy.power,
    "shift_left": _shift(numpy.left_shift, numpy.multiply), "shift_right": _shift(numpy.right_shift, numpy.divide),
}  # fmt: skip


class _Operators(ast.NodeTransformer):
    """Operators that are functions in C++ become calls of them."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if type(node.op) not in CALLED:
            return node
        return ast.Call(ast.Name(CALLED[type(node.op)], ast.Load()), [node.left, node.right], [])


def expression(text: str, names: dict):
    """An expression of the table over arrays and NumPy's numbers."""
    called = ast.unparse(_Operators().visit(ast.parse(text, mode="eval").body))
    python = optable.Expression(called, tuple(names)).python
    return eval(python, {"__builtins__": {}, "ops": SimpleNamespace(**FUNCTIONS)}, names)


def pointwise(row: optable.Op, values: list, code: str) -> numpy.ndarray:
    """The row's own expression, as C computes it: small integers are ints on the way, except where bits are shifted."""
    within = "i" if code in "Bbh" and not any(shift in row.value for shift in ("<<", ">>")) else code
    arrays = [numpy.asarray(value, code).astype(within) for value in values]
    found = expression(row.value, dict(zip(row.operands, arrays, strict=True)))
    shape = numpy.broadcast_shapes(*(a.shape for a in arrays))
    return numpy.broadcast_to(numpy.asarray(found).astype("B" if row.result else code), shape)


def folded(fold: Fold, lines: numpy.ndarray, p: float = 0.0):
    """The first dimension reduced step by step, as the Fold says, in doubles or in 64 bits."""
    fold = dict(fold.special).get(p, fold)
    p, count = numpy.float64(p), len(lines)
    lines = lines.astype("d" if lines.dtype.kind == "f" else "l")
    if fold.accumulate == MOMENTS:
        total = ((lines - lines.sum(0) / count) ** 2).sum(0)
    else:
        total = numpy.full(lines.shape[1:], float(fold.identity)).astype(lines.dtype)
        for line in lines:
            total = expression(fold.combine, dict(a=total, b=expression(fold.map, dict(x=line, p=p)), p=p))
    return expression(fold.finish, dict(a=total, n=count, p=p))


def reduction(row: optable.Reduction, values: list, code: str):
    """A row that is a fold: of all elements to a number, or of those along a dimension."""
    named = dict(zip(row.operands, values, strict=True))
    x, p = named["x"], float(named.get(row.parameter, 0))
    if not row.along:
        return folded(row.fold, x.reshape(-1), p)
    total = numpy.asarray(folded(row.fold, numpy.moveaxis(x, named["dim"], 0), p)).astype(code)
    return numpy.expand_dims(total, named["dim"]) if named["keepdim"] or x.ndim == 1 else total
