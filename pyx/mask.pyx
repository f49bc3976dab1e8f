"""Elements where a mask is 1: masked_select, masked_fill_, masked_scatter_; and the places of what is not 0."""

from cpython.object cimport PyObject
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset

from .broadcast cimport sum_to
from .copy cimport apart, contiguous, copy_into, zero
from .index cimport viewed
from .operands cimport new_sized
from .storage cimport BYTE, ITEMSIZE, LONG, N_DTYPES
from .strided cimport inner_loop, iterate
from .tensor cimport MAX_DIMS, Tensor, data_of, new_tensor, new_view, prepare, same_size, set_item, size_text, type_name

cdef extern from "index.h" namespace "al" nogil:
    struct MaskedNumber:
        uint64_t number
        uint8_t seen
    void loop_masked_fill "al::masked_fill"[T](char**, const Py_ssize_t*, const Py_ssize_t*, void*) noexcept
    Py_ssize_t count_ones(const uint8_t* mask, Py_ssize_t n) noexcept
    void compress[T](const char* x, const uint8_t* mask, Py_ssize_t n, char* out) noexcept
    void spread[T](char* x, const uint8_t* mask, Py_ssize_t n, const char* source) noexcept
    Py_ssize_t count_nonzero[T](const char* x, Py_ssize_t n) noexcept
    void list_nonzero[T](const char*, int, const Py_ssize_t* sizes, Py_ssize_t found, int64_t* at, int64_t*) noexcept

ctypedef void (*compress_loop)(const char*, const uint8_t*, Py_ssize_t, char*) noexcept nogil
ctypedef void (*spread_loop)(char*, const uint8_t*, Py_ssize_t, const char*) noexcept nogil
ctypedef Py_ssize_t (*count_loop)(const char*, Py_ssize_t) noexcept nogil
ctypedef void (*list_loop)(const char*, int, const Py_ssize_t*, Py_ssize_t, int64_t*, int64_t*) noexcept nogil

# Loops that move elements stand at their size in bytes, those that look at them at their type.
cdef inner_loop[9] _fills
cdef compress_loop[9] _compress
cdef spread_loop[9] _spread
_fills[1], _fills[2], _fills[4], _fills[8] = (
    loop_masked_fill[uint8_t], loop_masked_fill[uint16_t], loop_masked_fill[uint32_t], loop_masked_fill[uint64_t]
)
_compress[1], _compress[2], _compress[4], _compress[8] = (
    compress[uint8_t], compress[uint16_t], compress[uint32_t], compress[uint64_t]
)
_spread[1], _spread[2], _spread[4], _spread[8] = spread[uint8_t], spread[uint16_t], spread[uint32_t], spread[uint64_t]

cdef count_loop[N_DTYPES] _count
cdef list_loop[N_DTYPES] _list
_count[:] = [
    count_nonzero[uint8_t], count_nonzero[int8_t], count_nonzero[int16_t], count_nonzero[int32_t],
    count_nonzero[int64_t], NULL, count_nonzero[float], count_nonzero[double],
]
_list[:] = [
    list_nonzero[uint8_t], list_nonzero[int8_t], list_nonzero[int16_t], list_nonzero[int32_t], list_nonzero[int64_t],
    NULL, list_nonzero[float], list_nonzero[double],
]

ONLY_0_AND_1 = "a mask takes the values 0 and 1 only"


cdef int check_count(Tensor x, Tensor mask) except -1:
    if mask.dtype != BYTE:
        raise RuntimeError(f"a mask is a torch.ByteTensor, got a {type_name(mask.dtype)}")
    if x.numel != mask.numel:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{size_text(x)}] and mask [{size_text(mask)}] to have the same "
            f"number of elements, but got {x.numel} and {mask.numel} elements"
        )
    return 0


cdef Py_ssize_t _ones(Tensor mask) except -1:
    """The number of ones in a contiguous mask."""
    cdef Py_ssize_t ones
    with nogil:
        ones = count_ones(<const uint8_t*>data_of(mask), mask.numel)
    if ones < 0:
        raise RuntimeError(ONLY_0_AND_1)
    return ones


cdef Tensor take_masked(Tensor x, Tensor mask, Tensor out):
    cdef Tensor target
    cdef Py_ssize_t ones, n = x.numel
    check_count(x, mask)
    x, mask = contiguous(apart(x, out)), contiguous(apart(mask, out))
    ones = _ones(mask)
    out = prepare(out, x.dtype, 1 if ones else 0, &ones)
    if ones:
        target = contiguous(out)
        with nogil:
            _compress[ITEMSIZE[x.dtype]](data_of(x), <const uint8_t*>data_of(mask), n, data_of(target))
        if target is not out:
            copy_into(out, target)
    return out


cdef int fill_masked(Tensor x, Tensor mask, object value) except -1:
    cdef PyObject* operands[2]
    cdef MaskedNumber fill
    check_count(x, mask)
    if not same_size(x, mask):
        mask = viewed(mask, x.ndim, x.sizes)
    fill.seen = 0
    set_item(x.dtype, <char*>&fill.number, value)
    operands[0], operands[1] = <PyObject*>mask, <PyObject*>x
    iterate(_fills[ITEMSIZE[x.dtype]], &fill, 2, operands)
    if fill.seen > 1:
        raise RuntimeError(ONLY_0_AND_1)
    return 0


