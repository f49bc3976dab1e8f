# Moving elements: between types, layouts and sizes.
from .tensor cimport Tensor

cdef int copy_into(Tensor target, Tensor source) except -1     # any types and strides; source is broadcast to target
cdef Tensor clone(Tensor t)                                    # contiguous
# t, or a copy of it: where it shares memory with what is changed; where writing to `changed`, element by element, may
# change what is still to be read from t. Nothing is changed where that is None.
cdef Tensor apart(Tensor t, Tensor changed)
cdef Tensor unmixed(Tensor t, Tensor changed)
cdef Tensor contiguous(Tensor t)                               # t itself where it is contiguous, else a clone
cdef Tensor convert(Tensor t, int dtype)                       # t itself where the type is the same
cdef int fill(Tensor t, object value) except -1                # a Python number into every element
cdef int zero(Tensor t) except -1
