"""Weights as a length times a direction."""

from __future__ import annotations

from ...autograd import Variable
from ..modules.module import Module
from ..parameter import Parameter


def _norm(v: Variable, dim: int | None) -> Variable:
    """The norm over all dimensions but dim, which stay as 1; over all with None."""
    if dim is None:
        return v.norm()
    if dim not in (0, v.dim() - 1):
        return _norm(v.transpose(0, dim), 0).transpose(0, dim)
    if dim == 0:
        return v.contiguous().view(v.size(0), -1).norm(2, 1).view(v.size(0), *[1] * (v.dim() - 1))
    return v.contiguous().view(-1, v.size(-1)).norm(2, 0).view(*[1] * (v.dim() - 1), v.size(-1))


class WeightNorm:
    """A forward pre-hook that makes the weight `name` from `name`_g, the length, and `name`_v, the direction."""

    def __init__(self, name: str, dim: int | None):
        self.name = name
        self.dim = dim

    def compute_weight(self, module: Module) -> Variable:
        """g * v / |v|."""
        g, v = getattr(module, self.name + "_g"), getattr(module, self.name + "_v")
        return v * (g / _norm(v, self.dim)).expand_as(v)

    @staticmethod
    def apply(module: Module, name: str, dim: int | None) -> WeightNorm:
        """Replace the parameter `name` by its length and direction, and make it before each forward."""
        hook = WeightNorm(name, dim)
        weight = getattr(module, name)
        del module._parameters[name]
        module.register_parameter(name + "_g", Parameter(_norm(weight, dim).data))
        module.register_parameter(name + "_v", Parameter(weight.data))
        setattr(module, name, hook.compute_weight(module))
        module.register_forward_pre_hook(hook)
        return hook

    def remove(self, module: Module) -> None:
        """Make the weight a parameter again, with the value that it has."""
        weight = self.compute_weight(module)
        delattr(module, self.name)
        del module._parameters[self.name + "_g"]
        del module._parameters[self.name + "_v"]
        module.register_parameter(self.name, Parameter(weight.data))

    def __call__(self, module: Module, inputs: tuple) -> None:
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module: Module, name: str = "weight", dim: int | None = 0) -> Module:
    """Train the length g and the direction v of a weight apart: w = g * v / |v|.

    There is one length for each index of dim, or one in all with None. The weight is made anew whenever the module is
    called. Gives the module itself.
    """
    WeightNorm.apply(module, name, dim)
    return module


def remove_weight_norm(module: Module, name: str = "weight") -> Module:
    """Undo weight_norm; gives the module itself. ValueError where there is none."""
    for key, hook in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[key]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")
