"""Reads pickles that may come from anywhere: they name parts of networks and the program's own classes and functions.

A file may call what makes up a network: classes, and the library's functions that rebuild tensors. The functions of the
program it may only mention, as the attribute of a module that holds one: they are never called, nor changed, by it.
"""

from __future__ import annotations

import pickle
import struct
from traceback import walk_tb
from types import FunctionType, MethodType
from typing import Any, ClassVar

from . import _pickle_names as names


def _method(obj: Any, name: str) -> MethodType:
    """A method of an object that the file has rebuilt: what getattr(object, name) stands for in a pickle."""
    function = getattr(type(obj), name, None)
    if not isinstance(function, FunctionType) or not names.is_of_library_or_program(type(obj)):
        raise pickle.UnpicklingError(
            f"the file names {type(obj).__name__}.{name}, which is no method of a part of a network or of a class of "
            "the program; if you trust the file, load it with pickle_module=pickle"
        )
    return MethodType(function, obj)


class CheckedUnpickler(pickle._Unpickler):  # in Python: C's does not tell when it calls what it has found
    """Finds only what files may name, and calls only what they may call."""

    dispatch: ClassVar = dict(pickle._Unpickler.dispatch)

    def __init__(self, file: Any, **how: Any) -> None:
        super().__init__(file, **how)
        self._read_line, self._file_readline = self._file_readline, self._whole_line

    def _whole_line(self) -> bytes:
        line = self._read_line()
        if not line.endswith(b"\n"):
            raise pickle.UnpicklingError("the file is damaged: it breaks off within a name")
        return line

    def load(self) -> Any:
        """The object. EOFError where the file ends too early, UnpicklingError where it is damaged otherwise."""
        try:
            return super().load()
        except EOFError as error:
            raise EOFError("Ran out of input: the file is empty or ends too early") from error
        except (LookupError, TypeError, ValueError, struct.error) as error:
            *_, (last, _) = walk_tb(error.__traceback__)
            if last.f_code.co_filename not in (pickle.__file__, __file__) or isinstance(error, UnicodeError):
                raise  # not by what the file is made of, but by what it calls
            raise pickle.UnpicklingError(f"the file is damaged: {error}") from error

    def find_class(self, module: str, name: str) -> Any:
        """What the file names; UnpicklingError where files may not."""
        if name == "getattr" and names.RENAMED_MODULES.get(module, module) == "builtins":
            return _method  # as pickles write a bound method
        return names.find(module, name)

    def _check_call(self, function: Any) -> None:
        if isinstance(function, MethodType) or names.is_function_of_program(function):
            raise pickle.UnpicklingError(
                f"the file calls {function.__qualname__}, a function of the program; if you trust the file, load it "
                "with pickle_module=pickle"
            )

    def load_reduce(self) -> None:
        """function(*arguments)."""
        self._check_call(self.stack[-2])
        pickle._Unpickler.load_reduce(self)

    def load_build(self) -> None:
        """Give an object its state."""
        self._check_call(self.stack[-2])
        pickle._Unpickler.load_build(self)

    def _instantiate(self, klass: Any, args: Any) -> None:
        self._check_call(klass)
        super()._instantiate(klass, args)

    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.BUILD[0]] = load_build
