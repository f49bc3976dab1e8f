# The one step that undoes broadcasting in backward.
from .tensor cimport Tensor

cdef Tensor sum_to(Tensor t, object sizes)        # summed over the dimensions that broadcasting added or stretched
