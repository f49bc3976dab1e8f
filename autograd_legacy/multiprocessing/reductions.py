"""How storages and tensors travel through queues and pipes: their memory becomes shared, and only a handle is sent."""

from __future__ import annotations

import os
import weakref
from multiprocessing import reduction
from typing import Any

from .. import IntTensor
from .. import storage as storages
from .._core.shared import dtype_of, move, room_of, source_of, storage_on
from .._core.storage import Storage
from .._core.tensor import Size, Tensor, class_of
from .memory import SharedMemory

# The shared memory that this process has mapped, by the file's identity: one storage sent twice arrives as one memory.
_known: weakref.WeakValueDictionary[tuple[int, int], SharedMemory] = weakref.WeakValueDictionary()


def share(storage: Storage) -> SharedMemory:
    """Move a storage to shared memory, unless it is there; all tensors on it follow."""
    memory = source_of(storage)
    if not isinstance(memory, SharedMemory):
        memory = SharedMemory.new(room_of(storage))
        move(storage, memory)
        IntTensor(1).random_()  # 0.3.1 named each piece of shared memory by a draw, on which later draws depend
        _known[_identity(memory.fd)] = memory
    return memory


def is_shared(storage: Storage) -> bool:
    """Whether the storage lies in shared memory."""
    return isinstance(source_of(storage), SharedMemory)


def reduce_storage(storage: Storage) -> tuple:
    memory = share(storage)
    return rebuild_storage, (dtype_of(storage), storage.size(), reduction.DupFd(memory.fd))


def rebuild_storage(dtype: int, size: int, handle: Any) -> Storage:
    fd = handle.detach()
    identity = _identity(fd)
    memory = _known.get(identity)
    if memory is None:
        memory = _known[identity] = SharedMemory.of(fd)
    else:
        os.close(fd)
    return storage_on(dtype, size, memory)


def reduce_tensor(tensor: Tensor) -> tuple:
    place = tensor.storage_offset(), tuple(tensor.size()), tensor.stride()
    return rebuild_tensor, (type(tensor), tensor.storage(), *place)


def rebuild_tensor(cls: type, storage: Storage, offset: int, sizes: tuple, strides: tuple) -> Tensor:
    return cls().set_(storage, offset, Size(sizes), strides)


def _identity(fd: int) -> tuple[int, int]:
    status = os.fstat(fd)
    return status.st_dev, status.st_ino


def init_reductions() -> None:
    """Make multiprocessing send storages and tensors this way."""
    for code, cls in enumerate(storages.CLASSES):
        reduction.ForkingPickler.register(cls, reduce_storage)
        reduction.ForkingPickler.register(class_of(code), reduce_tensor)
