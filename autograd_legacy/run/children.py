"""The processes that a program starts: by fork, as in 2017, and where they begin anew they are made ready as it was."""

import functools
import multiprocessing
from collections.abc import Callable
from typing import Any


def fork_by_default() -> None:
    """Let multiprocessing fork unless the program chooses otherwise, as it may only where nothing is chosen yet."""
    multiprocessing.context._default_context._default_context = multiprocessing.get_context("fork")


def without_program(set_forkserver_preload: Callable) -> Callable:
    """Let the fork server not import the program, which it would do before install(); its children do after it."""
    set_forkserver_preload([])
    return set_forkserver_preload


class Installed:
    """Calls install() in the process that unpickles it."""

    def __reduce__(self) -> tuple:
        from . import install

        return install, ()


def with_install(get_preparation_data: Callable) -> Callable:
    """multiprocessing.spawn.get_preparation_data: what a new process reads before it imports the program."""

    @functools.wraps(get_preparation_data)
    def changed(name: str) -> dict[str, Any]:
        return {"autograd_legacy": Installed(), **get_preparation_data(name)}

    return changed
