"""Automatic differentiation: Variables, Functions and the backward walk."""

from .._core.variable import Variable
from ..backward import backward, grad
from . import function, profiler, variable
from .function import Function, NestedIOFunction, StochasticFunction
from .gradcheck import gradcheck, gradgradcheck

__all__ = [
    "Function",
    "NestedIOFunction",
    "StochasticFunction",
    "Variable",
    "backward",
    "function",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "profiler",
    "variable",
]
