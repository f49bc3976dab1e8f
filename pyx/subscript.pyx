"""tensor[...], read and written.

Ints, slices, None and Ellipsis give views; a mask, a LongTensor or lists of ints give copies (mask, index, advanced).
On Variables the same is done by rows of the table, from which the gradients follow.
"""

from cpython.float cimport PyFloat_Check
from cpython.long cimport PyLong_AsLongAndOverflow, PyLong_Check, PyLong_CheckExact
from cpython.sequence cimport PySequence_Check

from .advanced cimport Positions, add, positions, read, write, write_number
from .copy cimport clone, copy_into, fill, zero
from .graph cimport Tracked, new_variable
from .index cimport copy_at, fill_at, select, viewed
from .mask cimport check_count, fill_masked, put_masked, take_masked
from .operands cimport new_sized
from .operation cimport operation
from .record cimport record
from .storage cimport BYTE, HALF, ITEMSIZE, LONG
from .tensor cimport MAX_DIMS, Tensor, get_item, new_view, same_size, set_item, size_text, type_name

cdef extern from "Python.h":
    int PySlice_Unpack(object slice, Py_ssize_t* start, Py_ssize_t* stop, Py_ssize_t* step) except -1
    Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t* start, Py_ssize_t* stop, Py_ssize_t step) nogil
    bint PyIndex_Check(object)


# Keys that run code

cdef object _settled(object key, int depth):
    """The key with ints for what has an __index__: that is anybody's code, may change the tensor, and runs now."""
    if PyLong_CheckExact(key) or isinstance(key, (Tensor, bool)) or depth > MAX_DIMS:
        return key
    if isinstance(key, slice):
        return slice(_settled(key.start, depth), _settled(key.stop, depth), _settled(key.step, depth))
    if type(key) is tuple:
        return tuple([_settled(item, depth + 1) for item in key])
    if type(key) is list:
        return [_settled(item, depth + 1) for item in key]
    if PyIndex_Check(key) and not PySequence_Check(key):
        return key.__index__()
    return key


cdef bint _settles(object key, int depth) except -1:
    """Whether the key is made of plain ints, slices of them, None, Ellipsis and tensors alone."""
    if key is None or key is Ellipsis or PyLong_CheckExact(key) or isinstance(key, Tensor) or depth > MAX_DIMS:
        return True
    if isinstance(key, slice):
        return _settles(key.start, depth) and _settles(key.stop, depth) and _settles(key.step, depth)
    if type(key) is tuple or type(key) is list:
        for item in key:
            if not _settles(item, depth + 1):
                return False
        return True
    return not PyIndex_Check(key) or PySequence_Check(key)


cdef object _plain_ints(object key):
    return key if _settles(key, 0) else _settled(key, 0)


# Ints, slices, None and Ellipsis

cdef struct Part:                    # of a tensor; without dimensions: one element
    int ndim
    Py_ssize_t sizes[MAX_DIMS]
    Py_ssize_t strides[MAX_DIMS]
    Py_ssize_t offset


cdef int _locate(Tensor t, object key, Part* part) except -1:
    """The part of t that a key of ints, slices, None and Ellipsis names."""
    cdef int dim = 0, k, used = 0
    cdef bint ellipsis = False
    part.ndim, part.offset = 0, t.offset
    if not isinstance(key, tuple):
        key = (key,)
    for item in <tuple>key:
        if item is Ellipsis:
            if ellipsis:
                raise RuntimeError("an index can contain only one Ellipsis (...)")
            ellipsis = True
        elif item is not None:
            used += 1
    if used > t.ndim and (used > 1 or t.ndim > 0):
        raise IndexError(f"trying to index {used} dimensions of a {t.ndim} dimensional tensor")
    for k, item in enumerate(<tuple>key):
        if item is Ellipsis:
            while dim < t.ndim - used:
                _keep(t, dim, part)
                dim += 1
        elif item is None:
            if part.ndim == MAX_DIMS or not t.numel:
                raise RuntimeError(f"cannot add a dimension to a tensor of {t.ndim} dimensions and {t.numel} elements")
            part.sizes[part.ndim], part.strides[part.ndim] = 1, 1
            part.ndim += 1
        else:
            _check_dim(t, dim)
            if isinstance(item, slice):
                _slice(t, dim, item, part)
            elif PyIndex_Check(item) and not isinstance(item, bool) and not PySequence_Check(item):
                part.offset += _position(t, dim, item) * t.strides[dim]
            else:
                raise _unsupported(k, item)
            dim += 1
            used -= 1
    while dim < t.ndim:
        _keep(t, dim, part)
        dim += 1
    return 0


cdef int _check_dim(Tensor t, int dim) except -1:
    if dim >= t.ndim:
        raise RuntimeError(f"dimension {dim} out of range of {t.ndim}D tensor")
    return 0


