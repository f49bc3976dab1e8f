"""What NumPy answers to a row: the row's own expressions, evaluated by NumPy, or the function of NumPy that does it."""

from __future__ import annotations

import ast
import math
from types import SimpleNamespace

import numpy

from autograd_legacy import optable

SCALARS = {
    "where": numpy.where, "exp": numpy.exp, "expm1": numpy.expm1, "log": numpy.log, "log1p": numpy.log1p,
    "sin": numpy.sin, "cos": numpy.cos, "tan": numpy.tan, "asin": numpy.arcsin, "acos": numpy.arccos,
    "atan": numpy.arctan, "sinh": numpy.sinh, "cosh": numpy.cosh, "tanh": numpy.tanh, "sqrt": numpy.sqrt,
    "ceil": numpy.ceil, "floor": numpy.floor, "trunc": numpy.trunc, "abs": numpy.abs, "atan2": numpy.arctan2,
    "fmod": numpy.fmod,
    "min": lambda x, y: numpy.where(x < y, x, y),
    "max": lambda x, y: numpy.where(x > y, x, y),
    "sigmoid": lambda x: 1 / (1 + numpy.exp(-x)),
    "round": lambda x: numpy.trunc(x + numpy.copysign(0.5, x)),
    "erf": numpy.vectorize(math.erf, otypes=[float]),
}  # fmt: skip


def expression(text: str, names: dict):
    """An expression of the table over arrays; None where it names what NumPy has no function for."""
    tree = optable.Expression(text, tuple(names))
    mentioned = {node.id for node in ast.walk(tree.tree) if isinstance(node, ast.Name)}
    if not mentioned <= {*SCALARS, *names}:
        return None
    return eval(tree.python, {"__builtins__": {}, "ops": SimpleNamespace(**SCALARS)}, names)


def pointwise(row: optable.Op, arrays: list, code: str):
    """The row's own expression. Integers divide, and all types shift, as NumPy does not."""
    unlike = ("<<", ">>") if code in "fd" else ("/", "%", "<<", ">>")
    if any(sign in row.value for sign in unlike):
        return None
    if row.value == "x % y" or ("**" in row.value and code == "f"):
        return None
    arrays = [numpy.asarray(a, code) for a in arrays]
    found = expression(row.value, dict(zip(row.operands, arrays, strict=True)))
    if found is None:
        return None
    shape = numpy.broadcast_shapes(*(a.shape for a in arrays))
    return numpy.broadcast_to(numpy.asarray(found).astype("B" if row.result else code), shape)


def folded(row: optable.Kernel, values: list, code: str):
    """A reduction step by step, as its Fold says, in doubles or in 64 bits."""
    fold = row.fold
    named = dict(zip(row.operands, values, strict=True))
    x = named["x"]
    if fold.accumulate == "moments" or row.picks or fold.better:
        return None
    p = float(named.get(row.parameter, 0))
    fold = dict(fold.special).get(p, fold)
    lines = numpy.moveaxis(x, named["dim"], 0) if row.along else x.reshape(-1)
    lines = lines.astype("d" if code in "fd" else "l")
    total = numpy.full(lines.shape[1:], float(fold.identity) if code in "fd" else int(fold.identity))
    for line in lines:
        part = expression(fold.map, dict(x=line, p=p))
        total = expression(fold.combine, dict(a=total, b=part, p=p))
        if total is None:
            return None
    total = expression(fold.finish, dict(a=total, n=len(lines), p=p))
    if total is None or not row.along:
        return total
    total = numpy.asarray(total).astype(code)
    return numpy.expand_dims(total, named["dim"]) if named["keepdim"] or x.ndim == 1 else total


def _along(function, indices):
    def answer(x, *operands):
        dim, keepdim = operands[-2:]
        return [function(x, dim, keepdims=keepdim), indices(x, dim, keepdims=keepdim)]

    return answer


def _scattered(x, dim, index, source, add=False):
    out = x.copy()
    for place in numpy.ndindex(*index.shape):
        to = (*place[:dim], index[place], *place[dim + 1 :])
        value = source[place] if isinstance(source, numpy.ndarray) else source
        out[to] = out[to] + value if add else value
    return out


def _put(x, index, source, accumulate):
    out = x.copy()
    for at, value in zip(index.flat, numpy.broadcast_to(source, index.shape).flat, strict=True):
        out.flat[at] = out.flat[at] + value if accumulate else value
    return out


def _slices(change):
    def answer(x, dim, index, source):
        out = x.copy()
        for k, at in enumerate(index):
            part = source if not isinstance(source, numpy.ndarray) else numpy.take(source, k, dim)
            place = (slice(None),) * dim + (at,)
            out[place] = out[place] + part if change == "add" else part
        return out

    return answer


def _product(x, y):
    """Exact for integers, in doubles else."""
    return (x.astype("d") @ y.astype("d") if x.dtype.char in "fd" else x.astype("l") @ y.astype("l")).astype(x.dtype)


