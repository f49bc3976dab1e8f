# Computing on Variables: the result, and the node that remembers how it came about.
from .graph cimport Tracked
from .operation cimport Operation

# target: changed in place; None: a new Variable
cdef Tracked record_pointwise(Operation op, list values, Tracked target)
cdef object record_kernel(Operation op, list values, Tracked target)
cdef object record(Operation op, list values, Tracked target)
