"""The one step that undoes broadcasting in backward."""

from cpython.object cimport PyObject

from .copy cimport zero
from .operation cimport Operation, operation
from .strided cimport iterate
from .tensor cimport MAX_DIMS, Tensor, new_tensor, new_view


cdef Tensor sum_to(Tensor t, object sizes):
    """t summed over the dimensions that broadcasting `sizes` to t's sizes added or stretched; t itself where there is none."""
    cdef Py_ssize_t small[MAX_DIMS]
    cdef Py_ssize_t steps[MAX_DIMS]
    cdef Tensor out, spread
    cdef Operation add
    cdef PyObject* operands[3]
    cdef int k, n = len(sizes), shift = t.ndim - n
    cdef bint same = shift == 0
    for k in range(n):
        small[k] = sizes[k]
        same = same and small[k] == t.sizes[k]
    if same or shift < 0:
        return t
    out = new_tensor(t.dtype, n, small)
    zero(out)
    for k in range(t.ndim):
        steps[k] = 0 if k < shift or small[k - shift] == 1 else out.strides[k - shift]
    spread = new_view(out, t.ndim, t.sizes, steps, 0)
    add = operation("add")
    operands[0] = operands[2] = <PyObject*>spread
    operands[1] = <PyObject*>t
    iterate(add.loops[t.dtype], NULL, 3, operands)
    return out


def sum_to_size(Tensor x not None, sizes, Tensor out=None):
    """x summed to the sizes that were broadcast to its own."""
    return sum_to(x, sizes)
