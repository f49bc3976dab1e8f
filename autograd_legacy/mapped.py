"""Files mapped into memory, as the memory of storages."""

from __future__ import annotations

import os
from mmap import ACCESS_COPY, ACCESS_WRITE, mmap


def mapped(filename: str | os.PathLike, shared: bool, size: int) -> mmap:
    """The first `size` bytes of a file. Shared: what is written goes into the file, which is made or grown as needed.

    RuntimeError for a file that cannot be opened, and for one that is too short and not shared.
    """
    name = os.fspath(filename)
    try:
        fd = os.open(name, os.O_RDWR | os.O_CREAT if shared else os.O_RDONLY, 0o600)
    except OSError as error:
        mode = "read-write" if shared else "read-only"
        raise RuntimeError(f"unable to open file <{name}> in {mode} mode: {error.strerror}") from error
    try:
        if os.fstat(fd).st_size < size:
            if not shared:
                raise RuntimeError(f"file <{name}> size is smaller than the required mapping size <{size}>")
            os.ftruncate(fd, size)
        return mmap(fd, size, access=ACCESS_WRITE if shared else ACCESS_COPY)
    finally:
        os.close(fd)
