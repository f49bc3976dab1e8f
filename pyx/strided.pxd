# THE iterator: broadcasting, an odometer over the outer dimensions, threads; it calls one inner loop for each run.
from cpython.object cimport PyObject

from .tensor cimport Tensor

cdef enum:
    MAX_OPERANDS = 8

# n elements; for each operand the address of the first one and the step in bytes: a NumPy ufunc loop's signature.
ctypedef void (*inner_loop)(char** data, const Py_ssize_t* n, const Py_ssize_t* steps, void* extra) noexcept nogil

# Runs loop over operands that have been broadcast to out's sizes; out stands last in operands.
cdef int iterate(inner_loop loop, void* extra, int n_operands, PyObject** operands) except -1
# The same for n elements of each operand with one step each (0: the same element for all); out stands last again.
cdef int iterate_contiguous(inner_loop loop, void* extra, int n_operands, char** data, Py_ssize_t* steps,
                            Py_ssize_t n) except -1
# The sizes that operands broadcast to, written to sizes; their number is returned. RuntimeError where they do not fit.
cdef int broadcast_sizes(int n_operands, PyObject** operands, Py_ssize_t* sizes) except -1
