"""The shape of a sparse tensor: a Tensor object without elements of its own, which the core can carry about.

Its type's code is that of its values plus N_DTYPES, so that every loop and kernel of dense tensors refuses it.
"""

from .storage cimport N_DTYPES, memory_new, memory_release
from .tensor cimport MAX_DIMS, Tensor, restride

DENSE_TYPES = N_DTYPES


def set_shape(Tensor t not None, int dtype, sizes):
    """Give t the sizes of a sparse tensor whose values have the type of that code."""
    cdef Py_ssize_t room[MAX_DIMS]
    cdef Py_ssize_t steps[MAX_DIMS]
    cdef Py_ssize_t step = 1
    cdef int k, ndim = len(sizes)
    if ndim > MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {ndim}")
    for k in range(ndim - 1, -1, -1):
        room[k] = sizes[k]
        steps[k] = step
        step *= room[k]
    t.dtype = dtype + N_DTYPES
    if t.memory.dtype != dtype or not t.memory.resizable:
        memory_release(t.memory)
        t.memory = memory_new(dtype, 0)
    restride(t, ndim, room, steps, 0)
    t.numel = 0                      # whatever walks over the elements finds none
