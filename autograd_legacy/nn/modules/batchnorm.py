"""Batch normalization layers."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .._tensors import new_tensor
from ..parameter import Parameter
from .module import Module


class _BatchNorm(Module):
    """(x - mean) / sqrt(var + eps) * weight + bias for each channel (dimension 1).

    In training by the batch's statistics, which the running ones follow by `momentum`, the weight of the new value;
    else by the running ones. weight starts uniform in [0, 1), bias at 0; with affine=False there are none. See
    nn.functional.batch_norm.
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True):
        super().__init__()
        self.num_features = num_features
        self.affine = affine
        self.eps = eps
        self.momentum = momentum
        if affine:
            self.weight = Parameter(new_tensor(num_features))
            self.bias = Parameter(new_tensor(num_features))
        else:
            self.register_parameter("weight", None)
            self.register_parameter("bias", None)
        self.register_buffer("running_mean", new_tensor(num_features))
        self.register_buffer("running_var", new_tensor(num_features))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Start anew: running mean 0 and variance 1, weight drawn, bias 0."""
        self.running_mean.zero_()
        self.running_var.fill_(1)
        if self.affine:
            self.weight.data.uniform_()
            self.bias.data.zero_()

    def forward(self, input: Variable) -> Variable:
        return F.batch_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self.momentum,
            self.eps,
        )

    def __repr__(self) -> str:
        text = f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}"
        return f"{type(self).__name__}({text})"


class BatchNorm1d(_BatchNorm):
    """Batch normalization of N x C or N x C x L."""


class BatchNorm2d(_BatchNorm):
    """Batch normalization of N x C x H x W."""


class BatchNorm3d(_BatchNorm):
    """Batch normalization of N x C x D x H x W."""
