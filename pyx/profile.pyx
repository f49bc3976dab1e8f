"""What ran and when, while a profiler asks for it."""

from threading import get_ident
from time import perf_counter_ns

cdef bint profiling = False
cdef list _spans = []


cdef object clock():
    return perf_counter_ns()


cdef int note(str name, object start) except -1:
    _spans.append((name, get_ident(), start, perf_counter_ns()))
    return 0


def start():
    """Take down from now on what runs on Variables; goes on where that is done already."""
    global profiling
    profiling = True


def stop():
    """Stop, and give what ran: (name, thread, start, end) each, in nanoseconds, in order of their ends."""
    global profiling, _spans
    if not profiling:
        raise RuntimeError("can't disable profiler when it's not running")
    profiling = False
    spans, _spans = _spans, []
    return spans
