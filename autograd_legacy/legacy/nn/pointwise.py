"""Modules that work element by element, or nearly so."""

from __future__ import annotations

from typing import Any

from ..._core import ops
from ...autograd import Variable
from ...nn import functional as F
from .module import Module, bound
from .recorded import Recorded
from .utils import new_tensor, torch


def _pointwise(name: str, function, doc: str) -> type:
    """A module without options that computes a function of a Variable."""
    body = {"_compute": lambda self, x: function(x), "__doc__": doc, "__module__": __name__}
    return type(name, (Recorded,), body)


Abs = _pointwise("Abs", lambda x: x.abs(), "|x|.")
Exp = _pointwise("Exp", lambda x: x.exp(), "exp(x).")
Log = _pointwise("Log", lambda x: x.log(), "log(x).")
LogSigmoid = _pointwise("LogSigmoid", F.logsigmoid, "-log(1 + exp(-x)).")
Sigmoid = _pointwise("Sigmoid", F.sigmoid, "1 / (1 + exp(-x)).")
SoftSign = _pointwise("SoftSign", F.softsign, "x / (1 + |x|).")
Square = _pointwise("Square", lambda x: x * x, "x ** 2.")
Tanh = _pointwise("Tanh", F.tanh, "tanh(x).")
TanhShrink = _pointwise("TanhShrink", F.tanhshrink, "x - tanh(x).")


class Power(Recorded):
    """x ** p."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.pow = p

    def _compute(self, x: Variable) -> Variable:
        return x.pow(self.pow)


class Sqrt(Recorded):
    """sqrt(x); b and eps are taken for 0.3.1's sake, and play no part there either."""

    def __init__(self, b: float = 0, eps: float = 0) -> None:
        super().__init__()
        self.eps = b or eps

    def _compute(self, x: Variable) -> Variable:
        return x.sqrt()


class _Affine(Recorded):
    """x with a constant; in place, the backward pass takes the constant out of the input again."""

    def __init__(self, constant_scalar: float, inplace: bool = False) -> None:
        super().__init__()
        self.constant_scalar = constant_scalar
        self.inplace = inplace

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        grad = super().updateGradInput(input, gradOutput)
        if self.inplace:
            self._undo(input)
        return grad


class AddConstant(_Affine):
    """x + constant_scalar."""

    def _compute(self, x: Variable) -> Variable:
        return x + self.constant_scalar

    def _undo(self, x: Any) -> None:
        x.sub_(self.constant_scalar)


class MulConstant(_Affine):
    """x * constant_scalar."""

    def _compute(self, x: Variable) -> Variable:
        return x * self.constant_scalar

    def _undo(self, x: Any) -> None:
        x.div_(self.constant_scalar)


class Threshold(Recorded):
    """x where it is above threshold, else value."""

    def __init__(self, threshold: float = 0, value: float = 0, inplace: bool = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.val = value
        self.inplace = inplace
        self.validateParameters()

    def validateParameters(self) -> None:
        """ValueError for an in-place module whose value is above its threshold: the gradient would be lost."""
        if self.inplace and self.val > self.threshold:
            raise ValueError(
                f"in-place processing requires value ({self.val}) not to exceed threshold ({self.threshold})"
            )

    def _compute(self, x: Variable) -> Variable:
        return F.threshold(x, self.threshold, self.val)


class ReLU(Threshold):
    """max(x, 0)."""

    threshold = val = 0

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0, 0, inplace)


class HardTanh(Recorded):
    """x, at least min_value and at most max_value."""

    min_val, max_val = -1, 1

    def __init__(self, min_value: float = -1, max_value: float = 1, inplace: bool = False) -> None:
        super().__init__()
        if not min_value < max_value:
            raise AssertionError(f"max_value ({max_value}) has to be above min_value ({min_value})")
        self.min_val = min_value
        self.max_val = max_value
        self.inplace = inplace

    def _compute(self, x: Variable) -> Variable:
        return F.hardtanh(x, self.min_val, self.max_val)


class Clamp(HardTanh):
    """HardTanh whose bounds have to be given."""

    def __init__(self, min_value: float, max_value: float) -> None:
        super().__init__(min_value, max_value)


class ReLU6(HardTanh):
    """x, at least 0 and at most 6."""

    min_val, max_val = 0, 6

    def __init__(self, inplace: bool = False) -> None:
        super().__init__(0, 6, inplace)


class ELU(Recorded):
    """x where positive, else alpha * (exp(x) - 1)."""

    alpha = 1.0

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        if not isinstance(alpha, float):
            raise AssertionError(f"alpha has to be a float, got {alpha!r}")
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def _compute(self, x: Variable) -> Variable:
        return F.elu(x, self.alpha)

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        """As ever; in place only the output is left, whose derivative is output + alpha where not positive."""
        if not self.inplace:
            return super().updateGradInput(input, gradOutput)
        slope = self.output.clone().clamp_(max=0).add_(self.alpha)
        slope[self.output.gt(0)] = 1
        return self._keep("gradInput", gradOutput.mul_(slope))

    def __repr__(self) -> str:
        return f"<class '{self._old_path()}'>(alpha={self.alpha:.3f})"


