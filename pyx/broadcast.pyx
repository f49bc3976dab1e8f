"""The one step that undoes broadcasting in backward."""

from .reduce cimport sum_to_sizes
from .tensor cimport MAX_DIMS, Tensor


cdef Tensor sum_to(Tensor t, object sizes):
    """t summed over the dimensions that broadcasting `sizes` to t's sizes added or stretched; t itself where there is
    none.
    """
    cdef Py_ssize_t small[MAX_DIMS]
    cdef int k, n = len(sizes)
    if n > t.ndim:
        return t
    for k in range(n):
        small[k] = sizes[k]
    return sum_to_sizes(t, n, small)


def sum_to_size(Tensor x not None, sizes, Tensor out=None):
    """x summed to the sizes that were broadcast to its own."""
    return sum_to(x, sizes)
