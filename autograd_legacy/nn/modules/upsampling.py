"""Resizing layers."""

from __future__ import annotations

import warnings

from ...autograd import Variable
from .. import functional as F
from .module import Module


class Upsample(Module):
    """Resize N x C x [[D x] H x] W to `size`, or by scale_factor. See nn.functional.upsample."""

    def __init__(self, size=None, scale_factor=None, mode: str = "nearest"):
        super().__init__()
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode

    def forward(self, input: Variable) -> Variable:
        return F.upsample(input, self.size, self.scale_factor, self.mode)

    def __repr__(self) -> str:
        to = f"size={self.size}" if self.scale_factor is None else f"scale_factor={self.scale_factor}"
        return f"{type(self).__name__}({to}, mode={self.mode})"


class UpsamplingNearest2d(Upsample):
    """Upsample by repeating pixels."""

    def __init__(self, size=None, scale_factor=None):
        super().__init__(size, scale_factor, mode="nearest")

    def forward(self, input: Variable) -> Variable:
        warnings.warn("nn.UpsamplingNearest2d is deprecated. Use nn.Upsample instead.", stacklevel=2)
        return super().forward(input)


class UpsamplingBilinear2d(Upsample):
    """Upsample with bilinear interpolation, the corners staying corners."""

    def __init__(self, size=None, scale_factor=None):
        super().__init__(size, scale_factor, mode="bilinear")

    def forward(self, input: Variable) -> Variable:
        warnings.warn("nn.UpsamplingBilinear2d is deprecated. Use nn.Upsample instead.", stacklevel=2)
        return super().forward(input)
