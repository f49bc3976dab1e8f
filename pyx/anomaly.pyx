"""What detect_anomaly() knows of the nodes made inside it: what each saved."""

from .tensor cimport Tensor

from .. import graph_errors

cdef dict _watched = {}              # address of a node -> its Watch
cdef bint any_watched = False


cdef int watch(object node) except -1:
    global any_watched
    any_watched = True
    _watched[<size_t><void*>node] = graph_errors.Watch()
    return 0


cdef int note_saved(object node, int slot, Tensor value) except -1:
    known = _watched.get(<size_t><void*>node)
    if known is not None:
        known.note(slot, value)
    return 0


cdef bint differs(object node, int slot, Tensor value) except -1:
    known = _watched.get(<size_t><void*>node)
    return known is not None and known.differs(slot, value)


cdef int forget(void* node) except -1:
    global any_watched
    _watched.pop(<size_t>node, None)
    any_watched = len(_watched) > 0
    return 0
