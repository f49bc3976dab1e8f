# What a typed tensor is made from: sizes, a sequence, a storage, another tensor.
from .tensor cimport Tensor

cdef int construct(Tensor t, int dtype, tuple args) except -1
cdef int size_list(object numbers, Py_ssize_t* sizes) except -1     # ends at the first number that is not positive
cdef Tensor of_sizes(int dtype, object numbers)
cdef Tensor of_sequence(int dtype, object data)
