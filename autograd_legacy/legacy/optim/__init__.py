"""Lua Torch's optim: optimizers that are functions of (opfunc, x, config, state)."""

from .cg import cg
from .lbfgs import lbfgs
from .steps import adadelta, adagrad, adam, adamax, asgd, nag, rmsprop, rprop, sgd

__all__ = ["adadelta", "adagrad", "adam", "adamax", "asgd", "cg", "lbfgs", "nag", "rmsprop", "rprop", "sgd"]
