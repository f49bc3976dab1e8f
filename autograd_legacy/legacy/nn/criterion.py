"""Criterions: a number that says how far an output is from its target."""

from __future__ import annotations

from math import sqrt
from typing import Any

from ...autograd import Variable
from ...nn import functional as F
from .recorded import constants, gradients, watched
from .utils import flat, new_tensor, rebuilt, recursiveType, torch, type_name


class Criterion:
    """The base of all criterions, whose loss autograd differentiates. A subclass overrides _loss(input, target).

    output is a Python number; gradInput a tensor or a list of them, like the input.
    """

    _parameters: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.gradInput = new_tensor()
        self.output = 0
        self._type = self.gradInput.type()

    def _loss(self, input: Any, target: Any) -> Variable:
        raise NotImplementedError

    def updateOutput(self, input: Any, target: Any) -> float:
        """Compute the loss, keep it as output, and return it."""
        self.output = self._loss(constants(input), constants(target)).data[0]
        return self.output

    def forward(self, input: Any, target: Any) -> float:
        """The loss."""
        return self.updateOutput(input, target)

    def updateGradInput(self, input: Any, target: Any) -> Any:
        """Compute the gradient of the input, keep it, and return it."""
        variables = watched(input)
        loss = self._loss(variables, constants(target))
        found = rebuilt(input, iter(gradients(loss, flat(variables), torch.ones(1).type_as(loss.data))))
        if torch.is_tensor(self.gradInput) and torch.is_tensor(found) and self.gradInput.type() == found.type():
            self.gradInput.set_(found)
        else:
            self.gradInput = found
        return self.gradInput

    def backward(self, input: Any, target: Any) -> Any:
        """The gradient of the input."""
        return self.updateGradInput(input, target)

    def clone(self) -> Criterion:
        """Not in 0.3.1 either: NotImplementedError."""
        raise NotImplementedError

    def type(self, type: Any, tensorCache: dict | None = None) -> Criterion:
        """Turn all tensors into a type; returns self."""
        name = type_name(type)
        for key, value in self.__dict__.items():
            setattr(self, key, recursiveType(value, name, tensorCache))
        self._type = name
        return self

    def float(self) -> Criterion:
        """type("torch.FloatTensor")."""
        return self.type("torch.FloatTensor")

    def double(self) -> Criterion:
        """type("torch.DoubleTensor")."""
        return self.type("torch.DoubleTensor")

    def cuda(self) -> Criterion:
        """type("torch.cuda.FloatTensor"). AssertionError: there is no GPU."""
        return self.type("torch.cuda.FloatTensor")

    def __repr__(self) -> str:
        return f"nn.{type(self).__name__}"


class _Averaged(Criterion):
    """With sizeAverage the mean over the elements, else the sum."""

    sizeAverage = True

    def __init__(self, sizeAverage: bool = True) -> None:
        super().__init__()
        self.sizeAverage = sizeAverage

    def _mean(self, losses: Variable) -> Variable:
        return losses.mean() if self.sizeAverage else losses.sum()


class _Weighted(_Averaged):
    """With weights for the classes or the elements of a row."""

    weights = None

    def __init__(self, weights: Any = None, sizeAverage: bool = True) -> None:
        super().__init__(sizeAverage)
        self.weights = weights

    def _weights(self) -> Variable | None:
        return None if self.weights is None else Variable(self.weights)


def _plain(name: str, function, doc: str) -> type:
    """A criterion whose only option is sizeAverage, from a loss of nn.functional."""
    body = {
        "_loss": lambda self, x, t: function(x, t, size_average=self.sizeAverage),
        "__doc__": doc + " The mean over the elements, or with sizeAverage False the sum.",
        "__module__": __name__,
    }
    return type(name, (_Averaged,), body)


AbsCriterion = _plain("AbsCriterion", F.l1_loss, "|x - t|.")
MSECriterion = _plain("MSECriterion", F.mse_loss, "(x - t) ** 2.")
SmoothL1Criterion = _plain("SmoothL1Criterion", F.smooth_l1_loss, "d**2 / 2 where d = |x - t| < 1, else d - 1/2.")
DistKLDivCriterion = _plain("DistKLDivCriterion", F.kl_div, "t * (log(t) - x), for log-probabilities x.")
MultiLabelMarginCriterion = _plain(
    "MultiLabelMarginCriterion",
    F.multilabel_margin_loss,
    "Margins between a row's classes, which t lists, and the rest.",
)


