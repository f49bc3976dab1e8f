"""The tensors that modules make for themselves."""

from __future__ import annotations

from importlib import import_module

from ..autograd import Variable

torch = import_module("..", __package__)  # whose default tensor type may change at any time


def new_tensor(*size: int):
    """A tensor of the default type, not initialised."""
    return torch.Tensor(*size)


def type_name(value) -> str:
    """What a message calls the type of value: "torch.FloatTensor", "torch.autograd.variable.Variable", "int"."""
    if isinstance(value, Variable) and type(value) is Variable:
        return "torch.autograd.variable.Variable"
    return value.type() if torch.is_tensor(value) else type(value).__name__


def as_variable(value) -> Variable:
    """A Variable itself, or one around a Tensor."""
    return value if isinstance(value, Variable) else Variable(value)


def check_variable(value, where: str) -> None:
    """RuntimeError unless value is a Variable; `where` names the function that wants one."""
    if not isinstance(value, Variable):
        raise RuntimeError(f"{where}(): its input must be a Variable, not {type_name(value)}")
