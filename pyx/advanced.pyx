"""Subscripts by lists and LongTensors: x[[0, 2]], x[:, [0, 1], [1, 2]], x[..., rows, columns].

The indexed dimensions are adjacent and all others whole; the indices broadcast together and their sizes take
the place of those dimensions. They become offsets in x's memory, and the rest is reading and writing at offsets.
"""

from cpython.object cimport PyObject
from cpython.sequence cimport PySequence_Check
from libc.stdint cimport int64_t
from libc.string cimport memset

from .copy cimport zero
from .index cimport add_offsets, everywhere, number_of, read_offsets, viewed, write_offsets
from .storage cimport LONG
from .strided cimport broadcast_sizes, iterate
from .tensor cimport MAX_DIMS, Tensor, data_of, new_tensor, new_view, same_size, type_name

cdef extern from "Python.h":
    int PySlice_Unpack(object slice, Py_ssize_t* start, Py_ssize_t* stop, Py_ssize_t* step) except -1
    Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t* start, Py_ssize_t* stop, Py_ssize_t step) nogil
    bint PyIndex_Check(object)

NO_COMMON_SIZE = "the indices cannot be broadcast together"


# Recognizing the key

cdef inline bint _is_int(object item) except -1:
    return PyIndex_Check(item) and not PySequence_Check(item) and not isinstance(item, bool)


cdef tuple _as_tuple(object key):
    """The key as a tuple of indices and slices, or None. A list of ints, or a range, is one index; other lists are
    tuples.
    """
    if isinstance(key, tuple):
        return key
    if isinstance(key, range):
        return (key,)
    if isinstance(key, list):
        if all([_is_int(item) for item in key]):
            return (key,)
        if any([PySequence_Check(item) or item is None or item is Ellipsis or isinstance(item, slice) for item in key]):
            return tuple(key)
    elif PySequence_Check(key) and any([PySequence_Check(item) for item in key]):
        return tuple(key)
    return None


cdef bint _is_whole(object item, Tensor x, int dim) except -1:
    cdef Py_ssize_t start, stop, step
    if dim >= x.ndim:
        raise RuntimeError(f"dimension {dim} out of range of {x.ndim}D tensor")
    PySlice_Unpack(item, &start, &stop, &step)
    return PySlice_AdjustIndices(x.sizes[dim], &start, &stop, step) == x.sizes[dim] and step == 1


cdef Positions positions(Tensor x, object key):
    cdef tuple items = _as_tuple(key)
    cdef list found = []
    cdef int k, n = 0, dim = 0, first = -1, last = -1
    cdef bint ellipsis = False
    cdef Positions at
    if items is None or len(items) > x.ndim + 1:
        return None
    for k, item in enumerate(items):
        if item is Ellipsis:
            if ellipsis:
                return None
            ellipsis = True
            dim = x.ndim - (len(items) - 1 - k)
            continue
        if isinstance(item, slice):
            if not _is_whole(item, x, dim):
                return None
        elif PySequence_Check(item):
            if last >= 0 and last != dim - 1:
                return None
            first, last = dim if first < 0 else first, dim
            found.append(item)
        else:
            return None
        dim += 1
        n += 1
    if not found or n > x.ndim:
        return None
    at = Positions.__new__(Positions)
    at.first = first
    at.indices = [_as_index(item, k) for k, item in enumerate(found)]
    return at


# Lists and ranges as LongTensors

cdef Tensor _as_index(object item, int position):
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int64_t* to
    cdef int ndim = 0
    cdef Tensor index
    if isinstance(item, Tensor) and (<Tensor>item).dtype == LONG:
        return item
    if isinstance(item, range):
        item = list(item)
    inner = item
    while isinstance(inner, (list, tuple)):
        if not inner:
            raise IndexError(NO_COMMON_SIZE)
        if ndim == MAX_DIMS:
            raise IndexError(f"an index has at most {MAX_DIMS} dimensions")
        sizes[ndim] = len(inner)
        ndim += 1
        inner = inner[0]
    if ndim == 0:
        raise _no_index(item, position)
    index = new_tensor(LONG, ndim, sizes)
    to = <int64_t*>data_of(index)
    if _fill(item, ndim, sizes, &to) == 0:
        raise _no_index(item, position)
    return index


cdef bint _fill(object item, int ndim, const Py_ssize_t* sizes, int64_t** to) except -1:
    """Write the ints of nested lists; false where they are no ints or the lists are uneven."""
    if ndim == 0:
        if not PyIndex_Check(item) or isinstance(item, Tensor):
            return False
        to[0][0] = item.__index__()
        to[0] += 1
        return True
    if not isinstance(item, (list, tuple)) or len(item) != sizes[0]:
        return False
    for inner in item:
        if not _fill(inner, ndim - 1, sizes + 1, to):
            return False
    return True


