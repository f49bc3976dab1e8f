"""Channels made into pixels."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .module import Module


class PixelShuffle(Module):
    """N x (C r^2) x H x W into N x C x (H r) x (W r), r being upscale_factor."""

    def __init__(self, upscale_factor: int):
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Variable) -> Variable:
        return F.pixel_shuffle(input, self.upscale_factor)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(upscale_factor={self.upscale_factor})"
