"""Reading what Lua Torch's torch.save wrote, in its binary form."""

from __future__ import annotations

import struct
from collections import namedtuple
from typing import Any, BinaryIO

from ... import optable, storage
from ..._core.tensor import class_of

NIL, NUMBER, STRING, TABLE, TORCH, BOOLEAN, FUNCTION, LEGACY_RECUR_FUNCTION, RECUR_FUNCTION = range(9)

LuaFunction = namedtuple("LuaFunction", ["size", "dumped", "upvalues"])

# The element types of Lua Torch's tensors and storages, in this library's order; those on a GPU are read to the CPU.
_KINDS = {dtype.name: code for code, dtype in enumerate(optable.DTYPES)}
_KINDS.update({f"Cuda{dtype.name}": code for code, dtype in enumerate(optable.DTYPES)}, Cuda=_KINDS["Float"])


class T7ReaderException(Exception):
    """What the file holds cannot be read."""


class Table(dict):
    """A Lua table: a dict whose text keys are attributes as well."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    __setattr__ = dict.__setitem__

    __hash__ = object.__hash__  # Lua's tables can be keys


class TorchObject:
    """An object of a Lua class that this library lacks: the class's name and the object's table."""

    def __init__(self, typename: str, table: Any) -> None:
        self._typename = typename
        self._obj = table

    def torch_typename(self) -> str:
        return self._typename

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._obj, name)

    def __repr__(self) -> str:
        return f"TorchObject({self._typename}, {self._obj!r})"


class T7Reader:
    """Reads objects, one at each read(), from a binary file.

    list_heuristic     tables whose keys are 1, 2, ... n become lists
    int_heuristic      whole numbers become ints
    unknown_classes    objects of unknown classes become TorchObjects; else they are a T7ReaderException
    long_size          the bytes of counts, where the machine that wrote the file had 4 instead of 8
    """

    def __init__(
        self,
        fileobj: BinaryIO,
        list_heuristic: bool = True,
        int_heuristic: bool = True,
        unknown_classes: bool = False,
        long_size: int | None = None,
    ) -> None:
        self.f = fileobj
        self.objects: dict[int, Any] = {}
        self.use_list_heuristic = list_heuristic
        self.use_int_heuristic = int_heuristic
        self.force_deserialize_classes = unknown_classes
        if long_size not in (None, 4, 8):
            raise ValueError(f"long_size is 4 or 8, got {long_size}")
        self._long = "i" if long_size == 4 else "q"

    def read(self) -> Any:
        """The next object. struct.error where the file ends within it."""
        kind = self._number("i")
        if kind == NIL:
            return None
        if kind == NUMBER:
            value = self._number("d")
            return int(value) if self.use_int_heuristic and value.is_integer() else value
        if kind == BOOLEAN:
            return self._number("i") == 1
        if kind == STRING:
            return self._text()
        if kind not in (TABLE, TORCH, FUNCTION, LEGACY_RECUR_FUNCTION, RECUR_FUNCTION):
            raise T7ReaderException(f"unknown type id {kind}; the file may be corrupted, or not binary")
        index = self._number("i")
        if index in self.objects:
            return self.objects[index]
        if kind == TABLE:
            return self._table(index)
        if kind == TORCH:
            return self._object(index)
        dumped = self._bytes(self._number("i"))
        self.objects[index] = function = LuaFunction(len(dumped), dumped, self.read())
        return function

    def _values(self, code: str, count: int = 1) -> tuple:
        layout = f"<{count}{code}"
        return struct.unpack(layout, self.f.read(struct.calcsize(layout)))

    def _number(self, code: str) -> Any:
        return self._values(code)[0]

    def _bytes(self, size: int) -> bytes:
        data = self.f.read(size)
        if len(data) != size:
            raise struct.error(f"{size} bytes expected, the file ends after {len(data)}")
        return data

    def _text(self) -> str:
        return self._bytes(self._number("i")).decode("utf-8", "surrogateescape")

    def _table(self, index: int) -> Any:
        self.objects[index] = table = Table()
        for _ in range(self._number("i")):
            key = self.read()
            table[key] = self.read()
        if self.use_list_heuristic and set(table) == set(range(1, len(table) + 1)):
            self.objects[index] = [table[k] for k in range(1, len(table) + 1)]
        return self.objects[index]

    def _object(self, index: int) -> Any:
        name = self._text()
        if name.startswith("V "):  # the version of the format; the oldest files lack it
            name = self._text()
        family, _, kind = name.partition(".")
        if family == "torch" and kind.removesuffix("Tensor") in _KINDS:
            return self._tensor(index, _KINDS[kind.removesuffix("Tensor")])
        if family == "torch" and kind.removesuffix("Storage") in _KINDS:
            return self._storage(index, _KINDS[kind.removesuffix("Storage")])
        if family in ("nn", "cudnn"):
            module = self._module(index, kind)
            if module is not None:
                return module
        if not self.force_deserialize_classes:
            raise T7ReaderException(
                f"don't know how to deserialize Lua class {name}. If you want to ignore this error and load this "
                "object as a dict, specify unknown_classes=True in reader's constructor"
            )
        self.objects[index] = unknown = TorchObject(name, None)
        unknown._obj = self.read()
        return unknown

    def _tensor(self, index: int, code: int) -> Any:
        self.objects[index] = tensor = class_of(code)()
        ndim = self._number("i")
        sizes, strides = self._values(self._long, ndim), self._values(self._long, ndim)
        offset = self._number(self._long) - 1
        elements = self.read()
        if elements is not None and ndim:
            tensor.set_(elements, offset, sizes, strides)
        return tensor

    def _storage(self, index: int, code: int) -> Any:
        count = self._number(self._long)
        data = self._bytes(count * optable.DTYPES[code].size)
        cls = storage.CLASSES[code]
        self.objects[index] = cls.from_buffer(data, "little") if count else cls()
        return self.objects[index]

    def _module(self, index: int, name: str) -> Any:
        """A module of legacy.nn with the attributes that the file names; None where there is none of this name."""
        from ...legacy import nn

        cls = getattr(nn, name, None)
        if not isinstance(cls, type):
            return None
        self.objects[index] = module = cls.__new__(cls)
        module.__dict__.update(self.read())
        return module


def load_lua(filename: str, **kwargs: Any) -> Any:
    """The first object in a file, with the options of T7Reader."""
    with open(filename, "rb") as file:
        return T7Reader(file, **kwargs).read()
