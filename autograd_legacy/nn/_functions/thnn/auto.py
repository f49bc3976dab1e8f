"""Activations, losses and the like under the names of 0.3.1's classes, `ELU.apply(x, 1.0, True)`."""

from __future__ import annotations

from ....autograd import Variable
from .. import activation, class_loss, loss
from ..applied import Applied, applied


def _multi_margin_loss(
    input: Variable, target: Variable, weight, size_average: bool, p: int, margin: float
) -> Variable:
    """multi_margin_loss with its options in another order."""
    return class_loss.multi_margin_loss(input, target, p, margin, weight, size_average)


FUNCTIONS = {
    "BCELoss": loss.binary_cross_entropy,
    "ELU": activation.elu,
    "GatedLinear": activation.glu,
    "Hardshrink": activation.hardshrink,
    "Hardtanh": activation.hardtanh,
    "KLDivLoss": loss.kl_div,
    "L1Loss": loss.l1_loss,
    "LeakyReLU": activation.leaky_relu,
    "LogSigmoid": activation.logsigmoid,
    "LogSoftmax": activation.log_softmax,
    "MSELoss": loss.mse_loss,
    "MultiLabelMarginLoss": class_loss.multilabel_margin_loss,
    "MultiMarginLoss": _multi_margin_loss,
    "NLLLoss": class_loss.nll_loss,
    "NLLLoss2d": class_loss.nll_loss,
    "Sigmoid": activation.sigmoid,
    "SmoothL1Loss": loss.smooth_l1_loss,
    "SoftMarginLoss": loss.soft_margin_loss,
    "Softmax": activation.softmax,
    "Softplus": activation.softplus,
    "Softshrink": activation.softshrink,
    "Softsign": activation.softsign,
    "Tanh": activation.tanh,
    "Threshold": activation.threshold,
}

function_by_name: dict[str, type[Applied]] = {name: applied(name, function) for name, function in FUNCTIONS.items()}
globals().update(function_by_name)
__all__ = ["function_by_name", *FUNCTIONS]
