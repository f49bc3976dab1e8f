"""Padding. The amounts come in pairs, before and after, the last dimension first."""

from __future__ import annotations

from ..._core import ops
from ...autograd import Variable
from .._tensors import as_variable
from .applied import applied

REFLECTABLE, REPLICABLE = (3, 4), (3, 4, 5)  # dimensions of the input


def pad(input: Variable, pad: tuple, mode: str = "constant", value: float = 0) -> Variable | None:
    """Add pad[0] places before and pad[1] after the last dimension, pad[2] and pad[3] to the one before it, and so on.

    mode "constant" fills them with `value`, takes any number of dimensions, and takes places away where an amount is
    negative; "reflect" mirrors the input without its edge; "replicate" repeats the edge. AssertionError or
    NotImplementedError for amounts that do not fit the input.
    """
    pad = tuple(pad)
    if len(pad) % 2:
        raise AssertionError("Padding length must be divisible by 2")
    if len(pad) // 2 > input.dim():
        raise AssertionError("Padding length too large")
    if mode == "constant":
        return _pad_constant(input, pad, value)
    if input.dim() not in REPLICABLE:
        raise NotImplementedError("Only 3D, 4D, 5D padding with non-constant padding are supported for now")
    wanted = 2 * (input.dim() - 2)
    if len(pad) != wanted:
        raise AssertionError(f"{input.dim()}D tensors expect {wanted} values for padding")
    if mode == "reflect":
        if input.dim() not in REFLECTABLE:
            raise NotImplementedError("padding by reflection takes 3D and 4D tensors")
        return ops.pad_reflect(input, pad)
    return ops.pad_replicate(input, pad) if mode == "replicate" else None


def _pad_constant(input: Variable, pad: tuple, value: float = 0) -> Variable:
    for size, before, after in zip(reversed(input.size()), pad[::2], pad[1::2], strict=False):
        if size + before + after <= 0 or size + min(before, 0) + min(after, 0) <= 0:
            raise AssertionError(f"input is too small: padding by {pad} leaves nothing of size {tuple(input.size())}")
    return ops.pad_constant(as_variable(input), pad, value)


ConstantPadNd = applied("ConstantPadNd", _pad_constant)
