"""PyTorch 0.3.1's API on current Python: tensors, Variables, and the packages nn, optim and utils.

The names are those of `torch` 0.3.1; a few of the next era (`tensor`, `as_tensor`, `no_grad`) serve code that has begun
to move on.
"""

from __future__ import annotations

from importlib import import_module as _import_module

from . import random, storage, tensor
from ._core import functions as _functions
from ._core import ops as _ops
from ._core.interop import from_numpy
from ._core.storage import Storage as _StorageBase
from ._core.tensor import Size
from ._core.tensor import Tensor as _TensorBase
from ._core.types import (
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
)
from ._default import set_default_tensor_type
from ._tensor_str import set_printoptions
from .bridge import as_tensor, no_grad
from .creation import arange, eye, linspace, logspace, ones, ones_like, range, zeros, zeros_like
from .functional import btriunpack, chunk, matmul, split, stack, unbind
from .kinds import is_storage, is_tensor, numel, typename
from .random import Generator, default_generator, fork_rng, get_rng_state, initial_seed, manual_seed, set_rng_state
from .serialization import load, save
from .sparse.products import dsmm, hsmm, saddmm, smm
from .storage import (
    ByteStorage,
    CharStorage,
    DoubleStorage,
    FloatStorage,
    HalfStorage,
    IntStorage,
    LongStorage,
    ShortStorage,
)
from .threads import get_num_threads, set_num_threads
from .version import __version__  # what old programs look for

release = "0.1.0"  # this library's own

# Functions of the table: torch.add, torch.mm, ...
globals().update(
    {name: f for name, f in vars(_functions).items() if not name.startswith("_") and name not in globals()}
)

_tensor_classes, _storage_classes = (
    {found for found in list(globals().values()) if isinstance(found, type) and issubclass(found, base)} - {base}
    for base in (_TensorBase, _StorageBase)
)

has_cudnn = False
Tensor = FloatTensor
Storage = FloatStorage

# Packages that 0.3.1 imported with torch. They are imported when first used, so that importing this one stays cheap.
_PACKAGES = [
    "autograd",
    "_six",
    "_utils",
    "backends",
    "cuda",
    "distributed",
    "distributions",
    "functional",
    "jit",
    "legacy",
    "multiprocessing",
    "nn",
    "onnx",
    "optim",
    "sparse",
    "utils",
    "version",
]


def __getattr__(name: str):
    if name in _PACKAGES:
        return _import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_PACKAGES})
