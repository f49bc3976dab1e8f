"""Running a script or a module as the program, the way the interpreter itself does it."""

import builtins
import importlib.util
import os
import sys
from collections.abc import Callable
from types import CodeType, ModuleType

from . import install
from .source import SourceLoader
from .trace import hide_runner


def run_script(script: str, args: list[str]) -> None:
    """Do what `python script args...` does, in this process, with the library in torch's place.

    Errors of the program leave here as they are: exit status and traceback are the interpreter's part.
    """
    path = os.path.abspath(script)
    loader = SourceLoader("__main__", path)
    try:
        data = loader.get_data(path)
    except OSError as error:
        print(f"autograd-legacy: can't open file {path!r}: [Errno {error.errno}] {error.strerror}", file=sys.stderr)
        sys.exit(2)
    names = {"__file__": path, "__loader__": loader, "__package__": None, "__spec__": None, "__cached__": None}
    begin(script, args, os.path.dirname(os.path.realpath(script)))
    run_main(names, lambda: loader.source_to_code(data, path))


def run_module(name: str, args: list[str]) -> None:
    """Do what `python -m name args...` does, likewise."""
    begin("-m", args, os.getcwd())
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:  # a package
        spec = importlib.util.find_spec(f"{name}.__main__")
    if spec is None or not hasattr(spec.loader, "get_code"):
        sys.exit(f"autograd-legacy: No module named {name}, or none that can be run")
    names = {"__file__": spec.origin, "__loader__": spec.loader, "__package__": spec.parent, "__spec__": spec}
    sys.argv[0] = str(spec.origin)
    run_main(names | {"__cached__": spec.cached}, lambda: spec.loader.get_code(spec.name))


def begin(program: str, args: list[str], folder: str) -> None:
    """The process-wide part of becoming the program: argv, sys.path and the hooks."""
    sys.argv[:] = [program, *args]
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.path[0] = folder  # it held the folder of the command
    if sys.version_info >= (3, 14):  # the programs were written when fork was the default
        from .children import fork_by_default

        fork_by_default()
    install()


def run_main(names: dict[str, object], compiled: Callable[[], CodeType]) -> None:
    """Run the code as the module __main__, which has these names from the start."""
    main = ModuleType("__main__")
    main.__dict__.update(names, __builtins__=builtins)
    sys.modules["__main__"] = main
    try:
        exec(compiled(), main.__dict__)
    except BaseException:
        hide_runner(run_main.__code__)
        raise
