"""Objects from process to process over a socket, with the elements of their tensors beside them."""

from __future__ import annotations

import io
import mmap
import os
import pickle
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

from .._core.shared import Elements, dtype_of, tensor_on
from .._core.tensor import Tensor
from .memory import anonymous_file

MAPPED_FROM = 1 << 16  # bytes of elements; fewer go through the socket faster than through a mapping


class Channel:
    """One end of a duplex connection. Tensors that are sent are copied once, into a file that the receiver maps.

    Each tensor arrives contiguous, and on memory of its own: two views of one storage do not stay related.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def send(self, thing: Any) -> int:
        """Send anything that can be pickled; returns how many tensors there were in it."""
        buffers: list[pickle.PickleBuffer] = []
        pickled = io.BytesIO()
        pickler = _Pickler(pickled, protocol=5, buffer_callback=buffers.append)
        pickler.dump(thing)
        views = [buffer.raw() for buffer in buffers]
        sizes = [view.nbytes for view in views]
        mapped = sum(sizes) >= MAPPED_FROM
        self.connection.send_bytes(pickle.dumps((mapped, sizes)))
        self.connection.send_bytes(pickled.getbuffer())
        if mapped:
            file = anonymous_file()
            try:
                for view in views:
                    _write(file, view)
                reduction.send_handle(self.connection, file, None)
            finally:
                os.close(file)
        else:
            for view in views:
                self.connection.send_bytes(view)
        return pickler.tensors

    def receive(self) -> Any:
        """The next thing that was sent. EOFError or OSError where the other end is gone."""
        mapped, sizes = pickle.loads(self.connection.recv_bytes())
        pickled = self.connection.recv_bytes()
        if mapped:
            rest = memoryview(_mapped(reduction.recv_handle(self.connection), sum(map(_padded, sizes))))
            views = []
            for size in sizes:
                views.append(rest[:size])
                rest = rest[_padded(size) :]
        else:
            views = [bytearray(self.connection.recv_bytes()) for _ in sizes]
        return pickle.loads(pickled, buffers=views)

    def close(self) -> None:
        self.connection.close()


class _Pickler(pickle.Pickler):
    tensors = 0

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Tensor) and not thing.is_sparse:
            self.tensors += 1
            return tensor_on, (dtype_of(thing), tuple(thing.size()), pickle.PickleBuffer(Elements(thing)))
        return NotImplemented


def _padded(size: int) -> int:
    return -(-size // 64) * 64


def _write(file: int, view: memoryview) -> None:
    """Append, and fill up to where the next buffer begins. Mapping and copying would be slower: page faults."""
    end = os.lseek(file, 0, os.SEEK_CUR) + _padded(view.nbytes)
    while view.nbytes:
        view = view[os.write(file, view) :]
    os.lseek(file, end, os.SEEK_SET)
    os.ftruncate(file, end)


def _mapped(file: int, size: int) -> mmap.mmap:
    try:
        return mmap.mmap(file, size, flags=mmap.MAP_SHARED | getattr(mmap, "MAP_POPULATE", 0))
    finally:
        os.close(file)
