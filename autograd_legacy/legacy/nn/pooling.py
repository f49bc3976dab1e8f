"""Pooling, its inverse, and resampling."""

from __future__ import annotations

from typing import Any

from ..._core import ops
from ...autograd import Variable
from ...nn import functional as F
from ...nn._functions.unpooling import fractional_max_pool2d
from .linear import Weighted
from .recorded import Recorded
from .utils import torch


class _Pooling(Recorded):
    """Over windows; ceil() makes windows count that begin within the input and end beyond it."""

    ceil_mode = False

    def ceil(self) -> _Pooling:
        """Count windows that reach beyond the input; returns self."""
        self.ceil_mode = True
        return self

    def floor(self) -> _Pooling:
        """Count only whole windows; returns self."""
        self.ceil_mode = False
        return self


class _MaxPooling(_Pooling):
    """The largest of each window; indices says where in its plane it was found."""

    _state = ("indices",)

    def _pooled(self, x: Variable, *geometry: Any) -> Variable:
        dims = len(geometry[0])
        out, places = ops.max_pool_nd(x, *geometry, (1,) * dims, self.ceil_mode)
        self.indices = places.data
        return out


class SpatialMaxPooling(_MaxPooling):
    """The largest of each window of kH x kW of (N x) C x H x W; the stride is the window's size by default."""

    def __init__(
        self, kW: int, kH: int, dW: int | None = None, dH: int | None = None, padW: int = 0, padH: int = 0
    ) -> None:
        super().__init__()
        self.kW, self.kH, self.padW, self.padH = kW, kH, padW, padH
        self.dW, self.dH = dW or kW, dH or kH
        self.ceil_mode = False
        self.indices = torch.LongTensor()

    def _compute(self, x: Variable) -> Variable:
        return self._pooled(x, (self.kH, self.kW), (self.dH, self.dW), (self.padH, self.padW))

    def _shown(self) -> str:
        pads = f", {self.padW}, {self.padH}" if self.padW or self.padH else ""
        return f"({self.kW}x{self.kH}, {self.dW}, {self.dH}{pads})"


class VolumetricMaxPooling(_MaxPooling):
    """The largest of each window of kT x kH x kW of (N x) C x T x H x W."""

    def __init__(
        self,
        kT: int,
        kW: int,
        kH: int,
        dT: int | None = None,
        dW: int | None = None,
        dH: int | None = None,
        padT: int = 0,
        padW: int = 0,
        padH: int = 0,
    ) -> None:
        super().__init__()
        self.kT, self.kW, self.kH, self.padT, self.padW, self.padH = kT, kW, kH, padT, padW, padH
        self.dT, self.dW, self.dH = dT or kT, dW or kW, dH or kH
        self.ceil_mode = False
        self.indices = torch.LongTensor()

    def _compute(self, x: Variable) -> Variable:
        stride, pad = (self.dT, self.dH, self.dW), (self.padT, self.padH, self.padW)
        return self._pooled(x, (self.kT, self.kH, self.kW), stride, pad)

    def _shown(self) -> str:
        padded = any((self.padT, self.padW, self.padH))
        pads = f", {self.padT}, {self.padW}, {self.padH}" if padded else ""
        return f"({self.kT}x{self.kW}x{self.kH}, {self.dT}, {self.dW}, {self.dH}{pads})"


class TemporalMaxPooling(_MaxPooling):
    """The largest of each kW frames, dW frames apart, of (N x) frames x size."""

    def __init__(self, kW: int, dW: int | None = None) -> None:
        super().__init__()
        self.kW = kW
        self.dW = dW or kW
        self.indices = torch.LongTensor()

    def _compute(self, x: Variable) -> Variable:
        last = x.dim() - 1
        frames = x.transpose(last - 1, last).contiguous()
        batch = frames if last == 2 else frames.unsqueeze(0)
        out = self._pooled(batch, (self.kW,), (self.dW,), (0,))
        return (out if last == 2 else out.squeeze(0)).transpose(last - 1, last)


class SpatialAdaptiveMaxPooling(_MaxPooling):
    """Max pooling of planes of any size to h x w places."""

    def __init__(self, w: int, h: int) -> None:
        super().__init__()
        self.w, self.h = w, h
        self.indices = torch.LongTensor()

    def _compute(self, x: Variable) -> Variable:
        out, places = ops.adaptive_max_pool_nd(x, (self.h, self.w))
        self.indices = places.data
        return out


