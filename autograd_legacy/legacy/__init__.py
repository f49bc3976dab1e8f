"""What 0.3.1 carried over from Lua Torch: modules told to go backward, and optimizers as functions."""

from . import nn, optim

__all__ = ["nn", "optim"]
