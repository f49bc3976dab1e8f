"""Activations: pointwise, of real numbers only."""

from .row import FLOATING, VOLATILE, Op


def activation(signature, value, doc, **row):
    return Op(signature=signature, value=value, doc=doc, dtypes=FLOATING, **row)


SCALE, SCALE_ALPHA = 1.0507009873554805, 1.7580993408473766  # of SELU: the fixed point of mean 0 and variance 1

ROWS = (
    activation(
        "threshold(x, threshold, value)",
        "where(x > threshold, x, value)",
        "x where above threshold, else value.",
        inplace=True,
        gives_another=True,
        zero_second=("x", VOLATILE),
        grads=dict(x="where(x > threshold, grad, 0)"),
    ),
    # In place: its gradient asks the result alone, so that x need not be kept.
    activation(
        "relu(x)",
        "where(x > 0, x, 0)",
        "x where positive, else 0.",
        inplace=True,
        gives_another=True,
        node="ThresholdBackward",
        zero_second=("x", VOLATILE),
        grads=dict(x="where(out > 0, grad, 0)"),
    ),
    activation(
        "hardtanh(x, low, high)",
        "where(x < low, low, where(x <= high, x, high))",
        "x kept between low and high; nan becomes high.",
        inplace=True,
        gives_another=True,
        zero_second=("x", VOLATILE),
        grads=dict(x="where(x <= low or x >= high, 0, grad)"),
    ),
    activation(
        "elu(x, alpha)",
        "where(x <= 0, alpha * (exp(x) - 1), x)",
        "x where positive, else alpha * (exp(x) - 1).",
        inplace=True,
        gives_another=True,
        grads=dict(x="where(out <= 0, grad * (out + alpha), grad)"),
    ),
    activation(
        "selu(x)",
        f"{SCALE} * where(x <= 0, {SCALE_ALPHA / SCALE} * (exp(x) - 1), x)",
        "elu scaled so that layers keep mean 0 and variance 1.",
        inplace=True,
        node="SELUBackward",
        leaves_node=True,
        grads=dict(x=f"where(x <= 0, grad * (out + {SCALE_ALPHA}), grad * {SCALE})"),
    ),
    activation(
        "leaky_relu(x, slope)",
        "where(x > 0, x, x * slope)",
        "x where positive, else slope * x.",
        inplace=True,
        gives_another=True,
        zero_second=("x", VOLATILE),
        grads=dict(x="where(x > 0, grad, grad * slope)"),
    ),
    activation(
        "rrelu(x, noise)",
        "where(x <= 0, x * noise, x)",
        "x where positive, else x times its slope; noise holds the slopes, and 1 where x is positive.",
        sample=(-2.0, -0.1),  # noise is 1 where x is positive, which draws of it know nothing of
        inplace=True,
        gives_another=True,
        grads=dict(x="grad * noise"),
    ),
    activation(
        "prelu(x, weight)",
        "where(x > 0, x, weight * x)",
        "x where positive, else weight * x.",
        node="PReLUBackward",
        grads=dict(x="where(x > 0, grad, grad * weight)", weight="where(x <= 0, grad * x, 0)"),
    ),
    # The larger of 0 and -x is factored out, so that neither exponential overflows.
    activation(
        "log_sigmoid(x)",
        "-(where(x > 0, 0, -x) + log(exp(-where(x > 0, 0, -x)) + exp(-x - where(x > 0, 0, -x))))",
        "-log(1 + exp(-x)).",
        grads=dict(
            x="grad * exp(-x - where(x > 0, 0, -x)) / (exp(-where(x > 0, 0, -x)) + exp(-x - where(x > 0, 0, -x)))"
        ),
    ),
    # The gradient asks for the linear branch by the value, not by x, as 0.3.1 did.
    activation(
        "softplus(x, beta, threshold)",
        "where(x * beta > threshold, x, log1p(exp(x * beta)) / beta)",
        "log(1 + exp(beta * x)) / beta, and x itself where beta * x is above threshold.",
        sample=(-2.0, -0.5),  # 0.3.1's gradient changes its branch elsewhere than the value: stay beside both
        grads=dict(x="where(out * beta > threshold, grad, grad * (1 - exp(-out * beta)))"),
    ),
    activation(
        "softshrink(x, lambd)",
        "where(x > lambd, x - lambd, where(x < -lambd, x + lambd, 0))",
        "x moved towards 0 by lambd, 0 where it is nearer.",
        zero_second=("x", VOLATILE),
        grads=dict(x="where(x > lambd or x < -lambd, grad, 0)"),
    ),
    activation(
        "hardshrink(x, lambd)",
        "where(x > lambd or x < -lambd, x, 0)",
        "x where its absolute value is above lambd, else 0.",
        zero_second=("x", VOLATILE),
        grads=dict(x="where(x > lambd or x < -lambd, grad, 0)"),
    ),
    activation(
        "glu(x, gate)",
        "x * sigmoid(gate)",
        "x times the sigmoid of the gate.",
        grads=dict(x="grad * sigmoid(gate)", gate="grad * x * sigmoid(gate) * (1 - sigmoid(gate))"),
    ),
    activation(
        "dropout(x, noise)",
        "x * noise",
        "x times the noise, which holds 0 or 1 / (1 - p).",
        inplace=True,
        leaves_node=True,
        grads=dict(x="grad * noise"),
    ),
    activation(
        "feature_dropout(x, noise)",
        "x * noise",
        "x times the noise of its channel, which is 0 or 1 / (1 - p).",
        inplace=True,
        leaves_node=True,
        grads=dict(x="grad * noise"),
    ),
)
