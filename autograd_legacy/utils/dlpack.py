"""torch.utils.dlpack: tensors lent to and borrowed from other libraries, through NumPy's DLPack."""

from __future__ import annotations

from typing import Any

from .._core.interop import array_on, tensor_on
from .._core.tensor import Tensor


class _Lender:
    """A capsule as the object that NumPy asks for one."""

    def __init__(self, capsule: Any):
        self.capsule = capsule

    def __dlpack__(self, **options: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return 1, 0  # the CPU


def to_dlpack(tensor: Tensor) -> Any:
    """A capsule that lends the tensor's memory; to be consumed once."""
    return array_on(tensor).__dlpack__()


def from_dlpack(capsule: Any) -> Tensor:
    """The tensor on the memory that a capsule lends. RuntimeError for anything else, or a capsule consumed before."""
    import numpy

    try:
        array = numpy.from_dlpack(_Lender(capsule))
    except ValueError as error:
        raise RuntimeError(
            "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, "
            "so you might have already constructed a tensor from it once."
        ) from error
    return tensor_on(array)


__all__ = ["from_dlpack", "to_dlpack"]
