# The tiles of registers (tile.h) for the processor at hand.
cdef extern from "tile.h" namespace "al" nogil:
    cppclass Tiles[T]:
        int lanes

cdef Tiles[float]* float_tiles
cdef Tiles[double]* double_tiles