class LeakyReLU(Recorded):
    """x where positive, else negval * x."""

    negval = 1.0 / 100

    def __init__(self, negval: float = 1.0 / 100, inplace: bool = False) -> None:
        super().__init__()
        if not isinstance(negval, float):
            raise AssertionError(f"negval has to be a float, got {negval!r}")
        self.negval = negval
        self.inplace = inplace

    def _compute(self, x: Variable) -> Variable:
        return F.leaky_relu(x, self.negval)

    def __repr__(self) -> str:
        return f"<class '{self._old_path()}'>({self.negval:.4f})"


class PReLU(Recorded):
    """x where positive, else weight * x: one weight, or with nOutputPlane one for each channel (dimension 1)."""

    _parameters = ("weight",)

    def __init__(self, nOutputPlane: int = 0) -> None:
        super().__init__()
        self.nOutputPlane = nOutputPlane
        self.weight = new_tensor(nOutputPlane or 1).fill_(0.25)
        self.gradWeight = new_tensor(nOutputPlane or 1)

    def _compute(self, x: Variable, weight: Variable) -> Variable:
        return F.prelu(x, weight)


class HardShrink(Recorded):
    """x where |x| is above lambd, else 0."""

    lambd = 0.5

    def __init__(self, lambd: float = 0.5) -> None:
        if type(lambd) is not float:
            raise AssertionError(f"lambd has to be a float, got {lambd!r}")
        super().__init__()
        self.lambd = lambd

    def _compute(self, x: Variable) -> Variable:
        return F.hardshrink(x, self.lambd)


class SoftShrink(Recorded):
    """x moved towards 0 by lambd, and not beyond."""

    lambd = 0.5

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def _compute(self, x: Variable) -> Variable:
        return F.softshrink(x, self.lambd)


class SoftPlus(Recorded):
    """log(1 + exp(beta * x)) / beta; x itself where beta * x is above threshold."""

    beta, threshold = 1, 20

    def __init__(self, beta: float = 1, threshold: float = 20) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def _compute(self, x: Variable) -> Variable:
        return F.softplus(x, self.beta, self.threshold)


class _Softmax(Recorded):
    """Along dim; by default along the only one of a vector, the first of 3 dimensions, the second of 2 or 4."""

    dim = None

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        if dim is not None:
            self.dim = dim

    def _dim(self, x: Variable) -> int:
        return self.dim if self.dim is not None else 0 if x.dim() in (1, 3) else 1


class SoftMax(_Softmax):
    """exp(x) / sum(exp(x)) along dim."""

    def _compute(self, x: Variable) -> Variable:
        return ops.softmax(x, self._dim(x))


class SoftMin(_Softmax):
    """exp(-x) / sum(exp(-x)) along dim."""

    def _compute(self, x: Variable) -> Variable:
        return ops.softmax(-x, self._dim(x))


class LogSoftMax(_Softmax):
    """x - log(sum(exp(x))) along dim."""

    def _compute(self, x: Variable) -> Variable:
        return ops.log_softmax(x, self._dim(x))


class SpatialSoftMax(Recorded):
    """SoftMax over the channels of (N x) C x H x W."""

    def _compute(self, x: Variable) -> Variable:
        return ops.softmax(x, x.dim() - 3)


class Normalize(Recorded):
    """x over the p-norm of each row: x / (sum(|x| ** p) + eps) ** (1 / p); p = inf: over the largest |x|."""

    def __init__(self, p: float, eps: float = 1e-10) -> None:
        super().__init__()
        if p <= 0:
            raise AssertionError(f"p has to be positive, got {p}")
        self.p = p
        self.eps = eps

    def _compute(self, x: Variable) -> Variable:
        if x.dim() > 2:
            raise AssertionError(f"Normalize takes vectors or rows of a matrix, got {x.dim()} dimensions")
        last = x.dim() - 1
        if self.p == float("inf"):
            norm = x.abs().max(last, True)[0] + self.eps
        else:
            norm = (x.abs().pow(self.p).sum(last, True) + self.eps).pow(1.0 / self.p)
        return x / norm.expand_as(x)

    def _shown(self) -> str:
        return f"({self.p})"


class Identity(Module):
    """x itself."""

    def updateOutput(self, input: Any) -> Any:
        self.output = input
        return input

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        self.gradInput = gradOutput
        return gradOutput

    def clearState(self) -> Identity:
        self.output, self.gradInput = new_tensor().type(self._type), new_tensor().type(self._type)
        return self


class GradientReversal(Identity):
    """x itself, whose gradient is multiplied by -lambd."""

    def __init__(self, lambd: float = 1) -> None:
        super().__init__()
        self.lambd = lambd

    def setLambda(self, lambd: float) -> None:
        """Another lambd."""
        self.lambd = lambd

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        self.gradInput = gradOutput.mul(-self.lambd)
        return self.gradInput


