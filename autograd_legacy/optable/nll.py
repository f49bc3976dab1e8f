"""The negative log-likelihood, alone and of a softmax."""

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
    Kernel(
        signature="cross_entropy(input, target, weight, size_average, ignore_index, reduce)",
        impl="loss.cross_entropy",
        doc="nll_loss of log_softmax(input, 1) for an input N x C, whose logarithms are never written down; and for "
        "each row its largest element and log(sum(exp(x - largest))).",
        dtypes=FLOATING,
        outputs="output, sums",
        constant="sums",
        grads=dict(
            input="softmax_less_target(grad_output, input, sums, target, weight, size_average, ignore_index, reduce)"
        ),
    ),
    Kernel(
        signature="cross_entropy_grad(delta, input, sums, target, weight, size_average, ignore_index, reduce)",
        impl="loss.cross_entropy_grad",
        doc="The gradient of cross_entropy's input, where delta is that of its output.",
        dtypes=FLOATING,
    ),
)
