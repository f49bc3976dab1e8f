"""Padding layers. The amounts are one number for all sides, or pairs, the last dimension first."""

from __future__ import annotations

from ...autograd import Variable
from .. import functional as F
from .module import Module
from .utils import _ntuple


class _Pad(Module):
    """The subclasses say the number of spatial dimensions and the mode."""

    dims: int
    mode = "constant"
    value: float = 0

    def __init__(self, padding):
        super().__init__()
        self.padding = _ntuple(2 * self.dims)(padding)

    def forward(self, input: Variable) -> Variable:
        return F.pad(input, self.padding, self.mode, self.value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.padding})"


class _ConstantPad(_Pad):
    def __init__(self, padding, value: float):
        super().__init__(padding)
        self.value = value


class ConstantPad1d(_ConstantPad):
    """`value` around N x C x L; negative amounts cut."""

    dims = 1


class ConstantPad2d(_ConstantPad):
    """`value` around N x C x H x W; negative amounts cut."""

    dims = 2


class ConstantPad3d(_ConstantPad):
    """`value` around N x C x D x H x W; negative amounts cut."""

    dims = 3


class ReflectionPad1d(_Pad):
    """N x C x L mirrored at its ends, which are not repeated."""

    dims, mode = 1, "reflect"


class ReflectionPad2d(_Pad):
    """N x C x H x W mirrored at its sides, which are not repeated."""

    dims, mode = 2, "reflect"


class ReplicationPad1d(_Pad):
    """N x C x L with its ends repeated."""

    dims, mode = 1, "replicate"


class ReplicationPad2d(_Pad):
    """N x C x H x W with its sides repeated."""

    dims, mode = 2, "replicate"


class ReplicationPad3d(_Pad):
    """N x C x D x H x W with its sides repeated."""

    dims, mode = 3, "replicate"


class ZeroPad2d(ConstantPad2d):
    """Zeros around N x C x H x W; negative amounts cut."""

    def __init__(self, padding):
        super().__init__(padding, 0)
