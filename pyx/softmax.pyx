"""Softmax and its logarithm along a dimension, and their gradients."""

from .copy cimport contiguous
from .operands cimport Address, at, check_floating, check_same_size
from .storage cimport FLOAT
from .tensor cimport Tensor, new_like, new_view, wrap_dim
from .threads cimport Threads, threads

cdef extern from "softmax.h" namespace "al" nogil:
    void softmax_forward "al::softmax"[T](
        Threads& threads, Address x, Address out, Py_ssize_t outer, Py_ssize_t n, Py_ssize_t inner, bint logarithm)
    void softmax_backward "al::softmax_grad"[T](
        Threads& threads, Address delta, bint one_row, Address y, Address out, Py_ssize_t outer, Py_ssize_t n,
        Py_ssize_t inner, bint logarithm)

cdef struct Layout:                  # of a contiguous tensor around one dimension
    Py_ssize_t outer, n, inner


cdef Layout layout(Tensor t, int dim) noexcept:
    cdef Layout around
    cdef int k
    around.outer = around.n = around.inner = 1
    for k in range(t.ndim):
        if k < dim:
            around.outer *= t.sizes[k]
        elif k == dim:
            around.n = t.sizes[k]
        else:
            around.inner *= t.sizes[k]
    return around


cdef bint is_one_number(Tensor t) noexcept:
    """Whether all elements are one and the same in memory."""
    cdef int k
    for k in range(t.ndim):
        if t.strides[k] and t.sizes[k] > 1:
            return False
    return t.ndim > 0


cdef Tensor forward(str op, Tensor x, dim, bint logarithm):
    check_floating(op, x)
    cdef Layout around = layout(x, wrap_dim(dim, max(x.ndim, 1)))
    x = contiguous(x)
    cdef Tensor out = new_like(x)
    if x.numel == 0:
        return out
    with nogil:
        if x.dtype == FLOAT:
            softmax_forward[float](threads[0], at(x), at(out), around.outer, around.n, around.inner, logarithm)
        else:
            softmax_forward[double](threads[0], at(x), at(out), around.outer, around.n, around.inner, logarithm)
    return out


cdef Tensor backward(str op, Tensor delta, Tensor y, dim, bint logarithm):
    check_floating(op, y)
    check_same_size(op, delta, y)
    cdef Layout around = layout(y, wrap_dim(dim, max(y.ndim, 1)))
    cdef bint one_row = around.inner == 1 and is_one_number(delta)       # as the gradient of a sum is
    if one_row:
        delta = new_view(delta, 1, &around.n, delta.strides + delta.ndim - 1, delta.offset)
    delta, y = contiguous(delta), contiguous(y)
    cdef Tensor out = new_like(y)
    with nogil:
        if y.dtype == FLOAT:
            softmax_backward[float](
                threads[0], at(delta), one_row, at(y), at(out), around.outer, around.n, around.inner, logarithm)
        else:
            softmax_backward[double](
                threads[0], at(delta), one_row, at(y), at(out), around.outer, around.n, around.inner, logarithm)
    return out


def softmax(Tensor x not None, dim):
    return forward("softmax", x, dim, False)


def log_softmax(Tensor x not None, dim):
    return forward("log_softmax", x, dim, True)


def softmax_grad(Tensor delta not None, Tensor y not None, dim):
    return backward("softmax_grad", delta, y, dim, False)


def log_softmax_grad(Tensor delta not None, Tensor y not None, dim):
    return backward("log_softmax_grad", delta, y, dim, True)