class SpatialFractionalMaxPooling(_MaxPooling):
    """Max pooling over windows of random places: arg1 and arg2 are the output's width and height, or the ratios (< 1)

    of its sizes to the input's. fixPoolingRegions() keeps the places of the last forward.
    """

    fixed = False

    def __init__(self, poolSizeW: int, poolSizeH: int, arg1: float, arg2: float) -> None:
        super().__init__()
        if poolSizeW < 2 or poolSizeH < 2:
            raise AssertionError(f"the windows have to be at least 2 x 2, got {poolSizeH} x {poolSizeW}")
        self.poolSizeW, self.poolSizeH = poolSizeW, poolSizeH
        whole = arg1 >= 1 and arg2 >= 1
        self.outW, self.outH = (int(arg1), int(arg2)) if whole else (None, None)
        self.ratioW, self.ratioH = (None, None) if whole else (arg1, arg2)
        self.randomSamples = None

    def fixPoolingRegions(self, val: bool = True) -> SpatialFractionalMaxPooling:
        """Keep the windows' places from now on, or draw them anew each time; returns self."""
        self.fixed = val
        return self

    def _prepare(self, input: Any) -> None:
        size = (input.size(0) if input.dim() == 4 else 1, input.size(input.dim() - 3), 2)
        if self.randomSamples is None or not self.fixed or tuple(self.randomSamples.size()) != size:
            self.randomSamples = input.new().resize_(*size).uniform_()

    def _compute(self, x: Variable) -> Variable:
        height, width = x.size(x.dim() - 2), x.size(x.dim() - 1)
        size = (self.outH, self.outW) if self.outH else (int(height * self.ratioH), int(width * self.ratioW))
        out, places = fractional_max_pool2d(x, self.randomSamples, (self.poolSizeH, self.poolSizeW), size)
        self.indices = places.data
        return out


class SpatialMaxUnpooling(Recorded):
    """Zeros, with the elements of x where a SpatialMaxPooling found its largest."""

    _axes = "HW"

    def __init__(self, poolingModule: Any) -> None:
        super().__init__()
        self.pooling = poolingModule

    def _compute(self, x: Variable) -> Variable:
        p, dims = self.pooling, len(self._axes)
        sizes = zip(x.size()[-dims:], self._axes, strict=True)
        size = [(n - 1) * getattr(p, "d" + a) + getattr(p, "k" + a) - 2 * getattr(p, "pad" + a) for n, a in sizes]
        return ops.max_unpool_nd(x, Variable(p.indices), tuple(size))

    def _shown(self) -> str:
        return f" associated to {self.pooling!r}"


class VolumetricMaxUnpooling(SpatialMaxUnpooling):
    """Zeros, with the elements of x where a VolumetricMaxPooling found its largest."""

    _axes = "THW"


class SpatialAveragePooling(_Pooling):
    """The mean of each window of kH x kW; setDivide(False): the sum; setCountExcludePad(): the padding is ignored."""

    def __init__(self, kW: int, kH: int, dW: int = 1, dH: int = 1, padW: int = 0, padH: int = 0) -> None:
        super().__init__()
        self.kW, self.kH, self.dW, self.dH, self.padW, self.padH = kW, kH, dW, dH, padW, padH
        self.ceil_mode = False
        self.count_include_pad = True
        self.divide = True

    def setCountIncludePad(self) -> SpatialAveragePooling:
        """Count the padding's zeros; returns self."""
        self.count_include_pad = True
        return self

    def setCountExcludePad(self) -> SpatialAveragePooling:
        """Do not count the padding's zeros; returns self."""
        self.count_include_pad = False
        return self

    def setDivide(self, divide: bool = True) -> SpatialAveragePooling:
        """Means, or with False sums; returns self."""
        self.divide = divide
        return self

    def _compute(self, x: Variable) -> Variable:
        geometry = (self.kH, self.kW), (self.dH, self.dW), (self.padH, self.padW)
        out = ops.avg_pool_nd(x, *geometry, self.ceil_mode, self.count_include_pad)
        return out if self.divide else out * (self.kW * self.kH)

    def _shown(self) -> str:
        pads = f", {self.padW}, {self.padH}" if self.padW or self.padH else ""
        return f"({self.kW}x{self.kH}, {self.dW}, {self.dH}{pads})"


