"""Initial values for weights.

Each function fills a Tensor or Variable in place, outside any graph, and gives it back.
"""

from __future__ import annotations

import math
import random
import re

from ..autograd import Variable

FANS = ("fan_in", "fan_out")


def _data(tensor):
    return tensor.data if isinstance(tensor, Variable) else tensor


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which weights should grow before a nonlinearity.

    1 for linear, convolutions and sigmoid, 5/3 for tanh, sqrt(2) for relu, sqrt(2 / (1 + slope^2)) for leaky_relu,
    whose slope is `param` (0.01 by default). ValueError for others.
    """
    if nonlinearity == "sigmoid" or re.fullmatch(r"linear|conv(_transpose)?[123]d", nonlinearity):
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        if isinstance(param, bool) or not isinstance(param, int | float | None):
            raise ValueError(f"negative_slope {param} not a valid number")
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


def uniform(tensor, a: float = 0, b: float = 1):
    """Draw from [a, b)."""
    _data(tensor).uniform_(a, b)
    return tensor


def normal(tensor, mean: float = 0, std: float = 1):
    """Draw from the normal distribution. RuntimeError unless std > 0."""
    _data(tensor).normal_(mean, std)
    return tensor


def constant(tensor, val: float):
    """Fill with one value."""
    _data(tensor).fill_(val)
    return tensor


def eye(tensor):
    """1 on the diagonal of a matrix, 0 elsewhere."""
    _check_matrix(tensor)
    data = _data(tensor).zero_()
    for i in range(min(data.size())):
        data[i, i] = 1
    return tensor


def dirac(tensor):
    """Convolution weights (3 to 5 dimensions) that hand the channels through: 1 in the middle of the kernel of output i
    and input i.
    """
    if tensor.dim() not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    data = _data(tensor).zero_()
    middle = tuple(size // 2 for size in data.size()[2:])
    for i in range(min(data.size(0), data.size(1))):
        data[(i, i, *middle)] = 1
    return tensor


def _calculate_fan_in_and_fan_out(tensor) -> tuple[int, int]:
    """How many elements each output and each input is connected with."""
    if tensor.dim() < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with less than 2 dimensions")
    places = math.prod(tensor.size()[2:])
    return tensor.size(1) * places, tensor.size(0) * places


def xavier_uniform(tensor, gain: float = 1):
    """Draw from +-gain * sqrt(6 / (fan_in + fan_out))."""
    bound = gain * math.sqrt(6.0 / sum(_calculate_fan_in_and_fan_out(tensor)))
    return uniform(tensor, -bound, bound)


def xavier_normal(tensor, gain: float = 1):
    """Draw from a normal distribution of standard deviation gain * sqrt(2 / (fan_in + fan_out))."""
    return normal(tensor, 0, gain * math.sqrt(2.0 / sum(_calculate_fan_in_and_fan_out(tensor))))


def _kaiming_std(tensor, a: float, mode: str) -> float:
    mode = mode.lower()
    if mode not in FANS:
        raise ValueError(f"Mode {mode} not supported, please use one of {list(FANS)}")
    return calculate_gain("leaky_relu", a) / math.sqrt(_calculate_fan_in_and_fan_out(tensor)[FANS.index(mode)])


def kaiming_uniform(tensor, a: float = 0, mode: str = "fan_in"):
    """Draw from +-sqrt(3) * std.

    Here std = sqrt(2 / (1 + a^2) / fan) and a is the slope of the leaky relu that follows.
    """
    bound = math.sqrt(3.0) * _kaiming_std(tensor, a, mode)
    return uniform(tensor, -bound, bound)


def kaiming_normal(tensor, a: float = 0, mode: str = "fan_in"):
    """Draw from a normal distribution of standard deviation sqrt(2 / (1 + a^2) / fan).

    Here a is the slope of the leaky relu that follows.
    """
    return normal(tensor, 0, _kaiming_std(tensor, a, mode))


def orthogonal(tensor, gain: float = 1):
    """A matrix with orthonormal rows or columns, times gain; further dimensions count as columns.

    It is the Q of the QR decomposition of normal numbers, its columns' signs those of R's diagonal.
    """
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    data = _data(tensor)
    rows, columns = data.size(0), data.numel() // data.size(0)
    flat = data.new(rows, columns).normal_(0, 1)
    q, r = (flat.t() if rows < columns else flat).contiguous().qr()
    q = q * r.diag(0).sign().view(1, -1).expand_as(q)
    data.copy_((q.t() if rows < columns else q).contiguous().view_as(data)).mul_(gain)
    return tensor


def sparse(tensor, sparsity: float, std: float = 0.01):
    """Normal numbers in a matrix, but the part `sparsity` of each column, chosen by Python's `random`, is 0."""
    _check_matrix(tensor)
    data = _data(tensor)
    rows, columns = data.size()
    zeros = math.ceil(rows * sparsity)
    data.normal_(0, std)
    for column in range(columns):
        order = list(range(rows))
        random.shuffle(order)
        for row in order[:zeros]:
            data[row, column] = 0
    return tensor


def _check_matrix(tensor) -> None:
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
