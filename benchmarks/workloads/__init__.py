"""Workloads in Variable-style code, which PyTorch 0.3.1, current PyTorch and this library run unchanged.

Each module here has one function `workloads(torch)`, which gives a dict: name -> function without arguments, to be
timed. The module it is given is the library to measure. What a workload needs is made when the dict is made.
"""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType


def groups() -> list[str]:
    """The names of the modules here."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def workloads(group: str, torch: ModuleType) -> dict[str, Callable[[], object]]:
    """The workloads of a group, under "group/name"."""
    for part in ("autograd", "nn", "nn.functional", "optim", "utils.data"):
        importlib.import_module(f"{torch.__name__}.{part}")
    found = importlib.import_module(f"{__name__}.{group}").workloads(torch)
    return {f"{group}/{name}": run for name, run in found.items()}
