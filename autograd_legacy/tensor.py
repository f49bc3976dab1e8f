"""torch.tensor: where 0.3.1 kept the base class of all tensors. Called, as later PyTorch has it, it makes a Variable.

>>> import autograd_legacy as torch
>>> isinstance(torch.ones(2), torch.tensor._TensorBase)
True
>>> torch.tensor(3.0)
tensor(3.)
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from ._core.tensor import Tensor
from .bridge import tensor as _tensor

_TensorBase = Tensor


class _Called(ModuleType):
    """A module that is a function too."""

    def __call__(self, data: Any, requires_grad: bool = False) -> Any:
        return _tensor(data, requires_grad)


_Called.__call__.__doc__ = _tensor.__doc__
sys.modules[__name__].__class__ = _Called
