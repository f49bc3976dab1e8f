"""Elements by index or mask: gather, scatter, index_select and their kin.

Everything by index is one of three inner loops (read, write, add at an index; see index.h) under the strided iterator.
The tensor that is indexed takes part with a step of 0 in the dimensions where the index says where to go.
"""

from cpython.long cimport PyLong_AsLongAndOverflow, PyLong_CheckExact
from cpython.object cimport PyObject
from libc.stdint cimport INTPTR_MAX, int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset

from .copy cimport apart, clone, contiguous, copy_into
from .storage cimport ITEMSIZE, LONG, N_DTYPES
from .strided cimport inner_loop, iterate
from .tensor cimport (
    MAX_DIMS, Tensor, data_of, is_contiguous, new_scalar, new_tensor, new_view, prepare, set_item, size_text,
    type_name,
)
from .threads cimport threads

cdef extern from "index.h" namespace "al" nogil:
    struct Places:
        Py_ssize_t step
        int64_t size
        bint from_end
        bint failed
        int64_t bad
    struct Rows:
        const char* x
        const int64_t* index
        Py_ssize_t step, n
        char* out
        Places* places
    void gather_rows(void* rows, Py_ssize_t begin, Py_ssize_t end) noexcept
    void loop_gather "al::gather"[T](char**, const Py_ssize_t*, const Py_ssize_t*, void*) noexcept
    void loop_scatter "al::scatter"[T](char**, const Py_ssize_t*, const Py_ssize_t*, void*) noexcept
    void loop_scatter_add "al::scatter_add"[T](char**, const Py_ssize_t*, const Py_ssize_t*, void*) noexcept

cdef enum:
    N_SIZES = 9                      # loops that move elements stand at their size in bytes
    GRAIN = 1 << 16                  # bytes that a thread takes at least

cdef inner_loop _gathers[N_SIZES]
cdef inner_loop _scatters[N_SIZES]
cdef inner_loop _adds[N_DTYPES]      # by type; NULL for Half

_gathers[1], _gathers[2] = loop_gather[uint8_t], loop_gather[uint16_t]
_gathers[4], _gathers[8] = loop_gather[uint32_t], loop_gather[uint64_t]
_scatters[1], _scatters[2] = loop_scatter[uint8_t], loop_scatter[uint16_t]
_scatters[4], _scatters[8] = loop_scatter[uint32_t], loop_scatter[uint64_t]
_adds[:] = [
    loop_scatter_add[uint8_t], loop_scatter_add[int8_t], loop_scatter_add[int16_t], loop_scatter_add[int32_t],
    loop_scatter_add[int64_t], NULL, loop_scatter_add[float], loop_scatter_add[double],
]


# Views that take part in a walk

cdef Tensor viewed(Tensor t, int ndim, const Py_ssize_t* sizes):
    """t's elements in order, in other sizes of the same count: a view of t where it is contiguous."""
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t step = 1
    cdef int k
    t = contiguous(t)
    for k in range(ndim - 1, -1, -1):
        strides[k] = step
        step *= sizes[k]
    return new_view(t, ndim, sizes, strides, t.offset)


cdef Tensor _standing(Tensor t, int dim, int ndim, const Py_ssize_t* sizes):
    """t in the sizes of a walk, with a step of 0 along dim."""
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k
    for k in range(ndim):
        strides[k] = 0 if k == dim else t.strides[k]
    return new_view(t, ndim, sizes, strides, t.offset)


cdef Tensor _along(Tensor vector, int dim, int ndim, const Py_ssize_t* sizes):
    """A vector in the sizes of a walk: it steps along dim only."""
    cdef Py_ssize_t strides[MAX_DIMS]
    memset(strides, 0, ndim * sizeof(Py_ssize_t))
    strides[dim] = vector.strides[0]
    return new_view(vector, ndim, sizes, strides, vector.offset)


cdef Tensor everywhere(Tensor t, int ndim, const Py_ssize_t* sizes):
    cdef Py_ssize_t strides[MAX_DIMS]
    memset(strides, 0, ndim * sizeof(Py_ssize_t))
    return new_view(t, ndim, sizes, strides, t.offset)


cdef Tensor number_of(int dtype, object value):
    cdef Tensor t = new_scalar(dtype)
    set_item(dtype, data_of(t), value)
    return t


