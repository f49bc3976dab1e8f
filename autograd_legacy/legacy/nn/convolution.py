"""Convolutions over time, planes and volumes."""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import Any

from ..._core import ops
from ...autograd import Variable
from .linear import Weighted
from .utils import torch


class _Convolution(Weighted):
    """Over the last `dims` dimensions of (N x) C x ...: the geometry is in _stride(), _padding(), ... as tuples."""

    dims: int
    transposed = False
    _rows = False

    def _build(self, planes: tuple, kernel: tuple) -> None:
        self.nInputPlane, self.nOutputPlane = planes
        channels = planes if self.transposed else planes[::-1]
        self._make((*channels, *kernel), (self.nOutputPlane,))

    def _fan_in(self) -> int:
        return reduce(mul, self.weight.size()[2:], self.nInputPlane)

    def _each(self, name: str) -> tuple:
        """The attributes of a name for the dimensions in order, time first: dT, dH, dW."""
        return tuple(getattr(self, name + axis) for axis in "THW"[3 - self.dims :])

    def _dilation(self) -> tuple:
        return (1,) * self.dims

    def _adjusted(self) -> tuple:
        return (0,) * self.dims

    def _prepare(self, input: Any) -> None:
        planes = self.weight.size(0 if self.transposed else 1)
        batch = input.dim() == self.dims + 2
        if input.dim() not in (self.dims + 1, self.dims + 2) or input.size(int(batch)) != planes:
            shape = " x ".join(map(str, input.size()))
            raise RuntimeError(
                f"Need input of dimension {self.dims + 2} and input.size[1] == {planes} "
                f"but got input to be of shape: [{shape}]"
            )

    def _compute(self, x: Variable, weight: Variable, bias: Variable | None) -> Variable:
        batch = x if x.dim() == self.dims + 2 else x.unsqueeze(0)
        geometry = self._each("d"), self._each("pad"), self._dilation(), self.transposed, self._adjusted(), 1
        out = ops.conv_nd(batch, weight, bias, *geometry)
        return out if batch is x else out.squeeze(0)

    def _shown(self) -> str:
        kernel = "x".join(str(getattr(self, f"k{axis}")) for axis in "TWH"[3 - self.dims :])
        shown = f"({self.nInputPlane} -> {self.nOutputPlane}, {kernel}"
        order = "TWH"[3 - self.dims :]
        strides, pads = ([getattr(self, name + axis) for axis in order] for name in ("d", "pad"))
        extra = list(self._adjusted()) if any(self._adjusted()) else []
        if any(stride != 1 for stride in strides) or any(pads) or extra:
            shown += "".join(f", {value}" for value in strides)
        if any(pads) or extra:
            shown += "".join(f", {value}" for value in pads)
        return shown + "".join(f", {value}" for value in extra) + ")" + (" without bias" if self.bias is None else "")


class SpatialConvolution(_Convolution):
    """Convolution of (N x) nInputPlane x H x W; the stride is dH, dW, the kernel kH x kW."""

    dims = 2

    def __init__(
        self,
        nInputPlane: int,
        nOutputPlane: int,
        kW: int,
        kH: int,
        dW: int = 1,
        dH: int = 1,
        padW: int = 0,
        padH: int | None = None,
    ) -> None:
        super().__init__()
        self.kW, self.kH, self.dW, self.dH = kW, kH, dW, dH
        self.padW, self.padH = padW, padW if padH is None else padH
        self._build((nInputPlane, nOutputPlane), (kH, kW))


class SpatialDilatedConvolution(SpatialConvolution):
    """SpatialConvolution whose kernel's elements are dilationH and dilationW places apart."""

    def __init__(
        self,
        nInputPlane: int,
        nOutputPlane: int,
        kW: int,
        kH: int,
        dW: int = 1,
        dH: int = 1,
        padW: int = 0,
        padH: int | None = None,
        dilationH: int = 1,
        dilationW: int | None = None,
    ) -> None:
        super().__init__(nInputPlane, nOutputPlane, kW, kH, dW, dH, padW, padH)
        self.dilationH = dilationH
        self.dilationW = dilationH if dilationW is None else dilationW

    def _dilation(self) -> tuple:
        return self.dilationH, self.dilationW

    def _shown(self) -> str:
        return f"{super()._shown().removesuffix(')')}, {self.dilationH}, {self.dilationW})"


