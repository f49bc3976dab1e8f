"""`torch` and `torch.x.y` as second names of `autograd_legacy` and `autograd_legacy.x.y`, the very same modules."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

ALIAS = "torch"
PACKAGE = __name__.partition(".")[0]


def real_name(name: str) -> str | None:
    """`torch.nn` -> `autograd_legacy.nn`; None for a name that is not torch's."""
    head, dot, rest = name.partition(".")
    return PACKAGE + dot + rest if head == ALIAS else None


def forget_aliases() -> None:
    """Drop torch's names from sys.modules where they stand for this library's modules."""
    for name, module in list(sys.modules.items()):
        real = real_name(name)
        if real is not None and sys.modules.get(real) is module:
            del sys.modules[name]


class AliasFinder:
    """Answers the imports of torch's names; an entry of sys.meta_path."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of the module that the name stands for."""
        real = real_name(name)
        # Where there is no such module Python goes on to search the package's own folder, in vain, and says so itself.
        if real is None or (real not in sys.modules and find_spec(real) is None):
            return None
        return ModuleSpec(name, AliasLoader(real))


class AliasLoader:
    """Gives the module of the real name instead of making one."""

    def __init__(self, real: str) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of the real name, imported if it is not yet."""
        module = import_module(self.real)
        for name in [name for name in sys.modules if name.startswith(f"{self.real}.")]:
            sys.modules.setdefault(ALIAS + name.removeprefix(PACKAGE), sys.modules[name])
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back, which reload() needs: the import system has just written the alias's."""
        module.__spec__ = self.spec