cdef int _keep(Tensor t, int dim, Part* part) except -1:
    if part.ndim == MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions")
    part.sizes[part.ndim], part.strides[part.ndim] = t.sizes[dim], t.strides[dim]
    part.ndim += 1
    return 0


cdef int _slice(Tensor t, int dim, object item, Part* part) except -1:
    cdef Py_ssize_t start, stop, step, n
    PySlice_Unpack(item, &start, &stop, &step)
    if step < 0:
        raise ValueError(f"a slice's step has to be greater than 0, got {step}")
    n = PySlice_AdjustIndices(t.sizes[dim], &start, &stop, step)
    if n == 0:
        raise ValueError(f"result of slicing is an empty tensor: {item} of dimension {dim} (of size {t.sizes[dim]})")
    _keep(t, dim, part)
    part.sizes[part.ndim - 1] = n
    part.strides[part.ndim - 1] *= step
    part.offset += start * t.strides[dim]
    return 0


cdef Py_ssize_t _position(Tensor t, int dim, object item) except -1:
    """A position along a dimension; negative ones count from the end."""
    cdef int overflow = 0
    cdef Py_ssize_t i = PyLong_AsLongAndOverflow(item if PyLong_CheckExact(item) else item.__index__(), &overflow)
    cdef Py_ssize_t size = t.sizes[dim]
    if overflow:
        raise RuntimeError(f"index {item} does not fit 64 bits")
    if i < -size or i >= size:
        raise IndexError(f"index {i} is out of range for dimension {dim} (of size {size})")
    return i + size if i < 0 else i


cdef object _unsupported(int position, object item):
    kind = type_name((<Tensor>item).dtype) if isinstance(item, Tensor) else type(item).__name__
    return TypeError(
        "a tensor is indexed by ints, slices, Ellipsis and None; by one ByteTensor or LongTensor; or by lists of ints "
        f"and LongTensors in adjacent dimensions beside full slices: item {position} of the index is a {kind}"
    )


cdef Tensor _view(Tensor t, Part* part):
    return new_view(t, part.ndim, part.sizes, part.strides, part.offset)


# On Tensors

cdef object get(Tensor t, object key):
    cdef Py_ssize_t i
    cdef Positions at
    cdef Part part
    if PyLong_CheckExact(key) and t.ndim:
        i = _position(t, 0, key)
        if t.ndim == 1:
            return get_item(t, i * t.strides[0])
        return new_view(t, t.ndim - 1, t.sizes + 1, t.strides + 1, t.offset + i * t.strides[0])
    if isinstance(key, Tensor):
        if (<Tensor>key).dtype == BYTE:
            return take_masked(t, key, None)
        if (<Tensor>key).dtype == LONG:
            return select(t, 0, _vector(key), None)
        raise _unsupported(0, key)
    key = _plain_ints(key)
    if not isinstance(key, slice):
        at = positions(t, key)
        if at is not None:
            return read(t, at)
    _locate(t, key, &part)
    if part.ndim == 0 and t.ndim:
        return get_item(t, part.offset - t.offset)
    return _view(t, &part)


cdef Tensor _vector(Tensor index):
    if index.ndim != 1:
        raise IndexError(f"a LongTensor that is the index must be a vector, got one of {index.ndim} dimensions")
    return index


cdef int set(Tensor t, object key, object value) except -1:
    cdef Positions at
    cdef Part part
    if isinstance(key, Tensor):
        if (<Tensor>key).dtype == BYTE:
            if isinstance(value, Tensor):
                return put_masked(t, key, value)
            return fill_masked(t, key, _number(t, value))
        if (<Tensor>key).dtype == LONG:
            _vector(key)
            _check_dim(t, 0)
            if isinstance(value, Tensor):
                return copy_at(t, 0, key, value)
            return fill_at(t, 0, key, _number(t, value))
        raise _unsupported(0, key)
    key = _plain_ints(key)
    if not isinstance(key, slice) and not PyLong_CheckExact(key):
        at = positions(t, key)
        if at is not None:
            return write(t, at, value) if isinstance(value, Tensor) else write_number(t, at, _number(t, value))
    _locate(t, key, &part)
    if part.ndim == 0 and t.ndim:
        if not PyLong_Check(value) and not (PyFloat_Check(value) and t.dtype >= HALF):
            raise RuntimeError(f"can't assign a {type(value).__name__} to an element of a {type_name(t.dtype)}")
        return set_item(t.dtype, t.memory.data + part.offset * ITEMSIZE[t.dtype], value)
    if isinstance(value, Tensor):
        return _copy_by_count(_view(t, &part), value)
    if t.dtype == HALF:
        raise RuntimeError("torch.HalfTensors don't support scalar assignments")
    return fill(_view(t, &part), _number(t, value))


cdef object _number(Tensor t, object value):
    if PyLong_Check(value) or PyFloat_Check(value) and t.dtype >= HALF:
        return value
    raise RuntimeError(f"copy from {type(value).__name__} to {type_name(t.dtype)} isn't implemented")


