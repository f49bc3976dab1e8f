"""torch.sparse: tensors of which only some elements are stored, each with its place."""

from importlib import import_module

from .types import ByteTensor, CharTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor, ShortTensor

__all__ = ["ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "IntTensor", "LongTensor", "ShortTensor"]

torch = import_module("..", __package__)  # programs write torch.sparse.torch.eye(n)
