"""Places in the program that runs: the line of the user's code that called the library.

A site is a code object and an instruction's offset in it, which costs some nanoseconds to take down (see
docs/internals/errors.md). File, line and text are looked up when an error needs them.
"""

import os

from ..graph_errors import Place

cdef extern from "site.h" namespace "al":
    Site find_site(const char* folder, Py_ssize_t length)
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
    KEPT = 64                        # lines that have a number

cdef Site _sites[KEPT]
cdef int _numbers[KEPT]
cdef int _last = 0                   # the number given last

cdef bint watching = False
cdef Py_ssize_t _contexts = 0        # how many detect_anomaly() are entered, in all threads
cdef bint _everywhere = False


cdef bint watched() noexcept:
    return _everywhere if al_watched < 0 else al_watched


cdef Site here() noexcept:
    return find_site(_library, _length)


cdef int number_here() noexcept:
    global _last
    cdef Site site = here()
    cdef int k
    for k in range(KEPT):
        if _numbers[k] and same_site(_sites[k], site):
            drop_site(site)
            return _numbers[k]
    _last += 1
    k = _last % KEPT
    drop_site(_sites[k])
    _sites[k] = site
    _numbers[k] = _last
    return _last


cdef object numbered_place(int number):
    cdef int k = number % KEPT
    return place(_sites[k]) if _numbers[k] == number else None


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