cdef int _copy_by_count(Tensor target, Tensor source) except -1:
    """Elements in order, whatever the sizes, as long as there are equally many; any type."""
    if target.numel != source.numel:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{size_text(target)}] and source [{size_text(source)}] to have "
            f"the same number of elements, but got {target.numel} and {source.numel} elements"
        )
    if not same_size(target, source):
        source = viewed(source, target.ndim, target.sizes)
    return copy_into(target, source)


# The rows that Variables use. A key is one of ints, slices, None and Ellipsis, or Positions.

cdef Tensor _part(Tensor x, object key):
    """The view that a key names; a single element has size 1."""
    cdef Part part
    _locate(x, key, &part)
    if part.ndim == 0 and x.ndim:
        part.ndim = part.sizes[0] = part.strides[0] = 1
    return _view(x, &part)


def index(Tensor x not None, key):
    """The part of x that ints, slices, None and Ellipsis name, as a view."""
    return _part(x, key)


def taken(Tensor x not None, key):
    """The elements of x that the key names, copied."""
    return read(x, key) if isinstance(key, Positions) else clone(_part(x, key))


def taken_back(Tensor values not None, key, size):
    """Zeros in size, with values added at the places that the key names."""
    cdef Tensor out = new_sized(values.dtype, size)
    zero(out)
    if isinstance(key, Positions):
        add(out, key, values)
    else:
        _copy_by_count(_part(out, key), values)
    return out


def set_part_(Tensor x not None, key, Tensor source not None):
    """The elements of x that the key names become those of source."""
    if isinstance(key, Positions):
        write(x, key, source)
    else:
        _copy_by_count(_part(x, key), source)
    return x


def set_number_(Tensor x not None, key, value):
    """The elements of x that the key names become value."""
    if isinstance(key, Positions):
        write_number(x, key, value)
    else:
        fill(_part(x, key), value)
    return x


# On Variables

cdef object _plain(object key):
    """The key with Tensors for the Variables in it, and plain ints."""
    if isinstance(key, Tracked):
        if (<Tracked>key).requires_grad_:
            raise AssertionError("can't differentiate the index or mask: it requires gradient")
        return (<Tracked>key).data_
    if isinstance(key, (tuple, list)) and any([isinstance(item, Tracked) for item in key]):
        key = type(key)([_plain(item) for item in key])
    return _plain_ints(key)


cdef Tracked _mask(Tracked v, Tensor mask):
    """The mask as a Variable in v's sizes: subscripts do not broadcast."""
    check_count(v.data_, mask)
    return new_variable(mask if same_size(mask, v.data_) else viewed(mask, v.data_.ndim, v.data_.sizes))


cdef object get_recorded(Tracked v, object key):
    cdef Positions at
    cdef Part part
    if not PyLong_CheckExact(key):
        key = _plain(key)
        if isinstance(key, Tensor):
            if (<Tensor>key).dtype == BYTE:
                return record(operation("masked_select"), [v, _mask(v, key)], None)
            if (<Tensor>key).dtype == LONG:
                return record(operation("index_select"), [v, 0, new_variable(_vector(key))], None)
            raise _unsupported(0, key)
        at = positions(v.data_, key)
        if at is not None:
            return record(operation("taken"), [v, at], None)
        _locate(v.data_, key, &part)         # refuses a bad key here: in a row a TypeError becomes a RuntimeError
    return record(operation("index"), [v, key], None)


cdef int set_recorded(Tracked v, object key, object value) except -1:
    cdef bint number = PyLong_Check(value) or PyFloat_Check(value)
    cdef Positions at
    cdef Part part
    if number:
        _number(v.data_, value)
    else:
        value = _source(v, value)
    key = _plain(key)
    if isinstance(key, Tensor):
        if (<Tensor>key).dtype == BYTE:
            record(operation("masked_fill_" if number else "masked_scatter_"), [v, _mask(v, key), value], v)
        elif (<Tensor>key).dtype == LONG:
            record(operation("index_fill_" if number else "index_copy_"), [v, 0, new_variable(_vector(key)), value], v)
        else:
            raise _unsupported(0, key)
        return 0
    at = positions(v.data_, key)
    if at is None:
        _locate(v.data_, key, &part)
    record(operation("set_number_" if number else "set_part_"), [v, key if at is None else at, value], v)
    return 0


cdef Tracked _source(Tracked v, object value):
    """What is assigned, as a Variable of v's type."""
    if isinstance(value, Tensor):
        value = new_variable(value)
    if not isinstance(value, Tracked):
        raise RuntimeError(f"copy from {type(value).__name__} to {type_name(v.data_.dtype)} isn't implemented")
    return value if (<Tracked>value).data_.dtype == v.data_.dtype else value.type(type_name(v.data_.dtype))
