# Elements where a mask is 1, element by element in row-major order, whatever the sizes.
from .tensor cimport Tensor

cdef int check_count(Tensor x, Tensor mask) except -1
cdef Tensor take_masked(Tensor x, Tensor mask, Tensor out)
cdef int fill_masked(Tensor x, Tensor mask, object value) except -1
cdef int put_masked(Tensor x, Tensor mask, Tensor source) except -1
