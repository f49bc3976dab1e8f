"""Losses whose targets are the numbers of classes."""

from __future__ import annotations

from ..._core import ops
from ...autograd import Variable
from .._tensors import as_variable
from .activation import log_softmax, sigmoid
from .loss import _constant, binary_cross_entropy


def nll_loss(
    input: Variable,
    target: Variable,
    weight=None,
    size_average: bool = True,
    ignore_index: int = -100,
    reduce: bool = True,
) -> Variable:
    """-w[t] * x[t], where x are log-probabilities over dimension 1 and t the classes.

    Sizes N x C and N, or N x C x d1 x d2... and N x d1 x d2.... The mean divides by the sum of w[t]; targets of
    ignore_index count nothing. RuntimeError for classes outside 0..C-1.
    """
    if input.dim() < 2:
        raise ValueError(f"Expected 2 or more dimensions (got {input.dim()})")
    target = _constant(target, "nll_loss")
    weight = None if weight is None else as_variable(weight)
    if input.dim() in (2, 4):
        return ops.nll_loss(input, target, weight, size_average, ignore_index, reduce)
    n, classes, *places = input.size()
    if list(target.size()) != [n, *places]:
        raise ValueError(f"Expected target size {(n, *places)}, got {target.size()}")
    planes = input.contiguous().view(n, classes, 1, -1)
    losses = ops.nll_loss(planes, target.contiguous().view(n, 1, -1), weight, size_average, ignore_index, reduce)
    return losses if reduce else losses.view(n, *places)


def cross_entropy(
    input: Variable,
    target: Variable,
    weight=None,
    size_average: bool = True,
    ignore_index: int = -100,
    reduce: bool = True,
) -> Variable:
    """nll_loss of log_softmax over dimension 1."""
    if input.dim() == 2:
        weight = None if weight is None else as_variable(weight)
        target = _constant(target, "nll_loss")
        return ops.cross_entropy(input, target, weight, size_average, ignore_index, reduce)[0]
    return nll_loss(log_softmax(input, 1), target, weight, size_average, ignore_index, reduce)


def _rows(input: Variable, target: Variable, function: str) -> Variable:
    """The input as N x C; RuntimeError where the target does not fit."""
    if input.dim() not in (1, 2):
        raise RuntimeError(f"{function}: an input of size N x C or C was expected, got {input.size()}")
    return input.view(1, -1) if input.dim() == 1 else input


def multi_margin_loss(
    input: Variable,
    target: Variable,
    p: int = 1,
    margin: float = 1,
    weight=None,
    size_average: bool = True,
) -> Variable:
    """sum over i != t of w[t] * max(0, margin - x[t] + x[i]) ** p over the number of classes: N x C and N classes."""
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    rows = _rows(input, target, "multi_margin_loss")
    t = _constant(target, "multi_margin_loss").data.view(-1, 1)
    n, classes = rows.size()
    if t.size(0) != n:
        raise RuntimeError(f"multi_margin_loss: {n} targets were expected, got {t.size(0)}")
    if t.min() < 0 or t.max() >= classes:
        raise RuntimeError(f"multi_margin_loss: target out of range, there are {classes} classes")
    others = Variable(rows.data.new(n, classes).fill_(1.0 / classes).scatter_(1, t, 0))
    losses = (margin - rows.gather(1, Variable(t)) + rows).clamp(min=0)
    losses = (losses * losses if p == 2 else losses) * others
    if weight is not None:
        losses = losses * as_variable(weight)[Variable(t.view(-1))].view(n, 1)
    return losses.sum() / n if size_average else losses.sum()


def multilabel_margin_loss(input: Variable, target: Variable, size_average: bool = True) -> Variable:
    """sum over labels j and others i of max(0, 1 - x[j] + x[i]), over the number of classes.

    Each row of the target lists its labels; they end at the first -1.
    """
    rows = _rows(input, target, "multilabel_margin_loss")
    labels = _constant(target, "multilabel_margin_loss").data
    if labels.size() != input.data.size():
        raise RuntimeError(f"multilabel_margin_loss: a target of size {input.size()} was expected, got {labels.size()}")
    n, classes = rows.size()
    labels = labels.contiguous().view(n, classes)
    if labels.min() < -1 or labels.max() >= classes:
        raise RuntimeError(f"multilabel_margin_loss: target out of range, there are {classes} classes")
    listed = (labels < 0).type_as(rows.data).cumsum(1) == 0
    labels = labels.clone().masked_fill_(listed == 0, 0)
    listed = listed.type_as(rows.data)
    chosen = rows.data.new(n, classes).zero_().scatter_add_(1, labels, listed) > 0
    pairs = listed.unsqueeze(2) * (chosen == 0).type_as(rows.data).unsqueeze(1)
    x = rows.gather(1, Variable(labels))
    losses = (1 - x.unsqueeze(2) + rows.unsqueeze(1)).clamp(min=0) * Variable(pairs)
    return losses.sum() / (n * classes if size_average else classes)


def multilabel_soft_margin_loss(input: Variable, target: Variable, weight=None, size_average: bool = True) -> Variable:
    """The binary cross entropy of sigmoid(x) for each class by itself."""
    return binary_cross_entropy(sigmoid(input), target, weight, size_average)
