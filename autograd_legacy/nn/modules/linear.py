"""Linear and bilinear layers."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .._tensors import new_tensor
from ..parameter import Parameter
from .module import Module


class Linear(Module):
    """x . weight^T + bias: (..., in_features) gives (..., out_features).

    weight (out x in) and bias (out) start uniform in +-1 / sqrt(in).
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(new_tensor(out_features, in_features))
        if bias:
            self.bias = Parameter(new_tensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew."""
        bound = self.weight.size(1) ** -0.5
        self.weight.data.uniform_(-bound, bound)
        if self.bias is not None:
            self.bias.data.uniform_(-bound, bound)

    def forward(self, input: Variable) -> Variable:
        return F.linear(input, self.weight, self.bias)

    def __repr__(self) -> str:
        bias = self.bias is not None
        return f"{type(self).__name__}(in_features={self.in_features}, out_features={self.out_features}, bias={bias})"


class Bilinear(Module):
    """x1 . weight[k] . x2 + bias[k]: N x in1 and N x in2 give N x out.

    weight (out x in1 x in2) and bias (out) start uniform in +-1 / sqrt(in1).
    """

    def __init__(self, in1_features: int, in2_features: int, out_features: int, bias: bool = True):
        super().__init__()
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(new_tensor(out_features, in1_features, in2_features))
        if bias:
            self.bias = Parameter(new_tensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew."""
        bound = self.weight.size(1) ** -0.5
        self.weight.data.uniform_(-bound, bound)
        if self.bias is not None:
            self.bias.data.uniform_(-bound, bound)

    def forward(self, input1: Variable, input2: Variable) -> Variable:
        return F.bilinear(input1, input2, self.weight, self.bias)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None})"
        )
