"""Padding. The amounts come in pairs, before and after, the last dimension's first."""

from .copy cimport contiguous, copy_into, fill, zero
from .operands import LARGEST
from .operands cimport Address, at, check_floating, new_sized, sizes_text
from .storage cimport FLOAT
from .tensor cimport MAX_DIMS, Tensor, new_tensor, new_view, sizes_of

cdef extern from "pad.h" namespace "al" nogil:
    cppclass Padding:
        bint reflect
        void dimension(Py_ssize_t size, Py_ssize_t ahead, Py_ssize_t behind) except +
    void pad_copy[T](const Padding& p, Address x, Address out)
    void pad_copy_grad[T](const Padding& p, Address delta, Address out)


cdef int amounts(str op, sizes, pads, int dim, Py_ssize_t* before, Py_ssize_t* after) except -1:
    """What is added to a dimension."""
    cdef int k = 2 * (len(sizes) - 1 - dim)
    before[0] = pads[k] if k < len(pads) else 0
    after[0] = pads[k + 1] if k < len(pads) else 0
    return 0


cdef int check_amounts(str op, sizes, pads) except -1:
    if len(pads) % 2 or len(pads) > 2 * len(sizes):
        raise RuntimeError(f"{op} expected at most a pair of numbers for each dimension of {list(sizes)}, got "
                           f"{tuple(pads)}")
    if any([abs(amount) > LARGEST for amount in pads]):
        raise RuntimeError(f"{op}: amounts must be at most {LARGEST}, got {tuple(pads)}")
    return 0


def pad_constant(Tensor input not None, pads, value):
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t common[MAX_DIMS]         # what of the input remains
    cdef Py_ssize_t before, after, source = input.offset, target = 0
    cdef Tensor out, kept
    cdef int k
    check_amounts("pad_constant", sizes_of(input), pads)
    for k in range(input.ndim):
        amounts("pad_constant", sizes_of(input), pads, k, &before, &after)
        sizes[k] = input.sizes[k] + before + after
        common[k] = input.sizes[k] + min(before, 0) + min(after, 0)
        if sizes[k] < 1 or common[k] < 1:
            raise RuntimeError(f"pad_constant by {tuple(pads)} leaves nothing of an input of size {sizes_text(input)}")
    out = new_tensor(input.dtype, input.ndim, sizes)
    for k in range(input.ndim):
        amounts("pad_constant", sizes_of(input), pads, k, &before, &after)
        source += max(-before, 0) * input.strides[k]
        target += max(before, 0) * out.strides[k]
    fill(out, value)
    kept = new_view(input, input.ndim, common, input.strides, source)
    copy_into(new_view(out, out.ndim, common, out.strides, target), kept)
    return out


cdef Padding padding(str op, sizes, pads, bint reflect) except *:
    cdef Padding p
    cdef Py_ssize_t before, after, size
    cdef int k
    p.reflect = reflect
    check_amounts(op, sizes, pads)
    for k in range(len(sizes)):
        amounts(op, sizes, pads, k, &before, &after)
        size = sizes[k]
        if reflect and (before >= size or after >= size):
            raise RuntimeError(f"{op}: amounts {tuple(pads)} must be less than the sizes of the input {list(sizes)}")
        if size + before + after < 1 or -before >= size or -after >= size:
            raise RuntimeError(f"{op} by {tuple(pads)} leaves nothing of an input of size {list(sizes)}")
        p.dimension(size, before, after)
    return p


cdef list padded_size(sizes, pads):
    cdef list size = list(sizes)
    cdef int k
    for k in range(len(pads)):
        size[len(size) - 1 - k // 2] += pads[k]
    return size


cdef Tensor pad(str op, Tensor x, pads, bint reflect):
    check_floating(op, x)
    cdef Padding p = padding(op, sizes_of(x), pads, reflect)
    x = contiguous(x)
    cdef Tensor out = new_sized(x.dtype, padded_size(sizes_of(x), pads))
    with nogil:
        if x.dtype == FLOAT:
            pad_copy[float](p, at(x), at(out))
        else:
            pad_copy[double](p, at(x), at(out))
    return out


cdef Tensor pad_grad(str op, Tensor delta, sizes, pads, bint reflect):
    check_floating(op, delta)
    cdef Padding p = padding(op, sizes, pads, reflect)
    if list(sizes_of(delta)) != padded_size(sizes, pads):
        raise RuntimeError(f"{op}: a gradient of size {sizes_text(delta)} does not fit an input of size {list(sizes)} "
                           f"padded by {tuple(pads)}")
    delta = contiguous(delta)
    cdef Tensor out = new_sized(delta.dtype, sizes)
    zero(out)
    with nogil:
        if delta.dtype == FLOAT:
            pad_copy_grad[float](p, at(delta), at(out))
        else:
            pad_copy_grad[double](p, at(delta), at(out))
    return out


def pad_reflect(Tensor input not None, pads):
    return pad("pad_reflect", input, pads, True)


def pad_reflect_grad(Tensor delta not None, sizes, pads):
    return pad_grad("pad_reflect", delta, sizes, pads, True)


def pad_replicate(Tensor input not None, pads):
    return pad("pad_replicate", input, pads, False)


def pad_replicate_grad(Tensor delta not None, sizes, pads):
    return pad_grad("pad_replicate", delta, sizes, pads, False)
