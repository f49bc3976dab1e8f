"""Padding. The amounts come in pairs, before and after, the last dimension's first."""

from .row import CONSTANT, EVERY, FLOATING, Kernel

ROWS = (
    Kernel(
        signature="pad_constant(input, pads, value)",
        node="ConstantPadNdBackward",
        leaves_node=True,
        impl="pad.pad_constant",
        doc="The input with `value` around it; where an amount is negative, so many places are taken away.",
        dtypes=EVERY,
        grads=dict(input="pad_constant(grad, [-amount for amount in pads], 0)"),
    ),
    Kernel(
        signature="pad_reflect(input, pads)",
        leaves_node=True,
        impl="pad.pad_reflect",
        doc="The input mirrored around its edges, which are not repeated.",
        dtypes=FLOATING,
        zero_second=("input", CONSTANT),
        grads=dict(input="pad_reflect_grad(grad, input_size, pads)"),
    ),
    Kernel(
        signature="pad_reflect_grad(delta, sizes, pads)",
        impl="pad.pad_reflect_grad",
        doc="The gradient of pad_reflect's input, whose sizes are given, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="pad_reflect(grad, pads)"),
    ),
    Kernel(
        signature="pad_replicate(input, pads)",
        leaves_node=True,
        impl="pad.pad_replicate",
        doc="The input with its edges repeated.",
        dtypes=FLOATING,
        zero_second=("input", CONSTANT),
        grads=dict(input="pad_replicate_grad(grad, input_size, pads)"),
    ),
    Kernel(
        signature="pad_replicate_grad(delta, sizes, pads)",
        impl="pad.pad_replicate_grad",
        doc="The gradient of pad_replicate's input, whose sizes are given, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="pad_replicate(grad, pads)"),
    ),
)