class L1Penalty(Identity):
    """x itself, with a penalty: loss = l1weight * sum(|x|), with sizeAverage over the number of elements.

    Without provideOutput the gradient is the penalty's alone.
    """

    def __init__(self, l1weight: float, sizeAverage: bool = False, provideOutput: bool = True) -> None:
        super().__init__()
        self.l1weight = l1weight
        self.sizeAverage = sizeAverage
        self.provideOutput = provideOutput

    def _weight(self, input: Any) -> float:
        return self.l1weight / input.nelement() if self.sizeAverage else self.l1weight

    def updateOutput(self, input: Any) -> Any:
        self.loss = self._weight(input) * input.norm(1)
        return super().updateOutput(input)

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        penalty = input.sign().mul_(self._weight(input))
        return self._keep("gradInput", penalty.add_(gradOutput) if self.provideOutput else penalty)


class Contiguous(Recorded):
    """x in memory of its own order."""

    def _compute(self, x: Variable) -> Variable:
        return x.contiguous()


class Copy(Module):
    """x as a tensor of outtype; its gradient as one of intype. type() changes both, unless dontCast."""

    def __init__(self, intype: Any, outtype: Any, dontCast: bool = False) -> None:
        super().__init__()
        self.dontCast = dontCast
        self.gradInput, self.output = intype(), outtype()

    def updateOutput(self, input: Any) -> Any:
        self.output.resize_(input.size()).copy_(input)
        return self.output

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        self.gradInput.resize_(gradOutput.size()).copy_(gradOutput)
        return self.gradInput

    def type(self, type: Any = None, tensorCache: dict | None = None) -> Any:
        return self if type is not None and self.dontCast else super().type(type, tensorCache)


class _Scaled(Recorded):
    """What has parameters of its own for the elements."""

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
            setattr(self, f"grad{name[0].upper()}{name[1:]}", value.clone())


class Add(_Scaled):
    """x + bias: one number with scalar, else one for each element of a row; of a batch in any case."""

    _parameters = ("bias",)

    def __init__(self, inputSize: int, scalar: bool = False) -> None:
        super().__init__()
        self.scalar = scalar
        size = inputSize
        if scalar:
            if inputSize != 1:
                raise AssertionError(f"a scalar Add has an inputSize of 1, got {inputSize}")
            size = 1
        self._set(bias=new_tensor(size))
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        """Start values: uniform in +-1 / sqrt(size), or of deviation stdv."""
        self._start(bound(stdv, self.bias.numel()))

    def _compute(self, x: Variable, bias: Variable) -> Variable:
        if self.scalar:
            return x + bias.expand_as(x)
        rows = x.contiguous().view(x.size(0), -1)
        return (rows + bias.expand_as(rows)).view(x.size())


class Mul(_Scaled):
    """x times one number, the weight."""

    _parameters = ("weight",)

    def __init__(self) -> None:
        super().__init__()
        self._set(weight=new_tensor(1))
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        """Start values: uniform in +-1, or of deviation stdv."""
        self._start(bound(stdv, 1))

    def _compute(self, x: Variable, weight: Variable) -> Variable:
        return x * weight.expand_as(x)


class CMul(_Scaled):
    """x times a weight of the given size, spread over the batch."""

    _parameters = ("weight",)

    def __init__(self, *args: Any) -> None:
        super().__init__()
        size = args[0] if len(args) == 1 and not isinstance(args[0], int) else args
        self.size = torch.Size(size)
        self._set(weight=new_tensor(*self.size))
        self.reset()

    def reset(self, stdv: float | None = None) -> None:
        """Start values: uniform in +-1 / sqrt(elements), or of deviation stdv."""
        self._start(bound(stdv, self.weight.nelement()))

    def _compute(self, x: Variable, weight: Variable) -> Variable:
        if weight.numel() == x.numel() // x.size(0):
            return x * weight.contiguous().view(1, *x.size()[1:]).expand_as(x)
        return x * weight.expand_as(x)


class RReLU(Recorded):
    """x where positive, else x times a slope: in training drawn for each element from [lower, upper], else the mean."""

    train = True
    _state = ("noise",)

    def __init__(self, lower: float = 1.0 / 8, upper: float = 1.0 / 3, inplace: bool = False) -> None:
        super().__init__()
        if not lower <= upper or lower < 0:
            raise AssertionError(f"0 <= lower <= upper is expected, got {lower} and {upper}")
        self.lower = lower
        self.upper = upper
        self.inplace = inplace
        self.noise = new_tensor()
        self.train = True

    def _prepare(self, input: Any) -> None:
        self.noise.resize_as_(input).fill_(1)
        if self.train:
            negative = input.le(0)
            if negative.any():
                drawn = torch.DoubleTensor(int(negative.long().sum())).uniform_(self.lower, self.upper)
                self.noise.masked_scatter_(negative, drawn.type_as(self.noise))

    def _compute(self, x: Variable) -> Variable:
        if self.train:
            return x * Variable(self.noise)
        return F.rrelu(x, self.lower, self.upper, False)

    def _shown(self) -> str:
        return f"({self.lower:.4f}, {self.upper:.4f})"
