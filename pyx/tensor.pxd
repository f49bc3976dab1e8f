# Sizes, strides and an offset over a Memory.
from libc.stdint cimport int64_t

from .storage cimport Memory

cdef enum:
    INLINE_DIMS = 5
    MAX_DIMS = 64

cdef class Tensor:                   # FloatTensor, LongTensor and their kin derive from it (types.pyx.tp)
    cdef Memory* memory
    cdef Py_ssize_t offset           # in elements
    cdef Py_ssize_t numel            # 0 for the tensor without dimensions
    cdef Py_ssize_t* sizes
    cdef Py_ssize_t* strides         # in elements
    cdef int ndim
    cdef int dtype                   # a storage.DType
    cdef Py_ssize_t inline_dims[2 * INLINE_DIMS]
    cdef dict __dict__
    cdef object __weakref__

cdef char* data_of(Tensor t) noexcept nogil          # address of the first element
cdef bint is_contiguous(Tensor t) noexcept nogil
cdef bint same_size(Tensor a, Tensor b) noexcept nogil
cdef bint overlap(Tensor a, Tensor b) noexcept nogil         # whether the memory that they span is in part the same
cdef bint same_places(Tensor a, Tensor b) noexcept nogil     # whether their elements are the same ones, in order
# Whether writing to out, element by element, may change what is still to be read from t.
cdef bint mixes(Tensor out, Tensor t) noexcept nogil

# New tensors have the class of their dtype. Sizes are copied. new_tensor is contiguous and not initialised.
cdef Tensor new_tensor(int dtype, int ndim, const Py_ssize_t* sizes)
cdef Tensor new_like(Tensor t)                       # same dtype and sizes, contiguous, not initialised
cdef Tensor new_scalar(int dtype)                    # size (1,), not initialised
cdef Tensor new_empty(int dtype)                     # without dimensions
# without dimensions but of one element: the bridge to later PyTorch
cdef Tensor new_point(int dtype)
cdef Tensor new_on(Memory* memory, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset)
cdef Tensor new_view(Tensor base, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset)

# `out` resized to sizes if it is given (its memory is kept where large enough; strides too where the size fits), else
# a new tensor.
cdef Tensor prepare(Tensor out, int dtype, int ndim, const Py_ssize_t* sizes)
cdef int restride(Tensor t, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset) except -1
cdef int become(Tensor t, Tensor other) except -1   # make t the same view of the same memory as other
cdef Py_ssize_t count_elements(int ndim, const Py_ssize_t* sizes) except -1
cdef object sizes_of(Tensor t)                       # a torch.Size
cdef int resize(Tensor t, int ndim, const Py_ssize_t* sizes) except -1

# negative dims counted from the end; RuntimeError outside
cdef int wrap_dim(Py_ssize_t dim, int ndim) except -1
cdef str size_text(Tensor t)                         # "2x3", for messages
cdef str type_name(int dtype)                        # "torch.FloatTensor"
# the element at data_of(t) + position (in elements) as a Python number
cdef object get_item(Tensor t, Py_ssize_t position)
cdef int64_t whole(object number) except? -1          # the bits of a Python int; OverflowError beyond 64
cdef int set_item(int dtype, char* where, object value) except -1    # checks and converts a Python number
