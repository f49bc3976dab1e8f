"""What Python asks of tensors and Variables beside arithmetic: their text, their copies, their pickles, their arrays.

Each is found when it is first needed, so that importing the library stays cheap.
"""

from __future__ import annotations

import operator
from typing import Any


def tensor_text(tensor: Any) -> str:
    """The printed form of a tensor."""
    from . import _tensor_str

    return _tensor_str.tensor_text(tensor)


def variable_text(variable: Any) -> str:
    """The printed form of a Variable."""
    from . import _tensor_str

    return _tensor_str.variable_text(variable)


def pickled(name: str, *args: Any) -> Any:
    """A step of pickling, by the function's name in _utils."""
    from . import _utils

    return getattr(_utils, name)(*args)


def copied(tensor: Any, memo: dict) -> Any:
    """A deep copy: of the whole storage, so that views of one storage still share it among the copies."""
    from copy import deepcopy

    storage = deepcopy(tensor.storage(), memo)
    return type(tensor)().set_(storage, tensor.storage_offset(), tensor.size(), tensor.stride())


def copied_variable(variable: Any, memo: dict) -> Any:
    """A deep copy of a leaf, without its gradient and hooks. RuntimeError for a result, for it has a history."""
    from copy import deepcopy

    if not variable.is_leaf:
        raise RuntimeError(
            "Only Variables created explicitly by the user (graph leaves) support the deepcopy protocol at the moment"
        )
    if id(variable) in memo:
        return memo[id(variable)]
    made = type(variable)(deepcopy(variable.data, memo), requires_grad=variable.requires_grad)
    if variable.volatile:
        made.volatile = True
    memo[id(variable)] = made
    return made


def inverted(tensor: Any) -> Any:
    """~mask is 1 - mask. RuntimeError for other types."""
    if tensor.type() != "torch.ByteTensor":
        raise RuntimeError("~ (operator.invert) is only implemented on byte tensors")
    return 1 - tensor


def array_of(tensor: Any, dtype: Any, copy: Any) -> Any:
    """What __array__ gives: the tensor's own memory where no conversion or copy is asked for.

    ValueError where copy is False and the type differs.
    """
    import numpy

    from ._core.interop import to_numpy

    array = to_numpy(tensor) if tensor.numel() else numpy.empty(0)
    if dtype is None or array.dtype == dtype:
        return array.copy() if copy else array
    if copy is False:
        raise ValueError(f"an array of {numpy.dtype(dtype)} from a {tensor.type()} is a copy, which copy=False refuses")
    return array.astype(dtype)


def array_interface(tensor: Any) -> dict:
    """What __array_interface__ says: where the elements lie, to be read while the tensor is held."""
    from ._core.interop import interface

    return interface(tensor)


def dlpack_of(tensor: Any, stream: Any, max_version: tuple | None, dl_device: tuple | None, copy: bool | None) -> Any:
    """The capsule that __dlpack__ gives."""
    from .utils import dlpack

    return dlpack.dlpack_of(tensor, stream, max_version, dl_device, copy)


def beside_sparse(name: str, dense: Any, sparse: Any, inplace: bool) -> Any:
    """An operator between a dense and a sparse tensor."""
    from .sparse.core import beside

    return beside(name, dense, sparse, inplace)


def sparse_mask(tensor: Any, mask: Any) -> Any:
    """The elements of a dense tensor in the places that a coalesced sparse one holds."""
    from .sparse.core import masked

    return masked(tensor, mask)


def from_left(name: str, number: Any, tensor: Any) -> Any:
    """What NumPy makes of an operator between its own number and a tensor: the number takes on the tensor's type, but
    for a fraction beside whole numbers, which gives a DoubleTensor.
    """
    apply = getattr(operator, "truediv" if name == "div" else name)
    return wrapped(tensor, apply(number.item(), tensor.numpy()))


def wrapped(tensor: Any, array: Any) -> Any:
    """The tensor of what a NumPy function made of this one; comparisons give ByteTensors."""
    from ._core.interop import from_numpy

    return from_numpy(array.astype("uint8") if array.dtype == bool else array)
