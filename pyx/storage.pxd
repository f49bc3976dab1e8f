# Typed memory: what it is, who frees it, how it grows.
from cpython.object cimport PyObject

cdef enum DType:                     # in the order of optable.DTYPES
    BYTE, CHAR, SHORT, INT, LONG, HALF, FLOAT, DOUBLE

cdef enum:
    N_DTYPES = 8

cdef struct Memory:                  # counted by hand, always under the GIL; Python sees it as a Storage
    Py_ssize_t refs
    Py_ssize_t size                  # elements
    Py_ssize_t capacity              # bytes behind data
    char* data                       # 64-byte aligned where we allocated it
    PyObject* owner                  # who frees data, where it is not ours (numpy, a mapped file, shared memory)
    int dtype
    signed char resizable
    signed char read_only            # borrowed, and not to be written to: those it is lent to are told
    signed char pinned               # others hold the address: what leaves this place is kept until the Memory goes
    PyObject* kept                   # a list of what was left so
    Py_ssize_t inline_capacity       # bytes behind the header in its own block

cdef int ITEMSIZE[8]

# Memory for a kernel to work in, 64-byte aligned and counted like that of tensors; freed with the same number of bytes.
cdef char* allocate(Py_ssize_t bytes) except NULL
cdef void deallocate(char* block, Py_ssize_t bytes) noexcept

cdef Memory* memory_new(int dtype, Py_ssize_t size) except NULL          # refs = 1, not initialised
cdef Memory* memory_borrow(int dtype, Py_ssize_t size, char* data, object owner) except NULL
cdef int memory_resize(Memory* memory, Py_ssize_t size) except -1        # keeps the elements
cdef int memory_move(Memory* memory, char* data, Py_ssize_t capacity, object owner) except -1   # the elements go along
cdef void memory_free(Memory* memory) noexcept

# Fill in what the buffer protocol asks of memory from `data` on; `holder` keeps it alive.
cdef int lend(
    Py_buffer* view, object holder, Memory* memory, char* data, int ndim, const Py_ssize_t* sizes,
    const Py_ssize_t* strides, int flags
) except -1
cdef void take_back(Py_buffer* view) noexcept

cdef inline Memory* memory_share(Memory* memory) noexcept:
    memory.refs += 1
    return memory

cdef inline void memory_release(Memory* memory) noexcept:
    if memory != NULL:
        memory.refs -= 1
        if memory.refs == 0:
            memory_free(memory)

cdef class Storage:                  # a Python handle on a Memory; FloatStorage and its kin derive from it
    cdef Memory* memory
    cdef dict __dict__
    cdef object __weakref__

cdef Storage storage_of(Memory* memory)              # a new handle of the right class, sharing the memory
cdef int adopt(Storage storage, Memory* memory) except -1   # takes over the reference
