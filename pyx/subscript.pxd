# tensor[...], read and written.
from .graph cimport Tracked
from .tensor cimport Tensor

cdef object get(Tensor t, object key)
cdef int set(Tensor t, object key, object value) except -1
cdef object get_recorded(Tracked v, object key)
cdef int set_recorded(Tracked v, object key, object value) except -1
