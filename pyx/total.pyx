"""Sums of gradients, on Tensors, which may be sparse."""

from cpython.object cimport PyObject

from .copy cimport clone, zero
from .operation cimport operation
from .pointwise cimport compute_pointwise
from .storage cimport N_DTYPES
from .tensor cimport Tensor, new_tensor


cdef int accumulate(Tensor total, Tensor grad) except -1:
    cdef PyObject* values[2]
    if grad.dtype >= N_DTYPES:
        total.add_(grad)
        return 0
    values[0] = <PyObject*>total
    values[1] = <PyObject*>grad
    compute_pointwise(operation("add"), 2, values, total)
    return 0


cdef Tensor summed(Tensor a, Tensor b):
    cdef Tensor out
    if a.dtype >= N_DTYPES:
        a, b = b, a                  # dense and sparse make dense
    out = clone(a)
    accumulate(out, b)
    return out


cdef Tensor zeros_of(Tensor like):
    cdef Tensor t = new_tensor(like.dtype, like.ndim, like.sizes)
    zero(t)
    return t
