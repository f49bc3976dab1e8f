"""Making storages, and their elements as Python numbers."""

from cpython.bytes cimport PyBytes_AS_STRING
from libc.string cimport memcpy

from .construct cimport of_sequence
from .copy cimport fill
from .storage cimport ITEMSIZE, Storage, adopt, memory_borrow, memory_new, memory_share, storage_of
from .tensor cimport Tensor, get_item, new_on, set_item


def construct(Storage storage not None, int dtype, tuple args):
    """XStorage(), XStorage(size), XStorage(sequence), XStorage(storage[, offset[, size]]), the last one a view."""
    cdef Storage base
    cdef Tensor made
    cdef Py_ssize_t offset, size
    cdef char* data
    name = type(storage).__name__
    if not args:
        adopt(storage, memory_new(dtype, 0))
        return
    given = args[0]
    if isinstance(given, Storage):
        base = given
        if base.memory.dtype != dtype:
            raise TypeError(f"{name} can be a view of a storage of its own type, got {type(given).__name__}")
        offset = args[1] if len(args) > 1 else 0
        size = args[2] if len(args) > 2 else base.memory.size - offset
        if not 0 <= offset <= base.memory.size or not 0 <= size <= base.memory.size - offset:
            raise RuntimeError(
                f"a view of {size} elements from {offset} on does not fit a storage of {base.memory.size}"
            )
        base.memory.pinned = True
        data = base.memory.data + offset * ITEMSIZE[dtype]
        adopt(storage, memory_borrow(dtype, size, data, storage_of(base.memory)))
    elif len(args) != 1:
        raise TypeError(
            f"{name} takes a size, a sequence, or a storage with an offset and a size, got {len(args)} "
            "arguments"
        )
    elif type(given) is int:
        if given < 0:
            raise RuntimeError(f"a storage cannot have a negative size, got {given}")
        adopt(storage, memory_new(dtype, given))
    elif isinstance(given, str):
        raise RuntimeError(f"{name} takes a flat sequence of numbers, got the str {given!r}")
    elif isinstance(given, (list, tuple)) or hasattr(given, "__getitem__") and hasattr(given, "__len__"):
        if any([isinstance(item, (list, tuple)) for item in given]):
            raise RuntimeError(f"{name} takes a flat sequence of numbers")
        made = of_sequence(dtype, given)
        adopt(storage, memory_share(made.memory))
    else:
        raise TypeError(f"{name} takes a size, a sequence or a storage, got {type(given).__name__}")


cdef Tensor _whole(Storage storage):
    cdef Py_ssize_t size = storage.memory.size, one = 1
    return new_on(storage.memory, 1 if size else 0, &size, &one, 0)


def get(Storage storage not None, index):
    """The element at index; negative ones count from the end. IndexError outside."""
    cdef Py_ssize_t size = storage.memory.size, at
    if type(index) is not int:
        raise TypeError(f"a storage is indexed by an int or a slice, got {type(index).__name__}")
    at = index + size if index < 0 else index
    if at < 0 or at >= size:
        raise IndexError(f"index {index} out of range for a storage of size {size}")
    return get_item(_whole(storage), at)


def put(Storage storage not None, index, value):
    """Set the element at index, which must not be negative. RuntimeError outside."""
    if type(index) is not int:
        raise TypeError(f"a storage is indexed by an int or a slice, got {type(index).__name__}")
    if index < 0 or index >= storage.memory.size:
        raise RuntimeError(f"index {index} out of range for a storage of size {storage.memory.size}")
    set_item(storage.memory.dtype, storage.memory.data + <Py_ssize_t>index * ITEMSIZE[storage.memory.dtype], value)


def fill_elements(Storage storage not None, value):
    """All elements become value. RuntimeError for a number that the type does not hold."""
    try:
        fill(_whole(storage), value)
    except TypeError as error:
        raise RuntimeError(str(error)) from None


def from_buffer(Storage storage not None, buffer, byte_order, Py_ssize_t count, Py_ssize_t offset):
    """Copy elements from anything with a buffer, whose bytes lie in "native", "little" or "big" order."""
    cdef int size = ITEMSIZE[storage.memory.dtype]
    cdef bytes data
    if byte_order is not None and not isinstance(byte_order, str):
        raise TypeError(f"argument 2 (byte_order) must be str, not {type(byte_order).__name__}")
    if byte_order not in ("native", "little", "big") and size > 1:
        raise ValueError(f"invalid byte_order {byte_order!r} (expected 'native', 'little' or 'big')")
    view = memoryview(buffer).cast("B")
    available = len(view) - offset
    if offset < 0 or available < 0:
        raise ValueError(
            f"offset must be non-negative and no greater than buffer length ({len(view)}), but got {offset}"
        )
    if count < 0:
        if available % size:
            raise ValueError(f"buffer size ({available}) must be a multiple of element size ({size})")
        count = available // size
    if count * size > available:
        raise ValueError(
            f"buffer has only {available // size} elements after offset {offset}, but specified a size of "
            f"{count}"
        )
    data = bytes(view[offset:offset + count * size])
    if byte_order == "big" and size > 1:
        data = b"".join([data[k:k + size][::-1] for k in range(0, len(data), size)])
    adopt(storage, memory_new(storage.memory.dtype, count))
    memcpy(storage.memory.data, PyBytes_AS_STRING(data), len(data))
    return storage
