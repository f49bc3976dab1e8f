"""What the LAPACK ops share: routines by name, matrices stored by columns, workspaces, results."""

from libc.limits cimport INT_MAX
from libc.string cimport memset

from .blas cimport allow_threads, symbol
from .copy cimport copy_into
from .storage cimport DOUBLE, FLOAT, ITEMSIZE
from .tensor cimport Tensor, data_of, new_tensor, new_view, resize, same_size, size_text, type_name
from .threads cimport threads


cdef void* routine(int dtype, str name) except NULL:
    if dtype != FLOAT and dtype != DOUBLE:
        raise TypeError(f"{name} is not implemented for type {type_name(dtype)}")
    allow_threads(threads.get_limit())
    # The "_work" form neither looks for nan nor allocates.
    return symbol(f"LAPACKE_{'s' if dtype == FLOAT else 'd'}{name}_work".encode())


cdef int check_matrix(str op, Tensor a, bint square) except -1:
    if a.ndim != 2:
        raise RuntimeError(f"{op}: A should be 2 dimensional, got {size_text(a)}")
    if square and a.sizes[0] != a.sizes[1]:
        raise RuntimeError(f"{op}: A should be square, got {size_text(a)}")
    if max(a.sizes[0], a.sizes[1]) > INT_MAX:
        raise RuntimeError(f"{op}: LAPACK takes matrices of at most {INT_MAX} rows and columns, got {size_text(a)}")
    return 0


cdef int check_types(str op, Tensor a, Tensor b) except -1:
    if a.dtype != b.dtype:
        raise TypeError(f"{op} takes tensors of one type, got {type_name(a.dtype)} and {type_name(b.dtype)}")
    return 0


cdef Tensor as_matrix(str op, Tensor b):
    cdef Py_ssize_t[2] sizes, strides
    if b.ndim == 1:
        sizes[0], sizes[1] = b.sizes[0], 1
        strides[0], strides[1] = b.strides[0], 1
        return new_view(b, 2, sizes, strides, b.offset)
    if b.ndim != 2:
        raise RuntimeError(f"{op}: B should have 1 or 2 dimensions, got {size_text(b)}")
    return b


cdef int _transpose(Tensor t) except -1:
    """Swap the dimensions of a matrix in place."""
    t.sizes[0], t.sizes[1] = t.sizes[1], t.sizes[0]
    t.strides[0], t.strides[1] = t.strides[1], t.strides[0]
    return 0


cdef Tensor new_columns(int dtype, Py_ssize_t rows, Py_ssize_t columns):
    cdef Py_ssize_t[2] sizes
    sizes[0], sizes[1] = columns, rows
    cdef Tensor t = new_tensor(dtype, 2, sizes)
    _transpose(t)
    return t


cdef Tensor columns_of(Tensor a):
    cdef Tensor t = new_columns(a.dtype, a.sizes[0], a.sizes[1])
    copy_into(t, a)
    return t


cdef Tensor new_vector(int dtype, Py_ssize_t size):
    return new_tensor(dtype, 1, &size)


cdef Tensor workspace(int dtype, void* answer):
    return new_vector(dtype, <Py_ssize_t>((<float*>answer)[0] if dtype == FLOAT else (<double*>answer)[0]))


cdef int check_info(str op, int info, str complaint) except -1:
    if info < 0:
        raise RuntimeError(f"{op}: LAPACK refused its argument {-info}")
    if info > 0:
        raise RuntimeError(f"Lapack Error in {op} : {complaint.format(info=info)}")
    return 0


cdef int clear_triangle(Tensor a, bint upper) except -1:
    cdef Py_ssize_t n = a.sizes[0], item = ITEMSIZE[a.dtype], j
    cdef char* data = data_of(a)
    for j in range(n):                   # a is stored by columns
        if upper:
            memset(data + j * n * item, 0, j * item)
        else:
            memset(data + (j * n + j + 1) * item, 0, (n - j - 1) * item)
    return 0


cdef Tensor deliver(Tensor result, Tensor out):
    cdef Py_ssize_t[2] sizes
    if out is None:
        return result
    if out.dtype != result.dtype:
        raise TypeError(f"out must be a {type_name(result.dtype)}, got {type_name(out.dtype)}")
    if not same_size(out, result):
        if result.ndim == 2:             # a new size: stored like the result, by columns
            sizes[0], sizes[1] = result.sizes[1], result.sizes[0]
            resize(out, 2, sizes)
            _transpose(out)
        else:
            resize(out, result.ndim, result.sizes)
    copy_into(out, result)
    return out


cdef list outs(str op, object out, int n):
    if out is None:
        return [None] * n
    if not isinstance(out, (tuple, list)) or len(out) != n or not all([isinstance(t, Tensor) for t in out]):
        raise TypeError(f"{op}: out must be a tuple of {n} tensors, got {type(out).__name__}")
    return list(out)