cdef object _no_index(object item, int position):
    kind = type_name((<Tensor>item).dtype) if isinstance(item, Tensor) else type(item).__name__
    return IndexError(
        "when indexing with lists or LongTensors, the indices must be LongTensors or lists of ints (nested evenly); "
        f"index {position} is a {kind}"
    )


# From indices to offsets

cdef struct Stride:
    Py_ssize_t step
    int64_t size
    bint failed
    int64_t bad


cdef void _add_stride(char** p, const Py_ssize_t* count, const Py_ssize_t* s, void* extra) noexcept nogil:
    """offsets += index * step"""
    cdef Stride* stride = <Stride*>extra
    cdef Py_ssize_t i
    cdef int64_t position
    for i in range(count[0]):
        position = (<int64_t*>(p[0] + i * s[0]))[0]
        if position < 0 or position >= stride.size:
            stride.failed, stride.bad = True, position
        else:
            (<int64_t*>(p[1] + i * s[1]))[0] += position * stride.step


cdef Tensor _offsets(Tensor x, Positions at):
    """The offset in x's memory of each place that the indices name, counted from x's first element."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef PyObject* operands[MAX_DIMS]
    cdef Stride stride
    cdef Tensor offsets
    cdef int k, ndim, n = len(at.indices)
    for k in range(n):
        operands[k] = <PyObject*>at.indices[k]
        if not (<Tensor>at.indices[k]).numel:
            raise IndexError(NO_COMMON_SIZE)
    try:
        ndim = broadcast_sizes(n, operands, sizes)
    except RuntimeError as error:
        raise IndexError(NO_COMMON_SIZE) from error
    offsets = new_tensor(LONG, ndim, sizes)
    zero(offsets)
    operands[1] = <PyObject*>offsets
    for k in range(n):
        operands[0] = <PyObject*>at.indices[k]
        stride.step, stride.size, stride.failed = x.strides[at.first + k], x.sizes[at.first + k], False
        iterate(_add_stride, &stride, 2, operands)
        if stride.failed:
            kind = RuntimeError if stride.bad < 0 else IndexError      # 0.3.1 found them in two places
            raise kind(f"index {stride.bad} is out of range for dimension {at.first + k} (of size {stride.size})")
    return offsets


cdef Tensor _standing(Tensor x, Positions at, Tensor offsets):
    """x in the sizes of the result, standing still where the offsets step."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, j, n = 0, covered = len(at.indices)
    if x.ndim - covered + offsets.ndim > MAX_DIMS:
        raise IndexError(f"the result would have more than {MAX_DIMS} dimensions")
    for k in range(x.ndim):
        if k == at.first:
            for j in range(offsets.ndim):
                sizes[n], strides[n] = offsets.sizes[j], 0
                n += 1
        if k < at.first or k >= at.first + covered:
            sizes[n], strides[n] = x.sizes[k], x.strides[k]
            n += 1
    return new_view(x, n, sizes, strides, x.offset)


cdef Tensor _stepping(Tensor offsets, Positions at, Tensor places):
    """The offsets in the sizes of the result, standing still elsewhere."""
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k
    memset(strides, 0, sizeof(strides))
    for k in range(offsets.ndim):
        strides[at.first + k] = offsets.strides[k]
    return new_view(offsets, places.ndim, places.sizes, strides, offsets.offset)


cdef Tensor _fitting(Tensor source, Tensor places):
    """The source in the places' sizes: as many elements are enough."""
    if source.numel != places.numel:
        raise RuntimeError(
            f"the source should have as many elements as are indexed, {places.numel}, got {source.numel}"
        )
    return source if same_size(source, places) else viewed(source, places.ndim, places.sizes)


cdef Tensor read(Tensor x, Positions at):
    cdef Tensor offsets = _offsets(x, at)
    cdef Tensor places = _standing(x, at, offsets)
    cdef Tensor out = new_tensor(x.dtype, places.ndim, places.sizes)
    read_offsets(places, _stepping(offsets, at, places), out)
    return out


cdef int write(Tensor x, Positions at, Tensor source) except -1:
    cdef Tensor offsets = _offsets(x, at)
    cdef Tensor places = _standing(x, at, offsets)
    return write_offsets(places, _stepping(offsets, at, places), _fitting(source, places))


cdef int write_number(Tensor x, Positions at, object value) except -1:
    cdef Tensor number = number_of(x.dtype, value)
    cdef Tensor offsets = _offsets(x, at)
    cdef Tensor places = _standing(x, at, offsets)
    return write_offsets(places, _stepping(offsets, at, places), everywhere(number, places.ndim, places.sizes))


cdef int add(Tensor x, Positions at, Tensor source) except -1:
    cdef Tensor offsets = _offsets(x, at)
    cdef Tensor places = _standing(x, at, offsets)
    return add_offsets(places, _stepping(offsets, at, places), _fitting(source, places))