class SpatialFullConvolution(_Convolution):
    """The transpose of SpatialConvolution; adjW and adjH add to the output's sizes."""

    dims = 2
    transposed = True

    def __init__(
        self,
        nInputPlane: int,
        nOutputPlane: int,
        kW: int,
        kH: int,
        dW: int = 1,
        dH: int = 1,
        padW: int = 0,
        padH: int | None = None,
        adjW: int = 0,
        adjH: int = 0,
    ) -> None:
        super().__init__()
        self.kW, self.kH, self.dW, self.dH = kW, kH, dW, dH
        self.padW, self.padH = padW, padW if padH is None else padH
        self.adjW, self.adjH = adjW, adjH
        self._build((nInputPlane, nOutputPlane), (kH, kW))

    def _adjusted(self) -> tuple:
        return self.adjH, self.adjW


class VolumetricConvolution(_Convolution):
    """Convolution of (N x) nInputPlane x T x H x W."""

    dims = 3

    def __init__(
        self,
        nInputPlane: int,
        nOutputPlane: int,
        kT: int,
        kW: int,
        kH: int,
        dT: int = 1,
        dW: int = 1,
        dH: int = 1,
        padT: int = 0,
        padW: int | None = None,
        padH: int | None = None,
    ) -> None:
        super().__init__()
        self.kT, self.kW, self.kH, self.dT, self.dW, self.dH = kT, kW, kH, dT, dW, dH
        self.padT = padT
        self.padW = padT if padW is None else padW
        self.padH = self.padW if padH is None else padH
        self._build((nInputPlane, nOutputPlane), (kT, kH, kW))


class VolumetricFullConvolution(_Convolution):
    """The transpose of VolumetricConvolution; adjT, adjW and adjH add to the output's sizes."""

    dims = 3
    transposed = True

    def __init__(
        self,
        nInputPlane: int,
        nOutputPlane: int,
        kT: int,
        kW: int,
        kH: int,
        dT: int = 1,
        dW: int = 1,
        dH: int = 1,
        padT: int = 0,
        padW: int = 0,
        padH: int = 0,
        adjT: int = 0,
        adjW: int = 0,
        adjH: int = 0,
    ) -> None:
        super().__init__()
        self.kT, self.kW, self.kH, self.dT, self.dW, self.dH = kT, kW, kH, dT, dW, dH
        self.padT, self.padW, self.padH, self.adjT, self.adjW, self.adjH = padT, padW, padH, adjT, adjW, adjH
        self._build((nInputPlane, nOutputPlane), (kT, kH, kW))

    def _adjusted(self) -> tuple:
        return self.adjT, self.adjH, self.adjW


class TemporalConvolution(Weighted):
    """Convolution over the frames of (N x) frames x inputFrameSize, kW frames at a time, dW frames apart."""

    _rows = False

    def __init__(self, inputFrameSize: int, outputFrameSize: int, kW: int, dW: int = 1) -> None:
        super().__init__()
        self.inputFrameSize = inputFrameSize
        self.outputFrameSize = outputFrameSize
        self.kW = kW
        self.dW = dW
        self._make((outputFrameSize, inputFrameSize * kW), (outputFrameSize,))

    def _fan_in(self) -> int:
        return self.kW * self.inputFrameSize

    def _compute(self, x: Variable, weight: Variable, bias: Variable) -> Variable:
        kernel = weight.view(self.outputFrameSize, self.kW, self.inputFrameSize).transpose(1, 2)
        batch = (x if x.dim() == 3 else x.unsqueeze(0)).transpose(1, 2)
        out = ops.conv_nd(batch, kernel.contiguous(), bias, (self.dW,), (0,), (1,), False, (0,), 1).transpose(1, 2)
        return out if x.dim() == 3 else out.squeeze(0)


