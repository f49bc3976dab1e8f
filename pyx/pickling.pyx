"""What saving and loading need of storages and tensors: identity, raw bytes, and tensors made from their parts."""

from cpython.buffer cimport PyBUF_WRITE
from cpython.memoryview cimport PyMemoryView_FromMemory

from .storage cimport ITEMSIZE, Memory, Storage
from .tensor cimport MAX_DIMS, new_on


def storage_key(Storage storage not None):
    """A number that all handles on the same memory share while one of them lives."""
    return <size_t>storage.memory


def storage_root(Storage storage not None):
    """The storage that this one is a part of, or itself, and where it begins there, in elements."""
    cdef Storage root = storage
    while root.memory.owner != NULL and isinstance(<object>root.memory.owner, Storage):
        root = <Storage>root.memory.owner
    return root, (storage.memory.data - root.memory.data) // ITEMSIZE[root.memory.dtype]


def storage_bytes(Storage storage not None):
    """The memory itself as a writable memoryview; valid only as long as the storage is kept and not resized."""
    cdef Memory* memory = storage.memory
    return PyMemoryView_FromMemory(memory.data, memory.size * ITEMSIZE[memory.dtype], PyBUF_WRITE)


def rebuild_tensor(Storage storage not None, Py_ssize_t offset, size, stride):
    """The tensor over storage with these sizes and strides; RuntimeError where it would reach outside."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t last = offset, room = storage.memory.size
    cdef int k, ndim = len(size)
    if ndim > MAX_DIMS or len(stride) != ndim:
        raise RuntimeError(f"a tensor needs as many strides as sizes, at most {MAX_DIMS}, got {size} and {stride}")
    for k in range(ndim):
        sizes[k], strides[k] = size[k], stride[k]
        if sizes[k] <= 0 or strides[k] < 0 or (strides[k] > 0 and sizes[k] - 1 > (room - last) // strides[k]):
            last = room
            break
        last += (sizes[k] - 1) * strides[k]
    if offset < 0 or last >= room + (ndim == 0):
        raise RuntimeError(f"sizes {size} and strides {stride} from {offset} on do not fit {room} elements")
    return new_on(storage.memory, ndim, sizes, strides, offset)
