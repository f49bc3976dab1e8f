"""Memory that processes share: files without a name, mapped."""

from __future__ import annotations

import mmap
import os
import tempfile


class SharedMemory(mmap.mmap):
    """A mapped file without a name: gone when the last process that has it open or mapped is, whatever happens to them.

    Its file descriptor, `fd`, can be handed to another process, which maps the same memory with SharedMemory.of(fd).
    """

    fd: int

    @classmethod
    def new(cls, size: int) -> SharedMemory:
        """Zeroed memory of so many bytes."""
        fd = anonymous_file()
        try:
            os.ftruncate(fd, max(size, 1))
        except BaseException:
            os.close(fd)
            raise
        return cls.of(fd)

    @classmethod
    def of(cls, fd: int) -> SharedMemory:
        """The memory behind a file descriptor, which is closed with it."""
        try:
            memory = cls(fd, 0)
        except BaseException:
            os.close(fd)
            raise
        memory.fd = fd
        return memory

    def __del__(self) -> None:
        os.close(self.fd)


def anonymous_file() -> int:
    """The descriptor of a new file without a name, in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("torch")
    fd, path = tempfile.mkstemp()
    os.unlink(path)
    return fd
