"""Pooling layers."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .._functions.unpooling import fractional_max_pool2d
from .module import Module
from .utils import _pair, _single, _triple


class _MaxPool(Module):
    """The largest of each window, of the size kernel_size, `stride` apart (the kernel's size by default).

    With return_indices also its place.
    """

    def __init__(
        self, kernel_size, stride=None, padding=0, dilation=1, return_indices: bool = False, ceil_mode: bool = False
    ):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def _pool(self, function, input: Variable):
        return function(
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
            self.return_indices,
        )

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode})"
        )


class MaxPool1d(_MaxPool):
    """Max pooling of N x C x L."""

    def forward(self, input: Variable):
        return self._pool(F.max_pool1d, input)


class MaxPool2d(_MaxPool):
    """Max pooling of (N x) C x H x W."""

    def forward(self, input: Variable):
        return self._pool(F.max_pool2d, input)

    def __repr__(self) -> str:
        padding = "" if _pair(self.padding) == (0, 0) else f"padding={_pair(self.padding)}, "
        return (
            f"{type(self).__name__}(kernel_size={_pair(self.kernel_size)}, stride={_pair(self.stride)}, {padding}"
            f"dilation={_pair(self.dilation)}, ceil_mode={self.ceil_mode})"
        )


class MaxPool3d(_MaxPool):
    """Max pooling of (N x) C x D x H x W."""

    def forward(self, input: Variable):
        return self._pool(F.max_pool3d, input)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        for name, default in (("padding", 0), ("dilation", 1), ("return_indices", False), ("ceil_mode", False)):
            self.__dict__.setdefault(name, default)  # older files lack them


class _MaxUnpool(Module):
    """The inverse of max pooling: each value at the place that the pooling's indices tell, zeros elsewhere."""

    def __init__(self, each, kernel_size, stride, padding):
        super().__init__()
        self.kernel_size = each(kernel_size)
        self.stride = each(stride or kernel_size)
        self.padding = each(padding)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding})"


class MaxUnpool1d(_MaxUnpool):
    """Unpooling of N x C x L."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(_single, kernel_size, stride, padding)

    def forward(self, input: Variable, indices: Variable, output_size=None) -> Variable:
        return F.max_unpool1d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool2d(_MaxUnpool):
    """Unpooling of (N x) C x H x W."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(_pair, kernel_size, stride, padding)

    def forward(self, input: Variable, indices: Variable, output_size=None) -> Variable:
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class MaxUnpool3d(_MaxUnpool):
    """Unpooling of (N x) C x D x H x W."""

    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__(_triple, kernel_size, stride, padding)

    def forward(self, input: Variable, indices: Variable, output_size=None) -> Variable:
        return F.max_unpool3d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


