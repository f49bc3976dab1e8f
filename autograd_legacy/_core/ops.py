"""Every row by its name, as a function on Tensors or on Variables: what the library and its gradient rules call."""

import sys

from .. import optable
from . import rules
from .copy import type_code as type_code
from .dispatch import RowFunction
from .matrix_slopes import potri_slope, potrs_slopes, qr_slope, svd_slope, symeig_slope, trtrs_slopes  # noqa: F401
from .view import inverse_permutation as inverse_permutation
from .view import zeros_of

globals().update({row.name: RowFunction(row.name) for row in optable.ROWS if not isinstance(row, optable.Composite)})
globals().update({f"{row.name}_": RowFunction(row.name, True) for row in optable.OPS if row.inplace})


def where(condition, x, y):
    """x where condition, a comparison's result, holds, else y; one of them may be a number."""
    like = x if hasattr(x, "size") else y
    return choose(condition.type_as(like).detach() if hasattr(condition, "detach") else condition.type_as(like), x, y)  # noqa: F821


def zeros_sized(like, size):
    """Zeros of the type of like, a constant."""
    return _constant(like, size, 0)


def ones_sized(like, size):
    """Ones of the type of like, a constant."""
    return _constant(like, size, 1)


def zeros_like(like):
    """Zeros of the type and size of like, a constant."""
    return _constant(like, like.size(), 0)


def ones_like(like):
    """Ones of the type and size of like, a constant."""
    return _constant(like, like.size(), 1)


def _constant(like, size, value):
    variable = hasattr(like, "requires_grad")
    made = zeros_of(like.data if variable else like, size)
    if value:
        made.fill_(value)
    return type_of_variable()(made) if variable else made


def places(indices):
    """0, 1, ... for each of the indices."""
    variable = hasattr(indices, "requires_grad")
    made = (indices.data if variable else indices).clone().fill_(1).cumsum(0) - 1
    return type_of_variable()(made) if variable else made


def not_volatile(gradient):
    """A gradient that 0.3.1 filled in apart from the one it follows from: a constant, in a pass without graph, too."""
    return gradient if hasattr(gradient, "requires_grad") else type_of_variable()(gradient)


def parts(x, sizes, dim):
    """x cut along dim into parts as long there as the sizes say: cat undone. Empty sizes give an empty tensor."""
    found, start = [], 0
    for size in sizes:
        length = size[dim] if size else 0
        found.append(narrow(x, dim % len(size), start, length) if size else zeros_sized(x, size))  # noqa: F821
        start += length
    return found


def joined(pieces, size, split_size, dim):
    """Pieces of split_size joined along dim to size, with zeros for those that are None: what split undone gives."""
    like = next(piece for piece in pieces if piece is not None)
    gap = (*size[:dim], split_size, *size[dim + 1 :])
    return cat([zeros_sized(like, gap) if piece is None else piece for piece in pieces], dim)  # noqa: F821


def through_time(delta, dcells, gates, *others):
    """recurrent_grad; on Variables in steps that can be differentiated again."""
    if hasattr(gates, "requires_grad"):
        from ..recurrence import through_time as in_steps

        return in_steps(delta, dcells, gates, *others)
    return recurrent_grad(delta, dcells, gates, *others)  # noqa: F821


def softmax_less_target(delta, x, sums, target, *options):
    """cross_entropy_grad; on Variables from rows that can be differentiated again."""
    if not hasattr(x, "requires_grad"):
        return cross_entropy_grad(delta, x, sums, target, *options)  # noqa: F821
    likelihoods = nll_loss_grad(delta, x.size(), target, *options)  # noqa: F821
    return log_softmax_grad(likelihoods, log_softmax(x, 1), 1)  # noqa: F821


def type_of_variable():
    """The class of Variables."""
    from .variable import Variable

    return Variable


rules.ops = sys.modules[__name__]
