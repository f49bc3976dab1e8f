"""Automatic differentiation: Variables, Functions and the backward walk."""

from .._core.variable import Variable
from ..backward import backward, grad

__all__ = ["Variable", "backward", "grad"]
