"""How storages and tensors travel through queues and pipes: their memory becomes shared, and only a handle is sent."""

from __future__ import annotations

from multiprocessing import reduction

from .. import IntTensor
from .. import storage as storages
from .._core.shared import dtype_of, move, room_of, source_of, storage_on
from .._core.storage import Storage
from .._core.tensor import Size, Tensor, class_of
from .memory import SharedMemory
from .strategies import new_memory


def share(storage: Storage) -> SharedMemory:
    """Move a storage to shared memory, unless it is there; all tensors on it follow."""
    memory = source_of(storage)
    if not isinstance(memory, SharedMemory):
        memory = _moved(storage)
        IntTensor(1).random_()  # 0.3.1 named each piece of shared memory by a draw, on which later draws depend
    return memory


def _moved(storage: Storage) -> SharedMemory:
    memory = new_memory(room_of(storage))
    move(storage, memory)
    return memory


def is_shared(storage: Storage) -> bool:
    """Whether the storage lies in shared memory."""
    return isinstance(source_of(storage), SharedMemory)


def reduce_storage(storage: Storage) -> tuple:
    memory = share(storage)
    if not memory.can_be_sent():
        memory = _moved(storage)
    return rebuild_storage, (dtype_of(storage), storage.size(), memory)


def rebuild_storage(dtype: int, size: int, memory: SharedMemory) -> Storage:
    return storage_on(dtype, size, memory)


def reduce_tensor(tensor: Tensor) -> tuple:
    place = tensor.storage_offset(), tuple(tensor.size()), tensor.stride()
    return rebuild_tensor, (type(tensor), tensor.storage(), *place)


def rebuild_tensor(cls: type, storage: Storage, offset: int, sizes: tuple, strides: tuple) -> Tensor:
    return cls().set_(storage, offset, Size(sizes), strides)


def init_reductions() -> None:
    """Make multiprocessing send storages and tensors this way."""
    for code, cls in enumerate(storages.CLASSES):
        reduction.ForkingPickler.register(cls, reduce_storage)
        reduction.ForkingPickler.register(class_of(code), reduce_tensor)
