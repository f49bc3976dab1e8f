"""Convolutions of one to three dimensions, and their transposes."""

from __future__ import annotations

from ..._core import ops
from ...autograd import Variable
from .sizes import Ints, per_dim


def _convolve(dims, input, weight, bias, stride, padding, dilation, transposed, output_padding, groups) -> Variable:
    if input.dim() != dims + 2:
        raise ValueError(f"Expected {dims + 2}D tensor as input, got {input.dim()}D tensor instead.")
    return ops.conv_nd(
        input,
        weight,
        bias,
        per_dim(stride, dims, "stride"),
        per_dim(padding, dims, "padding"),
        per_dim(dilation, dims, "dilation"),
        transposed,
        per_dim(output_padding, dims, "output_padding"),
        groups,
    )


def _convolution(dims: int):
    def convolution(
        input: Variable,
        weight: Variable,
        bias: Variable | None = None,
        stride: Ints = 1,
        padding: Ints = 0,
        dilation: Ints = 1,
        groups: int = 1,
    ) -> Variable:
        return _convolve(dims, input, weight, bias, stride, padding, dilation, False, 0, groups)

    places = "".join(f" x {axis}" for axis in "DHW"[3 - dims :])
    convolution.__name__ = convolution.__qualname__ = f"conv{dims}d"
    convolution.__doc__ = f"""Slide `weight` over `input`, sum the products and add `bias`.

    input: N x in{places}, weight: out x in / groups{places}, bias: out. Along each dimension the output has
    (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1 places. stride, padding and dilation are a number,
    or one for each dimension. The channels are dealt to `groups` convolutions side by side.
    ValueError for an input of other than {dims + 2} dimensions, RuntimeError where the channels do not fit.
    """
    return convolution


def _transposed_convolution(dims: int):
    def convolution(
        input: Variable,
        weight: Variable,
        bias: Variable | None = None,
        stride: Ints = 1,
        padding: Ints = 0,
        output_padding: Ints = 0,
        groups: int = 1,
        dilation: Ints = 1,
    ) -> Variable:
        return _convolve(dims, input, weight, bias, stride, padding, dilation, True, output_padding, groups)

    places = "".join(f" x {axis}" for axis in "DHW"[3 - dims :])
    convolution.__name__ = convolution.__qualname__ = f"conv_transpose{dims}d"
    convolution.__doc__ = f"""The transpose of conv{dims}d: every element of `input` spreads out by `weight`.

    input: N x in{places}, weight: in x out / groups{places}, bias: out. Along each dimension the output has
    (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 + output_padding places.
    """
    return convolution


conv1d, conv2d, conv3d = (_convolution(dims) for dims in (1, 2, 3))
conv_transpose1d, conv_transpose2d, conv_transpose3d = (_transposed_convolution(dims) for dims in (1, 2, 3))
