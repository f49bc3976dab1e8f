"""NumPy arrays and tensors on one memory, both ways."""

import numpy

from .storage cimport CHAR, HALF, ITEMSIZE, Memory, memory_borrow, memory_release
from .tensor cimport MAX_DIMS, Tensor, data_of, new_empty, new_on, type_name

from .. import optable

cdef str _codes = "".join([d.code for d in optable.DTYPES])


class Exported:
    """What NumPy holds on to while it uses a tensor's memory."""

    def __init__(self, tensor, interface):
        self.tensor = tensor
        self.__array_interface__ = interface


def to_numpy(Tensor t not None):
    """An array on the same memory. RuntimeError for CharTensor and HalfTensor."""
    if t.dtype == CHAR or t.dtype == HALF:
        raise RuntimeError(f"numpy conversion for {type_name(t.dtype)} is not supported")
    return array_on(t)


def array_on(Tensor t not None):
    """An array on the memory of a tensor of any type."""
    cdef Py_ssize_t size = ITEMSIZE[t.dtype]
    if t.numel == 0:
        return numpy.empty(0, _codes[t.dtype])
    t.memory.resizable = False
    shape = tuple([t.sizes[k] for k in range(t.ndim)])
    steps = tuple([t.strides[k] * size for k in range(t.ndim)])
    interface = {
        "shape": shape,
        "typestr": numpy.dtype(_codes[t.dtype]).str,
        "data": (<size_t>data_of(t), False),
        "strides": steps,
        "version": 3,
    }
    return numpy.asarray(Exported(t._share(), interface))


def from_numpy(array):
    """A tensor on the memory of an array: uint8, int16, int32, int64, float32 or float64 in the machine's byte order.
    """
    if not isinstance(array, numpy.ndarray):
        raise RuntimeError(f"from_numpy expects an np.ndarray but got {type(array).__name__}")
    if array.dtype.char in "be":
        raise _invalid(array.dtype)
    return tensor_on(array)


def _invalid(dtype):
    return RuntimeError(
        "can't convert a given np.ndarray to a tensor - it has an invalid type. The only supported types are: "
        f"double, float, int64, int32, int16 and uint8; got {dtype}"
    )


def tensor_on(array):
    """A tensor on the memory of an array of any type that tensors have, in the machine's byte order."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t span = 1
    cdef Memory* memory
    cdef Tensor t
    cdef int k, dtype
    code = {"q": "l"}.get(array.dtype.char, array.dtype.char)
    if not array.dtype.isnative or code not in _codes or code == "l" and array.dtype.itemsize != 8:
        raise _invalid(array.dtype)
    dtype = _codes.index(code)
    if array.ndim == 0:
        return new_empty(dtype)
    if array.size == 0:
        raise RuntimeError(
            f"the given numpy array has zero-sized dimensions {array.shape}. Zero-sized dimensions are not "
            "supported"
        )
    for k in range(array.ndim):
        sizes[k] = array.shape[k]
        if array.strides[k] < 0:
            raise RuntimeError(
                "some of the strides of a given numpy array are negative. This is currently not supported; "
                "make a copy"
            )
        if array.strides[k] % ITEMSIZE[dtype]:
            raise RuntimeError(
                "the strides of a given numpy array are not multiples of the element's size; make a copy"
            )
        strides[k] = array.strides[k] // ITEMSIZE[dtype]
        span += (sizes[k] - 1) * strides[k]
    memory = memory_borrow(dtype, span, <char*><size_t>array.__array_interface__["data"][0], array)
    t = new_on(memory, array.ndim, sizes, strides, 0)
    memory_release(memory)
    return t
