"""torch.utils.ffi: extensions in C against TH, the C library under PyTorch 0.3.1.

There is no TH here: tensors are this library's own. So such extensions cannot be built; what they computed is written
with tensors, as a torch.autograd.Function in Python, or in C over NumPy arrays or DLPack.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn


def create_extension(
    name: str,
    headers: Sequence[str],
    sources: Sequence[str],
    verbose: bool = True,
    with_cuda: bool = False,
    package: bool = False,
    relative_to: str = ".",
    **kwargs: Any,
) -> NoReturn:
    """NotImplementedError."""
    raise NotImplementedError(
        f"the extension {name!r} is C code against TH, PyTorch 0.3.1's C library, which this library does not have. "
        "Write it with tensors, as an autograd.Function, or in C over tensor.numpy()"
    )
