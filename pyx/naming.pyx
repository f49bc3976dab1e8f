"""The names by which Python shows the core's classes: `<class 'torch.FloatTensor'>` where a program knows them so."""

from cpython.object cimport PyTypeObject

cdef list _names = []  # kept for good: Python does not copy them


def show_as(type cls not None, str module not None):
    """Let a compiled class say that it is from this module."""
    cdef bytes name = f"{module}.{cls.__name__}".encode()
    _names.append(name)
    (<PyTypeObject*>cls).tp_name = name
