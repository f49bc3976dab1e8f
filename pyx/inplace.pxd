# What may be changed in place, and that it was.
from .graph cimport Tracked

# RuntimeError where v must not be changed in place, by the operation of that name
cdef int check_inplace(Tracked v, str what) except -1
cdef int changed(Tracked v, str what) except -1               # the in-place operation of that name moved the version
