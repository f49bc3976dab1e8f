"""Tensors lent to other libraries and borrowed from them, as DLPack says: a struct in a capsule, and who frees it."""

import warnings

from cpython.object cimport PyObject
from cpython.pycapsule cimport (
    PyCapsule_CheckExact, PyCapsule_GetPointer, PyCapsule_IsValid, PyCapsule_New, PyCapsule_SetName,
)
from cpython.ref cimport Py_DECREF, Py_INCREF
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc

from .copy cimport clone
from .storage cimport ITEMSIZE, Memory, memory_borrow, memory_release
from .tensor cimport MAX_DIMS, Tensor, count_elements, data_of, new_on, type_name

from .. import optable

cdef extern from "Python.h":
    bint Py_IsInitialized() nogil

cdef enum:
    CPU = 1
    READ_ONLY = 1
    COPIED = 2

# As dlpack.h lays them out.

cdef struct Device:
    int32_t type, id

cdef struct DataType:
    uint8_t code, bits
    uint16_t lanes

cdef struct Lent:                    # DLTensor
    void* data
    Device device
    int32_t ndim
    DataType dtype
    int64_t* sizes
    int64_t* strides                 # in elements; NULL: row-major
    uint64_t byte_offset

ctypedef void (*deleter_of)(void*) noexcept nogil

cdef struct Managed:                 # DLManagedTensor
    Lent tensor
    void* context
    deleter_of deleter

cdef struct Versioned:               # DLManagedTensorVersioned
    uint32_t major, minor
    void* context
    deleter_of deleter
    uint64_t flags
    Lent tensor

cdef char* NAME = "dltensor"
cdef char* USED = "used_dltensor"
cdef char* VERSIONED_NAME = "dltensor_versioned"
cdef char* VERSIONED_USED = "used_dltensor_versioned"

cdef uint8_t[3] _CODES = [1, 0, 2]   # of kinds 0: unsigned, 1: signed, 2: floating
cdef list _kinds = [(0 if d.code == "B" else 2 if d.code in "efd" else 1, d.size * 8) for d in optable.DTYPES]


# Lending

cdef void _release(PyObject* tensor) noexcept with gil:
    Py_DECREF(<object>tensor)


cdef void _delete_managed(void* self) noexcept nogil:
    if Py_IsInitialized():           # once the interpreter is gone, there is nothing left to give back to
        _release(<PyObject*>(<Managed*>self).context)
    free(self)


cdef void _delete_versioned(void* self) noexcept nogil:
    if Py_IsInitialized():
        _release(<PyObject*>(<Versioned*>self).context)
    free(self)


cdef void _drop_capsule(object capsule) noexcept:
    """A capsule that nobody has consumed frees what it holds."""
    cdef Managed* managed
    cdef Versioned* versioned
    if PyCapsule_IsValid(capsule, NAME):
        managed = <Managed*>PyCapsule_GetPointer(capsule, NAME)
        managed.deleter(managed)
    elif PyCapsule_IsValid(capsule, VERSIONED_NAME):
        versioned = <Versioned*>PyCapsule_GetPointer(capsule, VERSIONED_NAME)
        versioned.deleter(versioned)


cdef void _describe(Lent* lent, Tensor t, int64_t* sizes) noexcept:
    """Say what lies where; `sizes` has room for the sizes and strides. No element: one dimension, of size 0."""
    cdef int k
    kind, bits = _kinds[t.dtype]
    lent.data = data_of(t)
    lent.device.type, lent.device.id = CPU, 0
    lent.dtype.code, lent.dtype.bits, lent.dtype.lanes = _CODES[<int>kind], bits, 1
    lent.ndim = t.ndim if t.numel else 1
    lent.sizes, lent.strides = sizes, sizes + lent.ndim
    lent.byte_offset = 0
    sizes[0], lent.strides[0] = 0, 1
    for k in range(t.ndim):
        lent.sizes[k], lent.strides[k] = t.sizes[k], t.strides[k]


def lend(Tensor t not None, bint versioned=False, bint copied=False):
    """A capsule with the memory of t, or with copied that of a copy; versioned in the form of DLPack 1.0."""
    cdef Tensor held = clone(t) if copied else <Tensor>t._share()      # t itself may get other memory
    cdef Managed* managed
    cdef Versioned* newer
    cdef size_t room = 2 * (t.ndim + 1) * sizeof(int64_t)
    if held.memory.read_only and not versioned:
        raise BufferError("memory that must not be written to is lent by DLPack 1.0 only: ask with max_version=(1, 0)")
    held.memory.resizable, held.memory.pinned = False, True
    if not versioned:
        managed = <Managed*>malloc(sizeof(Managed) + room)
        if managed == NULL:
            raise MemoryError()
        _describe(&managed.tensor, held, <int64_t*>(managed + 1))
        managed.context, managed.deleter = <void*>held, _delete_managed
        Py_INCREF(held)
        return PyCapsule_New(managed, NAME, _drop_capsule)
    newer = <Versioned*>malloc(sizeof(Versioned) + room)
    if newer == NULL:
        raise MemoryError()
    _describe(&newer.tensor, held, <int64_t*>(newer + 1))
    newer.major, newer.minor = 1, 0
    newer.flags = (READ_ONLY if held.memory.read_only else 0) | (COPIED if copied else 0)
    newer.context, newer.deleter = <void*>held, _delete_versioned
    Py_INCREF(held)
    return PyCapsule_New(newer, VERSIONED_NAME, _drop_capsule)


