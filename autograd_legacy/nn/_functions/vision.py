"""Images: resizing, sampling at given places, and channels made into pixels."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from numbers import Integral

from ..._core import ops
from ...autograd import Variable
from .._tensors import torch

DIMS = {"linear": 3, "bilinear": 4, "trilinear": 5}


def _output_size(input: Variable, size, scale_factor) -> tuple:
    """The spatial size asked for; scale_factor counts where both are given."""
    dims = input.dim() - 2
    if size is None and scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if scale_factor is None:
        return tuple(size) if isinstance(size, Iterable) else (size,) * dims
    factors = tuple(scale_factor) if isinstance(scale_factor, Iterable) else (scale_factor,) * dims
    if len(factors) != dims or not all(isinstance(f, Integral) for f in factors):
        raise ValueError("scale_factor must be of integer type or a tuple of integer types")
    return tuple(n * f for n, f in zip(input.size()[2:], factors, strict=True))


def upsample(input: Variable, size=None, scale_factor=None, mode: str = "nearest") -> Variable:
    """Resize N x C x [[D x] H x] W to `size`, or by the whole number scale_factor.

    mode: "nearest", which wants multiples of the input's size, or by dimensions "linear", "bilinear", "trilinear",
    which map the corners onto the corners. NotImplementedError for other modes or dimensions.
    """
    dims = input.dim()
    if dims not in (3, 4, 5) or mode not in ("nearest", *DIMS):
        raise NotImplementedError(
            f"Only 3D, 4D and 5D inputs are supported (got {dims}D) for the modes nearest | linear | bilinear | "
            f"trilinear (got {mode})"
        )
    if mode == "nearest":
        return _nearest(input, size, scale_factor)
    if dims != DIMS[mode]:
        raise NotImplementedError(f"Got {dims}D input, but {mode} mode needs {DIMS[mode]}D input")
    return ops.upsample_linear(input, _output_size(input, size, scale_factor))


def _nearest(input: Variable, size, scale_factor) -> Variable:
    if scale_factor is not None and not isinstance(scale_factor, Integral):
        raise ValueError("scale_factor must be a single Integer value for nearest neighbor sampling")
    output_size = _output_size(input, size, scale_factor)
    sizes = tuple(input.size()[2:])
    factors = {out // n for out, n in zip(output_size, sizes, strict=True)}
    if (
        len(output_size) != len(sizes)
        or len(factors) > 1
        or any(out % n for out, n in zip(output_size, sizes, strict=True))
    ):
        raise RuntimeError(f"nearest upsampling wants one multiple of the input's size {sizes}, got {output_size}")
    return ops.upsample_nearest(input, output_size)


def upsample_nearest(input: Variable, size=None, scale_factor=None) -> Variable:
    """upsample(mode="nearest"), its older name."""
    warnings.warn("nn.functional.upsample_nearest is deprecated. Use nn.functional.upsample instead.", stacklevel=2)
    return upsample(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input: Variable, size=None, scale_factor=None) -> Variable:
    """upsample(mode="bilinear"), its older name."""
    warnings.warn("nn.functional.upsample_bilinear is deprecated. Use nn.functional.upsample instead.", stacklevel=2)
    return upsample(input, size, scale_factor, mode="bilinear")


def grid_sample(input: Variable, grid: Variable, mode: str = "bilinear", padding_mode: str = "zeros") -> Variable:
    """The input (N x C x H x W) at the places of the grid (N x H' x W' x 2), between pixels linearly.

    A place is (x, y), from -1 at the first to 1 at the last pixel. Outside lie zeros, or with padding_mode "border" the
    pixels of the border.
    """
    if padding_mode not in ("zeros", "border"):
        raise ValueError(f"padding_mode needs to be 'zeros' or 'border', but got {padding_mode}")
    return ops.grid_sample(input, grid, padding_mode == "border")


def affine_grid(theta: Variable, size) -> Variable:
    """The grid that grid_sample needs to move pictures by the matrices theta (N x 2 x 3).

    size: that of the pictures, N x C x H x W, a torch.Size.
    """
    if not isinstance(size, torch.Size):
        raise AssertionError(f"size must be a torch.Size, not {type(size).__name__}")
    n, _, height, width = size
    if tuple(theta.size()) != (n, 2, 3):
        raise RuntimeError(f"theta must have the size {(n, 2, 3)}, got {tuple(theta.size())}")
    base = theta.data.new(n, height, width, 3)
    base[:, :, :, 0] = base.new(_corner_to_corner(width)).view(1, 1, width).expand(n, height, width)
    base[:, :, :, 1] = base.new(_corner_to_corner(height)).view(1, height, 1).expand(n, height, width)
    base[:, :, :, 2] = 1
    places = Variable(base.view(n, height * width, 3)).bmm(theta.transpose(1, 2))
    return places.view(n, height, width, 2)


def _corner_to_corner(count: int) -> list[float]:
    return [-1 + 2 * i / (count - 1) for i in range(count)] if count > 1 else [-1]


def pixel_shuffle(input: Variable, upscale_factor: int) -> Variable:
    """N x (C r^2) x H x W into N x C x (H r) x (W r): each r^2 channels become the r x r pixels of one."""
    n, channels, height, width = input.size()
    r = upscale_factor
    blocks = input.contiguous().view(n, channels // r**2, r, r, height, width)
    return blocks.permute(0, 1, 4, 2, 5, 3).contiguous().view(n, channels // r**2, height * r, width * r)
