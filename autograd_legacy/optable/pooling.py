"""Pooling over 1 to 3 spatial dimensions of (N x) C x [[D x] H x] W; sizes come as tuples with an entry for each."""

from .row import CONSTANT, FLOATING, Kernel

ROWS = (
    Kernel(
        signature="max_pool_nd(input, kernel_size, stride, padding, dilation, ceil_mode)",
        node=("MaxPool1dBackward", "MaxPool2DBackward", "MaxPool3DBackward"),
        leaves_node=True,
        impl="pool.max_pool_nd",
        doc="The largest of each window, and its place in the plane as one number; a window that has a nan gives nan.",
        dtypes=FLOATING,
        outputs="output, indices",
        constant="indices",
        zero_second=("input", CONSTANT),
        grads=dict(input="scatter_planes(grad_output, indices, input_size, kernel_size.__len__())"),
    ),
    Kernel(
        signature="adaptive_max_pool_nd(input, output_size)",
        node=("AdaptiveMaxPool1dBackward", "AdaptiveMaxPool2dBackward", "AdaptiveMaxPool3dBackward"),
        leaves_node=True,
        impl="pool.adaptive_max_pool_nd",
        doc="Max pooling with window o of a dimension running from floor(o * in / out) to ceil((o + 1) * in / out).",
        dtypes=FLOATING,
        outputs="output, indices",
        constant="indices",
        zero_second=("input", CONSTANT),
        grads=dict(input="scatter_planes(grad_output, indices, input_size, output_size.__len__())"),
    ),
    Kernel(
        signature="scatter_planes(x, indices, sizes, dims)",
        impl="pool.scatter_planes",
        doc="Zeros of the given sizes, to whose planes (the last dims dimensions) x is added where indices say.",
        dtypes=FLOATING,
        grads=dict(x="gather_planes(grad, indices, dims)"),
    ),
    Kernel(
        signature="gather_planes(x, indices, dims)",
        leaves_node=True,
        impl="pool.gather_planes",
        doc="The elements of each plane (the last dims dimensions) of x at the places that indices say.",
        dtypes=FLOATING,
        grads=dict(x="scatter_planes(grad, indices, x_size, dims)"),
    ),
    Kernel(
        signature="max_unpool_nd(input, indices, output_size)",
        impl="pool.max_unpool_nd",
        doc="Zeros of output_size in each plane, with the elements of input put where indices say, the last of several "
        "winning.",
        dtypes=FLOATING,
        grads=dict(input="gather_planes(grad, indices, output_size.__len__())"),
    ),
    Kernel(
        signature="avg_pool_nd(input, kernel_size, stride, padding, ceil_mode, count_include_pad)",
        node=("AvgPool1DBackward", "AvgPool2DBackward", "AvgPool3DBackward"),
        impl="pool.avg_pool_nd",
        doc="The mean of each window; the padding's zeros are part of it where count_include_pad.",
        dtypes=FLOATING,
        zero_second=("input", CONSTANT),
        grads=dict(
            input="avg_pool_nd_grad(grad, input_size, kernel_size, stride, padding, ceil_mode, count_include_pad)"
        ),
    ),
    Kernel(
        signature="avg_pool_nd_grad(delta, sizes, kernel_size, stride, padding, ceil_mode, count_include_pad)",
        impl="pool.avg_pool_nd_grad",
        doc="The gradient of avg_pool_nd's input, whose sizes are given, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="avg_pool_nd(grad, kernel_size, stride, padding, ceil_mode, count_include_pad)"),
    ),
    Kernel(
        signature="adaptive_avg_pool_nd(input, output_size)",
        node=("AdaptiveAvgPool1dBackward", "AdaptiveAvgPool2dBackward", "AdaptiveAvgPool3dBackward"),
        impl="pool.adaptive_avg_pool_nd",
        doc="Mean pooling over the windows of adaptive_max_pool_nd.",
        dtypes=FLOATING,
        zero_second=("input", CONSTANT),
        grads=dict(input="adaptive_avg_pool_nd_grad(grad, output_size, input_size)"),
    ),
    Kernel(
        signature="adaptive_avg_pool_nd_grad(delta, output_size, sizes)",
        impl="pool.adaptive_avg_pool_nd_grad",
        doc="The gradient of adaptive_avg_pool_nd's input, whose sizes are given, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="adaptive_avg_pool_nd(grad, output_size)"),
    ),
)
