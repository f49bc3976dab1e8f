# Elements by index.
from .tensor cimport Tensor

cdef Tensor select(Tensor x, int dim, Tensor index, Tensor out)              # the slices that a vector names
cdef int copy_at(Tensor x, int dim, Tensor index, Tensor source) except -1
cdef int fill_at(Tensor x, int dim, Tensor index, object value) except -1

# Elements at offsets (in elements, from x's first; not checked). All have one size, x steps of 0 where offsets vary.
cdef int read_offsets(Tensor x, Tensor offsets, Tensor out) except -1
cdef int write_offsets(Tensor x, Tensor offsets, Tensor source) except -1
cdef int add_offsets(Tensor x, Tensor offsets, Tensor source) except -1

cdef Tensor viewed(Tensor t, int ndim, const Py_ssize_t* sizes)              # t's elements in order, in other sizes
cdef Tensor everywhere(Tensor t, int ndim, const Py_ssize_t* sizes)          # t's first element at every place
cdef Tensor number_of(int dtype, object value)                               # a tensor of one element