cdef int _walk(inner_loop loop, Places* at, Tensor a, Tensor index, Tensor b) except -1:
    cdef PyObject* operands[3]
    operands[0], operands[1], operands[2] = <PyObject*>a, <PyObject*>index, <PyObject*>b
    iterate(loop, at, 3, operands)
    return _check_found(at)


cdef int _check_found(Places* at) except -1:
    if at.failed:
        raise RuntimeError(f"index out of range: {at.bad} out of {at.size}")
    return 0


cdef Places _places(Tensor x, int dim) noexcept:
    cdef Places at
    at.step = x.strides[dim] * ITEMSIZE[x.dtype]
    at.size = x.sizes[dim]
    at.from_end = at.failed = False
    at.bad = 0
    return at


cdef inner_loop _add_loop(Tensor x) except NULL:
    if _adds[x.dtype] == NULL:
        raise TypeError(f"{type_name(x.dtype)} has no arithmetic")
    return _adds[x.dtype]


cdef int _same_type(Tensor x, Tensor source) except -1:
    if x.dtype != source.dtype:
        raise RuntimeError(f"expected a {type_name(x.dtype)} as source, got a {type_name(source.dtype)}")
    return 0


cdef int _check_long(Tensor index) except -1:
    if index.dtype != LONG:
        raise RuntimeError(f"an index is a torch.LongTensor, got a {type_name(index.dtype)}")
    return 0


# An index of x's dimensions: gather, scatter_

def gather(Tensor x not None, int dim, Tensor index not None, Tensor out=None):
    """out[i][j] = x[index[i][j]][j] for dim 0, x[i][index[i][j]] for dim 1, and so on."""
    cdef Places at
    _check_index(x, dim, index)
    x, index = apart(x, out), apart(index, out)
    out = prepare(out, x.dtype, index.ndim, index.sizes)
    at = _places(x, dim)
    _walk(_gathers[ITEMSIZE[x.dtype]], &at, _standing(x, dim, index.ndim, index.sizes), index, out)
    return out


cdef int _check_index(Tensor x, int dim, Tensor index) except -1:
    cdef int k
    _check_long(index)
    if index.ndim != x.ndim:
        raise RuntimeError(f"the index must have as many dimensions as the tensor, {x.ndim}, got {index.ndim}")
    for k in range(x.ndim):
        if k != dim and x.sizes[k] != index.sizes[k]:
            raise RuntimeError(
                f"expected an index of size {size_text(x)} apart from dimension {dim}, got {size_text(index)}"
            )
    return 0


cdef Tensor _source_of(Tensor index, Tensor source):
    """The part of the source that the index reaches."""
    cdef int k
    if source.ndim != index.ndim:
        raise RuntimeError(f"the source must have as many dimensions as the index, {index.ndim}, got {source.ndim}")
    for k in range(index.ndim):
        if source.sizes[k] < index.sizes[k]:
            raise RuntimeError(f"the source is smaller than the index: {size_text(source)} and {size_text(index)}")
    return new_view(source, index.ndim, index.sizes, source.strides, source.offset)


def scatter_(Tensor x not None, int dim, Tensor index not None, Tensor src not None):
    """x[index[i][j]][j] = src[i][j] for dim 0, and so on; the last of several wins."""
    cdef Places at
    _same_type(x, src)
    _check_index(x, dim, index)
    src, index = apart(src, x), apart(index, x)
    at = _places(x, dim)
    _walk(_scatters[ITEMSIZE[x.dtype]], &at, _source_of(index, src), index, _standing(x, dim, index.ndim, index.sizes))
    return x


def scatter_fill_(Tensor x not None, int dim, Tensor index not None, value):
    """x[index[i][j]][j] = value for dim 0, and so on."""
    cdef Places at
    cdef Tensor number = number_of(x.dtype, value)
    _check_index(x, dim, index)
    index = apart(index, x)
    at = _places(x, dim)
    number = everywhere(number, index.ndim, index.sizes)
    _walk(_scatters[ITEMSIZE[x.dtype]], &at, number, index, _standing(x, dim, index.ndim, index.sizes))
    return x


def scatter_add_(Tensor x not None, int dim, Tensor index not None, Tensor src not None):
    """x[index[i][j]][j] += src[i][j] for dim 0, and so on."""
    cdef Places at
    _same_type(x, src)
    _check_index(x, dim, index)
    src, index = apart(src, x), apart(index, x)
    at = _places(x, dim)
    _walk(_add_loop(x), &at, _source_of(index, src), index, _standing(x, dim, index.ndim, index.sizes))
    return x


