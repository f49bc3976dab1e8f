"""Activations as modules. With inplace=True they overwrite their input's memory."""

from __future__ import annotations

import warnings

from ...autograd import Variable
from .. import functional as F
from .._tensors import new_tensor
from ..parameter import Parameter
from .module import Module


class Threshold(Module):
    """x where x > threshold, else value."""

    def __init__(self, threshold: float, value: float, inplace: bool = False):
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Variable) -> Variable:
        return F.threshold(input, self.threshold, self.value, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__} ({self.threshold}, {self.value}{', inplace' if self.inplace else ''})"


class ReLU(Threshold):
    """max(x, 0)."""

    def __init__(self, inplace: bool = False):
        super().__init__(0, 0, inplace)

    def forward(self, input: Variable) -> Variable:
        return F.relu(input, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'inplace' if self.inplace else ''})"


class RReLU(Module):
    """x where positive, else x times a slope, in training drawn from [lower, upper], otherwise their mean."""

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False):
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Variable) -> Variable:
        return F.rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lower}, {self.upper}{', inplace' if self.inplace else ''})"


class Hardtanh(Module):
    """x kept between min_val and max_val; min_value and max_value are their older names."""

    def __init__(
        self,
        min_val: float = -1,
        max_val: float = 1,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ):
        super().__init__()
        for name, old in (("min", min_value), ("max", max_value)):
            if old is not None:
                warnings.warn(f"keyword argument {name}_value is deprecated and renamed to {name}_val", stacklevel=2)
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        self.inplace = inplace
        if self.max_val <= self.min_val:
            raise AssertionError(f"Hardtanh: min_val ({self.min_val}) must be below max_val ({self.max_val})")

    def forward(self, input: Variable) -> Variable:
        return F.hardtanh(input, self.min_val, self.max_val, self.inplace)

    def __repr__(self) -> str:
        inplace = ", inplace" if self.inplace else ""
        return f"{type(self).__name__}(min_val={self.min_val}, max_val={self.max_val}{inplace})"


class ReLU6(Hardtanh):
    """min(max(x, 0), 6)."""

    def __init__(self, inplace: bool = False):
        super().__init__(0, 6, inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({'inplace' if self.inplace else ''})"


class Sigmoid(Module):
    """1 / (1 + exp(-x))."""

    def forward(self, input: Variable) -> Variable:
        return input.sigmoid()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, input: Variable) -> Variable:
        return input.tanh()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class ELU(Module):
    """x where positive, else alpha * (exp(x) - 1)."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False):
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Variable) -> Variable:
        return F.elu(input, self.alpha, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(alpha={self.alpha}{', inplace' if self.inplace else ''})"


class SELU(Module):
    """ELU scaled so that layers keep mean 0 and variance 1."""

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Variable) -> Variable:
        return F.selu(input, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{'(inplace)' if self.inplace else ''}"


class GLU(Module):
    """a * sigmoid(b) of the two halves along dim."""

    def __init__(self, dim: int = -1):
        super().__init__()
        self.dim = dim

    def forward(self, input: Variable) -> Variable:
        return F.glu(input, self.dim)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(dim={self.dim})"


class Hardshrink(Module):
    """x where |x| > lambd, else 0."""

    def __init__(self, lambd: float = 0.5):
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Variable) -> Variable:
        return F.hardshrink(input, self.lambd)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lambd})"


class LeakyReLU(Module):
    """x where positive, else negative_slope * x."""

    def __init__(self, negative_slope: float = 1e-2, inplace: bool = False):
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Variable) -> Variable:
        return F.leaky_relu(input, self.negative_slope, self.inplace)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.negative_slope}{', inplace' if self.inplace else ''})"


class LogSigmoid(Module):
    """-log(1 + exp(-x))."""

    def forward(self, input: Variable) -> Variable:
        return F.logsigmoid(input)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Softplus(Module):
    """log(1 + exp(beta * x)) / beta, x itself where beta * x > threshold."""

    def __init__(self, beta: float = 1, threshold: float = 20):
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Variable) -> Variable:
        return F.softplus(input, self.beta, self.threshold)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(beta={self.beta}, threshold={self.threshold})"


class Softshrink(Module):
    """x moved towards 0 by lambd; 0 where |x| <= lambd."""

    def __init__(self, lambd: float = 0.5):
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Variable) -> Variable:
        return F.softshrink(input, self.lambd)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lambd})"


class PReLU(Module):
    """x where positive, else weight * x: one weight, or one for each channel."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25):
        super().__init__()
        self.num_parameters = num_parameters
        self.weight = Parameter(new_tensor(num_parameters).fill_(init))

    def forward(self, input: Variable) -> Variable:
        return F.prelu(input, self.weight)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(num_parameters={self.num_parameters})"


class Softsign(Module):
    """x / (1 + |x|)."""

    def forward(self, input: Variable) -> Variable:
        return F.softsign(input)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Tanhshrink(Module):
    """x - tanh(x)."""

    def forward(self, input: Variable) -> Variable:
        return F.tanhshrink(input)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class _OverDim(Module):
    """A function along a dimension; without one a warning, and 0 for one and three dimensions, else 1."""

    def __init__(self, dim: int | None = None):
        super().__init__()
        self.dim = dim

    def __setstate__(self, state: dict) -> None:
        super().__setstate__(state)
        self.__dict__.setdefault("dim", None)  # older files lack it

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Softmin(_OverDim):
    """softmax(-x)."""

    def forward(self, input: Variable) -> Variable:
        return F.softmin(input, self.dim, _stacklevel=5)


class Softmax(_OverDim):
    """exp(x) over its sum along dim."""

    def forward(self, input: Variable) -> Variable:
        return F.softmax(input, self.dim, _stacklevel=5)


class LogSoftmax(_OverDim):
    """log(softmax(x))."""

    def forward(self, input: Variable) -> Variable:
        return F.log_softmax(input, self.dim, _stacklevel=5)


class Softmax2d(Module):
    """Softmax over the channels of N x C x H x W."""

    def forward(self, input: Variable) -> Variable:
        if input.dim() != 4:
            raise AssertionError(f"Softmax2d requires a 4D tensor as input, got {input.dim()}D")
        return F.softmax(input, 1)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