class _AvgPool(Module):
    """The mean of each window, of the size kernel_size, `stride` apart (the kernel's size by default)."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode: bool = False, count_include_pad: bool = True):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def _pool(self, function, input: Variable) -> Variable:
        return function(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"ceil_mode={self.ceil_mode}, count_include_pad={self.count_include_pad})"
        )


class AvgPool1d(_AvgPool):
    """Average pooling of N x C x L."""

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode: bool = False, count_include_pad: bool = True):
        stride = _single(kernel_size if stride is None else stride)
        super().__init__(_single(kernel_size), stride, _single(padding), ceil_mode, count_include_pad)

    def forward(self, input: Variable) -> Variable:
        return self._pool(F.avg_pool1d, input)


class AvgPool2d(_AvgPool):
    """Average pooling of (N x) C x H x W."""

    def forward(self, input: Variable) -> Variable:
        return self._pool(F.avg_pool2d, input)


class AvgPool3d(_AvgPool):
    """Average pooling of (N x) C x D x H x W."""

    def forward(self, input: Variable) -> Variable:
        return self._pool(F.avg_pool3d, input)

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        for name, default in (("padding", 0), ("ceil_mode", False), ("count_include_pad", True)):
            self.__dict__.setdefault(name, default)  # older files lack them


class FractionalMaxPool2d(Module):
    """Max pooling of N x C x H x W over windows of random places.

    The result has an output_size, or output_ratio times the input's size.

    _random_samples: a tensor N x C x 2 of numbers from [0, 1) that says where the windows lie; else they are drawn.
    """

    def __init__(
        self, kernel_size, output_size=None, output_ratio=None, return_indices: bool = False, _random_samples=None
    ):
        super().__init__()
        self.kh, self.kw = _pair(kernel_size)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        if (output_size is None) == (output_ratio is None):
            raise AssertionError("FractionalMaxPool2d wants either output_size or output_ratio")
        if output_size is not None:
            self.outh, self.outw = _pair(output_size)
            self.rh = self.rw = None
        else:
            self.outh = self.outw = None
            self.rh, self.rw = _pair(output_ratio)
            if not (0 < self.rh < 1 and 0 < self.rw < 1):
                raise AssertionError(f"output_ratio must be between 0 and 1, got {output_ratio}")

    def forward(self, input: Variable):
        height, width = input.size()[-2:]
        size = (self.outh, self.outw) if self.rh is None else (int(height * self.rh), int(width * self.rw))
        samples = self._random_samples
        if samples is None:
            planes = (1, *input.size()[:-2])[-2:]
            samples = input.data.new(*planes, 2).uniform_()
        # 0.3.1 took the first number of a kernel's pair as its width, whatever the names
        result = fractional_max_pool2d(input, samples, (self.kw, self.kh), size)
        return result if self.return_indices else result[0]


class LPPool1d(Module):
    """The norm_type-norm of each window of N x C x L."""

    def __init__(self, norm_type: float, kernel_size: int, stride=None, ceil_mode: bool = False):
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, input: Variable) -> Variable:
        return F.lp_pool1d(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.norm_type}, {self.kernel_size}, stride={self.stride}, "
            f"ceil_mode={self.ceil_mode})"
        )


class LPPool2d(LPPool1d):
    """The norm_type-norm of each window of N x C x H x W."""

    def forward(self, input: Variable) -> Variable:
        return F.lp_pool2d(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)


class _AdaptiveMaxPool(Module):
    """Max pooling to output_size places, whatever the input's size.

    With return_indices also where the values were found.
    """

    def __init__(self, output_size, return_indices: bool = False):
        super().__init__()
        self.output_size = output_size
        self.return_indices = return_indices

    def __repr__(self) -> str:
        return f"{type(self).__name__}(output_size={self.output_size})"


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """Adaptive max pooling of N x C x L."""

    def forward(self, input: Variable):
        return F.adaptive_max_pool1d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """Adaptive max pooling of (N x) C x H x W."""

    def forward(self, input: Variable):
        return F.adaptive_max_pool2d(input, self.output_size, self.return_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """Adaptive max pooling of (N x) C x D x H x W."""

    def forward(self, input: Variable):
        return F.adaptive_max_pool3d(input, self.output_size, self.return_indices)


class _AdaptiveAvgPool(Module):
    """Average pooling to output_size places, whatever the input's size."""

    def __init__(self, output_size):
        super().__init__()
        self.output_size = output_size

    def __repr__(self) -> str:
        return f"{type(self).__name__}(output_size={self.output_size})"


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Adaptive average pooling of N x C x L."""

    def forward(self, input: Variable) -> Variable:
        return F.adaptive_avg_pool1d(input, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """Adaptive average pooling of (N x) C x H x W."""

    def forward(self, input: Variable) -> Variable:
        return F.adaptive_avg_pool2d(input, self.output_size)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """Adaptive average pooling of (N x) C x D x H x W."""

    def forward(self, input: Variable) -> Variable:
        return F.adaptive_avg_pool3d(input, self.output_size)
