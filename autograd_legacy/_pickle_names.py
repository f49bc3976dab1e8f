"""The names that saved files use: those of `torch`, whatever this package is called; and which names a file may use.

A pickle can name anything that Python can import and call it. So files may name what belongs to tensors and networks:
classes of this library, plain containers, NumPy's arrays, and the program's own classes and functions. Loading with an
explicit `pickle_module` lifts the restriction, for files that are trusted.
"""

from __future__ import annotations

import builtins
import importlib
import sys
from pickle import UnpicklingError
from types import FunctionType
from typing import Any

PACKAGE = __package__
CORE = f"{PACKAGE}._core"
# Where 0.3.1 had what stands in the core or in private modules here.
HOMES = ("", ".autograd.variable", ".autograd.function", ".autograd", ".nn.functional", ".utils.data.dataloader")

LUA = ".legacy.nn."  # where 0.3.1 had a module for each class, of its name

# Python 2's names, and NumPy's, which 2.0 moved.
RENAMED_MODULES = {
    "__builtin__": "builtins",
    "exceptions": "builtins",
    "copy_reg": "copyreg",
    "numpy.core.multiarray": "numpy._core.multiarray",
}
RENAMED = {"unicode": "str", "long": "int", "xrange": "range", "basestring": "str"}
OLD_MODULES = {new: old for old, new in RENAMED_MODULES.items() if old.startswith("numpy")}

HARMLESS = {
    "builtins": "bool bytearray bytes complex dict float frozenset int list object print range set slice str tuple",
    "collections": "Counter OrderedDict defaultdict deque",
    "copyreg": "_reconstructor",
    "_codecs": "encode",
    "argparse": "Namespace",
    "types": "SimpleNamespace",
    "datetime": "date datetime time timedelta timezone",
    "numpy": "dtype ndarray",
    "numpy._core.multiarray": "_reconstruct scalar",
}
FUNCTIONS = (
    "_utils",
    "nn.backends",
    "nn.functional",
    "nn._functions",
    "utils.data.collate",
)  # modules to name them from
FORBIDDEN = ("run", "port", "show")  # parts of the library that run other programs


def torch_name(obj: Any, name: str | None = None) -> tuple[str, str] | None:
    """The module and name under which PyTorch 0.3.1 knew an object of this library; None for objects of others."""
    module = getattr(obj, "__module__", None) or type(obj).__module__
    name = name or getattr(obj, "__qualname__", None) or obj.__name__
    if module.startswith(PACKAGE) and (module.startswith(CORE) or not isinstance(obj, type)):
        for home in HOMES:
            if getattr(sys.modules.get(PACKAGE + home), name, None) is obj:
                return f"torch{home}", name
    if module.startswith(PACKAGE + LUA):
        return f"torch{LUA}{name}", name
    if module == PACKAGE or module.startswith(f"{PACKAGE}."):
        return f"torch{module.removeprefix(PACKAGE)}", name
    if module.partition(".")[0] == "torch":
        return module, name
    return (OLD_MODULES[module], name) if module in OLD_MODULES else None


def find(module: str, name: str) -> Any:
    """The object that a file names; UnpicklingError where files may not name it."""
    if _is_ours(module):
        return _checked(_library(module, name), module, name)
    module = RENAMED_MODULES.get(module, module)
    if module == "builtins":
        name = RENAMED.get(name, name)
    if name in HARMLESS.get(module, "").split():
        return getattr(importlib.import_module(module), name)
    if module == "builtins" and _is_exception(getattr(builtins, name, None)):
        return getattr(builtins, name)
    if module.partition(".")[0] not in sys.stdlib_module_names:
        obj = _attribute(importlib.import_module(module), name)
        if (isinstance(obj, type) and is_of_library_or_program(obj)) or is_function_of_program(obj):
            return obj
    raise UnpicklingError(
        f"the file names {module}.{name}, which is neither a part of a network nor a class of the program; "
        "if you trust the file, load it with pickle_module=pickle"
    )


def find_any(module: str, name: str) -> Any:
    """The object that a trusted file names, where that is one of this library's; else None."""
    return _library(module, name) if _is_ours(module) else None


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("torch", PACKAGE)


def _library(module: str, name: str) -> Any:
    own = module.removeprefix("torch").removeprefix(PACKAGE)
    return _attribute(importlib.import_module(PACKAGE + own), name)


def _attribute(obj: Any, path: str) -> Any:
    for part in path.split("."):
        obj = getattr(obj, part)
    return obj


def _checked(obj: Any, module: str, name: str) -> Any:
    """An object of this library, if it is a class, an op or a function that rebuilds something."""
    home = getattr(obj, "__module__", None) or type(obj).__module__
    part = home.removeprefix(f"{PACKAGE}.")
    allowed = isinstance(obj, type) or part.startswith(FUNCTIONS) or type(obj).__module__.startswith(CORE)
    if _is_ours(home) and part.partition(".")[0] not in FORBIDDEN and allowed:
        return obj
    raise UnpicklingError(f"the file names {module}.{name}, which files may not use")


def _is_exception(obj: Any) -> bool:
    return isinstance(obj, type) and issubclass(obj, BaseException)


def is_of_library_or_program(cls: type) -> bool:
    """Whether a class derives from one of this library, as somebody's network, data set, optimizer, or is defined by
    the program that runs.
    """
    return any(_is_ours(base.__module__) for base in cls.__mro__) or _is_of_program(cls)


def is_function_of_program(obj: Any) -> bool:
    """Whether it is a function that the program defines."""
    return isinstance(obj, FunctionType) and not _is_ours(obj.__module__ or "") and _is_of_program(obj)


def _is_of_program(obj: Any) -> bool:
    """Whether a class or function is defined by the program that runs, and not by an installed package."""
    head = (obj.__module__ or "").partition(".")[0]
    path = getattr(sys.modules.get(obj.__module__), "__file__", None) or ""
    return head not in sys.stdlib_module_names and "site-packages" not in path and "dist-packages" not in path
