"""The negative log-likelihood."""

from .row import FLOATING, VOLATILE, Kernel

ROWS = (
    Kernel(
        signature="nll_loss(input, target, weight, size_average, ignore_index, reduce)",
        impl="loss.nll_loss",
        doc="-weight[t] * input[n][t][...] where t = target[n][...], a class; 0 where t is ignore_index. weight may be "
        "None. With reduce the sum, or with size_average the sum over that of the weights.",
        dtypes=FLOATING,
        zero_second=("input", VOLATILE),
        grads=dict(input="nll_loss_grad(grad, input_size, target, weight, size_average, ignore_index, reduce)"),
    ),
    Kernel(
        signature="nll_loss_grad(delta, size, target, weight, size_average, ignore_index, reduce)",
        impl="loss.nll_loss_grad",
        doc="The gradient of nll_loss's input, of the given size, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="nll_loss(grad, target, weight, size_average, ignore_index, reduce)"),
    ),
)
