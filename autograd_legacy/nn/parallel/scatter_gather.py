"""Batches dealt to devices, and results brought together. A device is a GPU's number; -1 is the CPU."""

from __future__ import annotations

from collections.abc import Sequence

from ...autograd import Variable
from .._tensors import torch
from ._functions import Gather, Scatter


def scatter(inputs, target_gpus: Sequence[int], dim: int = 0) -> list:
    """For each device its chunk along dim of every Variable in `inputs`.

    Tuples, lists and dicts are taken apart, other objects repeated.
    """
    if isinstance(inputs, Variable):
        return list(Scatter.apply(target_gpus, None, dim, inputs))
    if torch.is_tensor(inputs):
        raise AssertionError("Tensors not supported in scatter: wrap them in Variables")
    if isinstance(inputs, tuple | list) and inputs:
        parts = zip(*(scatter(value, target_gpus, dim) for value in inputs), strict=True)
        return [type(inputs)(part) for part in parts]
    if isinstance(inputs, dict) and inputs:
        parts = zip(*(scatter(value, target_gpus, dim) for value in inputs.values()), strict=True)
        return [type(inputs)(zip(inputs, part, strict=True)) for part in parts]
    return [inputs for _ in target_gpus]


def scatter_kwargs(inputs: tuple, kwargs: dict | None, target_gpus: Sequence[int], dim: int = 0) -> tuple[tuple, tuple]:
    """The arguments and keyword arguments for each device."""
    inputs = scatter(inputs, target_gpus, dim) if inputs else []
    kwargs = scatter(kwargs, target_gpus, dim) if kwargs else []
    count = max(len(inputs), len(kwargs))
    inputs += [()] * (count - len(inputs))
    kwargs += [{}] * (count - len(kwargs))
    return tuple(inputs), tuple(kwargs)


def gather(outputs: Sequence, target_device: int, dim: int = 0):
    """The outputs of the devices joined along dim on one device; those in tuples, lists and dicts one by one."""
    first = outputs[0]
    if isinstance(first, Variable):
        return Gather.apply(target_device, dim, *outputs)
    if first is None:
        return None
    if isinstance(first, dict):
        return type(first)((key, gather([o[key] for o in outputs], target_device, dim)) for key in first)
    return type(first)(gather(parts, target_device, dim) for parts in zip(*outputs, strict=True))
