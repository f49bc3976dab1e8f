"""Automatic differentiation: Variables, Functions and the backward walk."""

from .._core.variable import Variable
from ..backward import backward, grad
from . import function, variable
from .function import Function, NestedIOFunction
from .gradcheck import gradcheck, gradgradcheck

__all__ = [
    "Function",
    "NestedIOFunction",
    "Variable",
    "backward",
    "function",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "variable",
]
