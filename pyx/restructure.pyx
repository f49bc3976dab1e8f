"""Other sizes and storages under a tensor that stays the same object."""

from libc.stdint cimport INTPTR_MAX
from libc.string cimport memcpy

from .construct cimport size_list
from .storage cimport ITEMSIZE, Storage, memory_resize
from .tensor cimport MAX_DIMS, Tensor, become, count_elements, data_of, new_empty, new_on, new_point, resize, type_name
from .tensor cimport wrap_dim as wrapped


def wrap_dim(Py_ssize_t dim, int ndim):
    """dim counted from the front; RuntimeError outside."""
    return wrapped(dim, ndim)


def resize_to(Tensor x not None, sizes):
    """Other sizes over x's own storage."""
    cdef Py_ssize_t numbers[MAX_DIMS]
    cdef int n = size_list(sizes, numbers)
    resize(x, n, numbers)
    return x


def set_storage(Tensor x not None, source, Py_ssize_t offset, sizes, strides):
    """Make x a view of another storage or tensor, growing it where the view reaches beyond it."""
    cdef Py_ssize_t numbers[MAX_DIMS]
    cdef Py_ssize_t steps[MAX_DIMS]
    cdef Py_ssize_t last = offset, step = 1
    cdef Storage storage
    cdef int k, n
    if source is None:
        become(x, new_empty(x.dtype))
        return x
    if (<Tensor>source).dtype != x.dtype if isinstance(source, Tensor) else (<Storage>source).memory.dtype != x.dtype:
        raise TypeError(
            f"set_ of a {type_name(x.dtype)} takes a tensor or storage of the same type, got "
            f"{type(source).__name__}"
        )
    if isinstance(source, Tensor) and sizes is None:
        become(x, <Tensor>source)
        return x
    storage = source.storage() if isinstance(source, Tensor) else source
    if not 0 <= offset < INTPTR_MAX // 16:
        raise RuntimeError(f"set_: the offset must not be negative, nor beyond all memory, got {offset}")
    n = size_list((storage.memory.size,) if sizes is None else sizes, numbers)
    if strides is not None and len(strides) != n:
        raise RuntimeError(f"set_: {n} sizes need {n} strides, got {len(strides)}")
    for k in range(n - 1, -1, -1):
        steps[k] = step if strides is None else strides[k]
        if steps[k] < 0:
            raise RuntimeError(f"set_: strides must not be negative, got {tuple(strides)}")
        step *= numbers[k]
    count_elements(n, numbers)
    for k in range(n):
        if steps[k] and numbers[k] - 1 > (INTPTR_MAX // 16 - last) // steps[k]:
            raise RuntimeError(f"set_: sizes {tuple(sizes)}, strides {tuple(strides)} from {offset} on reach too far")
        last += (numbers[k] - 1) * steps[k]
    if n and last >= storage.memory.size:
        memory_resize(storage.memory, last + 1)
    become(x, new_on(storage.memory, n, numbers, steps, offset))
    return x


def point_of(Tensor x not None):
    """A tensor without dimensions that holds the only element of x."""
    cdef Tensor out
    if x.numel != 1:
        raise RuntimeError(f"only a tensor of one element can lose its dimensions, got one of {x.numel}")
    out = new_point(x.dtype)
    memcpy(data_of(out), data_of(x), ITEMSIZE[x.dtype])
    return out
