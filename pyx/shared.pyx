"""Tensors and storages on the buffers of other objects: memory that several processes map."""

import os

from cpython.buffer cimport (
    PyBUF_SIMPLE, PyBUF_WRITABLE, Py_buffer, PyBuffer_FillInfo, PyBuffer_Release, PyObject_GetBuffer,
)
from libc.errno cimport errno
from libc.stdint cimport int64_t

from .copy cimport contiguous
from .storage cimport ITEMSIZE, N_DTYPES, Memory, Storage, memory_borrow, memory_move, memory_release, storage_of
from .tensor cimport MAX_DIMS, Tensor, count_elements, data_of, new_empty, new_on

cdef extern from *:
    """
    #include <sys/mman.h>
    #ifndef MAP_POPULATE
    #define MAP_POPULATE 0
    #endif
    """
    enum: PROT_READ, PROT_WRITE, MAP_SHARED, MAP_POPULATE
    void* MAP_FAILED
    void* mmap(void* address, size_t size, int protection, int flags, int file, Py_ssize_t offset) nogil
    int munmap(void* address, size_t size) nogil

cdef extern from *:
    """
    static int64_t count_added(int64_t* count, int64_t delta) {
        return __atomic_add_fetch(count, delta, __ATOMIC_SEQ_CST);
    }

    static bool count_added_unless_zero(int64_t* count) {
        int64_t seen = __atomic_load_n(count, __ATOMIC_SEQ_CST);
        while (seen > 0)
            if (__atomic_compare_exchange_n(count, &seen, seen + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) break;
        return seen > 0;
    }
    """
    int64_t count_added(int64_t* count, int64_t delta) nogil
    bint count_added_unless_zero(int64_t* count) nogil


cdef class Elements:
    """A tensor's elements in row-major order, as a buffer of bytes."""
    cdef Tensor tensor

    def __init__(self, Tensor tensor not None):
        self.tensor = contiguous(tensor)

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        cdef Tensor t = self.tensor
        PyBuffer_FillInfo(buffer, self, data_of(t), t.numel * ITEMSIZE[t.dtype], False, flags)


cdef class Held:
    """Somebody's buffer, held for as long as a Memory lies on it."""
    cdef Py_buffer buffer
    cdef readonly object source

    def __cinit__(self, source):
        PyObject_GetBuffer(source, &self.buffer, PyBUF_SIMPLE | PyBUF_WRITABLE)
        self.source = source

    def __dealloc__(self):
        PyBuffer_Release(&self.buffer)


cdef class Mapping:
    """The first `size` bytes of a file, shared with all who map it. Python's mmap would keep the file open."""
    cdef char* data
    cdef Py_ssize_t size

    def __cinit__(self, int file, Py_ssize_t size, bint at_once=False):
        """at_once: with its pages, which is faster than to fault them in one by one."""
        if size <= 0:
            raise ValueError(f"a file is mapped from 1 byte on, got {size}")
        cdef int flags = MAP_SHARED | (MAP_POPULATE if at_once else 0)
        cdef void* data = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, file, 0)
        if data == MAP_FAILED:
            raise OSError(errno, f"cannot map {size} bytes: {os.strerror(errno)}")
        self.data, self.size = <char*>data, size

    def __init__(self, *arguments, **options):
        pass

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.data, self.size, False, flags)

    def __len__(self):
        return self.size

    def __dealloc__(self):
        if self.data != NULL:
            munmap(self.data, self.size)


cdef class Part:
    """`size` bytes of somebody's buffer from `offset` on, as a buffer; a subclass's __del__ says it is over."""
    cdef Held held
    cdef Py_ssize_t offset, size

    def __init__(self, source, Py_ssize_t offset, Py_ssize_t size):
        cdef Held held = Held(source)
        if offset < 0 or size < 0 or offset > held.buffer.len - size:
            raise ValueError(f"{size} bytes from {offset} on are not within {held.buffer.len} bytes")
        self.held, self.offset, self.size = held, offset, size

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        if self.held is None:
            raise BufferError("a Part that was made without its constructor has no memory")
        PyBuffer_FillInfo(buffer, self, <char*>self.held.buffer.buf + self.offset, self.size, False, flags)

    def __len__(self):
        return self.size