def _plus(product):
    return lambda beta, m, alpha, x, y: (beta * m + alpha * product(x, y)).astype(x.dtype)


def _masked(x, mask, source):
    out = x.copy()
    out[mask.astype(bool)] = source if not isinstance(source, numpy.ndarray) else source.flat[: mask.sum()]
    return out


def _sorted(x, dim, descending):
    order = numpy.sort(x, dim)
    return [numpy.flip(order, dim) if descending else order]


TWINS = {
    "clone": lambda x: x, "zero_": numpy.zeros_like, "fill_": numpy.full_like,
    "transpose": numpy.swapaxes, "t": numpy.transpose, "permute": numpy.transpose, "view": numpy.reshape,
    "squeeze": numpy.squeeze, "unsqueeze": numpy.expand_dims, "tile": numpy.tile,
    "assign_": lambda x, y: numpy.broadcast_to(y, x.shape),
    "select": lambda x, dim, k: numpy.take(x, k, dim),
    "narrow": lambda x, dim, start, n: numpy.take(x, range(start, start + n), dim),
    "slice": lambda x, dim, start, stop, step: numpy.take(x, range(start, stop, step), dim),
    "gather": lambda x, dim, index: numpy.take_along_axis(x, index, dim),
    "scatter_": _scattered, "scatter_fill_": _scattered,
    "scatter_add_": lambda x, dim, index, source: _scattered(x, dim, index, source, True),
    "index_select": lambda x, dim, index: numpy.take(x, index, dim),
    "index_add_": _slices("add"), "index_copy_": _slices("copy"), "index_fill_": _slices("copy"),
    "take": lambda x, index: x.flat[index], "put_": _put,
    "masked_select": lambda x, mask: x[mask.astype(bool)],
    "masked_fill_": _masked, "masked_scatter_": _masked,
    "nonzero": lambda x: numpy.argwhere(x) if x.any() else numpy.zeros(0, "l"),
    "cat": lambda tensors, dim: numpy.concatenate(tensors, dim),
    "tril": numpy.tril, "triu": numpy.triu, "diag": numpy.diag, "cross": lambda x, y, dim: numpy.cross(x, y),
    "trace": lambda x: numpy.trace(x, dtype="d" if x.dtype.char in "fd" else "l"),
    "mm": _product, "mv": _product, "bmm": _product, "dot": lambda x, y: _product(x, y).item(),
    "ger": numpy.outer, "addmm": _plus(_product), "addmv": _plus(_product), "baddbmm": _plus(_product),
    "addr": _plus(numpy.outer), "addbmm": _plus(lambda x, y: _product(x, y).sum(0)),
    "linear": lambda bias, x, weight: bias + _product(x, weight.T),
    "inverse": lambda x: numpy.linalg.inv(x.astype("d")).astype(x.dtype),
    "gesv": lambda b, a: [numpy.linalg.solve(a.astype("d"), b.astype("d"))],
    "potrf": lambda x, upper: numpy.linalg.cholesky(x.astype("d")).T,
    "max_dim": _along(numpy.max, numpy.argmax), "min_dim": _along(numpy.min, numpy.argmin),
    "max": numpy.max, "min": numpy.min,
    "variance": None,
    "sort": _sorted,
    "median": lambda x: numpy.sort(x.ravel())[(x.size - 1) // 2],
    "median_dim": lambda x, dim, keepdim: [
        numpy.take(numpy.sort(x, dim), [(x.shape[dim] - 1) // 2] if keepdim else (x.shape[dim] - 1) // 2, dim)
    ],
    "kthvalue": lambda x, k, dim, keepdim: [numpy.take(numpy.sort(x, dim), [k - 1] if keepdim else k - 1, dim)],
    "topk": lambda x, k, dim, largest, ordered: [
        numpy.take(numpy.flip(numpy.sort(x, dim), dim) if largest else numpy.sort(x, dim), range(k), dim)
    ],
    "cumsum": lambda x, dim: numpy.cumsum(x, dim, "d" if x.dtype.char in "fd" else "l").astype(x.dtype),
    "cumprod": lambda x, dim: numpy.cumprod(x, dim, "d" if x.dtype.char in "fd" else "l").astype(x.dtype),
    "equal": numpy.array_equal,
    "softmax": lambda x, dim: (e := numpy.exp(x - x.max(dim, keepdims=True))) / e.sum(dim, keepdims=True),
    "channel_sum": lambda x: x.sum((0, 2)),
    "embedding": lambda weight, indices, *_: weight[indices],
}  # fmt: skip
TWINS.pop("variance")


def answer(row: optable.Row, values: list, code: str):
    """NumPy's answer, or None where it has none: an array, a number or a list of the first results."""
    with numpy.errstate(all="ignore"):
        if isinstance(row, optable.Op):
            return pointwise(row, values, code)
        if row.name in TWINS:
            return TWINS[row.name](*values)
        return folded(row, values, code) if hasattr(row, "fold") and hasattr(row, "along") else None