# Borrowing

cdef class Borrowed:
    """Another library's tensor, given back when nothing of ours lies on it any more."""
    cdef void* managed
    cdef deleter_of deleter

    def __dealloc__(self):
        if self.deleter != NULL:
            self.deleter(self.managed)


cdef int _dtype_of(DataType given) except -1:
    if given.lanes == 1:
        for k, (kind, bits) in enumerate(_kinds):
            if given.code == _CODES[<int>kind] and given.bits == bits:
                return k
    names = {0: "int", 1: "uint", 2: "float", 4: "bfloat", 5: "complex", 6: "bool"}
    raise RuntimeError(
        f"no tensor type holds {names.get(given.code, f'type {given.code} of DLPack, ')}{given.bits}"
        f"{f' x {given.lanes}' if given.lanes != 1 else ''}: there are uint8, int8 to int64 and float16 to float64"
    )


cdef Tensor _on(Lent* lent, Borrowed owner, bint read_only):
    """The tensor on lent memory, which becomes the owner's to free."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t span = 1, step = 1
    cdef Memory* memory
    cdef Tensor t
    cdef int k, ndim = lent.ndim, dtype = _dtype_of(lent.dtype)
    cdef char* data = <char*>lent.data + lent.byte_offset
    if lent.device.type != CPU:
        raise RuntimeError(f"from_dlpack takes memory of the CPU, got device type {lent.device.type}")
    if not 0 <= ndim <= MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {ndim}")
    if ndim == 0:                    # a single number has size 1 here
        ndim, sizes[0], strides[0] = 1, 1, 1
    else:
        for k in range(ndim - 1, -1, -1):
            sizes[k] = lent.sizes[k]
            strides[k] = step if lent.strides == NULL else lent.strides[k]
            step *= sizes[k]
            if strides[k] < 0:
                raise RuntimeError("negative strides are not supported: make a copy")
    count_elements(ndim, sizes)      # RuntimeError for sizes that are not positive
    for k in range(ndim):
        span += (sizes[k] - 1) * strides[k]
    if <size_t>data % ITEMSIZE[dtype]:
        raise RuntimeError(f"a {type_name(dtype)} lies at a multiple of {ITEMSIZE[dtype]} bytes; this memory does not")
    memory = memory_borrow(dtype, span, data, owner)
    memory.read_only = read_only
    t = new_on(memory, ndim, sizes, strides, 0)
    memory_release(memory)
    return t


def borrow(capsule):
    """The tensor on the memory that a capsule lends. RuntimeError where it was consumed before, or does not fit."""
    cdef Borrowed owner = Borrowed()
    cdef Managed* managed
    cdef Versioned* versioned
    cdef Tensor t
    if PyCapsule_CheckExact(capsule) and PyCapsule_IsValid(capsule, NAME):
        managed = <Managed*>PyCapsule_GetPointer(capsule, NAME)
        t = _on(&managed.tensor, owner, False)
        PyCapsule_SetName(capsule, USED)
        owner.managed, owner.deleter = managed, managed.deleter
        return t
    if PyCapsule_CheckExact(capsule) and PyCapsule_IsValid(capsule, VERSIONED_NAME):
        versioned = <Versioned*>PyCapsule_GetPointer(capsule, VERSIONED_NAME)
        if versioned.major != 1:
            raise RuntimeError(f"from_dlpack knows DLPack 1.x, got {versioned.major}.{versioned.minor}")
        t = _on(&versioned.tensor, owner, bool(versioned.flags & READ_ONLY))
        PyCapsule_SetName(capsule, VERSIONED_USED)
        owner.managed, owner.deleter = versioned, versioned.deleter
        if versioned.flags & READ_ONLY:
            warn_read_only(2)
        return t
    raise RuntimeError(
        "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, "
        "so you might have already constructed a tensor from it once."
    )


def warn_read_only(int depth):
    """Tensors know no memory that must not be written to: warn the program, `depth` calls of Python up from here."""
    warnings.warn(
        "this memory must not be written to, which a tensor on it does not prevent: change a clone() of it instead",
        stacklevel=depth,
    )
