"""Objects from process to process over a socket, with the elements of their tensors in memory that both have mapped."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Iterable
from multiprocessing import reduction
from multiprocessing.connection import Connection
from typing import Any

from .._core.shared import Elements, dtype_of, tensor_on
from .._core.tensor import Tensor
from .segments import Reader, Writer

MAPPED_FROM = 1 << 16  # bytes of elements; fewer go through the socket faster


class Sender:
    """The end that sends objects: their tensors, and the arrays of NumPy, are copied once, into shared memory.

    What is made in room() from the start is not copied at all. Each tensor arrives contiguous, and on memory of its
    own: two views of one storage need not stay related.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._writer = Writer()

    def begin(self) -> None:
        """Begin to make an object that will be sent."""
        self._writer.begin()

    def room(self, like: Tensor, count: int) -> Tensor | None:
        """A tensor for `count` others stacked, where the shared memory at hand has room for it."""
        if like.is_sparse or not like.numel():
            return None
        memory = self._writer.room(count * like.numel() * like.element_size())
        return None if memory is None else tensor_on(dtype_of(like), (count, *like.size()), memory)

    def send(self, thing: Any) -> int:
        """Send anything that can be pickled; returns how many tensors there were in it."""
        buffers: list[pickle.PickleBuffer] = []
        pickled = io.BytesIO()
        pickler = _Pickler(pickled, protocol=5, buffer_callback=buffers.append)
        pickler.dump(thing)
        views = [buffer.raw() for buffer in buffers]
        inline, loan, file = None, None, None
        if sum(view.nbytes for view in views) < MAPPED_FROM:
            inline = [bytearray(view) for view in views]
        else:
            loan, file = self._writer.lend(views)
        self.connection.send_bytes(pickle.dumps((pickled.getvalue(), inline, loan)))
        if file is not None:
            try:
                reduction.send_handle(self.connection, file, None)
            finally:
                os.close(file)
        return pickler.tensors

    def take_back(self, ended: Iterable[tuple[int, bool]]) -> None:
        """What the receiver's ended() says: shared memory that may be written again."""
        self._writer.take_back(ended)


class Receiver:
    """The end that receives."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._reader = Reader()

    def receive(self) -> Any:
        """The next thing that was sent. EOFError or OSError where the other end is gone."""
        pickled, buffers, loan = pickle.loads(self.connection.recv_bytes())
        if loan is not None:
            file = reduction.recv_handle(self.connection) if loan.fresh else None
            buffers = self._reader.borrow(loan, file)
        return pickle.loads(pickled, buffers=buffers)

    def ended(self) -> list[tuple[int, bool]]:
        """What the sender is to be told: the shared memory that came and is in use no more."""
        return self._reader.ended()

    def close(self) -> None:
        self.connection.close()


class _Pickler(pickle.Pickler):
    tensors = 0

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Tensor) and not thing.is_sparse:
            self.tensors += 1
            return tensor_on, (dtype_of(thing), tuple(thing.size()), pickle.PickleBuffer(Elements(thing)))
        return NotImplemented
