"""Softmax and its logarithm."""

from .row import FLOATING, Kernel

ROWS = (
    Kernel(
        signature="softmax(x, dim)",
        impl="softmax.softmax",
        doc="exp(x) / sum(exp(x)), the sum along dim.",
        dtypes=FLOATING,
        grads=dict(x="softmax_grad(grad, out, dim)"),
    ),
    Kernel(
        signature="softmax_grad(delta, y, dim)",
        impl="softmax.softmax_grad",
        doc="y * (delta - sum(delta * y)), the sum along dim: the gradient of y = softmax(x), delta that of y.",
        dtypes=FLOATING,
        grads=dict(
            delta="softmax_grad(grad, y, dim)",
            y="grad * (delta - (delta * y).sum(dim, True)) - delta * (grad * y).sum(dim, True)",
        ),
    ),
    Kernel(
        signature="log_softmax(x, dim)",
        impl="softmax.log_softmax",
        doc="x - log(sum(exp(x))), the sum along dim; safe for large x.",
        dtypes=FLOATING,
        grads=dict(x="log_softmax_grad(grad, out, dim)"),
    ),
    Kernel(
        signature="log_softmax_grad(delta, y, dim)",
        impl="softmax.log_softmax_grad",
        doc="delta - exp(y) * sum(delta), the sum along dim: the gradient of y = log_softmax(x), delta that of y.",
        dtypes=FLOATING,
        grads=dict(
            delta="grad - (grad * y.exp()).sum(dim, True)",
            y="-(grad * y.exp() * delta.sum(dim, True))",
        ),
    ),
)
