# Elements in memory in two dimensions, and the lines along one dimension of a few tensors, side by side in such panels.
from cpython.object cimport PyObject

cdef extern from "panel.h" namespace "al" nogil:
    cdef struct Panel:               # n lines of m elements, steps in bytes
        char* data
        Py_ssize_t n, down, m, across

cdef enum:
    MAX_PANELS = 3

cdef struct Lines:
    Panel panels[MAX_PANELS]         # of each tensor: down along the dimension, across from one line to the next
    int n_tensors, ndim              # the dimensions outside the panels
    Py_ssize_t sizes[64]
    Py_ssize_t steps[64][MAX_PANELS]
    Py_ssize_t counter[64]

# Tensors of equal sizes but for dim. The first panels are there at once.
cdef void begin_lines(Lines* lines, int dim, int n_tensors, PyObject** tensors) noexcept
cdef bint next_lines(Lines* lines) noexcept nogil
