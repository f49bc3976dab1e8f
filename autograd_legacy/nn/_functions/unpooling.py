"""Unpooling, and max pooling over windows of random places."""

from __future__ import annotations

import numpy

from ..._core import ops
from ...autograd import Function, Variable
from .._tensors import torch
from .sizes import Ints, per_dim


def _unpool_output_size(input: Variable, kernel_size: tuple, stride: tuple, padding: tuple, output_size) -> tuple:
    """The size that was pooled: the smallest that fits, or output_size if it is less than a stride away from that."""
    dims = len(kernel_size)
    default = tuple(
        (size - 1) * s + k - 2 * p
        for size, k, s, p in zip(input.size()[-dims:], kernel_size, stride, padding, strict=True)
    )
    if output_size is None:
        return default
    output_size = tuple(output_size)
    if len(output_size) == dims + 2:
        output_size = output_size[2:]
    if len(output_size) != dims:
        raise ValueError(
            f"output_size should be a sequence containing {dims} or {dims + 2} elements, but it has a length of "
            f"'{len(output_size)}'"
        )
    for d, (size, middle, s) in enumerate(zip(output_size, default, stride, strict=True)):
        if not middle - s < size < middle + s:
            raise ValueError(
                f'invalid output_size "{list(output_size)}" (dim {d} must be between {middle - s} and {middle + s})'
            )
    return output_size


def _max_unpool(dims: int):
    def max_unpool(
        input: Variable,
        indices: Variable,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        output_size=None,
    ) -> Variable:
        if stride is None:
            raise TypeError(f"max_unpool{dims}d wants the stride of the pooling, got None")
        kernel_size = per_dim(kernel_size, dims, "kernel_size")
        stride = per_dim(stride, dims, "stride")
        padding = per_dim(padding, dims, "padding")
        if indices.data.type().rpartition(".")[2] != "LongTensor":
            raise RuntimeError(f"max_unpool{dims}d: the indices must be a LongTensor, not {indices.data.type()}")
        if input.size() != indices.size():
            raise RuntimeError(
                f"input and indices shapes do not match: input {list(input.size())}, indices {list(indices.size())}"
            )
        size = _unpool_output_size(input, kernel_size, stride, padding, output_size)
        return ops.max_unpool_nd(input, indices, size)

    max_unpool.__name__ = max_unpool.__qualname__ = f"max_unpool{dims}d"
    max_unpool.__doc__ = f"""Put each element of `input` where max_pool{dims}d found it, zeros elsewhere.

    `indices` are those that the pooling returned, with the same kernel_size, stride and padding. Several sizes pool to
    one: output_size says which; without it the smallest is meant.
    """
    return max_unpool


max_unpool1d, max_unpool2d, max_unpool3d = (_max_unpool(dims) for dims in (1, 2, 3))


def _window_starts(samples: numpy.ndarray, size: int, outputs: int, kernel: int) -> numpy.ndarray:
    """Where the windows begin, for each sample u of [0, 1): floor((i + u) * a) - floor(u * a), the last at the end.

    a is (size - kernel) / (outputs - 1), so that the windows fill the dimension.
    """
    starts = numpy.empty((*samples.shape, outputs), numpy.int64)
    if outputs > 1:
        alpha = samples.dtype.type((size - kernel) / (outputs - 1))
        places = numpy.arange(outputs - 1, dtype=samples.dtype)
        u = samples[..., None]
        starts[..., :-1] = ((places + u) * alpha).astype(numpy.int64) - (u * alpha).astype(numpy.int64)
    starts[..., -1] = size - kernel
    return starts


class FractionalMaxPool2d(Function):
    """What stands at one place of a plane for each output, and these places: both are results of one node."""

    @staticmethod
    def forward(ctx, input, indices) -> tuple:
        """(elements, indices), for indices of the output's size into planes whose H and W are counted as one."""
        ctx.size, ctx.indices = input.size(), indices
        ctx.mark_non_differentiable(indices)
        return ops.gather_planes(input, indices, 2), indices

    @staticmethod
    def backward(ctx, grad: Variable, _) -> tuple:
        return ops.scatter_planes(grad, Variable(ctx.indices), ctx.size, 2), None


def fractional_max_pool2d(input: Variable, samples, kernel_size: tuple, output_size: tuple):
    """The largest of each of output_size windows of (N x) C x H x W, and its place in the plane.

    samples: a tensor of size N x C x 2 with numbers from [0, 1), which say where the windows of each plane lie.
    RuntimeError where the windows do not fit.
    """
    batched = input if input.dim() == 4 else input.unsqueeze(0)
    n, c, height, width = batched.size()
    for name, size, kernel, outputs in zip(("height", "width"), (height, width), kernel_size, output_size, strict=True):
        if outputs + kernel - 1 > size:
            raise RuntimeError(f"pool size ({kernel}) too large relative to input {name} ({size})")
    u = samples.numpy()
    columns, rows = (
        _window_starts(u[:n, :c, k], size, outputs, kernel)[..., None] + numpy.arange(kernel)
        for k, size, outputs, kernel in (
            (0, width, output_size[1], kernel_size[1]),
            (1, height, output_size[0], kernel_size[0]),
        )
    )
    flat = rows[:, :, :, None, :, None] * width + columns[:, :, None, :, None, :]
    flat = numpy.broadcast_to(flat, (n, c, *output_size, *kernel_size)).reshape(
        n, c, -1, kernel_size[0] * kernel_size[1]
    )
    planes = batched.data.contiguous().view(n, c, -1).numpy()
    windows = numpy.take_along_axis(planes, flat.reshape(n, c, -1), 2).reshape(flat.shape)
    places = numpy.take_along_axis(flat, windows.argmax(3)[..., None], 3)
    indices = torch.from_numpy(places.reshape(*input.size()[:-2], *output_size))
    return FractionalMaxPool2d.apply(input, indices)
