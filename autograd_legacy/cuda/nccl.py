"""NCCL, by which GPUs exchange tensors; there is none here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from .devices import refuse

SUM = 0  # the operation that adds up


def is_available(tensors: Sequence) -> bool:
    """Whether NCCL can exchange these tensors: it can not."""
    return False


def all_reduce(inputs: Sequence, outputs: Sequence | None = None, op: int = SUM) -> NoReturn:
    """The sum of all inputs on each GPU. AssertionError: there is none."""
    refuse("nccl.all_reduce()")


def reduce(
    inputs: Sequence, outputs: Sequence | None = None, root: int = 0, op: int = SUM, streams: Any = None
) -> NoReturn:
    """The sum of all inputs on one GPU. AssertionError: there is none."""
    refuse("nccl.reduce()")


def broadcast(inputs: Sequence, root: int = 0) -> NoReturn:
    """One GPU's tensor on all. AssertionError: there is none."""
    refuse("nccl.broadcast()")


def all_gather(inputs: Sequence, outputs: Sequence) -> NoReturn:
    """All inputs, joined, on each GPU. AssertionError: there is none."""
    refuse("nccl.all_gather()")


def reduce_scatter(inputs: Sequence, outputs: Sequence, op: int = SUM) -> NoReturn:
    """The sum of all inputs, a part of it on each GPU. AssertionError: there is none."""
    refuse("nccl.reduce_scatter()")
