"""Several modules called, each with its own input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...autograd import Variable
from ..modules.module import Module


def get_a_var(obj: Any) -> Variable | None:
    """A Variable in nested lists, tuples and dicts; None where there is none."""
    if isinstance(obj, Variable):
        return obj
    parts = obj.values() if isinstance(obj, dict) else obj if isinstance(obj, list | tuple) else ()
    return next((found for found in map(get_a_var, parts) if found is not None), None)


def parallel_apply(
    modules: Sequence[Module],
    inputs: Sequence,
    kwargs_tup: Sequence[dict] | None = None,
    devices: Sequence[int] | None = None,
) -> list:
    """modules[i](*inputs[i], **kwargs_tup[i]) for each i; an input that is not a tuple is the only argument.

    The calls are made in turn: devices work on after a call has returned. AssertionError where the numbers differ.
    """
    kwargs_tup = [{}] * len(modules) if kwargs_tup is None else kwargs_tup
    for name, values in (("inputs", inputs), ("kwargs_tup", kwargs_tup), ("devices", devices)):
        if values is not None and len(values) != len(modules):
            raise AssertionError(f"parallel_apply: {len(modules)} modules, but {len(values)} {name}")
    return [
        module(*(input if isinstance(input, tuple | list) else (input,)), **kwargs)
        for module, input, kwargs in zip(modules, inputs, kwargs_tup, strict=True)
    ]