def offset_in(source, view):
    """How many bytes after the beginning of one buffer another one begins; None where it is not within."""
    cdef Held whole = Held(source)
    cdef Py_buffer part
    PyObject_GetBuffer(view, &part, PyBUF_SIMPLE)
    cdef Py_ssize_t offset = <char*>part.buf - <char*>whole.buffer.buf, size = part.len
    PyBuffer_Release(&part)
    return offset if 0 <= offset <= whole.buffer.len - size else None


cdef int64_t* _count_of(Held held) except NULL:
    if held.buffer.len < <Py_ssize_t>sizeof(int64_t):
        raise ValueError(f"a count does not fit in {held.buffer.len} bytes")
    return <int64_t*>held.buffer.buf


def add_to_count(memory, int64_t delta):
    """Add to the int64 that shared memory begins with, and return the sum; several processes may do so at once."""
    cdef Held held = Held(memory)
    return count_added(_count_of(held), delta)


def add_unless_zero(memory):
    """Add 1 to the int64 that shared memory begins with, unless it is 0; return whether that was done."""
    cdef Held held = Held(memory)
    return bool(count_added_unless_zero(_count_of(held)))


cdef Held _held(int dtype, Py_ssize_t size, object source):
    """The buffer of `source`, which must be large enough."""
    cdef Held held = Held(source)
    if not 0 <= dtype < N_DTYPES:
        raise RuntimeError(f"no type has the code {dtype}")
    if size < 0 or size > held.buffer.len // ITEMSIZE[dtype]:
        raise RuntimeError(f"{size} elements of {ITEMSIZE[dtype]} bytes do not fit in {held.buffer.len} bytes")
    return held


cdef Memory* _memory_on(int dtype, Py_ssize_t size, object source) except NULL:
    cdef Held held = _held(dtype, size, source)
    return memory_borrow(dtype, size, <char*>held.buffer.buf, held)


def dtype_of(thing not None):
    """The number of a tensor's or storage's type."""
    return (<Tensor>thing).dtype if isinstance(thing, Tensor) else (<Storage?>thing).memory.dtype


def tensor_on(int dtype, tuple given, source):
    """A contiguous tensor of the given sizes, whose elements are the bytes of `source`'s writable buffer."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t step = 1
    cdef Memory* memory
    cdef int ndim = len(given), k
    if not 0 <= dtype < N_DTYPES or ndim > MAX_DIMS:
        raise RuntimeError(f"a tensor has a type's code and at most {MAX_DIMS} dimensions, got {dtype} and {ndim}")
    if ndim == 0:
        return new_empty(dtype)
    for k in range(ndim - 1, -1, -1):
        sizes[k] = given[k]
        strides[k] = step
        step *= sizes[k]
    memory = _memory_on(dtype, count_elements(ndim, sizes), source)
    tensor = new_on(memory, ndim, sizes, strides, 0)
    memory_release(memory)
    return tensor


def storage_on(int dtype, Py_ssize_t size, source):
    """A storage of so many elements, which are the bytes of `source`."""
    cdef Memory* memory = _memory_on(dtype, size, source)
    storage = storage_of(memory)
    memory_release(memory)
    return storage


def room_of(Storage storage not None):
    """The bytes that a storage has room for: tensors may still reach there after it was made smaller."""
    return max(storage.memory.capacity, storage.memory.size * ITEMSIZE[storage.memory.dtype])


def move(Storage storage not None, source):
    """Put a storage's elements into the buffer of `source`, to stay there: all tensors on this memory follow."""
    cdef Held held = _held(storage.memory.dtype, storage.memory.size, source)
    memory_move(storage.memory, <char*>held.buffer.buf, held.buffer.len, held)


def source_of(Storage storage not None):
    """The object on whose buffer a storage lies, or None."""
    if storage.memory.owner == NULL:
        return None
    owner = <object>storage.memory.owner
    return (<Held>owner).source if isinstance(owner, Held) else None