# A vector of positions along one dimension: index_select, index_copy_

cdef int _check_vector(Tensor index) except -1:
    if index.ndim != 1:
        raise RuntimeError(f"the index is supposed to be a vector, got one of {index.ndim} dimensions")
    return _check_long(index)


cdef Tensor select(Tensor x, int dim, Tensor index, Tensor out):
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t outer = 1
    cdef Places at
    cdef Rows rows
    cdef int k
    _check_vector(index)
    if dim >= x.ndim:
        raise RuntimeError(f"indexing dimension {dim} is out of bounds of a tensor with {x.ndim} dimensions")
    for k in range(x.ndim):
        sizes[k] = x.sizes[k]
    sizes[dim] = index.numel
    x, index = apart(x, out), apart(index, out)
    out = prepare(out, x.dtype, x.ndim, sizes)
    at = _places(x, dim)
    if is_contiguous(x) and is_contiguous(out):
        for k in range(dim):
            outer *= x.sizes[k]
        at.step = x.numel // (outer * x.sizes[dim]) * ITEMSIZE[x.dtype]
        rows.x, rows.out, rows.places = data_of(x), data_of(out), &at
        rows.index, rows.step, rows.n = <const int64_t*>data_of(index), index.strides[0], index.numel
        with nogil:
            threads.run(outer * rows.n, GRAIN // (at.step + 8) + 1, gather_rows, &rows)
        _check_found(&at)
        return out
    _walk(_gathers[ITEMSIZE[x.dtype]], &at, _standing(x, dim, x.ndim, sizes), _along(index, dim, x.ndim, sizes), out)
    return out


def index_select(Tensor x not None, int dim, Tensor index not None, Tensor out=None):
    """The slices of x along dim that index names, in its order."""
    return select(x, dim, index, out)


def rows(Tensor x not None, list indices):
    """The slices x[i], one under the other, for the ints i of a list; None where one is no plain int from 0 on."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t n = len(indices), k
    cdef bint successive = True
    cdef int overflow = 0
    if n == 0 or x.ndim == 0:
        return None
    cdef Tensor index = new_tensor(LONG, 1, &n)
    cdef int64_t* place = <int64_t*>data_of(index)
    for k in range(n):
        i = indices[k]
        if not PyLong_CheckExact(i):
            return None
        place[k] = PyLong_AsLongAndOverflow(i, &overflow)
        if overflow or not 0 <= place[k] < x.sizes[0]:
            return None
        successive = successive and place[k] == place[0] + k
    if not successive:
        return select(x, 0, index, None)
    for k in range(x.ndim):
        sizes[k] = x.sizes[k]
    sizes[0] = n
    return clone(new_view(x, x.ndim, sizes, x.strides, x.offset + place[0] * x.strides[0]))


cdef Tensor _slices(Tensor x, int dim, Tensor index, Tensor source):
    """The source as slices of x along dim, one for each index; of other sizes, element by element."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t step = 1
    cdef Tensor dense
    cdef bint same = source.ndim == x.ndim
    cdef int k, j = 1
    _same_type(x, source)
    _check_vector(index)
    if dim >= source.ndim or source.sizes[dim] != index.numel:
        raise RuntimeError(
            f"expected an index for each slice of the source along {dim}, got {index.numel} for {size_text(source)}"
        )
    for k in range(source.ndim):
        same = same and (k == dim or source.sizes[k] == x.sizes[k])
    if same:
        return source
    if source.numel // index.numel != x.numel // x.sizes[dim]:
        raise RuntimeError(
            f"inconsistent sizes, slices of {size_text(source)} and {size_text(x)} along {dim} have other numbers "
            "of elements"
        )
    sizes[0], strides[0] = source.sizes[dim], source.strides[dim]
    for k in range(source.ndim):
        if k != dim:
            sizes[j], strides[j] = source.sizes[k], source.strides[k]
            j += 1
    dense = clone(new_view(source, source.ndim, sizes, strides, source.offset))
    for k in range(x.ndim - 1, -1, -1):
        sizes[k], strides[k] = x.sizes[k], step
        if k != dim:
            step *= x.sizes[k]
    sizes[dim], strides[dim] = index.numel, step
    return new_view(dense, x.ndim, sizes, strides, dense.offset)


cdef int copy_at(Tensor x, int dim, Tensor index, Tensor source) except -1:
    cdef Places at
    source, index = _slices(x, dim, index, apart(source, x)), apart(index, x)
    at = _places(x, dim)
    index = _along(index, dim, x.ndim, source.sizes)
    return _walk(_scatters[ITEMSIZE[x.dtype]], &at, source, index, _standing(x, dim, x.ndim, source.sizes))


def index_copy_(Tensor x not None, int dim, Tensor index not None, Tensor source not None):
    """The slices of x along dim that index names become those of source."""
    copy_at(x, dim, index, source)
    return x


def index_add_(Tensor x not None, int dim, Tensor index not None, Tensor source not None):
    """The slices of source are added to those of x along dim that index names."""
    cdef Places at
    source, index = _slices(x, dim, index, apart(source, x)), apart(index, x)
    at = _places(x, dim)
    index = _along(index, dim, x.ndim, source.sizes)
    _walk(_add_loop(x), &at, source, index, _standing(x, dim, x.ndim, source.sizes))
    return x


cdef int fill_at(Tensor x, int dim, Tensor index, object value) except -1:
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Tensor number = number_of(x.dtype, value)
    cdef Places at
    cdef int k
    _check_vector(index)
    index = apart(index, x)
    for k in range(x.ndim):
        sizes[k] = x.sizes[k]
    sizes[dim] = index.numel
    at = _places(x, dim)
    number = everywhere(number, x.ndim, sizes)
    index = _along(index, dim, x.ndim, sizes)
    return _walk(_scatters[ITEMSIZE[x.dtype]], &at, number, index, _standing(x, dim, x.ndim, sizes))


def index_fill_(Tensor x not None, int dim, Tensor index not None, value):
    """The elements of the slices of x along dim that index names become value."""
    fill_at(x, dim, index, value)
    return x


# Positions among all elements: take, put_

def take(Tensor x not None, Tensor index not None, Tensor out=None):
    """The elements of x, counted in row-major order, that index names (negative: from the end), in index's sizes."""
    cdef Places at
    _check_long(index)
    if not index.numel:
        return prepare(out, x.dtype, 0, NULL)
    x, index = apart(x, out), apart(index, out)
    out = prepare(out, x.dtype, index.ndim, index.sizes)
    x = contiguous(x)
    at = _all_places(x)
    _walk(_gathers[ITEMSIZE[x.dtype]], &at, everywhere(x, index.ndim, index.sizes), index, out)
    return out


cdef Places _all_places(Tensor x) noexcept:
    cdef Places at
    at.step = ITEMSIZE[x.dtype]
    at.size = x.numel
    at.from_end = True
    at.failed = False
    at.bad = 0
    return at


def put_(Tensor x not None, Tensor index not None, Tensor source not None, bint accumulate):
    """The elements of x, counted in row-major order, that index names become those of source, or grow by them."""
    cdef inner_loop loop
    cdef Tensor target
    cdef Places at
    _same_type(x, source)
    _check_long(index)
    loop = _add_loop(x) if accumulate else _scatters[ITEMSIZE[x.dtype]]
    if index.numel != source.numel:
        raise RuntimeError(f"the source should have as many elements as the index, {index.numel}, got {source.numel}")
    if not index.numel:
        return x
    target, index = contiguous(x), apart(index, x)
    at = _all_places(target)
    source = viewed(apart(source, x), index.ndim, index.sizes)
    _walk(loop, &at, source, index, everywhere(target, index.ndim, index.sizes))
    if target is not x:
        copy_into(x, target)
    return x


# Offsets from x's first element, checked where they were computed

cdef Places _anywhere(Tensor x) noexcept:
    cdef Places at = _all_places(x)
    at.size = INTPTR_MAX
    at.from_end = False
    return at


cdef int read_offsets(Tensor x, Tensor offsets, Tensor out) except -1:
    cdef Places at = _anywhere(x)
    return _walk(_gathers[ITEMSIZE[x.dtype]], &at, x, offsets, out)


cdef int write_offsets(Tensor x, Tensor offsets, Tensor source) except -1:
    cdef Places at = _anywhere(x)
    return _walk(_scatters[ITEMSIZE[x.dtype]], &at, source, offsets, x)


cdef int add_offsets(Tensor x, Tensor offsets, Tensor source) except -1:
    cdef Places at = _anywhere(x)
    return _walk(_add_loop(x), &at, source, offsets, x)
