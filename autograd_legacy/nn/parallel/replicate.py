"""Copies of a module on several devices."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Sequence

from ...cuda.comm import to_device
from ..modules.module import Module


def replicate(network: Module, devices: Sequence[int]) -> list[Module]:
    """A copy of the network for each device. The gradients of the copies' parameters flow to those of the network."""
    return [_copy_on(network, device, {}) for device in devices]


def _copy_on(module: Module, device: int, made: dict) -> Module:
    """`made` holds what is on the device already, so that shared parameters and modules stay shared."""
    if module in made:
        return made[module]
    result = made[module] = copy.copy(module)
    for registry, move in (
        ("_parameters", lambda value: to_device(value, device)),
        ("_buffers", lambda value: to_device(value, device)),
        ("_modules", lambda value: _copy_on(value, device, made)),
    ):
        moved = OrderedDict()
        for name, value in getattr(module, registry).items():
            if value is not None and value not in made:
                made[value] = move(value)
            moved[name] = None if value is None else made[value]
        setattr(result, registry, moved)
    return result
