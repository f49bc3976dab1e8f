"""Pooling: the largest or the mean of each window."""

from __future__ import annotations

from collections.abc import Iterable

from ..._core import ops
from ...autograd import Variable
from .sizes import Ints, per_dim, with_default


def _check_3d(input: Variable) -> None:
    if input.dim() != 3:
        raise ValueError(f"expected 3D input (got {input.dim()}D input)")


def _max_pool(dims, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices):
    result = ops.max_pool_nd(
        input,
        per_dim(kernel_size, dims, "kernel_size"),
        per_dim(kernel_size if stride is None else stride, dims, "stride"),
        per_dim(padding, dims, "padding"),
        per_dim(dilation, dims, "dilation"),
        ceil_mode,
    )
    if return_indices and dims > 1:  # 0.3.1's indices had no history, but for max_pool1d
        return result[0], Variable(result[1].data)
    return result if return_indices else result[0]


def max_pool1d(
    input: Variable,
    kernel_size: int,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
):
    """The largest of each window of N x C x L; with return_indices also where it was found.

    The stride is the kernel's size by default.
    """
    _check_3d(input)
    if isinstance(kernel_size, Iterable):
        raise TypeError(f"max_pool1d: kernel_size must be an int, not {kernel_size!r}")
    return _max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: Variable,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
):
    """The largest of each window of (N x) C x H x W.

    With return_indices also its place in the plane, H and W counted as one.
    """
    return _max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: Variable,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
):
    """The largest of each window of (N x) C x D x H x W; with return_indices also its place in the volume."""
    return _max_pool(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def _avg_pool(dims, input, kernel_size, stride, padding, ceil_mode, count_include_pad) -> Variable:
    return ops.avg_pool_nd(
        input,
        per_dim(kernel_size, dims, "kernel_size"),
        per_dim(kernel_size if stride is None else stride, dims, "stride"),
        per_dim(padding, dims, "padding"),
        ceil_mode,
        count_include_pad,
    )


def avg_pool1d(
    input: Variable,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Variable:
    """The mean of each window of N x C x L; padded zeros count unless count_include_pad is False."""
    _check_3d(input)
    return _avg_pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


# 0.3.1 said that the padded zeros count by default, but only its layers and avg_pool1d did so.


def avg_pool2d(
    input: Variable,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = False,
) -> Variable:
    """The mean of each window of (N x) C x H x W; padded zeros count only with count_include_pad."""
    return _avg_pool(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


def avg_pool3d(
    input: Variable,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = False,
) -> Variable:
    """The mean of each window of (N x) C x D x H x W; padded zeros count only with count_include_pad."""
    return _avg_pool(3, input, kernel_size, stride, padding, ceil_mode, count_include_pad)


def lp_pool1d(
    input: Variable, norm_type: float, kernel_size: int, stride: int | None = None, ceil_mode: bool = False
) -> Variable:
    """The norm_type-norm of each window of N x C x L: sum(x ** p) ** (1 / p)."""
    out = avg_pool1d(input.pow(norm_type), kernel_size, stride, 0, ceil_mode)
    return _root(out, kernel_size, norm_type)


def lp_pool2d(
    input: Variable, norm_type: float, kernel_size: Ints, stride: Ints | None = None, ceil_mode: bool = False
) -> Variable:
    """The norm_type-norm of each window of N x C x H x W: sum(x ** p) ** (1 / p)."""
    height, width = per_dim(kernel_size, 2, "kernel_size")
    out = avg_pool2d(input.pow(norm_type), (height, width), stride, 0, ceil_mode)
    return _root(out, height * width, norm_type)


def _root(mean: Variable, count: int, norm_type: float) -> Variable:
    # an odd power's negative sum counts as 0
    return (mean.sign() * ops.threshold(mean.abs(), 0, 0)).mul(count).pow(1.0 / norm_type)


def _adaptive_size(input: Variable, output_size, dims: int) -> tuple:
    sizes = input.size()[-dims:]
    if output_size is None:
        return tuple(sizes)
    return with_default(output_size, sizes)


def _adaptive_max_pool(dims, input, output_size, return_indices):
    result = ops.adaptive_max_pool_nd(input, _adaptive_size(input, output_size, dims))
    return result if return_indices else result[0]


def adaptive_max_pool1d(input: Variable, output_size: Ints, return_indices: bool = False):
    """Max pooling of N x C x L to output_size places, whatever L is.

    Window i runs from floor(i * L / n) to ceil((i + 1) * L / n).
    """
    _check_3d(input)
    return _adaptive_max_pool(1, input, output_size, return_indices)


def adaptive_max_pool2d(input: Variable, output_size: Ints, return_indices: bool = False):
    """Max pooling of (N x) C x H x W to output_size places; a size that is None stays."""
    return _adaptive_max_pool(2, input, output_size, return_indices)


def adaptive_max_pool3d(input: Variable, output_size: Ints, return_indices: bool = False):
    """Max pooling of (N x) C x D x H x W to output_size places; a size that is None stays."""
    return _adaptive_max_pool(3, input, output_size, return_indices)


def adaptive_avg_pool1d(input: Variable, output_size: Ints) -> Variable:
    """Mean pooling of N x C x L to output_size places; the windows are those of adaptive_max_pool1d."""
    _check_3d(input)
    return ops.adaptive_avg_pool_nd(input, _adaptive_size(input, output_size, 1))


def adaptive_avg_pool2d(input: Variable, output_size: Ints) -> Variable:
    """Mean pooling of (N x) C x H x W to output_size places; a size that is None stays."""
    return ops.adaptive_avg_pool_nd(input, _adaptive_size(input, output_size, 2))


def adaptive_avg_pool3d(input: Variable, output_size: Ints) -> Variable:
    """Mean pooling of (N x) C x D x H x W to output_size places; a size that is None stays."""
    return ops.adaptive_avg_pool_nd(input, _adaptive_size(input, output_size, 3))
