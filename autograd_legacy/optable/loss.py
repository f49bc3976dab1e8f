"""Pointwise losses, before they are summed or averaged. x is the prediction, y the target."""

from .row import CONSTANT, FLOATING, VOLATILE, Op


def loss(signature, value, doc, **row):
    return Op(signature=signature, value=value, doc=doc, dtypes=FLOATING, **row)


ROWS = (
    loss(
        "mse_loss(x, y)",
        "(x - y) * (x - y)",
        "The squared difference.",
        grads=dict(x="grad * 2 * (x - y)", y="grad * 2 * (y - x)"),
    ),
    loss(
        "l1_loss(x, y)",
        "abs(x - y)",
        "The absolute difference; its slope where x equals y is 1.",
        zero_second=("x", VOLATILE),
        grads=dict(x="where(x < y, -grad, grad)", y="where(x < y, grad, -grad)"),
    ),
    loss(
        "smooth_l1_loss(x, y)",
        "where(abs(x - y) < 1, 0.5 * (x - y) * (x - y), abs(x - y) - 0.5)",
        "Half the squared difference where it is below 1, else the absolute difference less 0.5.",
        grads=dict(x="where(x - y < -1, -grad, where(x - y > 1, grad, grad * (x - y)))"),
    ),
    loss(
        "kl_div(x, y)",
        "where(y > 0, y * (log(y) - x), 0)",
        "y * (log(y) - x), where x is the logarithm of a probability; 0 where y is not positive.",
        zero_second=("x", VOLATILE),
        grads=dict(x="where(y > 0, -grad * y, 0)"),
    ),
    # 1e-12 bounds the loss of a certain mistake by 27.6.
    loss(
        "binary_cross_entropy(x, y)",
        "-(log(x + 1e-12) * y + log(1 - x + 1e-12) * (1 - y))",
        "-(y * log(x) + (1 - y) * log(1 - x)) for a probability x.",
        grads=dict(x="grad * (x - y) / ((1 - x + 1e-12) * (x + 1e-12))"),
        sample=(0.1, 0.9),
    ),
    loss(
        "binary_cross_entropy_with_logits(x, y)",
        "x - x * y + where(x > 0, 0, -x) + log1p(exp(-abs(x)))",
        "The binary cross entropy of sigmoid(x), computed so that nothing overflows.",
        grads=dict(x="grad * (sigmoid(x) - y)", y="-grad * x"),
    ),
    loss(
        "soft_margin_loss(x, y)",
        "where(x * y > 0, 0, -x * y) + log1p(exp(-abs(x * y)))",
        "log(1 + exp(-x * y)) for a label y of 1 or -1.",
        grads=dict(x="-grad * y * sigmoid(-x * y)"),
    ),
    loss(
        "hinge_embedding_loss(x, y, margin)",
        "where(y == -1, 0, x) + where(y == 1 or x >= margin, 0, margin - x)",
        "x where the label y is 1, the part of margin that x leaves open where it is -1.",
        zero_second=("x", CONSTANT),
        grads=dict(x="where(y == -1, 0, grad) - where(y == 1 or x >= margin, 0, grad)"),
    ),
    loss(
        "margin_ranking_loss(a, b, y, margin)",
        "where((a - b) * y < margin, margin - (a - b) * y, 0)",
        "What (a - b) * y lacks to the margin, for a label y of 1 where a should be larger and -1 where b should.",
        grads=dict(
            a="where((a - b) * y < margin, -grad * y, 0)",
            b="where((a - b) * y < margin, grad * y, 0)",
        ),
    ),
)
