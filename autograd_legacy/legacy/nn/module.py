"""What every module is: an output computed from an input, and the gradients that an output's gradient leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .utils import clear, new_tensor, recursiveType, torch, type_name


class Module:
    """The base of all modules. Subclasses override updateOutput, updateGradInput and perhaps accGradParameters.

    output and gradInput are tensors, or lists of them, that the next call uses again. _parameters names the attributes
    that are parameters; the gradient of `weight` is summed up in gradWeight, undefined until zeroGradParameters().
    """

    _parameters: tuple[str, ...] = ("weight", "bias")
    output: Any = None  # for modules from files of Lua Torch, which may lack them
    gradInput: Any = None
    _state: tuple[str, ...] = ()  # further attributes that clearState empties

    def __init__(self) -> None:
        self.gradInput = new_tensor()
        self.output = new_tensor()
        self._type = self.output.type()

    def __repr__(self) -> str:
        return f"nn.{type(self).__name__}{self._shown()}"

    def _shown(self) -> str:
        """What repr says after the name."""
        return ""

    def _old_path(self) -> str:
        """The class's full name in 0.3.1, where each had a file of its own."""
        return "torch.legacy.nn.{0}.{0}".format(type(self).__name__)

    def _own(self) -> list[tuple[Any, Any]]:
        """The module's own parameters, each with its gradient, None for those not made yet."""
        named = [(getattr(self, name, None), f"grad{name[0].upper()}{name[1:]}") for name in self._parameters]
        return [(value, getattr(self, grad, None)) for value, grad in named if value is not None]

    def parameters(self) -> tuple[list, list] | None:
        """(parameters, their gradients); None without any."""
        own = self._own()
        return ([value for value, _ in own], [grad for _, grad in own]) if own else None

    def updateOutput(self, input: Any) -> Any:
        """Compute the output, keep it, and return it."""
        return self.output

    def forward(self, input: Any) -> Any:
        """The output for an input."""
        return self.updateOutput(input)

    def backward(self, input: Any, gradOutput: Any, scale: float = 1) -> Any:
        """The gradient of the input; scale times those of the parameters are added to their sums.

        input is what the last forward was given, gradOutput the gradient of its output.
        """
        self.updateGradInput(input, gradOutput)
        self.accGradParameters(input, gradOutput, scale)
        return self.gradInput

    def backwardUpdate(self, input: Any, gradOutput: Any, lr: float) -> Any:
        """The gradient of the input; the parameters take a step of length lr at once."""
        self.updateGradInput(input, gradOutput)
        self.accUpdateGradParameters(input, gradOutput, lr)
        return self.gradInput

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        """Compute the gradient of the input, keep it, and return it."""
        return self.gradInput

    def accGradParameters(self, input: Any, gradOutput: Any, scale: float = 1) -> None:
        """Add scale times the parameters' gradients to their sums."""

    def accUpdateGradParameters(self, input: Any, gradOutput: Any, lr: float) -> None:
        """parameters -= lr * gradients; the gradients' sums stay as they are."""
        names = [name for name in self._parameters if getattr(self, name, None) is not None]
        sums = {f"grad{name[0].upper()}{name[1:]}": name for name in names}
        kept = {grad: getattr(self, grad) for grad in sums}
        for grad, name in sums.items():  # the parameters themselves are what is added to
            setattr(self, grad, getattr(self, name))
        self.accGradParameters(input, gradOutput, -lr)
        self.__dict__.update(kept)

    def sharedAccUpdateGradParameters(self, input: Any, gradOutput: Any, lr: float) -> None:
        """accUpdateGradParameters for parameters that modules share: their gradients' sums are zeroed."""
        if self.parameters():
            self.zeroGradParameters()
            self.accGradParameters(input, gradOutput, 1)
            self.updateParameters(lr)

    def zeroGradParameters(self) -> None:
        """Begin new sums of gradients."""
        for grad in (self.parameters() or ([], []))[1]:
            grad.zero_()

    def updateParameters(self, learningRate: float) -> None:
        """parameters -= learningRate * gradients."""
        for value, grad in zip(*(self.parameters() or ([], [])), strict=True):
            value.add_(-learningRate, grad)

    def training(self) -> None:
        """Behave as in training."""
        self.train = True

    def evaluate(self) -> None:
        """Behave as in use, where dropout and batch normalization differ."""
        self.train = False

    def share(self, mlp: Module, *arg: str) -> None:
        """Not in 0.3.1 either: NotImplementedError."""
        raise NotImplementedError

    def clone(self, *arg: str) -> Module:
        """Not in 0.3.1 either: NotImplementedError."""
        raise NotImplementedError

    def type(self, type: Any = None, tensorCache: dict | None = None) -> Any:
        """The type's name; given a type, turn all tensors, those of indices excepted, into it, and return self."""
        if type is None:
            return self._type
        name = type_name(type)
        cache = {} if tensorCache is None else tensorCache
        for key, value in self.__dict__.items():
            if not (torch.is_tensor(value) and value.type() in ("torch.LongTensor", "torch.ByteTensor")):
                setattr(self, key, recursiveType(value, name, cache))
        self._type = name
        return self

    def float(self, *args: Any) -> Module:
        """type("torch.FloatTensor")."""
        return self.type("torch.FloatTensor", *args)

    def double(self, *args: Any) -> Module:
        """type("torch.DoubleTensor")."""
        return self.type("torch.DoubleTensor", *args)

    def cuda(self, *args: Any) -> Module:
        """type("torch.cuda.FloatTensor"). AssertionError: there is no GPU."""
        return self.type("torch.cuda.FloatTensor", *args)

    def read(self, f: Any) -> None:
        """Not in 0.3.1 either: NotImplementedError. torch.load reads modules."""
        raise NotImplementedError("read: torch.load reads modules")

    def write(self, f: Any) -> None:
        """Not in 0.3.1 either: NotImplementedError. torch.save writes modules."""
        raise NotImplementedError("write: torch.save writes modules")

    def reset(self) -> None:
        """Draw the parameters' start values anew, where there are any."""

    def flattenParameters(self) -> tuple:
        """(parameters, gradients), all in one row each, which from now on are the memory of the module's own."""
        params, grads = self.parameters() or ([], [])
        return _flattened(params), _flattened(grads)

    def apply(self, callback: Callable[[Module], Any]) -> None:
        """Call callback with the module and all that it contains."""
        for module in self.listModules():
            callback(module)

    def findModules(self, cls: type, container: Any = None) -> tuple[list, list]:
        """The modules of a class, and for each the container that holds it (the module itself for the outermost)."""
        found = [(self, self if container is None else container)] if isinstance(self, cls) else []
        nodes, holders = [node for node, _ in found], [holder for _, holder in found]
        for child in getattr(self, "modules", ()):
            inner = child.findModules(cls, self)
            nodes += inner[0]
            holders += inner[1]
        return nodes, holders

    def listModules(self) -> list[Module]:
        """The module and all that it contains, in depth first."""
        return [self, *(module for child in getattr(self, "modules", ()) for module in child.listModules())]

    def replace(self, callback: Callable[[Module], Module]) -> Module:
        """What callback makes of the module, after having replaced all that it contains in the same way."""
        made = callback(self)
        children = getattr(made, "modules", [])
        children[:] = [child.replace(callback) for child in children]
        return made

    def clearState(self) -> Module:
        """Empty what the last passes left behind."""
        return clear(self, "output", "gradInput", *self._state)

    def _keep(self, name: str, value: Any) -> Any:
        """Let the buffer of a name show a value; the buffer itself stays the same object where it can."""
        buffer = getattr(self, name)
        if torch.is_tensor(value) and torch.is_tensor(buffer) and buffer.type() == value.type():
            return buffer if buffer is value else buffer.set_(value)
        setattr(self, name, value)
        return value

    def _start(self, stdv: float) -> None:
        """Draw the parameters anew, uniform in +-stdv, in their order."""
        for value, _ in self._own():
            value.uniform_(-stdv, stdv)


def _flattened(tensors: list) -> Any:
    """The distinct tensors' elements in one row, in which the tensors live from now on."""
    distinct = list({tensor.data_ptr(): tensor for tensor in tensors}.values())
    row = torch.cat([tensor.contiguous().view(-1) for tensor in distinct], 0) if distinct else new_tensor()
    places, start = {}, 0
    for tensor in distinct:
        places[tensor.data_ptr()] = start
        start += tensor.numel()
    for tensor, place in [(tensor, places[tensor.data_ptr()]) for tensor in tensors]:
        size = tensor.size()
        tensor.set_(row[place : place + tensor.numel()].view(size))
    return row


def bound(stdv: float | None, fan_in: int) -> float:
    """The largest start value: stdv * sqrt(3), for a uniform deviation of stdv; without, 1 / sqrt(fan_in)."""
    return fan_in**-0.5 if stdv is None else stdv * 3**0.5
