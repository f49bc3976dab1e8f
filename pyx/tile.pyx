"""The tiles of registers for the processor at hand, found when the core is imported."""

from importlib import import_module

cdef extern from "cpu.h" namespace "al" nogil:
    bint cpu_has_avx2()
    bint cpu_has_avx512()

_isa = "avx512" if cpu_has_avx512() else "avx2" if cpu_has_avx2() else "base"
_tiles = import_module(f".tiles_{_isa}", __package__)
float_tiles = <Tiles[float]*><size_t>_tiles.FLOATS
double_tiles = <Tiles[double]*><size_t>_tiles.DOUBLES
