"""What Python, NumPy and Pillow have removed since 2017, given back to the program being run: names and small modules.

Names appear when their module is imported, and modules only where nothing of that name is installed.
"""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from .names import CHANGED, NAMES

FOLDER = os.path.join(os.path.dirname(__file__), "modules")
MISSING = object()
_restored: list[tuple[ModuleType, str, object, object]] = []


def restore(module: ModuleType) -> None:
    """Give a module the names that it had in 2017 and has lost, and those that mean something else today."""
    for name, value in NAMES.get(module.__name__, {}).items():
        if name not in vars(module):
            _set(module, name, getattr(module, value) if isinstance(value, str) else value)
    for name, change in CHANGED.get(module.__name__, {}).items():
        _set(module, name, change(getattr(module, name)))


def restore_all() -> None:
    """Do so for all modules that are imported already."""
    for name in NAMES | CHANGED:
        if name in sys.modules:
            restore(sys.modules[name])


def _set(module: ModuleType, name: str, value: object) -> None:
    _restored.append((module, name, value, vars(module).get(name, MISSING)))
    setattr(module, name, value)


def remove_again() -> None:
    """Leave the modules as they were, but for names that somebody else has set since."""
    while _restored:
        module, name, value, before = _restored.pop()
        if vars(module).get(name) is not value:
            continue
        if before is MISSING:
            delattr(module, name)
        else:
            setattr(module, name, before)


class RemovedFinder:
    """Finds the stand-ins of whole modules; the last entry of sys.meta_path, so that an installed one comes first."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of the stand-in, if there is one of this name."""
        return PathFinder.find_spec(name, [FOLDER]) if path is None and name != "__init__" else None
