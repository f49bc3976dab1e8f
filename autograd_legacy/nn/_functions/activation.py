"""Activations. With inplace=True the input's memory is overwritten."""

from __future__ import annotations

import warnings

from ..._core import ops
from ...autograd import Variable
from .._tensors import check_variable, torch


def threshold(input: Variable, threshold: float, value: float, inplace: bool = False) -> Variable:
    """x where x > threshold, else value."""
    check_variable(input, "threshold")
    return (ops.threshold_ if inplace else ops.threshold)(input, threshold, value)


def relu(input: Variable, inplace: bool = False) -> Variable:
    """max(x, 0)."""
    if inplace:
        check_variable(input, "relu")
        return ops.relu_(input)
    return threshold(input, 0, 0)


def hardtanh(input: Variable, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Variable:
    """x kept between min_val and max_val; the gradient is 0 at the bounds."""
    check_variable(input, "hardtanh")
    return (ops.hardtanh_ if inplace else ops.hardtanh)(input, min_val, max_val)


def relu6(input: Variable, inplace: bool = False) -> Variable:
    """min(max(x, 0), 6)."""
    return hardtanh(input, 0, 6, inplace)


def elu(input: Variable, alpha: float = 1.0, inplace: bool = False) -> Variable:
    """x where positive, else alpha * (exp(x) - 1)."""
    check_variable(input, "elu")
    return (ops.elu_ if inplace else ops.elu)(input, alpha)


def selu(input: Variable, inplace: bool = False) -> Variable:
    """1.0507 * (x where positive, else 1.67326 * (exp(x) - 1))."""
    return (ops.selu_ if inplace else ops.selu)(input)


def leaky_relu(input: Variable, negative_slope: float = 0.01, inplace: bool = False) -> Variable:
    """x where positive, else negative_slope * x."""
    check_variable(input, "leaky_relu")
    return (ops.leaky_relu_ if inplace else ops.leaky_relu)(input, negative_slope)


def prelu(input: Variable, weight: Variable) -> Variable:
    """x where positive, else weight * x; weight has one element, or one for each channel (dimension 1)."""
    if weight.numel() > 1:
        channels = input.size(1 if input.dim() > 1 else 0)
        if weight.numel() != channels:
            raise RuntimeError(f"Wrong number of input planes. Expected {weight.numel()} but got {channels}.")
        weight = weight.view(channels, *[1] * (input.dim() - 2))
    return ops.prelu(input, weight)


def rrelu(
    input: Variable,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    inplace: bool = False,
) -> Variable:
    """x where positive, else x times a slope.

    The slope is drawn from [lower, upper] for each element in training, and is the mean of the two otherwise.
    """
    x = input.data
    slopes = x.new().resize_as_(x).fill_(1)
    negative = x <= 0
    if training:
        count = int(negative.long().sum())
        if count:
            drawn = torch.DoubleTensor(count).uniform_(lower, upper)
            slopes.masked_scatter_(negative, drawn.type_as(slopes))
    else:
        slopes.masked_fill_(negative, (lower + upper) / 2)
    return (ops.rrelu_ if inplace else ops.rrelu)(input, Variable(slopes))


def logsigmoid(input: Variable) -> Variable:
    """-log(1 + exp(-x))."""
    check_variable(input, "logsigmoid")
    return ops.log_sigmoid(input)


def softplus(input: Variable, beta: float = 1, threshold: float = 20) -> Variable:
    """log(1 + exp(beta * x)) / beta; x itself where beta * x > threshold."""
    check_variable(input, "softplus")
    return ops.softplus(input, beta, threshold)


def hardshrink(input: Variable, lambd: float = 0.5) -> Variable:
    """x where |x| > lambd, else 0."""
    check_variable(input, "hardshrink")
    return ops.hardshrink(input, lambd)


def softshrink(input: Variable, lambd: float = 0.5) -> Variable:
    """x moved towards 0 by lambd; 0 where |x| <= lambd."""
    check_variable(input, "softshrink")
    return ops.softshrink(input, lambd)


def tanhshrink(input: Variable) -> Variable:
    """x - tanh(x)."""
    return input - input.tanh()


def softsign(input: Variable) -> Variable:
    """x / (1 + |x|)."""
    return input / (1 + input.abs())


def tanh(input: Variable) -> Variable:
    """The hyperbolic tangent."""
    return input.tanh()


def sigmoid(input: Variable) -> Variable:
    """1 / (1 + exp(-x))."""
    return input.sigmoid()


def glu(input: Variable, dim: int = -1) -> Variable:
    """a * sigmoid(b), where a and b are the two halves of the input along dim."""
    size = input.size(dim)
    if size % 2:
        raise RuntimeError(f"Halving dimension must be even. Dim {dim} is size {size}")
    return ops.glu(input.narrow(dim, 0, size // 2), input.narrow(dim, size // 2, size // 2))


def _softmax_dim(name: str, input: Variable, dim: int | None, stacklevel: int) -> int:
    if dim is not None:
        return dim
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=stacklevel,
    )
    return 0 if input.dim() in (0, 1, 3) else 1


def softmax(input: Variable, dim: int | None = None, _stacklevel: int = 3) -> Variable:
    """exp(x) over its sum along dim. Without dim: a warning, and 0 for one and three dimensions, else 1."""
    return ops.softmax(input, _softmax_dim("softmax", input, dim, _stacklevel))


def softmin(input: Variable, dim: int | None = None, _stacklevel: int = 3) -> Variable:
    """softmax(-x)."""
    return ops.softmax(-input, _softmax_dim("softmin", input, dim, _stacklevel))


def log_softmax(input: Variable, dim: int | None = None, _stacklevel: int = 3) -> Variable:
    """log(softmax(x)), computed so that nothing overflows."""
    return ops.log_softmax(input, _softmax_dim("log_softmax", input, dim, _stacklevel))
