"""Losses. With size_average the mean over all elements, else the sum; with reduce=False one loss for each element."""

from __future__ import annotations

import warnings

from ..._core import ops
from ...autograd import Variable
from .._tensors import as_variable
from .applied import applied
from .distance import pairwise_distance


def _reduced(losses: Variable, size_average: bool, reduce: bool = True) -> Variable:
    if not reduce:
        return losses
    return losses.mean() if size_average else losses.sum()


def _constant(target: Variable, function: str) -> Variable:
    """A target for a loss that has no gradient for it; RuntimeError where one is asked for.

    Its volatility does not reach the result.
    """
    if target.requires_grad:
        raise RuntimeError(f"{function}: the derivative for 'target' is not implemented")
    return Variable(target.data) if target.volatile else target


def _matching(input: Variable, target: Variable) -> Variable:
    """The target in the input's size; RuntimeError unless it has its type and as many elements."""
    if type(input.data) is not type(target.data):
        raise RuntimeError(f"the target must be a {input.data.type()} as the input is, not a {target.data.type()}")
    if input.size() == target.size():
        return target
    if input.numel() != target.numel():
        raise RuntimeError(
            f"input and target have different number of elements: input {list(input.size())} has {input.numel()} "
            f"elements, while target {list(target.size())} has {target.numel()}"
        )
    return target.contiguous().view_as(input)


def mse_loss(input: Variable, target: Variable, size_average: bool = True, reduce: bool = True) -> Variable:
    """(x - y)^2.

    The sizes may differ where the numbers of elements agree, unless the target requires a gradient: then they
    broadcast.
    """
    if target.requires_grad:
        return _reduced(ops.mse_loss(input, target), size_average, reduce)
    target = _matching(input, _constant(target, "mse_loss"))
    return _reduced(ops.mse_loss(input, target), size_average, reduce)


def l1_loss(input: Variable, target: Variable, size_average: bool = True, reduce: bool = True) -> Variable:
    """|x - y|.

    The sizes may differ where the numbers of elements agree, unless the target requires a gradient: then they
    broadcast.
    """
    if target.requires_grad:
        return _reduced((input - target).abs(), size_average, reduce)
    target = _matching(input, _constant(target, "l1_loss"))
    return _reduced(ops.l1_loss(input, target), size_average, reduce)


def smooth_l1_loss(input: Variable, target: Variable, size_average: bool = True, reduce: bool = True) -> Variable:
    """(x - y)^2 / 2 where |x - y| < 1, else |x - y| - 1/2."""
    target = _matching(input, _constant(target, "smooth_l1_loss"))
    return _reduced(ops.smooth_l1_loss(input, target), size_average, reduce)


def kl_div(input: Variable, target: Variable, size_average: bool = True, reduce: bool = True) -> Variable:
    """y * (log(y) - x) for log-probabilities x and probabilities y; the mean is over all elements, not the batch."""
    target = _matching(input, _constant(target, "kl_div"))
    return _reduced(ops.kl_div(input, target), size_average, reduce)


def soft_margin_loss(input: Variable, target: Variable, size_average: bool = True) -> Variable:
    """log(1 + exp(-y * x)) for labels y of 1 and -1."""
    target = _matching(input, _constant(target, "soft_margin_loss"))
    return _reduced(ops.soft_margin_loss(input, target), size_average)


def binary_cross_entropy(input: Variable, target: Variable, weight=None, size_average: bool = True) -> Variable:
    """-w * (y * log(x) + (1 - y) * log(1 - x)) for probabilities x.

    RuntimeError outside [0, 1], ValueError for other numbers of targets.
    """
    target = _constant(target, "binary_cross_entropy")
    if input.numel() != target.numel():
        raise ValueError(
            f"Target and input must have the same number of elements. target nelement ({target.numel()}) != input "
            f"nelement ({input.numel()})"
        )
    if input.size() != target.size():
        warnings.warn(
            f"Using a target size ({target.size()}) that is different to the input size ({input.size()}) is "
            "deprecated. Please ensure they have the same size.",
            stacklevel=2,
        )
    low, high = input.data.min(), input.data.max()
    if not (low >= 0 and high <= 1):
        raise RuntimeError(
            f"binary_cross_entropy wants probabilities between 0 and 1, but got values from {low} to {high}"
        )
    losses = ops.binary_cross_entropy(input, _matching(input, target))
    if weight is not None:
        losses = losses * as_variable(weight).expand_as(target).contiguous().view_as(input)
    return _reduced(losses, size_average)


