"""Python's `imp`, removed in 3.12: reload, load_source, new_module, find_module and load_module, by importlib."""

import importlib.util
import sys
from importlib import reload
from importlib.machinery import PathFinder
from types import ModuleType
from typing import IO

PY_SOURCE, PY_COMPILED, C_EXTENSION, PKG_DIRECTORY = 1, 2, 3, 5

__all__ = ["find_module", "load_module", "load_source", "new_module", "reload"]


def new_module(name: str) -> ModuleType:
    """An empty module, not in sys.modules."""
    return ModuleType(name)


def load_source(name: str, pathname: str, file: IO | None = None) -> ModuleType:
    """Run the file as the module of this name and put it in sys.modules; one that is there already is filled anew."""
    spec = importlib.util.spec_from_file_location(name, pathname)
    module = sys.modules.get(name) or importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def find_module(name: str, path: list[str] | None = None) -> tuple[IO | None, str, tuple[str, str, int]]:
    """(open file, path, (suffix, mode, kind)) of a module on `path` or on sys.path. ImportError if there is none."""
    spec = PathFinder.find_spec(name, path)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {name!r}", name=name)
    if spec.submodule_search_locations is not None:
        return None, spec.submodule_search_locations[0], ("", "", PKG_DIRECTORY)
    if spec.origin.endswith(".py"):
        return open(spec.origin, encoding="utf-8"), spec.origin, (".py", "r", PY_SOURCE)
    return open(spec.origin, "rb"), spec.origin, (spec.origin[spec.origin.rindex(".") :], "rb", C_EXTENSION)


def load_module(name: str, file: IO | None, pathname: str, description: tuple[str, str, int]) -> ModuleType:
    """Run what find_module found, as the module of this name."""
    return load_source(name, f"{pathname}/__init__.py" if description[2] == PKG_DIRECTORY else pathname)
