# Running a pointwise loop over Tensors and numbers.
from cpython.object cimport PyObject

from .operation cimport Operation
from .strided cimport inner_loop
from .tensor cimport Tensor

cdef Tensor run(inner_loop loop, void* extra, int n, PyObject** values, int dtype, int out_dtype, Tensor out)
cdef int check_broadcast(int n, PyObject** values) except -1    # RuntimeError where Tensors among the values do not
cdef Tensor compute_pointwise(Operation op, int n, PyObject** values, Tensor out)
