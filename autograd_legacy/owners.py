"""What a program calls a Variable: found by a search when an error needs it, so that nothing is kept for it."""

from __future__ import annotations

import gc
import inspect
import os
import sys
from collections.abc import Mapping
from typing import Any

LIBRARY = os.path.join(os.path.dirname(__file__), "")


def name_of(variable: Any) -> str:
    """As `fc1.weight of Net` for what a module owns, else what a function that runs now calls it; else empty."""
    return _name_in_module(variable) or _name_in_frame(variable)


def _name_in_module(variable: Any) -> str:
    nn = sys.modules.get("autograd_legacy.nn")
    if nn is None:
        return ""
    modules = [found for found in gc.get_objects() if issubclass(type(found), nn.Module)]
    for module in modules:
        for name, parameter in module.__dict__.get("_parameters", {}).items():
            if parameter is variable:
                path, root = _path(module, modules)
                return f"{'.'.join([*path, name])} of {type(root).__name__}"
    return ""


def _path(module: Any, modules: list) -> tuple[list[str], Any]:
    """The names that lead to a module from the outermost one that holds it, and that one."""
    holders = {
        id(child): (name, holder)
        for holder in modules
        for name, child in holder.__dict__.get("_modules", {}).items()
        if child is not None
    }
    path: list[str] = []
    seen = {id(module)}
    while id(module) in holders and id(holders[id(module)][1]) not in seen:
        name, module = holders[id(module)]
        seen.add(id(module))
        path.insert(0, name)
    return path, module


def _name_in_frame(variable: Any) -> str:
    frame = sys._getframe(1)
    while frame is not None:
        if not frame.f_code.co_filename.startswith(LIBRARY):
            name = _key(frame.f_locals, variable) or _key(frame.f_globals, variable)
            if type(frame.f_locals) is dict and frame.f_code.co_flags & inspect.CO_OPTIMIZED:
                frame.f_locals.clear()  # until 3.12 a copy that the frame keeps, and with it what it names
            if name:
                return name
        frame = frame.f_back
    return ""


def _key(names: Mapping[str, Any], variable: Any) -> str:
    return next((name for name, value in names.items() if value is variable and name.isidentifier()), "")