class SoftMarginCriterion(_Averaged):
    """log(1 + exp(-t * x)), the mean over the elements."""

    def __init__(self) -> None:
        super().__init__(True)

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return F.soft_margin_loss(x, t, self.sizeAverage)


class BCECriterion(_Weighted):
    """-(t * log(x) + (1 - t) * log(1 - x)), weighted in each row."""

    def _loss(self, x: Variable, t: Variable) -> Variable:
        weights = None if self.weights is None else Variable(self.weights.expand_as(x.data))
        return F.binary_cross_entropy(x, t, weights, self.sizeAverage)


class ClassNLLCriterion(_Weighted):
    """-weights[t] * x[t] of log-probabilities x; the mean divides by the weights. ignore_index counts nothing."""

    ignore_index = -100

    def __init__(self, weights: Any = None, sizeAverage: bool = True, ignore_index: int = -100) -> None:
        super().__init__(weights, sizeAverage)
        self.ignore_index = ignore_index

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return F.nll_loss(x, t, self._weights(), self.sizeAverage, self.ignore_index)


class SpatialClassNLLCriterion(ClassNLLCriterion):
    """ClassNLLCriterion for each place of N x C x H x W."""


class CrossEntropyCriterion(_Weighted):
    """LogSoftMax and ClassNLLCriterion."""

    def __init__(self, weights: Any = None) -> None:
        super().__init__(weights)

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return F.cross_entropy(x.squeeze(), t.squeeze(), self._weights(), self.sizeAverage)


class MultiLabelSoftMarginCriterion(_Weighted):
    """The cross-entropy of sigmoid(x) with targets of 0 and 1."""

    def __init__(self, weights: Any = None) -> None:
        super().__init__(weights)

    def _loss(self, x: Variable, t: Variable) -> Variable:
        weights = None if self.weights is None else Variable(self.weights.expand_as(x.data))
        return F.multilabel_soft_margin_loss(x, t, weights, self.sizeAverage)


class MultiMarginCriterion(_Weighted):
    """sum(max(0, margin - x[t] + x) ** p * weights[t]) over a row, t's own place excepted, over the row's length."""

    def __init__(self, p: int = 1, weights: Any = None, margin: float = 1, sizeAverage: bool = True) -> None:
        if p not in (1, 2):
            raise ValueError(f"only p 1 and 2 are supported, got {p}")
        super().__init__(weights, sizeAverage)
        self.p = p
        self.margin = margin

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return F.multi_margin_loss(x, t, self.p, self.margin, self._weights(), self.sizeAverage)


class WeightedMSECriterion(_Averaged):
    """(x - weight * t) ** 2: in 0.3.1 the weights are the target's."""

    def __init__(self, weight: Any, sizeAverage: bool = True) -> None:
        super().__init__(sizeAverage)
        self.weight = weight.clone()

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return F.mse_loss(x, t * Variable(self.weight.expand_as(t.data)), self.sizeAverage)


class _Margin(_Averaged):
    """With a margin."""

    def __init__(self, margin: float = 1, sizeAverage: bool = True) -> None:
        super().__init__(sizeAverage)
        self.margin = margin


class MarginCriterion(_Margin):
    """max(0, margin - t * x), for targets of 1 and -1: the mean, in 0.3.1 whatever sizeAverage says."""

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return (self.margin - x * t).clamp(min=0).mean()


class HingeEmbeddingCriterion(_Margin):
    """x where t is 1, max(0, margin - x) where it is -1."""

    def _loss(self, x: Variable, t: Any) -> Variable:
        t = t if isinstance(t, Variable) else Variable(x.data.new(1).fill_(t))
        return F.hinge_embedding_loss(x, t, self.margin, self.sizeAverage)


class MarginRankingCriterion(_Margin):
    """max(0, margin - t * (x1 - x2)) for a table of two."""

    def _loss(self, x: list, t: Any) -> Variable:
        return self._mean((self.margin - (x[0] - x[1]) * t).clamp(min=0))


class CosineEmbeddingCriterion(_Margin):
    """1 - cos(x1, x2) where t is 1, max(0, cos(x1, x2) - margin) where it is -1, for a table of two."""

    def __init__(self, margin: float = 0, sizeAverage: bool = True) -> None:
        super().__init__(margin, sizeAverage)

    def _loss(self, x: list, t: Variable) -> Variable:
        return F.cosine_embedding_loss(x[0], x[1], t, self.margin, self.sizeAverage)


