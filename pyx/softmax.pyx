"""Softmax and its logarithm along a dimension, and their gradients."""

from .copy cimport contiguous
from .operands cimport check_floating, check_same_size
from .storage cimport FLOAT
from .tensor cimport Tensor, data_of, new_like, wrap_dim

cdef extern from "softmax.h" namespace "al" nogil:
    void softmax_forward "al::softmax"[T](const T* x, T* out, Py_ssize_t outer, Py_ssize_t n, Py_ssize_t inner, bint logarithm)
    void softmax_backward "al::softmax_grad"[T](
        const T* delta, const T* y, T* out, Py_ssize_t outer, Py_ssize_t n, Py_ssize_t inner, bint logarithm)

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


cdef Tensor forward(str op, Tensor x, dim, bint logarithm):
    check_floating(op, x)
    cdef Layout at = layout(x, wrap_dim(dim, max(x.ndim, 1)))
    x = contiguous(x)
    cdef Tensor out = new_like(x)
    cdef char* source = data_of(x)
    cdef char* target = data_of(out)
    if x.numel == 0:
        return out
    with nogil:
        if x.dtype == FLOAT:
            softmax_forward[float](<float*>source, <float*>target, at.outer, at.n, at.inner, logarithm)
        else:
            softmax_forward[double](<double*>source, <double*>target, at.outer, at.n, at.inner, logarithm)
    return out


cdef Tensor backward(str op, Tensor delta, Tensor y, dim, bint logarithm):
    check_floating(op, y)
    check_same_size(op, delta, y)
    cdef Layout at = layout(y, wrap_dim(dim, max(y.ndim, 1)))
    delta, y = contiguous(delta), contiguous(y)
    cdef Tensor out = new_like(y)
    cdef char* d = data_of(delta)
    cdef char* source = data_of(y)
    cdef char* target = data_of(out)
    with nogil:
        if y.dtype == FLOAT:
            softmax_backward[float](<float*>d, <float*>source, <float*>target, at.outer, at.n, at.inner, logarithm)
        else:
            softmax_backward[double](<double*>d, <double*>source, <double*>target, at.outer, at.n, at.inner, logarithm)
    return out


def softmax(Tensor x not None, dim):
    return forward("softmax", x, dim, False)


def log_softmax(Tensor x not None, dim):
    return forward("log_softmax", x, dim, True)


def softmax_grad(Tensor delta not None, Tensor y not None, dim):
    return backward("softmax_grad", delta, y, dim, False)


def log_softmax_grad(Tensor delta not None, Tensor y not None, dim):
    return backward("log_softmax_grad", delta, y, dim, True)