class VolumetricAveragePooling(_Pooling):
    """The mean of each window of kT x kH x kW."""

    def __init__(
        self,
        kT: int,
        kW: int,
        kH: int,
        dT: int | None = None,
        dW: int | None = None,
        dH: int | None = None,
        padT: int = 0,
        padW: int = 0,
        padH: int = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__()
        self.kT, self.kW, self.kH, self.padT, self.padW, self.padH = kT, kW, kH, padT, padW, padH
        self.dT, self.dW, self.dH = dT or kT, dW or kW, dH or kH
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def _compute(self, x: Variable) -> Variable:
        stride, pad = (self.dT, self.dH, self.dW), (self.padT, self.padH, self.padW)
        return ops.avg_pool_nd(x, (self.kT, self.kH, self.kW), stride, pad, self.ceil_mode, self.count_include_pad)

    def _shown(self) -> str:
        return (
            f"({self.kT}x{self.kW}x{self.kH}, {self.dT}x{self.dW}x{self.dH}, {self.padT}x{self.padW}x{self.padH}, "
            f"{self.ceil_mode}, {self.count_include_pad})"
        )


class SpatialLPPooling(Recorded):
    """The pnorm-norm of each window of kH x kW: sum(x ** p) ** (1 / p)."""

    def __init__(
        self, nInputPlane: int, pnorm: float, kW: int, kH: int, dW: int | None = None, dH: int | None = None
    ) -> None:
        super().__init__()
        self.pnorm, self.kW, self.kH, self.dW, self.dH = pnorm, kW, kH, dW or kW, dH or kH

    def _compute(self, x: Variable) -> Variable:
        geometry = (self.kH, self.kW), (self.dH, self.dW), (0, 0)
        mean = ops.avg_pool_nd(x.pow(self.pnorm), *geometry, False, True)
        return (mean * (self.kW * self.kH)).pow(1.0 / self.pnorm)


class SpatialSubSampling(Weighted):
    """The sum of each window of kH x kW, times a weight and plus a bias for each channel."""

    _rows = False

    def __init__(self, nInputPlane: int, kW: int, kH: int, dW: int = 1, dH: int = 1) -> None:
        super().__init__()
        self.nInputPlane, self.kW, self.kH, self.dW, self.dH = nInputPlane, kW, kH, dW, dH
        self._make((nInputPlane,), (nInputPlane,))

    def _fan_in(self) -> int:
        return self.kW * self.kH

    def _compute(self, x: Variable, weight: Variable, bias: Variable) -> Variable:
        sums = ops.avg_pool_nd(x, (self.kH, self.kW), (self.dH, self.dW), (0, 0), False, True) * (self.kW * self.kH)
        return sums * weight.view(-1, 1, 1).expand_as(sums) + bias.view(-1, 1, 1).expand_as(sums)


class TemporalSubSampling(Weighted):
    """The sum of each kW frames, dW frames apart, times a weight and plus a bias for each element of a frame."""

    _rows = False

    def __init__(self, inputFrameSize: int, kW: int, dW: int = 1) -> None:
        super().__init__()
        self.inputFrameSize, self.kW, self.dW = inputFrameSize, kW, dW
        self._make((inputFrameSize,), (inputFrameSize,))

    def _fan_in(self) -> int:
        return self.kW

    def _compute(self, x: Variable, weight: Variable, bias: Variable) -> Variable:
        sums = x.unfold(x.dim() - 2, self.kW, self.dW).sum(x.dim())
        return sums * weight.expand_as(sums) + bias.expand_as(sums)


class SpatialUpSamplingNearest(Recorded):
    """Each element of N x C x H x W scale x scale times."""

    def __init__(self, scale: int) -> None:
        super().__init__()
        if scale < 1 or scale != int(scale):
            raise ValueError(f"scale has to be a whole number of at least 1, got {scale}")
        self.scale_factor = scale

    def _prepare(self, input: Any) -> None:
        if input.dim() != 4:
            raise AssertionError(f"SpatialUpSamplingNearest takes 4 dimensions, got {input.dim()}")

    def _compute(self, x: Variable) -> Variable:
        return F.upsample(x, scale_factor=self.scale_factor, mode="nearest")
