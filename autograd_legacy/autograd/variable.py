"""torch.autograd.variable, the module where 0.3.1 kept its Variable."""

from .._core.variable import Variable

__all__ = ["Variable"]
