"""NumPy arrays and tensors on one memory, both ways."""

import numpy

from .dlpack import warn_read_only
from .storage cimport CHAR, HALF, ITEMSIZE, Memory, memory_borrow, memory_release
from .tensor cimport MAX_DIMS, Tensor, data_of, is_contiguous, new_empty, new_on, type_name

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
    if t.numel == 0:
        return numpy.empty(0, _codes[t.dtype])
    return numpy.asarray(Exported(t._share(), interface(t)))


def interface(Tensor t not None):
    """Where the elements lie, as __array_interface__ has it. No element: one dimension, of size 0."""
    cdef Py_ssize_t size = ITEMSIZE[t.dtype]
    t.memory.resizable, t.memory.pinned = False, True
    return {
        "shape": tuple([t.sizes[k] for k in range(t.ndim)]) if t.numel else (0,),
        "typestr": numpy.dtype(_codes[t.dtype]).str,
        "data": (<size_t>data_of(t), bool(t.memory.read_only)),
        "strides": None if is_contiguous(t) else tuple([t.strides[k] * size for k in range(t.ndim)]),
        "version": 3,
    }


def from_numpy(array):
    """A tensor on the memory of an array: uint8, int16, int32, int64, float32 or float64 in the machine's byte order.
    """
    if not isinstance(array, numpy.ndarray):
        raise RuntimeError(f"from_numpy expects an np.ndarray but got {type(array).__name__}")
    if array.dtype.char in "be":
        raise _invalid(array.dtype)
    return _on(array)


def _invalid(dtype):
    return RuntimeError(
        "can't convert a given np.ndarray to a tensor - it has an invalid type. The only supported types are: "
        f"double, float, int64, int32, int16 and uint8; got {dtype}"
    )


cdef Tensor _on(array):
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
    if not array.flags.aligned:
        raise RuntimeError("the elements of the given numpy array do not lie at multiples of their size; make a copy")
    memory = memory_borrow(dtype, span, <char*><size_t>array.__array_interface__["data"][0], array)
    memory.read_only = not array.flags.writeable
    if memory.read_only:
        warn_read_only(1)
    t = new_on(memory, array.ndim, sizes, strides, 0)
    memory_release(memory)
    return t
