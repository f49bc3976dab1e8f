"""Modules made of modules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .module import Module
from .utils import recursive_map, recursiveAdd, torch


def _indented(module: Module, margin: str) -> str:
    return repr(module).replace("\n", "\n" + margin)


class Container(Module):
    """A list of modules. They come by add(): the constructor takes none (TypeError), as in 0.3.1."""

    def __init__(self) -> None:
        super().__init__()
        self.modules: list[Module] = []

    def add(self, module: Module) -> Container:
        """Append a module; returns self."""
        self.modules.append(module)
        return self

    def get(self, index: int) -> Module:
        """The module at a place; IndexError without one."""
        return self.modules[index]

    def size(self) -> int:
        """How many modules there are."""
        return len(self.modules)

    def __len__(self) -> int:
        return len(self.modules)

    def applyToModules(self, func: Callable[[Module], Any]) -> None:
        """Call func with each module of the list."""
        for module in self.modules:
            func(module)

    def parameters(self) -> tuple[list, list] | None:
        """Those of all modules, in their order; None without any."""
        found = [own for module in self.modules if (own := module.parameters())]
        if not found:
            return None
        return [value for values, _ in found for value in values], [grad for _, grads in found for grad in grads]

    def zeroGradParameters(self) -> None:
        self.applyToModules(lambda module: module.zeroGradParameters())

    def updateParameters(self, learningRate: float) -> None:
        self.applyToModules(lambda module: module.updateParameters(learningRate))

    def training(self) -> None:
        self.applyToModules(lambda module: module.training())
        super().training()

    def evaluate(self) -> None:
        self.applyToModules(lambda module: module.evaluate())
        super().evaluate()

    def reset(self, stdv: float | None = None) -> None:
        self.applyToModules(lambda module: module.reset() if stdv is None else module.reset(stdv))

    def clearState(self) -> Container:
        self.applyToModules(lambda module: module.clearState())
        return super().clearState()


class Sequential(Container):
    """The modules one after the other, each fed with the output of the one before."""

    def updateOutput(self, input: Any) -> Any:
        for module in self.modules:
            input = module.updateOutput(input)
        self.output = input
        return input

    def insert(self, module: Module, index: int) -> None:
        """Put a module at a place, before the one there."""
        self.modules.insert(index, module)

    def remove(self, index: int = -1) -> None:
        """Take the module at a place away, by default the last; IndexError without one."""
        del self.modules[index]
        kept = self.modules[-1] if self.modules else Module()
        self.output, self.gradInput = kept.output, self.modules[0].gradInput if self.modules else kept.gradInput

    def _steps(self, input: Any) -> list[tuple[Module, Any]]:
        """The modules from the last to the first, each with its input."""
        inputs = [input, *(module.output for module in self.modules[:-1])]
        return list(zip(self.modules, inputs, strict=False))[::-1]

    def _backward(self, input: Any, gradOutput: Any, step: Callable[[Module, Any, Any], Any]) -> Any:
        for module, given in self._steps(input):
            gradOutput = step(module, given, gradOutput)
        self.gradInput = gradOutput
        return gradOutput

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        return self._backward(input, gradOutput, lambda module, given, grad: module.updateGradInput(given, grad))

    def backward(self, input: Any, gradOutput: Any, scale: float = 1) -> Any:
        """As Module.backward, but for scale, which 0.3.1 did not hand on: the modules get 1."""
        return self._backward(input, gradOutput, lambda module, given, grad: module.backward(given, grad))

    def backwardUpdate(self, input: Any, gradOutput: Any, lr: float) -> Any:
        return self._backward(input, gradOutput, lambda module, given, grad: module.backwardUpdate(given, grad, lr))

    def accGradParameters(self, input: Any, gradOutput: Any, scale: float = 1) -> None:
        for module, given in self._steps(input):
            module.accGradParameters(given, gradOutput)
            gradOutput = module.gradInput

    def accUpdateGradParameters(self, input: Any, gradOutput: Any, lr: float) -> None:
        for module, given in self._steps(input):
            module.accUpdateGradParameters(given, gradOutput, lr)
            gradOutput = module.gradInput

    def __repr__(self) -> str:
        way = " -> ".join(["input", *(f"({index})" for index in range(len(self.modules))), "output"])
        lines = [f"  ({index}): {_indented(module, '  ')}" for index, module in enumerate(self.modules)]
        return "\n".join([f"nn.{type(self).__name__} {{", f"  [{way}]", *lines, "}"])


class _Branches(Container):
    """Modules side by side. A subclass says what each is given (_given), and what becomes of the results."""

    _end = ""

    def _given(self, input: Any, index: int) -> Any:
        return input

    def _branches(self, input: Any) -> range:
        return range(len(self.modules))

    def _join(self, outputs: list) -> Any:
        return outputs

    def _part(self, gradOutput: Any, index: int) -> Any:
        return gradOutput[index]

    def _gather(self, input: Any, grads: list) -> Any:
        raise NotImplementedError

    def updateOutput(self, input: Any) -> Any:
        outputs = [self.modules[i].updateOutput(self._given(input, i)) for i in self._branches(input)]
        return self._keep("output", self._join(outputs))

    def _triples(self, input: Any, gradOutput: Any) -> list[tuple[Module, Any, Any]]:
        """Each module with its input and the gradient of its output."""
        return [(self.modules[i], self._given(input, i), self._part(gradOutput, i)) for i in self._branches(input)]

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        grads = [module.updateGradInput(given, grad) for module, given, grad in self._triples(input, gradOutput)]
        return self._keep("gradInput", self._gather(input, grads))

    def backward(self, input: Any, gradOutput: Any, scale: float = 1) -> Any:
        grads = [
            module.backward(given, grad, self._scale(scale)) for module, given, grad in self._triples(input, gradOutput)
        ]
        return self._keep("gradInput", self._gather(input, grads))

    def _scale(self, scale: float) -> float:
        return scale

    def accGradParameters(self, input: Any, gradOutput: Any, scale: float = 1) -> None:
        for module, given, grad in self._triples(input, gradOutput):
            module.accGradParameters(given, grad, self._scale(scale))

    def accUpdateGradParameters(self, input: Any, gradOutput: Any, lr: float) -> None:
        for module, given, grad in self._triples(input, gradOutput):
            module.accUpdateGradParameters(given, grad, lr)

    def __repr__(self) -> str:
        lines = [f"    |`-> ({i}): {_indented(module, '    |    ')}" for i, module in enumerate(self.modules)]
        if lines:  # below the last branch nothing goes on
            lines[-1] = f"    |`-> ({len(lines) - 1}): {_indented(self.modules[-1], '         ')}"
        return "\n".join([f"{self._old_path()} {{", "  input", *lines, f"     {self._end} -> output", "}"])


def _total(grads: list) -> Any:
    """The sum of tables built alike."""
    total = recursive_map(lambda grad: grad.clone(), grads[0])
    for grad in grads[1:]:
        recursiveAdd(total, grad)
    return total


class ConcatTable(_Branches):
    """A table of what each module makes of the same input."""

    _end = "+."

    def _gather(self, input: Any, grads: list) -> Any:
        return _total(grads)


class ParallelTable(_Branches):
    """A table of what each module makes of the input at its own place in a table."""

    _end = "+."

    def _given(self, input: Any, index: int) -> Any:
        return input[index]

    def _gather(self, input: Any, grads: list) -> Any:
        return grads


class Concat(_Branches):
    """What each module makes of the same input, joined along a dimension. The modules' gradients get scale 1."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension

    def _join(self, outputs: list) -> Any:
        return torch.cat(outputs, self.dimension)

    def _part(self, gradOutput: Any, index: int) -> Any:
        sizes = [module.output.size(self.dimension) for module in self.modules[: index + 1]]
        return gradOutput.narrow(self.dimension, sum(sizes[:-1]), sizes[-1])

    def _gather(self, input: Any, grads: list) -> Any:
        return _total(grads)

    def _scale(self, scale: float) -> float:
        return 1

    def __repr__(self) -> str:
        return Module.__repr__(self)


