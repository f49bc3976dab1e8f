"""Tensors from tensors: cat, the triangles and diagonals of matrices, the cross product."""

from cpython.object cimport PyObject
from libc.stdint cimport INTPTR_MAX, int8_t, int16_t, int32_t, int64_t, uint8_t
from libc.string cimport memcpy, memset

from .copy cimport apart, contiguous, copy_into, unmixed, zero
from .storage cimport ITEMSIZE, N_DTYPES
from .strided cimport inner_loop, iterate
from .tensor cimport (
    MAX_DIMS, Tensor, data_of, is_contiguous, new_tensor, new_view, overlap, prepare, same_size, size_text,
    type_name,
)
from .threads cimport threads

cdef enum:
    GRAIN = 1 << 16                  # bytes that a thread takes at least

cdef extern from "index.h" namespace "al" nogil:
    void loop_cross "al::cross"[T](char**, const Py_ssize_t*, const Py_ssize_t*, void*) noexcept

cdef inner_loop[N_DTYPES] _crosses
_crosses[:] = [
    loop_cross[uint8_t], loop_cross[int8_t], loop_cross[int16_t], loop_cross[int32_t], loop_cross[int64_t], NULL,
    loop_cross[float], loop_cross[double],
]


def cat(tensors, int dim, Tensor out=None):
    """The tensors one after the other along dim (negative: from the end); those without dimensions do not count."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Tensor first = None, t
    cdef Py_ssize_t total = 0
    cdef int k, wrapped = 0
    if not tensors:
        raise RuntimeError("cat expects at least one tensor, got an empty sequence")
    for t in tensors:
        if t.ndim == 0:
            continue
        if first is None:
            first = t
            wrapped = dim + t.ndim if dim < 0 else dim
            if wrapped < 0 or wrapped >= t.ndim:
                raise RuntimeError(f"dim out of range - got {dim} but the tensor is only {t.ndim}D")
        _check_fits(first, t, wrapped)
        total += t.sizes[wrapped]
    if first is None:
        return prepare(out, (<Tensor>tensors[0]).dtype, 0, NULL)
    if out is not None and any([overlap(<Tensor>t, out) for t in tensors]):
        joined = cat(tensors, dim)      # out must not change while it is read
        out = prepare(out, first.dtype, (<Tensor>joined).ndim, (<Tensor>joined).sizes)
        copy_into(out, joined)
        return out
    for k in range(first.ndim):
        sizes[k] = first.sizes[k]
    sizes[wrapped] = total
    out = prepare(out, first.dtype, first.ndim, sizes)
    if is_contiguous(out):
        _join(out, wrapped, tensors)
    else:
        _join_strided(out, wrapped, tensors)
    return out


cdef int _check_fits(Tensor first, Tensor t, int dim) except -1:
    cdef int k
    if t.dtype != first.dtype:
        raise RuntimeError(f"cat expects tensors of one type, got {type_name(first.dtype)} and {type_name(t.dtype)}")
    if t.ndim != first.ndim:
        raise RuntimeError(f"tensors must have the same number of dimensions, got {first.ndim} and {t.ndim}")
    for k in range(t.ndim):
        if k != dim and t.sizes[k] != first.sizes[k]:
            raise RuntimeError(
                f"sizes of tensors must match except in dimension {dim}, got {first.sizes[k]} and {t.sizes[k]} in "
                f"dimension {k}"
            )
    return 0


cdef struct Blocks:
    char* to
    const char* source
    Py_ssize_t bytes, row            # of a block; from one block in `to` to the next


cdef void _copy_blocks(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """The bytes from begin to end of the source's blocks."""
    cdef Blocks* b = <Blocks*>context
    cdef Py_ssize_t place, n
    while begin < end:
        place = begin % b.bytes
        n = min(b.bytes - place, end - begin)
        memcpy(b.to + begin // b.bytes * b.row + place, b.source + begin, n)
        begin += n


cdef int _join(Tensor out, int dim, object tensors) except -1:
    """Contiguous blocks side by side: each tensor gives every row of blocks one."""
    cdef Py_ssize_t rows = 1, block = ITEMSIZE[out.dtype], start = 0
    cdef Blocks blocks
    cdef Tensor t
    cdef int k
    for k in range(out.ndim):
        if k < dim:
            rows *= out.sizes[k]
        elif k > dim:
            block *= out.sizes[k]
    blocks.row = block * out.sizes[dim]
    for t in tensors:
        if t.ndim == 0:
            continue
        blocks.bytes = block * t.sizes[dim]
        if rows > 1 and blocks.bytes == ITEMSIZE[out.dtype] or not is_contiguous(t):
            _copy_part(out, dim, start // block, t)
        else:
            blocks.to, blocks.source = data_of(out) + start, data_of(t)
            with nogil:
                threads.run(rows * blocks.bytes, GRAIN, _copy_blocks, &blocks)
        start += blocks.bytes
    return 0


cdef int _join_strided(Tensor out, int dim, object tensors) except -1:
    cdef Py_ssize_t at = 0
    cdef Tensor t
    for t in tensors:
        if t.ndim:
            _copy_part(out, dim, at, t)
            at += t.sizes[dim]
    return 0


cdef int _copy_part(Tensor out, int dim, Py_ssize_t at, Tensor t) except -1:
    return copy_into(new_view(out, out.ndim, t.sizes, out.strides, out.offset + at * out.strides[dim]), t)


def split_evenly(Tensor x not None, Py_ssize_t split_size, int dim):
    """x cut along dim into pieces of split_size, which its size must be a multiple of, as views."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t at
    cdef list pieces = []
    if split_size <= 0 or x.sizes[dim] % split_size:
        raise RuntimeError(f"dimension {dim} of size {x.sizes[dim]} cannot be cut into pieces of {split_size}")
    for k in range(x.ndim):
        sizes[k] = x.sizes[k]
    sizes[dim] = split_size
    for at in range(0, x.sizes[dim], split_size):
        pieces.append(new_view(x, x.ndim, sizes, x.strides, x.offset + at * x.strides[dim]))
    return tuple(pieces)


# Matrices

cdef int _check_matrix(Tensor x) except -1:
    if x.ndim != 2:
        raise RuntimeError(f"expected a matrix, got a tensor of {x.ndim} dimensions")
    return 0


cdef Tensor _triangle(Tensor x, Py_ssize_t diagonal, bint lower, Tensor out):
    """The elements on one side of a diagonal, which they include; zeros on the other."""
    cdef Tensor target
    cdef Py_ssize_t size = ITEMSIZE[x.dtype], rows, columns, cut, i
    cdef const char* source
    cdef char* to
    _check_matrix(x)
    x = contiguous(unmixed(x, out))
    out = prepare(out, x.dtype, 2, x.sizes)
    target = contiguous(out)
    rows, columns = x.sizes[0], x.sizes[1]
    diagonal = min(max(diagonal, -rows), columns) + (1 if lower else 0)      # farther out is all or nothing, too
    source, to = data_of(x), data_of(target)
    with nogil:
        for i in range(rows):
            cut = min(max(i + diagonal, 0), columns) * size
            if lower:
                if to != source:
                    memcpy(to + i * columns * size, source + i * columns * size, cut)
                memset(to + i * columns * size + cut, 0, columns * size - cut)
            else:
                memset(to + i * columns * size, 0, cut)
                if to != source:
                    memcpy(to + i * columns * size + cut, source + i * columns * size + cut, columns * size - cut)
    if target is not out:
        copy_into(out, target)
    return out


def tril(Tensor x not None, Py_ssize_t diagonal, Tensor out=None):
    """The elements on and below a diagonal (0: the main one, 1: that above it); zeros elsewhere."""
    return _triangle(x, diagonal, True, out)


def triu(Tensor x not None, Py_ssize_t diagonal, Tensor out=None):
    """The elements on and above a diagonal (0: the main one, 1: that above it); zeros elsewhere."""
    return _triangle(x, diagonal, False, out)


cdef Tensor _diagonal(Tensor matrix, Py_ssize_t diagonal):
    """A view of a diagonal; None where the matrix does not have it."""
    cdef Py_ssize_t lowest = -INTPTR_MAX
    cdef Py_ssize_t row = max(-max(diagonal, lowest), 0), column = max(diagonal, 0)
    cdef Py_ssize_t n = min(matrix.sizes[0] - row, matrix.sizes[1] - column)
    cdef Py_ssize_t step = matrix.strides[0] + matrix.strides[1]
    if n <= 0:
        return None
    return new_view(matrix, 1, &n, &step, matrix.offset + row * matrix.strides[0] + column * matrix.strides[1])


def diag(Tensor x not None, Py_ssize_t diagonal, Tensor out=None):
    """A diagonal of a matrix as a vector; of a vector, the square matrix of zeros that has it as that diagonal."""
    cdef Py_ssize_t sizes[2]
    cdef Tensor line
    x = apart(x, out)
    if x.ndim == 1:
        if not -INTPTR_MAX // 2 < diagonal < INTPTR_MAX // 2:
            raise RuntimeError(f"a matrix with a diagonal {diagonal} has too many elements")
        sizes[0] = sizes[1] = x.sizes[0] + abs(diagonal)
        out = prepare(out, x.dtype, 2, sizes)
        zero(out)
        copy_into(_diagonal(out, diagonal), x)
        return out
    if x.ndim != 2:
        raise RuntimeError(f"expected a matrix or a vector, got a tensor of {x.ndim} dimensions")
    line = _diagonal(x, diagonal)
    if line is None:
        raise RuntimeError(f"a matrix of size {size_text(x)} has no diagonal {diagonal}")
    out = prepare(out, x.dtype, 1, line.sizes)
    copy_into(out, line)
    return out


def diag_back(Tensor values not None, size, Py_ssize_t diagonal):
    """What diag undone gives in size: a matrix of zeros with that diagonal, or the diagonal of a matrix."""
    cdef Py_ssize_t sizes[2]
    cdef Tensor out
    if len(size) == 1:
        return diag(values, diagonal)
    sizes[0], sizes[1] = size
    out = new_tensor(values.dtype, 2, sizes)
    zero(out)
    copy_into(_diagonal(out, diagonal), values)
    return out


def cross(Tensor x not None, Tensor y not None, int dim, Tensor out=None):
    """The vector product of the vectors of three that lie along dim; dim -1: the first dimension of size 3."""
    cdef Py_ssize_t steps[3]
    cdef PyObject* operands[3]
    if x.ndim != y.ndim:
        raise RuntimeError(f"inconsistent tensor dimensions, {x.ndim}D and {y.ndim}D")
    if not same_size(x, y):
        raise RuntimeError(f"inconsistent tensor sizes, [{size_text(x)}] and [{size_text(y)}]")
    if dim == -1:
        dim = _first_of_three(x)
    if dim < 0 or dim >= x.ndim:
        raise RuntimeError(f"dimension {dim} is out of range of a {x.ndim}D tensor")
    if x.sizes[dim] != 3:
        raise RuntimeError(f"dimension {dim} does not have size 3, but {x.sizes[dim]}")
    if _crosses[x.dtype] == NULL:
        raise TypeError(f"{type_name(x.dtype)} has no arithmetic")
    x, y = unmixed(x, out), unmixed(y, out)
    out = prepare(out, x.dtype, x.ndim, x.sizes)
    steps[0], steps[1], steps[2] = x.strides[dim], y.strides[dim], out.strides[dim]
    for k in range(3):
        steps[k] *= ITEMSIZE[x.dtype]
    a, b, c = _first_slice(x, dim), _first_slice(y, dim), _first_slice(out, dim)
    operands[0], operands[1], operands[2] = <PyObject*>a, <PyObject*>b, <PyObject*>c
    iterate(_crosses[x.dtype], steps, 3, operands)
    return out


cdef int _first_of_three(Tensor x) except -1:
    cdef int k
    for k in range(x.ndim):
        if x.sizes[k] == 3:
            return k
    raise RuntimeError(f"no dimension of size 3 in a tensor of size [{size_text(x)}]")


cdef Tensor _first_slice(Tensor t, int dim):
    """The first element along dim, which keeps its dimension."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int k
    for k in range(t.ndim):
        sizes[k] = t.sizes[k]
    sizes[dim] = 1
    return new_view(t, t.ndim, sizes, t.strides, t.offset)
