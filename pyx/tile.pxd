# The tiles of registers (tile.h) for the processor at hand.
cdef extern from "tile.h" namespace "al" nogil:
    cppclass MatrixProduct:          # c = alpha a b + beta c; steps in elements, the rows of c lie side by side
        Py_ssize_t m, n, k
        const char* a
        Py_ssize_t a_row, a_column
        const char* b
        Py_ssize_t b_row, b_column
        char* c
        Py_ssize_t c_row
        double alpha, beta

    cppclass Tiles[T]:
        int lanes
        bint (*multiply)(const MatrixProduct& product)       # NULL where BLAS does it as well

cdef Tiles[float]* float_tiles
cdef Tiles[double]* double_tiles
