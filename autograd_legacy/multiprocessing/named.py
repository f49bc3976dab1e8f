"""Memory that processes share, as a mapped file with a name, whose descriptor nobody keeps open.

The memory begins with the number of its holders: processes that have mapped it, and handles on their way to one. Who
lets go last removes the name. A process that is killed lets nothing go: so the names are also known to the resource
tracker of Python's multiprocessing, a process that removes what is left when the last process of the program has ended.
"""

from __future__ import annotations

import _posixshmem
import contextlib
import os
import secrets
import weakref
from typing import ClassVar

from .._core.shared import Mapping, Part, add_to_count, add_unless_zero
from .memory import SharedMemory

HEADER = 64  # bytes before the memory: the count


_exit_is_watched_in: int | None = None  # the process that lets all go when it ends


class NamedMemory(SharedMemory, Part):
    """A mapped file with a name. In a child after fork it is borrowed from the parent: mapped, but not held."""

    # Those that this process has mapped: memory that is sent twice arrives as one.
    _known: ClassVar[weakref.WeakValueDictionary[str, NamedMemory]] = weakref.WeakValueDictionary()

    def __init__(self, name: str, file: int) -> None:
        self._holder: int | None = None
        try:
            self._mapping = Mapping(file, os.fstat(file).st_size)
        finally:
            os.close(file)
        super().__init__(self._mapping, HEADER, len(self._mapping) - HEADER)
        self.name = name
        self._known[name] = self

    @classmethod
    def prepare(cls) -> None:
        """Start the resource tracker, which children then share."""
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()

    @classmethod
    def new(cls, size: int) -> NamedMemory:
        name = f"/torch_{os.getpid()}_{secrets.token_hex(6)}"
        file = _open(name, os.O_CREAT | os.O_EXCL)
        try:
            os.ftruncate(file, HEADER + max(size, 1))
        except BaseException:
            os.close(file)
            _posixshmem.shm_unlink(name)
            raise
        memory = cls(name, file)
        add_to_count(memory._mapping, 1)
        memory._hold()
        return memory

    @classmethod
    def received(cls, name: str) -> NamedMemory:
        """The memory of a name that another process has sent. It was counted then."""
        memory = cls._known.get(name)
        if memory is None:
            try:
                memory = cls(name, _open(name))
            except FileNotFoundError:
                raise RuntimeError(
                    f"the shared memory {name} is gone: the sharing strategy was chosen in the process that sent it, "
                    "which has ended; choose it before processes are started"
                ) from None
        elif memory._holder == os.getpid():
            add_to_count(memory._mapping, -1)
            return memory
        memory._hold()
        return memory

    def can_be_sent(self) -> bool:
        """Not by a child after fork whose parent has let it go: it has no name any more."""
        try:
            os.close(_open(self.name))
        except FileNotFoundError:
            return False
        return True

    def __reduce__(self) -> tuple:
        if not add_unless_zero(self._mapping):
            raise RuntimeError(f"the shared memory {self.name} is gone: nobody holds it any more")
        return NamedMemory.received, (self.name,)

    def let_go(self) -> None:
        """Hold it no more. It stays mapped."""
        if self._holder != os.getpid():
            return
        self._holder = None
        if add_to_count(self._mapping, -1) == 0:
            from multiprocessing import resource_tracker

            with contextlib.suppress(FileNotFoundError):  # removed by hand, or by the tracker of an ended process
                _posixshmem.shm_unlink(self.name)
            resource_tracker.unregister(self.name, "shared_memory")

    def _hold(self) -> None:
        """Be one of its holders, who has been counted already."""
        global _exit_is_watched_in
        from multiprocessing import resource_tracker, util

        resource_tracker.register(self.name, "shared_memory")
        self._holder = os.getpid()
        if _exit_is_watched_in != self._holder:
            _exit_is_watched_in = self._holder
            util.Finalize(None, _let_all_go, exitpriority=-100)  # after the queues have sent what was put in them

    def __del__(self) -> None:
        if self._holder is not None:
            self.let_go()


def _let_all_go() -> None:
    for memory in list(NamedMemory._known.values()):
        memory.let_go()


def _open(name: str, flags: int = 0) -> int:
    return _posixshmem.shm_open(name, os.O_RDWR | flags, mode=0o600)
