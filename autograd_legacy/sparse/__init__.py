"""torch.sparse: tensors of which only some elements are stored, each with its place."""

from .types import ByteTensor, CharTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor, ShortTensor

__all__ = ["ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "IntTensor", "LongTensor", "ShortTensor"]