class L1HingeEmbeddingCriterion(Criterion):
    """d = sum(|x1 - x2|) for a table of two where t is 1, max(0, margin - d) where it is -1. t is a number."""

    def __init__(self, margin: float = 1) -> None:
        super().__init__()
        self.margin = margin

    def _loss(self, x: list, t: Any) -> Variable:
        distance = (x[0] - x[1]).abs().sum()
        same = (t.data[0] if isinstance(t, Variable) else t) == 1
        return distance if same else (self.margin - distance).clamp(min=0)


class L1Cost(Criterion):
    """sum(|x|); the target is None."""

    def _loss(self, x: Variable, t: Any) -> Variable:
        return x.abs().sum()


class ClassSimplexCriterion(MSECriterion):
    """(x - s[t]) ** 2, where the rows of s are nClasses points of equal distance from each other."""

    def __init__(self, nClasses: int) -> None:
        super().__init__()
        self.nClasses = nClasses
        points = torch.zeros(nClasses, nClasses)
        for k in range(nClasses - 1):  # each point as far along axis k as its length of 1 leaves
            rest = 1 - sum(points[k, j] ** 2 for j in range(k))
            points[k, k] = sqrt(rest)
            points[k + 1 :, k : k + 1] = (rest - 1 - 1 / (nClasses - 1)) / points[k, k]
        self.simplex = points

    def _loss(self, x: Variable, t: Variable) -> Variable:
        return super()._loss(x, Variable(self.simplex.index_select(0, t.data.long().view(-1))))

    def getPredictions(self, input: Any) -> Any:
        """The scalar products of each row with the classes' points."""
        return input.mm(self.simplex.t())

    def getTopPrediction(self, input: Any) -> Any:
        """The class of each row whose point is nearest."""
        return self.getPredictions(input).max(1)[1]


class MultiCriterion(Criterion):
    """The weighted sum of criterions of the same input and target."""

    def __init__(self) -> None:
        super().__init__()
        self.criterions: list[Criterion] = []
        self.weights: list[float] = []

    def add(self, criterion: Criterion, weight: float = 1) -> MultiCriterion:
        """Append a criterion; returns self."""
        self.criterions.append(criterion)
        self.weights.append(weight)
        return self

    def _pairs(self, input: Any, target: Any) -> list[tuple[Any, Any]]:
        """What each criterion is given."""
        return [(input, target)] * len(self.criterions)

    def _parts(self, input: Any, target: Any) -> list[tuple[float, Criterion, Any, Any]]:
        pairs = self._pairs(input, target)
        return [(w, c, x, t) for w, c, (x, t) in zip(self.weights, self.criterions, pairs, strict=True)]

    def _loss(self, input: Any, target: Any) -> Variable:
        return sum(criterion._loss(x, t) * weight for weight, criterion, x, t in self._parts(input, target))

    def updateOutput(self, input: Any, target: Any) -> float:
        """The weighted sum; each criterion keeps its own output."""
        parts = self._parts(input, target)
        self.output = sum(criterion.updateOutput(x, t) * weight for weight, criterion, x, t in parts)
        return self.output


class ParallelCriterion(MultiCriterion):
    """The weighted sum of criterions, each for its place in tables of inputs and targets; repeatTarget: one target."""

    def __init__(self, repeatTarget: bool = False) -> None:
        super().__init__()
        self.repeatTarget = repeatTarget

    def _pairs(self, input: Any, target: Any) -> list[tuple[Any, Any]]:
        return [(x, target if self.repeatTarget else target[index]) for index, x in enumerate(input)]


class CriterionTable:
    """A criterion as a module: its input is the table [input, target]. backward's second argument plays no part."""

    def __init__(self, criterion: Criterion) -> None:
        self.criterion = criterion
        self.gradInput: list = [criterion.gradInput]
        self.output = 0

    def updateOutput(self, input: list) -> float:
        """The loss."""
        self.output = self.criterion.updateOutput(*input)
        return self.output

    forward = updateOutput

    def updateGradInput(self, input: list, gradOutput: Any = None) -> list:
        """The gradient of the criterion's input, in a list."""
        self.gradInput = [self.criterion.updateGradInput(*input)]
        return self.gradInput

    def backward(self, input: list, gradOutput: Any) -> list:
        """The gradient of the criterion's input, in a list."""
        return self.updateGradInput(input, gradOutput)
