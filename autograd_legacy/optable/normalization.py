"""Batch normalization."""

from .row import FLOATING, Kernel

ROWS = (
    Kernel(
        signature="batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps)",
        impl="norm.batch_norm",
        doc="(x - mean) * invstd * weight + bias for each channel (dimension 1), invstd = 1 / sqrt(var + eps). In "
        "training mean and var are the batch's, and running = (1 - momentum) * running + momentum * new, the variance "
        "without bias; else the running ones.",
        dtypes=FLOATING,
        outputs="output, mean, invstd",
        constant="mean, invstd",
        grads={
            ("input", "weight", "bias"): "batch_norm_grad(grad_output, input, weight, mean, invstd, training, needs)"
        },
    ),
    Kernel(
        signature="batch_norm_grad(delta, input, weight, mean, invstd, training, needs)",
        impl="norm.batch_norm_grad",
        doc="The gradients of batch_norm's input, weight and bias, where delta is that of its output; None for those "
        "not needed.",
        dtypes=FLOATING,
        outputs="dinput, dweight, dbias",
        grads={
            ("delta", "input", "weight"): "batch_norm_grad_grad(grad_dinput, grad_dweight, grad_dbias, delta, input, "
            "weight, mean, invstd, training)"
        },
    ),
    Kernel(
        signature="batch_norm_grad_grad(gx, gweight, gbias, delta, input, weight, mean, invstd, training)",
        impl="norm.batch_norm_grad_grad",
        doc="The gradients of batch_norm_grad's delta, input and weight, where gx, gweight and gbias (or None) are "
        "those of its results. mean and invstd count as functions of the input.",
        dtypes=FLOATING,
        outputs="to_delta, to_input, to_weight",
    ),
)
