"""The threads of large loops: one crew for the process, remade in a child after fork."""

import os

cdef extern from "crew.h" namespace "al::Crew" nogil:
    Threads* make()

threads = make()


def set_num_threads(int n):
    """Let loops use n threads; n must be positive."""
    if n < 1:
        raise ValueError(f"the number of threads must be positive, got {n}")
    threads.set_limit(n)


def get_num_threads():
    """The number of threads that large loops use."""
    return threads.get_limit()


def number_at_start():
    """What OMP_NUM_THREADS says, or the processors that this process may use."""
    wanted = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


set_num_threads(number_at_start())
