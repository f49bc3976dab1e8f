"""Typed memory: what it is, who frees it, how it grows."""

from cpython.buffer cimport (
    PyBUF_ANY_CONTIGUOUS, PyBUF_C_CONTIGUOUS, PyBUF_F_CONTIGUOUS, PyBUF_FORMAT, PyBUF_ND, PyBUF_STRIDES, PyBUF_WRITABLE,
    Py_buffer,
)
from cpython.object cimport PyObject
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdint cimport INTPTR_MAX
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

cdef extern from *:
    """
    #include <stdlib.h>
    #ifdef __linux__
    #include <sys/mman.h>
    #endif

    // Pages of 2 MB, where the system has them: a large result then takes a few page faults, not thousands.
    static void advise_huge_pages(void* start, size_t bytes) {
    #ifdef MADV_HUGEPAGE
        madvise(start, bytes, MADV_HUGEPAGE);
    #endif
    }
    """
    int posix_memalign(void** memory, size_t alignment, size_t size) nogil
    void advise_huge_pages(void* start, size_t bytes) nogil

cdef extern from *:
    """
    #ifdef __SANITIZE_ADDRESS__
    #define AL_POOLED 0
    #else
    #define AL_POOLED 1
    #endif
    """
    const bint POOLED "AL_POOLED"    # not where a sanitizer is to see each block come and go

cdef enum:
    HEADER = 64                      # a Memory and its data share one block while the data does not move
    STEP = 64                        # block sizes of the small pool are multiples of this
    SMALL_CLASSES = 64               # ... up to 4 KB
    SMALL_KEPT = 512                 # blocks kept of each size
    LARGE_CLASSES = 160              # of the large pool: eight for each power of two
    HUGE = 1 << 21                   # a huge page

# What glibc's malloc gives back to the system it must page in again: half of the time of a 16 MB result. So large
# blocks are kept, until those freed later take their room.
cdef Py_ssize_t LARGE_LIMIT = 256 << 20

cdef struct Kept:                    # stands in a large block while it is kept
    Kept* next                       # of its class, the latest first
    Kept* previous
    Kept* older                      # of all classes
    Kept* newer
    Py_ssize_t bytes

cdef void* _small[SMALL_CLASSES]
cdef int _small_kept[SMALL_CLASSES]
cdef Kept* _large[LARGE_CLASSES]
cdef Kept* _newest = NULL
cdef Kept* _oldest = NULL
cdef Py_ssize_t _large_bytes = 0

cdef Py_ssize_t _held = 0            # bytes in use, and the most that ever were
cdef Py_ssize_t _peak = 0

ITEMSIZE[:] = [1, 1, 2, 4, 8, 2, 4, 8]
assert sizeof(Memory) <= HEADER


cdef Py_ssize_t _rounded(Py_ssize_t bytes) noexcept nogil:
    """Large sizes are rounded up by at most an eighth, so that a block can serve a slightly different size later."""
    cdef Py_ssize_t step = STEP
    while step * 16 <= bytes:
        step *= 2
    return (bytes + step - 1) // step * step


