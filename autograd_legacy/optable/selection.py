"""A choice between two values by a condition."""

from .row import Kernel

ROWS = (
    Kernel(
        signature="where(condition, x, y)",
        impl="pointwise.where",
        doc="x where condition (of the same type, 0 or not) holds, else y; either may be a number.",
        grads=dict(x="where(condition, grad, 0)", y="where(condition, 0, grad)"),
        out=False,
    ),
)