class DepthConcat(Concat):
    """Concat of outputs whose other sizes differ: the smaller ones are put in the middle of zeros."""

    def _window(self, tensor: Any, size: Any, index: int) -> Any:
        """The part of a tensor that the output of a module fills, whose size along dimension is there already."""
        for dim, length in enumerate(size):
            if dim != self.dimension:
                tensor = tensor.narrow(dim, (tensor.size(dim) - length) // 2, length)
        return tensor

    def _join(self, outputs: list) -> Any:
        sizes = [max(lengths) for lengths in zip(*(output.size() for output in outputs), strict=True)]
        padded = []
        for index, output in enumerate(outputs):
            sizes[self.dimension] = output.size(self.dimension)
            zeros = output.new().resize_(*sizes).zero_()
            self._window(zeros, output.size(), index).copy_(output)
            padded.append(zeros)
        return torch.cat(padded, self.dimension)

    def _part(self, gradOutput: Any, index: int) -> Any:
        return self._window(super()._part(gradOutput, index), self.modules[index].output.size(), index).contiguous()


class Parallel(_Branches):
    """Each module gets a slice of the input along inputDimension; the outputs are joined along outputDimension."""

    _end = "..."

    def __init__(self, inputDimension: int, outputDimension: int) -> None:
        super().__init__()
        self.inputDimension = inputDimension
        self.outputDimension = outputDimension

    def _given(self, input: Any, index: int) -> Any:
        return input.select(self.inputDimension, index)

    def _branches(self, input: Any) -> range:
        return range(input.size(self.inputDimension))

    def _join(self, outputs: list) -> Any:
        return torch.cat(outputs, self.outputDimension)

    def _part(self, gradOutput: Any, index: int) -> Any:
        sizes = [module.output.size(self.outputDimension) for module in self.modules[: index + 1]]
        return gradOutput.narrow(self.outputDimension, sum(sizes[:-1]), sizes[-1])

    def _gather(self, input: Any, grads: list) -> Any:
        return torch.stack(grads, self.inputDimension)
