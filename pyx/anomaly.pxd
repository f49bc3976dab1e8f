# What detect_anomaly() knows of the nodes made inside it; called only where site.watching is true, but for forget().
from .tensor cimport Tensor

cdef int watch(object node) except -1                         # from now on
cdef int note_saved(object node, int slot, Tensor value) except -1
cdef bint differs(object node, int slot, Tensor value) except -1         # whether its elements have changed since
cdef bint any_watched                                         # asked before forget()
cdef int forget(void* node) except -1                         # it is freed
