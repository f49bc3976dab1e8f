"""Padding of planes and volumes."""

from __future__ import annotations

from ..._core import ops
from ...autograd import Variable
from .recorded import Recorded


class _SpatialPadding(Recorded):
    """pad_l, pad_r, pad_t, pad_b places more on the left, the right, the top and the bottom; pad_l is the default."""

    def __init__(
        self, pad_l: int, pad_r: int | None = None, pad_t: int | None = None, pad_b: int | None = None
    ) -> None:
        super().__init__()
        self.pad_l = pad_l
        self.pad_r = pad_l if pad_r is None else pad_r
        self.pad_t = pad_l if pad_t is None else pad_t
        self.pad_b = pad_l if pad_b is None else pad_b

    def _pads(self) -> tuple:
        return self.pad_l, self.pad_r, self.pad_t, self.pad_b

    def _shown(self) -> str:
        return str(self._pads())


class SpatialReflectionPadding(_SpatialPadding):
    """Mirrors (N x) C x H x W at its edges."""

    def _compute(self, x: Variable) -> Variable:
        return ops.pad_reflect(x, self._pads())


class SpatialReplicationPadding(_SpatialPadding):
    """Repeats the edges of (N x) C x H x W."""

    def _compute(self, x: Variable) -> Variable:
        return ops.pad_replicate(x, self._pads())


class SpatialZeroPadding(_SpatialPadding):
    """Zeros around (N x) C x H x W; negative amounts take places away."""

    def _compute(self, x: Variable) -> Variable:
        return ops.pad_constant(x, self._pads(), 0)

    def _shown(self) -> str:
        return ""


class VolumetricReplicationPadding(Recorded):
    """Repeats the edges of (N x) C x T x H x W; pleft stands for amounts not given, or, as in 0.3.1, 0."""

    def __init__(
        self,
        pleft: int,
        pright: int | None = None,
        ptop: int | None = None,
        pbottom: int | None = None,
        pfront: int | None = None,
        pback: int | None = None,
    ) -> None:
        super().__init__()
        self.pleft = pleft
        self.pright = pright or pleft
        self.ptop = ptop or pleft
        self.pbottom = pbottom or pleft
        self.pfront = pfront or pleft
        self.pback = pback or pleft

    def _pads(self) -> tuple:
        return self.pleft, self.pright, self.ptop, self.pbottom, self.pfront, self.pback

    def _compute(self, x: Variable) -> Variable:
        return ops.pad_replicate(x, self._pads())

    def _shown(self) -> str:
        return str(self._pads())