cdef int _class_of(Py_ssize_t rounded) noexcept nogil:
    cdef Py_ssize_t step = STEP
    cdef int octave = 0
    while step * 16 <= rounded:
        step *= 2
        octave += 1
    return octave * 8 + <int>(rounded // step) - 8


cdef char* allocate(Py_ssize_t bytes) except NULL:
    global _held, _peak
    cdef char* block = _block(bytes)
    _held += bytes
    if _held > _peak:
        _peak = _held
    return block


cdef char* _block(Py_ssize_t bytes) except NULL:
    """A block of at least so many bytes: one that was kept, or a new one."""
    cdef void* block = NULL
    cdef Py_ssize_t k = (bytes + STEP - 1) // STEP - 1
    if not POOLED:
        pass
    elif k < SMALL_CLASSES:
        if _small[k] != NULL:
            block = _small[k]
            _small[k] = (<void**>block)[0]
            _small_kept[k] -= 1
            return <char*>block
        bytes = (k + 1) * STEP
    elif bytes <= LARGE_LIMIT:
        bytes = _rounded(bytes)
        block = _large[_class_of(bytes)]
        if block != NULL:
            _take(<Kept*>block)
            return <char*>block
    if posix_memalign(&block, HUGE if bytes >= HUGE else 64, bytes) != 0:
        raise MemoryError(f"cannot allocate {bytes} bytes")
    if bytes >= HUGE:
        advise_huge_pages(block, bytes // HUGE * HUGE)
    return <char*>block


cdef void deallocate(char* block, Py_ssize_t bytes) noexcept:
    """Keep the block for the next of its size, or free it."""
    global _held
    cdef Py_ssize_t k = (bytes + STEP - 1) // STEP - 1
    _held -= bytes
    if not POOLED:
        pass
    elif k < SMALL_CLASSES:
        if _small_kept[k] < SMALL_KEPT:
            (<void**>block)[0] = _small[k]
            _small[k] = block
            _small_kept[k] += 1
            return
    elif bytes <= LARGE_LIMIT:
        _keep(<Kept*>block, _rounded(bytes))
        return
    free(block)


cdef void _keep(Kept* block, Py_ssize_t bytes) noexcept:
    """Keep a large block; where there is no room, those freed longest ago go."""
    global _large_bytes, _newest, _oldest
    cdef Kept* oldest
    cdef int k = _class_of(bytes)
    while _oldest != NULL and _large_bytes + bytes > LARGE_LIMIT:
        oldest = _oldest
        _take(oldest)
        free(oldest)
    block.bytes = bytes
    block.previous = block.newer = NULL
    block.next, block.older = _large[k], _newest
    if block.next != NULL:
        block.next.previous = block
    if block.older != NULL:
        block.older.newer = block
    else:
        _oldest = block
    _large[k] = _newest = block
    _large_bytes += bytes


cdef void _take(Kept* block) noexcept:
    """Take a block out of the large pool."""
    global _large_bytes, _newest, _oldest
    if block.next != NULL:
        block.next.previous = block.previous
    if block.previous != NULL:
        block.previous.next = block.next
    else:
        _large[_class_of(block.bytes)] = block.next
    if block.older != NULL:
        block.older.newer = block.newer
    else:
        _oldest = block.newer
    if block.newer != NULL:
        block.newer.older = block.older
    else:
        _newest = block.older
    _large_bytes -= block.bytes


def release_pools():
    """Give the memory that is kept for later use back to the system."""
    cdef void* block
    for k in range(SMALL_CLASSES):
        while _small[k] != NULL:
            block = _small[k]
            _small[k] = (<void**>block)[0]
            free(block)
        _small_kept[k] = 0
    while _oldest != NULL:
        block = _oldest
        _take(_oldest)
        free(block)


def bytes_held():
    """The bytes that tensors, storages and the kernels' working memory take now, without the blocks kept for later."""
    return _held


def peak_bytes():
    """The most that bytes_held() has been since the last call."""
    global _peak
    peak, _peak = _peak, _held
    return peak


cdef Py_ssize_t _bytes(int dtype, Py_ssize_t size) except -1:
    if size < 0:
        raise RuntimeError(f"a storage cannot have a negative size, got {size}")
    if size > (INTPTR_MAX - 4096) // ITEMSIZE[dtype]:
        raise RuntimeError(f"a storage of {size} elements of {ITEMSIZE[dtype]} bytes is larger than the address space")
    return size * ITEMSIZE[dtype]


cdef Memory* memory_new(int dtype, Py_ssize_t size) except NULL:
    cdef Py_ssize_t bytes = _bytes(dtype, size)
    cdef char* block = allocate(HEADER + bytes)
    cdef Memory* memory = <Memory*>block
    memory.refs = 1
    memory.size = size
    memory.capacity = bytes
    memory.inline_capacity = bytes
    memory.data = block + HEADER
    memory.owner = memory.kept = NULL
    memory.dtype = dtype
    memory.resizable = True
    memory.read_only = False
    memory.pinned = False
    return memory


cdef Memory* memory_borrow(int dtype, Py_ssize_t size, char* data, object owner) except NULL:
    cdef Memory* memory = memory_new(dtype, 0)
    memory.size = size
    memory.capacity = _bytes(dtype, size)
    memory.data = data
    memory.owner = <PyObject*>owner
    memory.resizable = False
    Py_INCREF(owner)
    return memory


cdef class Left:
    """A block that a Memory has left while others hold its address."""
    cdef char* block
    cdef Py_ssize_t bytes

    def __dealloc__(self):
        deallocate(self.block, self.bytes)


cdef int _leave_data(Memory* memory) except -1:
    """The data goes elsewhere: free the old one, or keep it where others hold its address."""
    cdef Left left
    if not memory.pinned:
        _drop_data(memory)
        return 0
    if memory.kept == NULL:
        fresh = []
        Py_INCREF(fresh)
        memory.kept = <PyObject*>fresh
    if memory.owner != NULL:
        (<list>memory.kept).append(<object>memory.owner)
    elif memory.data != <char*>memory + HEADER:
        left = Left.__new__(Left)
        (<list>memory.kept).append(left)
        left.block, left.bytes = memory.data, memory.capacity
        return 0
    _drop_data(memory)
    return 0


cdef void _drop_data(Memory* memory) noexcept:
    """Free the data unless it lies in the Memory's own block."""
    cdef PyObject* owner = memory.owner
    if owner != NULL:
        memory.owner = NULL
        Py_DECREF(<object>owner)
    elif memory.data != <char*>memory + HEADER:
        deallocate(memory.data, memory.capacity)


cdef int memory_resize(Memory* memory, Py_ssize_t size) except -1:
    cdef Py_ssize_t bytes = _bytes(memory.dtype, size)
    cdef char* data
    if size == memory.size:
        return 0
    if not memory.resizable:
        raise RuntimeError(
            "a storage whose memory is borrowed (from NumPy, a file or another process) cannot be resized"
        )
    if bytes > memory.capacity:
        bytes = max(bytes, STEP)
        data = allocate(bytes)
        memcpy(data, memory.data, memory.size * ITEMSIZE[memory.dtype])
        _leave_data(memory)
        memory.data = data
        memory.capacity = bytes
    memory.size = size
    return 0


cdef int memory_move(Memory* memory, char* data, Py_ssize_t capacity, object owner) except -1:
    if memory.data == NULL:
        raise RuntimeError("a tensor that was made without its constructor has no memory")
    if capacity < memory.capacity:       # a tensor may reach beyond a size that was made smaller
        raise RuntimeError(f"{memory.capacity} bytes cannot move to a place of {capacity}")
    memcpy(data, memory.data, memory.size * ITEMSIZE[memory.dtype])
    _leave_data(memory)
    memory.data = data
    memory.capacity = capacity
    memory.owner = <PyObject*>owner
    memory.resizable = False
    Py_INCREF(owner)
    return 0


cdef void memory_free(Memory* memory) noexcept:
    _drop_data(memory)
    if memory.kept != NULL:
        Py_DECREF(<object>memory.kept)
    deallocate(<char*>memory, HEADER + memory.inline_capacity)


cdef char** _formats = ["B", "b", "h", "i", "q", "e", "f", "d"]


cdef int lend(
    Py_buffer* view, object holder, Memory* memory, char* data, int ndim, const Py_ssize_t* sizes,
    const Py_ssize_t* strides, int flags
) except -1:
    cdef Py_ssize_t size = ITEMSIZE[memory.dtype], row_step = size, column_step = size
    cdef Py_ssize_t* room
    cdef bint rows = True, columns = True        # whether the elements lie in such an order, without gaps
    cdef bint strided = (flags & PyBUF_STRIDES) == PyBUF_STRIDES
    cdef int k, last
    if flags & PyBUF_WRITABLE and memory.read_only:
        raise BufferError("this memory must not be written to")
    room = <Py_ssize_t*>malloc(2 * (ndim + 1) * sizeof(Py_ssize_t))
    if room == NULL:
        raise MemoryError()
    for k in range(ndim):
        last = ndim - 1 - k
        room[k], room[ndim + k] = sizes[k], strides[k] * size
        rows = rows and (sizes[last] == 1 or strides[last] * size == row_step)
        columns = columns and (sizes[k] == 1 or strides[k] * size == column_step)
        row_step *= sizes[last]
        column_step *= sizes[k]
    if (
        not rows and (not strided or (flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS)
        or not columns and (flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS
        or not rows and not columns and (flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS
    ):
        free(room)
        raise BufferError("the elements do not lie in the order asked for: lend a contiguous() copy")
    memory.resizable, memory.pinned = False, True
    view.obj = holder
    view.buf = data
    view.len = row_step
    view.itemsize = size
    view.readonly = memory.read_only
    view.ndim = ndim
    view.format = _formats[memory.dtype] if flags & PyBUF_FORMAT else NULL
    view.shape = room if flags & PyBUF_ND else NULL
    view.strides = room + ndim if strided else NULL
    view.suboffsets = NULL
    view.internal = room
    return 0


cdef void take_back(Py_buffer* view) noexcept:
    free(view.internal)


cdef class Storage:
    """A handle on typed memory. FloatStorage and its kin derive from it."""

    def __cinit__(self, *args, **kwargs):
        self.memory = memory_new(BYTE, 0)

    def __dealloc__(self):
        memory_release(self.memory)

    def __getbuffer__(self, Py_buffer* view, int flags):
        cdef Py_ssize_t one = 1
        lend(view, storage_of(self.memory), self.memory, self.memory.data, 1, &self.memory.size, &one, flags)

    def __releasebuffer__(self, Py_buffer* view):
        take_back(view)

    def size(self):
        """The number of elements."""
        return self.memory.size

    @property
    def _cdata(self):
        """A number that only handles on the same memory share: in 0.3.1 the address of the C structure."""
        return <size_t>self.memory

    def data_ptr(self):
        """The address of the first element."""
        return <size_t>self.memory.data

    def element_size(self):
        """The bytes of one element."""
        return ITEMSIZE[self.memory.dtype]

    def resize_(self, Py_ssize_t size):
        """Another number of elements; those that fit are kept."""
        memory_resize(self.memory, size)
        return self


cdef int adopt(Storage storage, Memory* memory) except -1:
    """Make a storage a handle on other memory, whose reference it takes over."""
    memory_release(storage.memory)
    storage.memory = memory
    return 0


cdef list _classes = [Storage] * N_DTYPES


def register_class(int dtype, type cls):
    """Say which class the storages of a type have."""
    _classes[dtype] = cls


def class_of(int dtype):
    """The class of the storages of a type."""
    return _classes[dtype]


cdef Storage storage_of(Memory* memory):
    cls = _classes[memory.dtype]
    cdef Storage storage = cls.__new__(cls)
    adopt(storage, memory_share(memory))
    return storage
