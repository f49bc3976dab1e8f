"""Convolution over 1 to 3 spatial dimensions, and its transpose.

The gradients of conv_nd, conv_input_grad and conv_weight_grad are one another, so they can be differentiated to any
order.
"""

from .row import FLOATING, Kernel

GEOMETRY = "stride, padding, dilation, transposed, output_padding, groups"

ROWS = (
    Kernel(
        signature=f"conv_nd(input, weight, bias, {GEOMETRY})",
        impl="conv.conv_nd",
        doc="Slide weight over input, sum the products and add bias (or None): N x in x [[D x] H x] W by "
        "out x in / groups x kernel. Transposed: spread each element of input with weight "
        "(in x out / groups x kernel), the gradient of a convolution's input.",
        dtypes=FLOATING,
        grads=dict(
            input=f"conv_input_grad(grad, weight, input_size, {GEOMETRY})",
            weight=f"conv_weight_grad(grad, input, weight_size, {GEOMETRY})",
            bias="channel_sum(grad)",
        ),
        node="ConvNdBackward",
    ),
    Kernel(
        signature=f"conv_input_grad(delta, weight, size, {GEOMETRY})",
        impl="conv.conv_input_grad",
        doc="The gradient of conv_nd's input, of the given size, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(
            delta=f"conv_nd(grad, weight, None, {GEOMETRY})",
            weight=f"conv_weight_grad(delta, grad, weight_size, {GEOMETRY})",
        ),
    ),
    Kernel(
        signature=f"conv_weight_grad(delta, input, size, {GEOMETRY})",
        impl="conv.conv_weight_grad",
        doc="The gradient of conv_nd's weight, of the given size, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(
            delta=f"conv_nd(input, grad, None, {GEOMETRY})",
            input=f"conv_input_grad(delta, grad, input_size, {GEOMETRY})",
        ),
    ),
    Kernel(
        signature="channel_sum(x)",
        impl="conv.channel_sum",
        doc="out[c] = the sum of x[n][c][...] over all dimensions but the channels' (1).",
        dtypes=FLOATING,
        grads=dict(x="channel_fill(grad, x_size)"),
    ),
    Kernel(
        signature="channel_fill(values, size)",
        impl="conv.channel_fill",
        doc="out[n][c][...] = values[c], of the given size.",
        dtypes=FLOATING,
        grads=dict(values="channel_sum(grad)"),
    ),
)
