"""Places in the program that runs: the line of the user's code that called the library.

A site is a code object and an instruction's offset in it, which costs some nanoseconds to take down (see
docs/internals/errors.md). Each has a number, which is all that a node keeps. File, line and text are looked up when an
error needs them.
"""

import os

from libc.stdint cimport uint64_t
from libc.stdlib cimport calloc
from libc.string cimport memset

from ..graph_errors import Place

cdef extern from "site.h" namespace "al":
    Site peek_site(const char* folder, Py_ssize_t length)
    int line_of(const Site& site)

cdef extern from *:
    """
    static thread_local int al_watched = -1;   /* inside detect_anomaly(): what it asked for; -1 outside */
    """
    int al_watched

cdef bytes _folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "").encode()
cdef const char* _library = _folder
cdef Py_ssize_t _length = len(_folder)

cdef enum:
    MOST = 1 << 16                   # sites that have a number; more forget them all, lest code that is gone stays
    SLOTS = 2 * MOST                 # of the hash table

cdef Site* _sites = <Site*>calloc(MOST, sizeof(Site))    # of the numbers from _first on
cdef int* _slots = <int*>calloc(SLOTS, sizeof(int))      # the place of a hash: 0, or 1 + an index of _sites
cdef int _first = 1, _n = 0
if _sites == NULL or _slots == NULL:
    raise MemoryError("no memory for the lines of the program")

cdef bint watching = False
cdef Py_ssize_t _contexts = 0        # how many detect_anomaly() are entered, in all threads
cdef bint _everywhere = False


cdef bint watched() noexcept:
    return _everywhere if al_watched < 0 else al_watched


cdef Site here() noexcept:
    cdef Site site = peek_site(_library, _length)
    keep_site(site)
    return site


cdef int number_here() noexcept:
    global _n
    cdef int k
    cdef Site site = peek_site(_library, _length)
    cdef uint64_t place
    place = (<uint64_t>site.code >> 4) * 31 + (<uint64_t>site.through >> 4) * 17 + <uint64_t>site.instruction
    place = place * 0x9e3779b97f4a7c15ULL >> 47             # as many bits as SLOTS has
    while _slots[place]:
        k = _slots[place] - 1
        if same_site(_sites[k], site):
            return _first + k
        place = (place + 1) % SLOTS
    if _n == MOST:
        _forget_all()
    keep_site(site)
    _sites[_n] = site
    _n += 1
    _slots[place] = _n
    return _first + _n - 1


cdef void _forget_all() noexcept:
    global _first, _n
    cdef int k
    for k in range(_n):
        drop_site(_sites[k])
    memset(_slots, 0, SLOTS * sizeof(int))
    _first += _n
    _n = 0


cdef object numbered_place(int number):
    return place(_sites[number - _first]) if _first <= number < _first + _n else None


cdef object place(Site& site):
    if site.code == NULL:
        return None
    code = <object>site.code
    through = None if site.through == NULL else <object>site.through
    return Place(code.co_filename, line_of(site), code.co_name, through)


def is_watched():
    """Whether this thread's nodes and gradients are watched."""
    return bool(watched())


def enter(bint mode):
    """This thread is watched, or not, until leave(); gives what leave() wants."""
    global al_watched, _contexts, watching
    before = al_watched
    al_watched = mode
    _contexts += 1
    watching = True
    return before


def leave(int before):
    """What was so before enter() is so again."""
    global al_watched, _contexts, watching
    al_watched = before
    _contexts -= 1
    watching = _everywhere or _contexts > 0


def watch_everywhere(bint mode):
    """Watch, or not, all threads that are in no detect_anomaly()."""
    global _everywhere, watching
    _everywhere = mode
    watching = _everywhere or _contexts > 0
