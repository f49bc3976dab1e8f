"""PyTorch 0.3.1's API on current Python."""

from ._core import dispatch as _dispatch
from ._core import ops as _ops
from ._core import types as _types
from ._core.tensor import Size
from ._core.types import ByteTensor, CharTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor, LongTensor, ShortTensor

globals().update(_dispatch.torch_functions())

Tensor = FloatTensor

from .creation import arange, eye, linspace, logspace, ones, ones_like, range, zeros, zeros_like  # noqa: E402
from .functional import btriunpack, chunk, matmul, split, stack, unbind  # noqa: E402
