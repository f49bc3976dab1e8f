"""Instance normalization layers."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .batchnorm import _BatchNorm


class _InstanceNorm(_BatchNorm):
    """Normalization of each channel of each sample by its own mean and variance.

    The running statistics follow the means over the samples, in eval mode too. With the attribute `use_running_stats`
    set to True the layer normalizes by them instead, and leaves them alone.
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = False):
        super().__init__(num_features, eps, momentum, affine)
        self.use_running_stats = False

    def forward(self, input: Variable) -> Variable:
        n, channels = input.size(0), input.size(1)
        mean, var = (stat.repeat(n) for stat in (self.running_mean, self.running_var))
        weight, bias = (None, None) if self.weight is None else (self.weight.repeat(n), self.bias.repeat(n))
        planes = input.contiguous().view(1, n * channels, *input.size()[2:])
        output = F.batch_norm(planes, mean, var, weight, bias, not self.use_running_stats, self.momentum, self.eps)
        if not self.use_running_stats:
            self.running_mean.copy_(mean.view(n, self.num_features).mean(0))
            self.running_var.copy_(var.view(n, self.num_features).mean(0))
        return output.view(*input.size())


class InstanceNorm1d(_InstanceNorm):
    """Instance normalization of N x C x L."""


class InstanceNorm2d(_InstanceNorm):
    """Instance normalization of N x C x H x W."""


class InstanceNorm3d(_InstanceNorm):
    """Instance normalization of N x C x D x H x W."""
