"""Memory that processes share, as a mapped file: without a name, for those that are handed its descriptor."""

from __future__ import annotations

import os
import tempfile
import weakref
from typing import Any, ClassVar

from .._core.shared import Mapping


class SharedMemory:
    """Memory that other processes can map: a writable buffer, which tensors lie on."""

    @classmethod
    def prepare(cls) -> None:
        """Do what is to be done before processes are started that memory will be shared with."""

    @classmethod
    def new(cls, size: int) -> SharedMemory:
        """Zeroed memory of so many bytes."""
        raise NotImplementedError

    def can_be_sent(self) -> bool:
        """Whether another process can still map it."""
        return True

    def __reduce__(self) -> tuple:
        """A function of the process that receives this memory, to be called there once."""
        raise NotImplementedError


class DescribedMemory(SharedMemory, Mapping):
    """A mapped file without a name: gone when the last process that has it open or mapped is, whatever happens to them.

    Its file descriptor, `fd`, is open as long as it is mapped, and is what is sent.
    """

    fd: int
    # Those that this process has mapped, by the file's identity: memory that is sent twice arrives as one.
    _known: ClassVar[weakref.WeakValueDictionary[tuple[int, int], DescribedMemory]] = weakref.WeakValueDictionary()

    @classmethod
    def new(cls, size: int) -> DescribedMemory:
        fd = anonymous_file()
        try:
            os.ftruncate(fd, max(size, 1))
        except BaseException:
            os.close(fd)
            raise
        return cls._of(fd)

    @classmethod
    def received(cls, handle: Any) -> DescribedMemory:
        """The memory behind a descriptor that another process has sent."""
        fd = handle.detach()
        memory = cls._known.get(_identity(fd))
        if memory is None:
            return cls._of(fd)
        os.close(fd)
        return memory

    @classmethod
    def _of(cls, fd: int) -> DescribedMemory:
        try:
            memory = cls._known[_identity(fd)] = cls(fd, os.fstat(fd).st_size)
        except BaseException:
            os.close(fd)
            raise
        memory.fd = fd
        return memory

    def __reduce__(self) -> tuple:
        from multiprocessing import reduction

        return DescribedMemory.received, (reduction.DupFd(self.fd),)

    def __del__(self) -> None:
        if hasattr(self, "fd"):
            os.close(self.fd)


def anonymous_file() -> int:
    """The descriptor of a new file without a name, in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("torch")
    fd, path = tempfile.mkstemp()
    os.unlink(path)
    return fd


def _identity(fd: int) -> tuple[int, int]:
    status = os.fstat(fd)
    return status.st_dev, status.st_ino
