"""A small bridge to code of the next era: torch.tensor, as_tensor, no_grad.

Beside 0.3.1's own tensors, which have at least one dimension, there are Variables of a single value without dimensions.
They print as later versions did: tensor(3., requires_grad=True).
"""

from __future__ import annotations

from typing import Any

from ._core.interop import from_numpy
from ._core.record import set_recording
from ._core.restructure import point_of
from ._core.tensor import Tensor
from ._core.types import FloatTensor, LongTensor
from ._core.variable import Variable


def _tensor_of(data: Any) -> Tensor:
    """A tensor of numbers, nested lists, an array or a tensor; ints give LongTensor, floats FloatTensor."""
    import numpy

    if isinstance(data, (Tensor, Variable)):
        return data.data.clone() if isinstance(data, Variable) else data.clone()
    if isinstance(data, numpy.ndarray):
        return from_numpy(data.copy()) if data.ndim else point_of(from_numpy(data.reshape(1).copy()))
    if isinstance(data, numpy.generic):
        return point_of(from_numpy(numpy.array([data])))
    values = numpy.array(data)
    if values.dtype.kind not in "biuf":
        raise TypeError(
            f"tensor takes numbers, nested lists of numbers, an array or a tensor, got {type(data).__name__}"
        )
    kind = FloatTensor if values.dtype.kind == "f" else LongTensor
    return kind(values.tolist()) if values.ndim else point_of(kind([values.item()]))


def tensor(data: Any, requires_grad: bool = False) -> Variable:
    """A Variable with a copy of the data: of a single number, one without dimensions.

    >>> from autograd_legacy import tensor
    >>> x = tensor(3.0, requires_grad=True)
    >>> (x * x).backward()
    >>> x.grad
    tensor(6.)
    """
    return Variable(_tensor_of(data), requires_grad=requires_grad)


def as_tensor(data: Any) -> Tensor:
    """The data as a Tensor: an array's own memory where its type has a tensor type, else a copy; a tensor itself.

    >>> import numpy
    >>> from autograd_legacy import as_tensor
    >>> as_tensor(numpy.arange(3.0)).type()
    'torch.DoubleTensor'
    """
    import numpy

    if isinstance(data, Tensor):
        return data
    if isinstance(data, numpy.ndarray) and data.ndim:
        return from_numpy(data)
    return _tensor_of(data)


class no_grad:
    """A context in which results record no history.

    >>> from autograd_legacy import no_grad, tensor
    >>> x = tensor(3.0, requires_grad=True)
    >>> with no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    def __enter__(self) -> None:
        self._before = set_recording(False)

    def __exit__(self, *exception: Any) -> None:
        set_recording(self._before)
