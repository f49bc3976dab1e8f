# Subscripts by lists and LongTensors.
from .tensor cimport Tensor

cdef class Positions:                # adjacent dimensions of a tensor indexed by LongTensors that broadcast together
    cdef int first                   # the first of those dimensions
    cdef list indices                # a LongTensor for each

cdef Positions positions(Tensor x, object key)                 # None where the key is not of that kind
cdef Tensor read(Tensor x, Positions at)
cdef int write(Tensor x, Positions at, Tensor source) except -1
cdef int write_number(Tensor x, Positions at, object value) except -1
cdef int add(Tensor x, Positions at, Tensor source) except -1
