# Sums of gradients.
from .tensor cimport Tensor

cdef int accumulate(Tensor total, Tensor grad) except -1      # total += grad
cdef Tensor summed(Tensor a, Tensor b)
cdef Tensor zeros_of(Tensor like)                             # the sum of none
