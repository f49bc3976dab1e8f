# What the LAPACK ops share: routines by name, matrices stored by columns, workspaces, results.
from .tensor cimport Tensor

cdef enum:
    ROW_MAJOR = 101, COLUMN_MAJOR = 102

# LAPACKE_sNAME_work or LAPACKE_dNAME_work. Pointers to floats and to doubles travel alike: one function type does.
cdef void* routine(int dtype, str name) except NULL
cdef int check_matrix(str op, Tensor a, bint square) except -1       # RuntimeError where a is no matrix, or not square
cdef int check_types(str op, Tensor a, Tensor b) except -1           # TypeError where they differ
cdef Tensor as_matrix(str op, Tensor b)                              # a vector as a matrix of one column
cdef Tensor new_columns(int dtype, Py_ssize_t rows, Py_ssize_t columns)      # by columns: strides (1, rows)
cdef Tensor columns_of(Tensor a)                                     # a copy, by columns
cdef Tensor new_vector(int dtype, Py_ssize_t size)
cdef Tensor workspace(int dtype, void* answer)                       # as large as a routine asked with lwork = -1 said
cdef int check_info(str op, int info, str complaint) except -1       # RuntimeError where info is not 0
cdef int clear_triangle(Tensor a, bint upper) except -1              # zero the triangle above (below) the diagonal
cdef Tensor deliver(Tensor result, Tensor out)                       # the result, or out holding it
cdef list outs(str op, object out, int n)                            # the n tensors of out=, or Nones
