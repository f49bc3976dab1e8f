"""How memory is shared between processes."""

from __future__ import annotations

from .memory import DescribedMemory, SharedMemory
from .named import NamedMemory

_STRATEGIES: dict[str, type[SharedMemory]] = {"file_descriptor": DescribedMemory, "file_system": NamedMemory}
_strategy = "file_descriptor"


def get_all_sharing_strategies() -> set[str]:
    """The names that set_sharing_strategy takes."""
    return set(_STRATEGIES)


def get_sharing_strategy() -> str:
    """How memory is shared from now on."""
    return _strategy


def set_sharing_strategy(new_strategy: str) -> None:
    """Choose how memory is shared from now on. AssertionError for an unknown name.

    file_descriptor   files without a name; each has a descriptor open in each process, of which there may be too few
    file_system       files with a name, and no descriptor. They are removed by the last process that lets go, and when
                      processes were killed, by the resource tracker of Python's multiprocessing once the others have
                      ended, too. To be chosen before processes are started

    Memory that is shared already remains as it is.
    """
    global _strategy
    if new_strategy not in _STRATEGIES:
        raise AssertionError(f"a sharing strategy is one of {sorted(_STRATEGIES)}, got {new_strategy!r}")
    _STRATEGIES[new_strategy].prepare()
    _strategy = new_strategy


def new_memory(size: int) -> SharedMemory:
    """So many bytes of shared memory, zeroed."""
    return _STRATEGIES[_strategy].new(size)
