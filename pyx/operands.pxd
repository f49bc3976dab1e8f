# What kernels ask of their operands: types, sizes, and tuples of ints.
from .tensor cimport Tensor, data_of

cdef extern from "address.h" namespace "al" nogil:
    cppclass Address:                # turns into a pointer of the type that a kernel takes
        Address()
        Address(char* data)

cdef enum:
    SPATIAL = 3                      # kernels over images see three dimensions; missing ones have size 1

ctypedef Py_ssize_t[SPATIAL] Extent

cdef int check_floating(str op, Tensor t) except -1                      # Float or Double
cdef int check_type(str op, str name, Tensor t, int dtype) except -1     # None passes
cdef int check_vector(str op, str name, Tensor t, Py_ssize_t n) except -1    # n elements; None passes
cdef int check_same_size(str op, Tensor a, Tensor b) except -1
cdef Tensor dense(Tensor t)                                              # contiguous; None stays
cdef int check_indices(str op, Tensor indices, Py_ssize_t size) except -1    # Long, contiguous, from 0 to size - 1
cdef str sizes_text(Tensor t)                                            # "[2, 3]"

# The numbers of a tuple of n, moved to the end of an extent whose other entries are `rest`.
cdef int read_extent(
    str op, str name, object values, int n, Py_ssize_t rest, Py_ssize_t least, Py_ssize_t* extent
) except -1
# The last n sizes of a tensor as an extent; the number of planes before them is returned.
cdef Py_ssize_t split_planes(Tensor t, int n, Py_ssize_t* extent) noexcept
# A contiguous tensor with t's sizes, the last n of them replaced by those of the extent.
cdef Tensor new_planes(Tensor t, int dtype, int n, const Py_ssize_t* extent)
# A contiguous tensor of the sizes in a tuple.
cdef Tensor new_sized(int dtype, object sizes)


cdef inline Address at(Tensor t) noexcept nogil:
    """Where the elements lie; nowhere for None."""
    if t is None:
        return Address()
    return Address(data_of(t))
