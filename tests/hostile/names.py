"""What the hostile calls may name: some tensors, and objects that misbehave while they are read."""

from __future__ import annotations

import collections
import copy
import io
import operator
import os
import pickle
import sys
import tempfile

import numpy as np

import autograd_legacy as torch
from autograd_legacy._core import ops
from autograd_legacy.autograd import Function, Variable
from autograd_legacy.nn import functional
from autograd_legacy.utils import dlpack

from ..operands import LETTERS, ROWS, Draw, each, tensor

IMPOSSIBLE = (
    "None", "'text'", "HUGE", "-HUGE", "2**64", "-1", "0", "99", "nan", "inf", "1j", "True", "[]", "()", "(HUGE,)",
    "(HUGE, HUGE, HUGE)", "(-1, -1)", "(0,) * 70", "object()", "x.double()", "empty", "sparse", "v", "longs", "-longs",
    "longs * HUGE", "bytes_ * 9", "vec", "torch.ones(1)", "torch.ones(*[1] * 64)", "torch.ones(1).expand(3, 3)",
    "x.half()", "endless()", "Raising()", "Index(1)", "Acting(1, int)", "np.ones(3)", "[x, None]", "[x, x.double()]",
)  # fmt: skip


class Acting(int):
    """An int that does something when it is read."""

    def __new__(cls, value, action):
        self = int.__new__(cls, value)
        self.action = action
        return self

    def _act(self):
        self.action()
        return int.__int__(self)

    __index__ = __int__ = _act

    def __float__(self):
        return float(self._act())


class Index:
    """Not an int, but it has __index__ and __float__, which do something first."""

    def __init__(self, value, action=None):
        self.value, self.action = value, action

    def __index__(self):
        if self.action:
            self.action()
        return self.value

    def __float__(self):
        return float(self.__index__())


class Raising:
    """Every question to it raises."""

    def _raise(self, *args):
        raise KeyError("the object refuses")

    __len__ = __index__ = __float__ = __iter__ = __getitem__ = __bool__ = __int__ = __buffer__ = _raise


class Lying:
    """A sequence that tells another length than it has."""

    def __init__(self, told, items):
        self.told, self.items = told, items

    def __len__(self):
        return self.told

    def __getitem__(self, k):
        return self.items[k]


class Array:
    """Something with NumPy's interface of an array, whatever is put into it."""

    def __init__(self, **interface):
        self.__array_interface__ = interface


class Double(Function):
    """2 x, as a Function of the new style."""

    @staticmethod
    def forward(ctx, x):
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def endless() -> list:
    """A list that holds itself."""
    nested: list = []
    nested.append(nested)
    return nested


def deep(levels: int) -> list:
    """A number in so many lists."""
    nested = [1.0]
    for _ in range(levels):
        nested = [nested]
    return nested


def abuse(name: str, refused) -> None:
    """The row on operands of which one is impossible: each in turn, and each in many ways. Refused or answered."""
    row = ROWS[name]
    code = "f" if "f" in row.dtypes else row.dtypes[0]
    arrays = Draw(1, code, dict.fromkeys(LETTERS, 3)).operands(row)
    for k in range(len(arrays)):
        for text in IMPOSSIBLE:
            operands = [each(value, tensor) for value in arrays]
            operands[k] = eval(text, namespace())
            print(f"operand {k} is {text}", file=sys.stderr)  # read where the process ends
            refused(getattr(ops, name), *operands)


def saved(thing) -> bytes:
    """What torch.save writes."""
    with tempfile.TemporaryFile() as file:
        torch.save(thing, file)
        file.seek(0)
        return file.read()


def loaded(data: bytes):
    """What torch.load reads."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return torch.load(file)


def namespace() -> dict:
    """New tensors for each call, so that none sees what another has done."""
    x = torch.arange(0, 12).view(3, 4)
    return dict(
        globals(),
        HUGE=2**62,
        nan=float("nan"),
        inf=float("inf"),
        nn=torch.nn,
        F=functional,
        x=x,
        vec=torch.arange(0, 5),
        longs=torch.LongTensor([[1, 2], [3, 4]]),
        at=torch.LongTensor([0, 2]),
        bytes_=torch.ByteTensor([[1, 0, 1, 0]] * 3),
        empty=torch.FloatTensor(),
        sparse=torch.sparse.FloatTensor(
            torch.LongTensor([[0, 1], [1, 0]]), torch.FloatTensor([3, 4]), torch.Size([3, 4])
        ),
        v=Variable(x.clone(), requires_grad=True),
        images=Variable(torch.arange(0, 50).view(1, 2, 5, 5), requires_grad=True),
        weight=Variable(torch.ones(3, 2, 2, 2), requires_grad=True),
        wrong=(None, "text", 1j, [], {}, object(), b"bytes", Raising(), endless(), print, torch, type),
    )


__all__ = ["collections", "copy", "dlpack", "io", "namespace", "np", "operator", "ops", "os", "pickle"]