def binary_cross_entropy_with_logits(
    input: Variable, target: Variable, weight=None, size_average: bool = True
) -> Variable:
    """The binary cross entropy of sigmoid(x), computed so that nothing overflows. ValueError unless the sizes agree."""
    if target.size() != input.size():
        raise ValueError(f"Target size ({target.size()}) must be the same as input size ({input.size()})")
    losses = ops.binary_cross_entropy_with_logits(input, target)
    if weight is not None:
        losses = losses * as_variable(weight)
    return _reduced(losses, size_average)


def poisson_nll_loss(
    input: Variable,
    target: Variable,
    log_input: bool = True,
    full: bool = False,
    size_average: bool = True,
    eps: float = 1e-8,
    reduce: bool = True,
) -> Variable:
    """exp(x) - y * x, or with log_input=False x - y * log(x + eps).

    With `full`, plus Stirling's y log(y) - y + log(2 pi y) / 2 where y > 1.
    """
    losses = input.exp() - target * input if log_input else input - target * (input + eps).log()
    if full:
        large = target.data > 1
        if large.any():
            y = Variable(target.data[large])
            stirling = y * y.log() - y + 0.5 * (y * 6.283185307179586).log()
            losses = losses + Variable(
                target.data.new().resize_as_(target.data).zero_().masked_scatter_(large, stirling.data)
            )
    return _reduced(losses, size_average, reduce)


def hinge_embedding_loss(input: Variable, target: Variable, margin: float = 1.0, size_average: bool = True) -> Variable:
    """x where the label is 1, max(0, margin - x) where it is -1."""
    return _reduced(ops.hinge_embedding_loss(input, _constant(target, "hinge_embedding_loss"), margin), size_average)


def margin_ranking_loss(
    input1: Variable, input2: Variable, target: Variable, margin: float = 0, size_average: bool = True
) -> Variable:
    """max(0, margin - y * (x1 - x2)): y is 1 where x1 should be larger, -1 where x2 should.

    size_average divides the sum by the first size of the target.
    """
    target = _constant(target, "margin_ranking_loss")
    loss = ops.margin_ranking_loss(input1, input2, target, margin).sum()
    return loss / target.size(0) if size_average else loss


def cosine_embedding_loss(
    input1: Variable, input2: Variable, target: Variable, margin: float = 0, size_average: bool = True
) -> Variable:
    """1 - cos(x1, x2) for each pair of rows labelled 1, max(0, cos(x1, x2) - margin) for those labelled -1."""
    _same_size(input1, input2, "cosine_embedding_loss")
    eps = 1e-12
    products = (input1 * input2).sum(-1)
    cosine = products / (((input1 * input1).sum(-1) + eps) * ((input2 * input2).sum(-1) + eps)).sqrt()
    y = _constant(target, "cosine_embedding_loss").view_as(cosine)
    near, far = (Variable((y.data == label).type_as(y.data)) for label in (1, -1))
    return _reduced(near * (1 - cosine) + far * (cosine - margin).clamp(min=0), size_average)


def _same_size(input1: Variable, input2: Variable, function: str) -> None:
    if input1.size() != input2.size():
        raise RuntimeError(f"{function}: inputs of one size were expected, got {input1.size()} and {input2.size()}")


def triplet_margin_loss(
    anchor: Variable,
    positive: Variable,
    negative: Variable,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
) -> Variable:
    """The mean of max(0, margin + d(a, p) - d(a, n)) for inputs N x D; with `swap` d(p, n) where that is smaller."""
    for name, other in (("positive", positive), ("negative", negative)):
        if anchor.size() != other.size():
            raise AssertionError(f"Input sizes between anchor and {name} must be equal.")
    if anchor.dim() != 2:
        raise AssertionError("Inputs must be 2D matrices.")
    if margin <= 0:
        raise AssertionError("Margin should be positive value.")
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = far.min(pairwise_distance(positive, negative, p, eps))
    return (margin + near - far).clamp(min=0).mean()


CosineEmbeddingLoss, HingeEmbeddingLoss, MarginRankingLoss = (
    applied("CosineEmbeddingLoss", cosine_embedding_loss),
    applied("HingeEmbeddingLoss", hinge_embedding_loss),
    applied("MarginRankingLoss", margin_ranking_loss),
)
