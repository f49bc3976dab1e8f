"""What kernels ask of their operands: types, sizes, and tuples of ints."""

from libc.stdint cimport INT32_MAX, int64_t

from .copy cimport contiguous
from .storage cimport DOUBLE, FLOAT, LONG
from .tensor cimport MAX_DIMS, Tensor, data_of, new_tensor, same_size, type_name


LARGEST = INT32_MAX                  # of the numbers of a geometry, so that sums of their products fit 64 bits


cdef int check_floating(str op, Tensor t) except -1:
    if t.dtype != FLOAT and t.dtype != DOUBLE:
        raise RuntimeError(f"{op} is not implemented for type {type_name(t.dtype)}")
    return 0


cdef int check_type(str op, str name, Tensor t, int dtype) except -1:
    if t is not None and t.dtype != dtype:
        raise RuntimeError(f"{op} expected a {type_name(dtype)} as {name}, but found a {type_name(t.dtype)}")
    return 0


cdef int check_vector(str op, str name, Tensor t, Py_ssize_t n) except -1:
    if t is not None and t.numel != n:
        raise RuntimeError(f"{op}: {name} should contain {n} elements, not {t.numel}")
    return 0


cdef int check_same_size(str op, Tensor a, Tensor b) except -1:
    if not same_size(a, b):
        raise RuntimeError(f"{op} expected operands of one size, got {sizes_text(a)} and {sizes_text(b)}")
    return 0


cdef Tensor dense(Tensor t):
    return None if t is None else contiguous(t)


cdef int check_indices(str op, Tensor indices, Py_ssize_t size) except -1:
    cdef Py_ssize_t k
    check_type(op, "indices", indices, LONG)
    cdef int64_t* index = <int64_t*>data_of(indices)
    for k in range(indices.numel):
        if index[k] < 0 or index[k] >= size:
            raise RuntimeError(f"{op}: index {index[k]} is out of range: they run from 0 to {size - 1}")
    return 0


cdef str sizes_text(Tensor t):
    cdef int k
    return str([t.sizes[k] for k in range(t.ndim)])


cdef int read_extent(
    str op, str name, object values, int n, Py_ssize_t rest, Py_ssize_t least, Py_ssize_t* extent
) except -1:
    cdef int k
    if len(values) != n:
        raise RuntimeError(f"{op} expected a list of {n} ints as {name}, got {tuple(values)}")
    for k in range(SPATIAL):
        extent[k] = rest if k < SPATIAL - n else values[k - (SPATIAL - n)]
        if extent[k] < least and k >= SPATIAL - n:
            raise RuntimeError(f"{op}: {name} must be at least {least}, got {tuple(values)}")
        if extent[k] > LARGEST:
            raise RuntimeError(f"{op}: {name} must be at most {LARGEST}, got {tuple(values)}")
    return 0


cdef Py_ssize_t split_planes(Tensor t, int n, Py_ssize_t* extent) noexcept:
    cdef Py_ssize_t planes = 1
    cdef int k
    for k in range(SPATIAL):
        extent[k] = 1 if k < SPATIAL - n else t.sizes[t.ndim - SPATIAL + k]
    for k in range(t.ndim - n):
        planes *= t.sizes[k]
    return planes


cdef Tensor new_planes(Tensor t, int dtype, int n, const Py_ssize_t* extent):
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int k
    for k in range(t.ndim):
        sizes[k] = t.sizes[k] if k < t.ndim - n else extent[SPATIAL - t.ndim + k]
    return new_tensor(dtype, t.ndim, sizes)


cdef Tensor new_sized(int dtype, object sizes):
    cdef Py_ssize_t buffer[MAX_DIMS]
    cdef int k, n = len(sizes)
    if n > MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {n}")
    for k in range(n):
        buffer[k] = sizes[k]
    return new_tensor(dtype, n, buffer)
