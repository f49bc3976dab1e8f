"""Normalization by batches, neighbouring channels, and neighbourhoods in the plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..._core import ops
from ...autograd import Variable
from .module import Module
from .recorded import Recorded
from .utils import new_tensor, torch


class BatchNormalization(Recorded):
    """(x - mean) / sqrt(var + eps) * weight + bias for each of nOutput features (dimension 1) of a batch.

    In training with the batch's own statistics, which move running_mean and running_var; else with these.
    """

    _parameters = ("weight", "bias")
    nDim = 2
    train = True

    def __init__(self, nOutput: int, eps: float = 1e-5, momentum: float = 0.1, affine: bool = True) -> None:
        super().__init__()
        self.affine = affine
        self.eps = eps
        self.train = True
        self.momentum = momentum
        self.running_mean = torch.zeros(nOutput)
        self.running_var = torch.ones(nOutput)
        self.weight = self.bias = self.gradWeight = self.gradBias = None
        if affine:
            self.weight, self.bias, self.gradWeight, self.gradBias = (new_tensor(nOutput) for _ in range(4))
        self.reset()

    def reset(self) -> None:
        """Start values: the weight uniform in [0, 1), the bias 0."""
        if self.weight is not None:
            self.weight.uniform_()
            self.bias.zero_()
        self.running_mean.zero_()
        self.running_var.fill_(1)

    def _prepare(self, input: Any) -> None:
        if input.dim() != self.nDim:
            raise RuntimeError(f"only mini-batch supported ({self.nDim}D tensor), got {input.dim()}D tensor instead")
        if input.size(1) != self.running_mean.nelement():
            raise RuntimeError(f"got {input.size(1)}-feature tensor, expected {self.running_mean.nelement()}")

    def updateOutput(self, input: Any) -> Any:
        self._moving = True
        try:
            return super().updateOutput(input)
        finally:
            del self._moving

    _moving = False  # only forward moves the running statistics

    def _compute(self, x: Variable, weight: Variable | None, bias: Variable | None) -> Variable:
        statistics = self.running_mean, self.running_var
        if self.train and not self._moving:
            statistics = tuple(values.clone() for values in statistics)
        return ops.batch_norm(x, weight, bias, *statistics, self.train, self.momentum, self.eps)[0]


class SpatialBatchNormalization(BatchNormalization):
    """BatchNormalization of N x C x H x W."""

    nDim = 4


class VolumetricBatchNormalization(BatchNormalization):
    """BatchNormalization of N x C x T x H x W."""

    nDim = 5


class SpatialCrossMapLRN(Module):
    """x / (k + alpha / size * s) ** beta, s being the sum of squares in `size` channels around x's, of N x C x H x W.

    0.3.1 had two slips: the first channel, once out of reach, stays in the sums; the gradient sums one channel lower.
    """

    def __init__(self, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1) -> None:
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def _summed(self, x: Any, counts: Callable[[int, int], bool]) -> Any:
        """For each channel c the sum of the channels d that counts(c, d) names."""
        channels = range(x.size(1))
        weight = torch.Tensor([[float(counts(c, d)) for d in channels] for c in channels]).type_as(x)
        return ops.conv_nd(x, weight.unsqueeze(2).unsqueeze(3), None, (1, 1), (0, 0), (1, 1), False, (0, 0), 1)

    def _scale(self, x: Any) -> Any:
        reach = (self.size + 1) // 2
        sums = self._summed(x * x, lambda c, d: abs(c - d) < reach or (d == 0 and c >= reach))
        return sums * (self.alpha / self.size) + self.k

    def updateOutput(self, input: Any) -> Any:
        if input.dim() != 4:
            raise AssertionError(f"SpatialCrossMapLRN takes 4 dimensions, got {input.dim()}")
        return self._keep("output", input * self._scale(input).pow(-self.beta))

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        scale, below = self._scale(input), (self.size + 2) // 2
        ratios = gradOutput * input * scale.pow(-self.beta - 1)
        sums = self._summed(ratios, lambda c, d: c - below <= d < c - below + self.size)
        direct = gradOutput * scale.pow(-self.beta)
        return self._keep("gradInput", direct - input * sums * (2 * self.alpha * self.beta / self.size))


class _Neighbourhood(Recorded):
    """With a kernel that weighs the places around each one: kH x kW, or a vector, standing for its outer square."""

    def __init__(self, nInputPlane: int = 1, kernel: Any = None) -> None:
        super().__init__()
        kernel = torch.ones(9, 9) if kernel is None else kernel
        if kernel.dim() not in (1, 2) or any(size % 2 == 0 for size in kernel.size()):
            raise ValueError(f"the kernel has to have odd sizes and at most 2 dimensions, got {tuple(kernel.size())}")
        self.nInputPlane = nInputPlane
        self.kernel = kernel / (kernel.sum() * (nInputPlane if kernel.dim() == 2 else nInputPlane**0.5))

    def _prepare(self, input: Any) -> None:
        if input.dim() != 4:
            raise AssertionError(f"{self!r} takes 4 dimensions, got {input.dim()}")

    def _sums(self, x: Variable) -> list:
        """(weighted sum, sum of the weights within the plane) around each place over all channels, N x 1 x H x W."""
        kernel = self.kernel if self.kernel.dim() == 2 else self.kernel.unsqueeze(1) * self.kernel.unsqueeze(0)
        height, width = kernel.size()
        weight = Variable(kernel.expand(1, self.nInputPlane, height, width).contiguous())
        pads, ones = (height // 2, width // 2), Variable(x.data.new(x.size()).fill_(1))
        return [ops.conv_nd(v, weight, None, (1, 1), pads, (1, 1), False, (0, 0), 1) for v in (x, ones)]


class SpatialSubtractiveNormalization(_Neighbourhood):
    """x minus the weighted mean around it."""

    def _compute(self, x: Variable) -> Variable:
        total, weights = self._sums(x)
        return x - (total / weights).expand_as(x)


class SpatialDivisiveNormalization(_Neighbourhood):
    """x over the weighted deviation around it, or thresval where that is not above threshold."""

    def __init__(
        self, nInputPlane: int = 1, kernel: Any = None, threshold: float = 1e-4, thresval: float | None = None
    ) -> None:
        super().__init__(nInputPlane, kernel)
        self.threshold = threshold
        self.thresval = threshold if thresval is None else thresval

    def _compute(self, x: Variable) -> Variable:
        total, weights = self._sums(x * x)
        deviation = total.sqrt() / weights  # in 0.3.1 the weights are not under the root
        return x / ops.threshold(deviation, self.threshold, self.thresval).expand_as(x)


class SpatialContrastiveNormalization(Recorded):
    """SpatialSubtractiveNormalization and SpatialDivisiveNormalization, one after the other."""

    def __init__(
        self, nInputPlane: int = 1, kernel: Any = None, threshold: float = 1e-4, thresval: float = 1e-4
    ) -> None:
        super().__init__()
        self.subtractive = SpatialSubtractiveNormalization(nInputPlane, kernel)
        self.divisive = SpatialDivisiveNormalization(nInputPlane, kernel, threshold, thresval)

    def _compute(self, x: Variable) -> Variable:
        return self.divisive._compute(self.subtractive._compute(x))
