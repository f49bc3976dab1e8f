"""A choice between two values."""

from .row import Op

ROWS = (
    Op(
        signature="choose(condition, x, y)",
        value="where(condition != 0, x, y)",
        doc="x where condition is not 0, else y.",
        grads=dict(x="where(condition != 0, grad, 0)", y="where(condition != 0, 0, grad)"),
    ),
)