cdef int put_masked(Tensor x, Tensor mask, Tensor source) except -1:
    cdef Tensor target
    cdef Py_ssize_t ones
    check_count(x, mask)
    if x.dtype != source.dtype:
        raise RuntimeError(f"expected a {type_name(x.dtype)} as source, got a {type_name(source.dtype)}")
    mask = contiguous(mask)
    ones = _ones(mask)
    if source.numel < ones:
        raise RuntimeError(f"the source has fewer elements ({source.numel}) than the mask has ones ({ones})")
    if ones == 0:
        return 0
    source, target = contiguous(apart(source, x)), contiguous(x)
    with nogil:
        _spread[ITEMSIZE[x.dtype]](data_of(target), <const uint8_t*>data_of(mask), x.numel, data_of(source))
    if target is not x:
        copy_into(x, target)
    return 0


# The public operations, whose masks broadcast

cdef Tensor _expanded(Tensor t, int ndim, const Py_ssize_t* sizes):
    """t broadcast to sizes that it fits."""
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, shift = ndim - t.ndim
    for k in range(ndim):
        strides[k] = 0 if k < shift or t.sizes[k - shift] == 1 else t.strides[k - shift]
    return new_view(t, ndim, sizes, strides, t.offset)


cdef int _common_sizes(Tensor a, Tensor b, Py_ssize_t* sizes) noexcept:
    """The sizes that both broadcast to; their number, or -1 where they do not."""
    cdef Py_ssize_t m, n
    cdef int k, ndim = max(a.ndim, b.ndim)
    for k in range(1, ndim + 1):
        m = a.sizes[a.ndim - k] if k <= a.ndim else 1
        n = b.sizes[b.ndim - k] if k <= b.ndim else 1
        if m != n and m != 1 and n != 1:
            return -1
        sizes[ndim - k] = max(m, n)
    return ndim


cdef Tensor _fitted(Tensor x, Tensor mask):
    """The mask in x's sizes, where it broadcasts to them; else itself."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int k, ndim
    if same_size(x, mask) or not x.numel or not mask.numel:
        return mask
    ndim = _common_sizes(x, mask, sizes)
    if ndim != x.ndim:
        return mask
    for k in range(ndim):
        if sizes[k] != x.sizes[k]:
            return mask
    return _expanded(mask, ndim, sizes)


def masked_select(Tensor x not None, Tensor mask not None, Tensor out=None):
    """The elements of x where mask is 1, as a vector, both broadcast; no dimension where there is none."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int ndim
    if x.numel and mask.numel and not same_size(x, mask):
        ndim = _common_sizes(x, mask, sizes)
        if ndim >= 0:
            x, mask = _expanded(x, ndim, sizes), _expanded(mask, ndim, sizes)
    return take_masked(x, mask, out)


def masked_fill_(Tensor x not None, Tensor mask not None, value):
    """The elements of x where mask, which broadcasts to x, is 1 become value."""
    fill_masked(x, _fitted(x, mask), value)
    return x


def masked_scatter_(Tensor x not None, Tensor mask not None, Tensor source not None):
    """The elements of x where mask, which broadcasts to x, is 1 become the elements of source, in order."""
    put_masked(x, _fitted(x, mask), source)
    return x


cdef Tensor _zeros(int dtype, object size):
    cdef Tensor out = new_sized(dtype, size)
    zero(out)
    return out


def masked_spread(Tensor values not None, Tensor mask not None, size):
    """What masked_select undone gives: values in order where mask is 1, 0 elsewhere, summed to size."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Tensor out = _zeros(values.dtype, size)
    cdef int ndim = _common_sizes(out, mask, sizes) if out.numel and mask.numel else -1
    if ndim >= 0 and not same_size(out, mask):
        mask = _expanded(mask, ndim, sizes)
        if not same_size(out, mask):
            out = new_tensor(values.dtype, ndim, sizes)
            zero(out)
    put_masked(out, mask, values)
    return sum_to(out, size)


def masked_part(Tensor x not None, Tensor mask not None, size):
    """What masked_scatter_ undone gives: the elements of x where mask is 1, in order, then zeros, in size."""
    cdef Tensor out = _zeros(x.dtype, size)
    mask = contiguous(_fitted(x, mask))
    check_count(x, mask)
    if _ones(mask) > out.numel:
        raise RuntimeError(f"the mask has more ones than {size} has elements")
    x = contiguous(x)
    _compress[ITEMSIZE[x.dtype]](data_of(x), <const uint8_t*>data_of(mask), x.numel, data_of(out))
    return out


def nonzero(Tensor x not None, Tensor out=None):
    """The coordinates of the elements that are not 0, one row each; nothing found: no dimension."""
    cdef Py_ssize_t sizes[2]
    cdef Py_ssize_t found
    cdef int64_t at[MAX_DIMS]
    cdef Tensor target
    if _count[x.dtype] == NULL:
        raise TypeError(f"{type_name(x.dtype)} has no nonzero")
    if not x.numel:
        return prepare(out, LONG, 0, NULL)
    x = contiguous(apart(x, out))
    with nogil:
        found = _count[x.dtype](data_of(x), x.numel)
    sizes[0], sizes[1] = found, x.ndim
    out = prepare(out, LONG, 2 if found else 0, sizes)
    if found:
        target = contiguous(out)
        memset(at, 0, sizeof(at))
        with nogil:
            _list[x.dtype](data_of(x), x.ndim, x.sizes, found, at, <int64_t*>data_of(target))
        if target is not out:
            copy_into(out, target)
    return out
