"""torch.autograd._functions: where 0.3.1 kept Functions that were written in Python, as far as programs used them."""

from . import tensor, utils
from .tensor import Repeat, Resize, Type

__all__ = ["Repeat", "Resize", "Type", "tensor", "utils"]
