"""Losses as modules: criterion(input, target)."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .module import Module


def _assert_no_grad(variable: Variable) -> None:
    """AssertionError for a target that asks for a gradient: criterions have none for it."""
    if variable.requires_grad:
        raise AssertionError(
            "nn criterions don't compute the gradient w.r.t. targets - please mark these variables as volatile or not "
            "requiring gradients"
        )


class _Loss(Module):
    """The mean over all elements, or with size_average=False the sum."""

    def __init__(self, size_average: bool = True):
        super().__init__()
        self.size_average = size_average


class _WeightedLoss(_Loss):
    """A loss with a tensor of weights, which is part of the module's buffers."""

    def __init__(self, weight=None, size_average: bool = True):
        super().__init__(size_average)
        self.register_buffer("weight", weight)


class L1Loss(_Loss):
    """|x - y|; with reduce=False one loss for each element."""

    def __init__(self, size_average: bool = True, reduce: bool = True):
        super().__init__(size_average)
        self.reduce = reduce

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.l1_loss(input, target, self.size_average, self.reduce)


class MSELoss(_Loss):
    """(x - y)^2; with reduce=False one loss for each element."""

    def __init__(self, size_average: bool = True, reduce: bool = True):
        super().__init__(size_average)
        self.reduce = reduce

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.mse_loss(input, target, self.size_average, self.reduce)


class SmoothL1Loss(_Loss):
    """(x - y)^2 / 2 where |x - y| < 1, else |x - y| - 1/2; with reduce=False one loss for each element."""

    def __init__(self, size_average: bool = True, reduce: bool = True):
        super().__init__(size_average)
        self.reduce = reduce

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.smooth_l1_loss(input, target, self.size_average, self.reduce)


class KLDivLoss(_Loss):
    """y * (log(y) - x) for log-probabilities x and probabilities y; with reduce=False one loss for each element."""

    def __init__(self, size_average: bool = True, reduce: bool = True):
        super().__init__(size_average)
        self.reduce = reduce

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.kl_div(input, target, self.size_average, self.reduce)


class SoftMarginLoss(_Loss):
    """log(1 + exp(-y * x)) for labels y of 1 and -1."""

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.soft_margin_loss(input, target, self.size_average)


class PoissonNLLLoss(_Loss):
    """exp(x) - y * x for counts y. See nn.functional.poisson_nll_loss."""

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool = True,
        eps: float = 1e-8,
        reduce: bool = True,
    ):
        super().__init__(size_average)
        self.log_input = log_input
        self.full = full
        self.eps = eps
        self.reduce = reduce

    def forward(self, log_input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.poisson_nll_loss(
            log_input, target, self.log_input, self.full, self.size_average, self.eps, self.reduce
        )


class NLLLoss(_WeightedLoss):
    """-w[t] * x[t] for log-probabilities x of N x C (x ...) and classes t; the mean divides by the sum of w[t]."""

    def __init__(self, weight=None, size_average: bool = True, ignore_index: int = -100, reduce: bool = True):
        super().__init__(weight, size_average)
        self.ignore_index = ignore_index
        self.reduce = reduce

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.nll_loss(input, target, self.weight, self.size_average, self.ignore_index, self.reduce)


class NLLLoss2d(NLLLoss):
    """NLLLoss, its older name for N x C x H x W."""


class CrossEntropyLoss(_WeightedLoss):
    """NLLLoss of log_softmax over dimension 1."""

    def __init__(self, weight=None, size_average: bool = True, ignore_index: int = -100, reduce: bool = True):
        super().__init__(weight, size_average)
        self.ignore_index = ignore_index
        self.reduce = reduce

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.cross_entropy(input, target, self.weight, self.size_average, self.ignore_index, self.reduce)


class BCELoss(_WeightedLoss):
    """-(y * log(x) + (1 - y) * log(1 - x)) for probabilities x; weight: one for each element, or broadcast to them."""

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.binary_cross_entropy(input, target, self.weight, self.size_average)


class BCEWithLogitsLoss(_WeightedLoss):
    """BCELoss of sigmoid(x), computed so that nothing overflows."""

    def forward(self, input: Variable, target: Variable) -> Variable:
        return F.binary_cross_entropy_with_logits(input, target, self.weight, self.size_average)


class HingeEmbeddingLoss(_Loss):
    """x where the label is 1, max(0, margin - x) where it is -1."""

    def __init__(self, margin: float = 1.0, size_average: bool = True):
        super().__init__(size_average)
        self.margin = margin

    def forward(self, input: Variable, target: Variable) -> Variable:
        return F.hinge_embedding_loss(input, target, self.margin, self.size_average)


class MultiLabelMarginLoss(_Loss):
    """sum over labels j and others i of max(0, 1 - x[j] + x[i]), over the number of classes.

    The labels end at the first -1.
    """

    def forward(self, input: Variable, target: Variable) -> Variable:
        _assert_no_grad(target)
        return F.multilabel_margin_loss(input, target, self.size_average)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """The binary cross entropy of sigmoid(x) for each class by itself."""

    def forward(self, input: Variable, target: Variable) -> Variable:
        return F.multilabel_soft_margin_loss(input, target, self.weight, self.size_average)


class CosineEmbeddingLoss(Module):
    """1 - cos(x1, x2) for pairs labelled 1, max(0, cos(x1, x2) - margin) for those labelled -1."""

    def __init__(self, margin: float = 0, size_average: bool = True):
        super().__init__()
        self.margin = margin
        self.size_average = size_average

    def forward(self, input1: Variable, input2: Variable, target: Variable) -> Variable:
        return F.cosine_embedding_loss(input1, input2, target, self.margin, self.size_average)


class MarginRankingLoss(Module):
    """max(0, margin - y * (x1 - x2)) for labels y of 1 and -1."""

    def __init__(self, margin: float = 0, size_average: bool = True):
        super().__init__()
        self.margin = margin
        self.size_average = size_average

    def forward(self, input1: Variable, input2: Variable, target: Variable) -> Variable:
        return F.margin_ranking_loss(input1, input2, target, self.margin, self.size_average)


class MultiMarginLoss(Module):
    """sum over i != t of w[t] * max(0, margin - x[t] + x[i]) ** p, over the number of classes."""

    def __init__(self, p: int = 1, margin: float = 1, weight=None, size_average: bool = True):
        super().__init__()
        if p not in (1, 2):
            raise ValueError("only p == 1 and p == 2 supported")
        if weight is not None and weight.dim() != 1:
            raise AssertionError(f"MultiMarginLoss: weight must have one dimension, not {weight.dim()}")
        self.p = p
        self.margin = margin
        self.size_average = size_average
        self.weight = weight

    def forward(self, input: Variable, target: Variable) -> Variable:
        return F.multi_margin_loss(input, target, self.p, self.margin, self.weight, self.size_average)


class TripletMarginLoss(Module):
    """The mean of max(0, margin + d(anchor, positive) - d(anchor, negative)). See nn.functional.triplet_margin_loss."""

    def __init__(self, margin: float = 1.0, p: float = 2, eps: float = 1e-6, swap: bool = False):
        super().__init__()
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Variable, positive: Variable, negative: Variable) -> Variable:
        return F.triplet_margin_loss(anchor, positive, negative, self.margin, self.p, self.eps, self.swap)
