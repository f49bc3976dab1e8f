"""Automatic differentiation: Variables, Functions and the backward walk."""

from .._core.variable import Variable
from ..backward import backward, grad
from . import _functions, function, profiler, variable
from .anomaly import detect_anomaly, is_anomaly_enabled, set_detect_anomaly
from .function import Function, NestedIOFunction, StochasticFunction
from .gradcheck import gradcheck, gradgradcheck

__all__ = [
    "Function",
    "NestedIOFunction",
    "StochasticFunction",
    "Variable",
    "_functions",
    "backward",
    "detect_anomaly",
    "function",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "is_anomaly_enabled",
    "profiler",
    "set_detect_anomaly",
    "variable",
]
