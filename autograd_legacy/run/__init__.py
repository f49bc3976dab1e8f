"""Running old programs: `import torch` gives this library, `async` may be a name again, and what Python, NumPy and
Pillow have removed since is there.

For whole programs there is the command `autograd-legacy run script.py args...`; in a notebook:

    import autograd_legacy.run
    autograd_legacy.run.install()
    import torch  # this library
"""

import sys
from importlib.machinery import PathFinder

from .alias import ALIAS, PACKAGE, AliasFinder, forget_aliases
from .removed import RemovedFinder, remove_again, restore_all
from .shown import show_as_own, show_as_torch
from .source import SourceFinder

__all__ = ["install", "uninstall"]


def install() -> None:
    """Let `import torch`, and that of every submodule of it, give this library, until uninstall().

    Modules imported from then on may also use `async` as a name, and names that Python, NumPy and Pillow have removed
    (run/removed/names.py has the list). Calling it again changes nothing.

    Raises:
        RuntimeError: PyTorch itself is imported in this process already.
    """
    present = sys.modules.get(ALIAS)
    if present is not None and present is not sys.modules[PACKAGE]:
        raise RuntimeError(
            f"install(): PyTorch itself is already imported here, from {getattr(present, '__file__', None)}; "
            f"call install() before the first `import {ALIAS}`"
        )
    if AliasFinder not in sys.meta_path:
        sys.meta_path.insert(0, AliasFinder)  # first, so that an installed PyTorch is never looked at
        sys.meta_path.insert(sys.meta_path.index(PathFinder), SourceFinder)
        sys.meta_path.append(RemovedFinder)  # last, so that an installed module is preferred to its stand-in
        restore_all()
        show_as_torch()


def uninstall() -> None:
    """Take back install(): `import torch` means PyTorch again, where it is installed.

    What a program holds of this library by then goes on working.
    """
    if AliasFinder in sys.meta_path:
        sys.meta_path.remove(AliasFinder)
        sys.meta_path.remove(SourceFinder)
        sys.meta_path.remove(RemovedFinder)
        remove_again()
        show_as_own()
    forget_aliases()
