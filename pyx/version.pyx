"""Version counters: how often a family of views was changed in place, and by which lines of the program."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF, Py_XDECREF

from .site cimport Site, drop_site, here, place, same_site

cdef enum:
    KEPT = 4                         # lines remembered for a counter; of more, those that moved it last


cdef Version* new_version() except NULL:
    cdef Version* version = <Version*>PyMem_Malloc(sizeof(Version))
    if version == NULL:
        raise MemoryError()
    version.refs = version.live = 1
    version.value = 0
    version.changes = NULL
    return version


cdef void release(Version* version) noexcept:
    cdef Change* change
    version.refs -= 1
    if version.refs == 0:
        while version.changes != NULL:
            change = version.changes
            version.changes = change.before
            _forget(change)
            PyMem_Free(change)
        PyMem_Free(version)


cdef void _forget(Change* change) noexcept:
    drop_site(change.site)
    Py_XDECREF(change.what)


cdef int move(Version* version, str what) except -1:
    cdef Site site = here()
    cdef Change* change = version.changes
    cdef Change* oldest = change
    cdef int n = 0
    version.value += 1
    while change != NULL:
        if same_site(change.site, site) and change.what == <PyObject*>what:
            change.last = version.value
            drop_site(site)
            return 0
        if change.last < oldest.last:
            oldest = change
        n += 1
        change = change.before
    if n == KEPT:
        change = oldest
        _forget(change)
    else:
        change = <Change*>PyMem_Malloc(sizeof(Change))
        if change == NULL:
            drop_site(site)
            raise MemoryError()
        change.before = version.changes
        version.changes = change
    Py_INCREF(what)
    change.what = <PyObject*>what
    change.site = site
    change.last = version.value
    return 0


cdef list changes_since(Version* version, long at):
    cdef list found = []
    cdef Change* change = version.changes
    while change != NULL:
        if change.last > at:
            found.append((change.last, <object>change.what, place(change.site)))
        change = change.before
    found.sort(key=_version_of)
    return found


def _version_of(found):
    return found[0]
