"""Convolution layers."""

from __future__ import annotations

from functools import reduce
from operator import mul

from ...autograd import Variable
from .. import functional as F
from .._tensors import new_tensor
from ..parameter import Parameter
from .module import Module
from .utils import _ntuple


class _ConvNd(Module):
    """What the convolutions share. The subclasses say how many dimensions they slide over."""

    dims: int

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size,
        stride,
        padding,
        dilation,
        transposed: bool,
        output_padding,
        groups: int,
        bias: bool,
    ):
        super().__init__()
        if in_channels % groups:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups:
            raise ValueError("out_channels must be divisible by groups")
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        first, second = (in_channels, out_channels) if transposed else (out_channels, in_channels)
        self.weight = Parameter(new_tensor(first, second // groups, *kernel_size))
        if bias:
            self.bias = Parameter(new_tensor(out_channels))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew, uniform in +-1 / sqrt(in_channels * places of the kernel)."""
        bound = reduce(mul, self.kernel_size, self.in_channels) ** -0.5
        self.weight.data.uniform_(-bound, bound)
        if self.bias is not None:
            self.bias.data.uniform_(-bound, bound)

    def __repr__(self) -> str:
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        dims = len(self.kernel_size)
        for name, default in (("padding", (0,) * dims), ("dilation", (1,) * dims), ("output_padding", (0,) * dims)):
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        return f"{type(self).__name__}({text})"


class _Conv(_ConvNd):
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups: int = 1,
        bias: bool = True,
    ):
        each = _ntuple(self.dims)
        super().__init__(
            in_channels,
            out_channels,
            each(kernel_size),
            each(stride),
            each(padding),
            each(dilation),
            False,
            each(0),
            groups,
            bias,
        )


class Conv1d(_Conv):
    """Convolution of N x C x L; weight: out x in / groups x kernel. See nn.functional.conv1d."""

    dims = 1

    def forward(self, input: Variable) -> Variable:
        return F.conv1d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Convolution of N x C x H x W; weight: out x in / groups x kernel. See nn.functional.conv2d."""

    dims = 2

    def forward(self, input: Variable) -> Variable:
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv3d(_Conv):
    """Convolution of N x C x D x H x W; weight: out x in / groups x kernel. See nn.functional.conv3d."""

    dims = 3

    def forward(self, input: Variable) -> Variable:
        return F.conv3d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class _ConvTransposeMixin:
    """What the transposed convolutions share: several sizes convolve to one, and output_size says which is meant."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups: int = 1,
        bias: bool = True,
        dilation=1,
    ):
        each = _ntuple(self.dims)
        super().__init__(
            in_channels,
            out_channels,
            each(kernel_size),
            each(stride),
            each(padding),
            each(dilation),
            True,
            each(output_padding),
            groups,
            bias,
        )

    def forward(self, input: Variable, output_size=None) -> Variable:
        convolve = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self.dims - 1]
        output_padding = self._output_padding(input, output_size)
        return convolve(
            input, self.weight, self.bias, self.stride, self.padding, output_padding, self.groups, self.dilation
        )

    def _output_padding(self, input: Variable, output_size) -> tuple:
        """What is added to the smallest output size to make output_size; ValueError where that is not possible."""
        if output_size is None:
            return self.output_padding
        output_size = list(output_size)
        dims = input.dim() - 2
        if len(output_size) == dims + 2:
            output_size = output_size[2:]
        if len(output_size) != dims:
            raise ValueError(f"output_size must have {dims} or {dims + 2} elements (got {len(output_size)})")
        smallest = [
            (size - 1) * self.stride[d] - 2 * self.padding[d] + self.kernel_size[d]
            for d, size in enumerate(input.size()[2:])
        ]
        largest = [low + self.stride[d] - 1 for d, low in enumerate(smallest)]
        if not all(low <= size <= high for low, size, high in zip(smallest, output_size, largest, strict=True)):
            raise ValueError(
                f"requested an output size of {output_size}, but valid sizes range from {smallest} to {largest} "
                f"(for an input of {input.size()[2:]})"
            )
        return tuple(size - low for size, low in zip(output_size, smallest, strict=True))


class ConvTranspose1d(_ConvTransposeMixin, _ConvNd):
    """Transposed convolution of N x C x L; weight: in x out / groups x kernel. See nn.functional.conv_transpose1d."""

    dims = 1


class ConvTranspose2d(_ConvTransposeMixin, _ConvNd):
    """Transposed convolution of N x C x H x W; weight: in x out / groups x kernel.

    See nn.functional.conv_transpose2d.
    """

    dims = 2


class ConvTranspose3d(_ConvTransposeMixin, _ConvNd):
    """Transposed convolution of N x C x D x H x W; weight: in x out / groups x kernel.

    See nn.functional.conv_transpose3d.
    """

    dims = 3
