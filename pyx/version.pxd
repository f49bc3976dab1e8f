# Version counters: how often a family of views was changed in place, and by which lines of the program.
from cpython.object cimport PyObject

from .site cimport Site

cdef struct Change:                  # an in-place operation, called from one line
    PyObject* what                   # its name
    Site site
    long last                        # the version that it made last
    Change* before                   # another one

cdef struct Version:
    Py_ssize_t refs                  # Variables and saved values
    Py_ssize_t live                  # Variables alone
    long value
    Change* changes                  # the lines that moved the counter, or NULL

cdef Version* new_version() except NULL
cdef void release(Version* version) noexcept
cdef int move(Version* version, str what) except -1           # a change by the operation of that name
cdef list changes_since(Version* version, long at)            # (name, version, Place or None), the first made first
