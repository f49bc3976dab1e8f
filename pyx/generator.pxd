# The generator that random numbers come from.
from libc.stdint cimport int32_t, uint64_t


cdef extern from "twister.h" namespace "al_random" nogil:
    cppclass Twister:
        Twister(uint64_t seed) except +
        uint64_t seed
        void restart(uint64_t seed)

    struct Saved:
        pass

    void save(Twister& twister, Saved* saved)
    bint restore(Twister& twister, const Saved* saved)


cdef class Generator:
    cdef Twister* twister

cdef Twister* twister_of(Generator generator) except NULL       # that of default_generator for None