class SpatialConvolutionLocal(Weighted):
    """SpatialConvolution of planes of iH x iW, with a kernel of its own for each place of the output."""

    _rows = False

    def __init__(
        self,
        nInputPlane: int,
        nOutputPlane: int,
        iW: int,
        iH: int,
        kW: int,
        kH: int,
        dW: int = 1,
        dH: int = 1,
        padW: int = 0,
        padH: int | None = None,
    ) -> None:
        super().__init__()
        self.nInputPlane, self.nOutputPlane, self.iW, self.iH = nInputPlane, nOutputPlane, iW, iH
        self.kW, self.kH, self.dW, self.dH = kW, kH, dW, dH
        self.padW, self.padH = padW, padW if padH is None else padH
        self.oW = (self.padW * 2 + iW - kW) // dW + 1
        self.oH = (self.padH * 2 + iH - kH) // dH + 1
        if self.oW < 1 or self.oH < 1:
            raise AssertionError(f"a kernel of {kH} x {kW} does not fit planes of {iH} x {iW}")
        self._make((self.oH, self.oW, nOutputPlane, nInputPlane, kH, kW), (nOutputPlane, self.oH, self.oW))

    def _fan_in(self) -> int:
        return self.kW * self.kH * self.nInputPlane

    def _compute(self, x: Variable, weight: Variable, bias: Variable) -> Variable:
        batch = x if x.dim() == 4 else x.unsqueeze(0)
        padded = ops.pad_constant(batch, (self.padW, self.padW, self.padH, self.padH), 0)
        windows = padded.unfold(2, self.kH, self.dH).unfold(3, self.kW, self.dW)  # N x C x oH x oW x kH x kW
        places = self.oH * self.oW
        columns = windows.permute(2, 3, 1, 4, 5, 0).contiguous().view(places, -1, batch.size(0))
        kernels = weight.view(places, self.nOutputPlane, -1)
        out = kernels.bmm(columns).view(self.oH, self.oW, self.nOutputPlane, -1).permute(3, 2, 0, 1)
        out = out + bias.unsqueeze(0).expand_as(out)
        return out if x.dim() == 4 else out.squeeze(0)


class SpatialConvolutionMap(Weighted):
    """SpatialConvolution between the pairs of planes (from, to) that the rows of conMatrix name: a kernel for each."""

    _rows = False
    transposed = False

    class maps:
        """Tables of connections, as float tensors."""

        @staticmethod
        def full(nin: int, nout: int) -> Any:
            """Every plane with every plane."""
            return torch.Tensor([[i, o] for o in range(nout) for i in range(nin)])

        @staticmethod
        def oneToOne(nfeat: int) -> Any:
            """Each plane with that of its own number."""
            return torch.Tensor([[i, i] for i in range(nfeat)])

        @staticmethod
        def random(nin: int, nout: int, nto: int) -> Any:
            """Each output plane with nto input planes, drawn so that all are used about equally often."""
            drawn = [int(i) for _ in range(-(-nout * nto // nin)) for i in torch.randperm(nin)]
            return torch.Tensor([[drawn[o * nto + k], o] for o in range(nout) for k in range(nto)])

    def __init__(self, conMatrix: Any, kW: int, kH: int, dW: int = 1, dH: int = 1) -> None:
        super().__init__()
        self.kW, self.kH, self.dW, self.dH = kW, kH, dW, dH
        self.connTable = conMatrix
        self.nInputPlane = int(conMatrix.select(1, 0).max()) + 1
        self.nOutputPlane = int(conMatrix.select(1, 1).max()) + 1
        self._make((conMatrix.size(0), kH, kW), (self.nOutputPlane,))

    def _fan_in(self) -> int:
        pairs = self.connTable.tolist()
        return self.kW * self.kH * max(1, len(pairs) // self.nOutputPlane)

    def _compute(self, x: Variable, weight: Variable, bias: Variable) -> Variable:
        inputs, outputs = self.nInputPlane, self.nOutputPlane
        pairs = self.connTable.long()
        first, second = pairs.select(1, 0), pairs.select(1, 1)
        places = first * outputs + second if self.transposed else second * inputs + first
        empty = Variable(weight.data.new(inputs * outputs, self.kH, self.kW).zero_())
        whole = empty.index_add(0, Variable(places), weight)
        sides = (inputs, outputs) if self.transposed else (outputs, inputs)
        batch = x if x.dim() == 4 else x.unsqueeze(0)
        stride, kernels = (self.dH, self.dW), whole.view(*sides, self.kH, self.kW)
        out = ops.conv_nd(batch, kernels, bias, stride, (0, 0), (1, 1), self.transposed, (0, 0), 1)
        return out if x.dim() == 4 else out.squeeze(0)


class SpatialFullConvolutionMap(SpatialConvolutionMap):
    """The transpose of SpatialConvolutionMap."""

    transposed = True
