"""Sizes, strides and an offset over a Memory."""

from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_Check
from cpython.long cimport PyLong_Check
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_SET_ITEM
from libc.stdint cimport INTPTR_MAX, int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from .storage cimport (
    BYTE, CHAR, DOUBLE, FLOAT, HALF, INT, ITEMSIZE, LONG, N_DTYPES, SHORT, Memory, memory_new, memory_release,
    memory_resize,
    memory_share, storage_of,
)

cdef extern from "half.h" namespace "al" nogil:
    float half_to_float(uint16_t h)
    uint16_t float_to_half(float f)

cdef extern from *:
    bint mul_overflows "__builtin_mul_overflow"(Py_ssize_t x, Py_ssize_t y, Py_ssize_t* product) nogil

cdef extern from "Python.h":
    double PyLong_AsDouble(object x) except? -1
    int64_t PyLong_AsLongLongAndOverflow(object x, int* overflow) except? -1
    object PyType_GenericAlloc(type cls, Py_ssize_t n)

cdef tuple _NO_ARGUMENTS = ()
cdef list _classes = [None] * (2 * N_DTYPES)        # the sparse ones follow the dense ones
cdef list _names = ["Byte", "Char", "Short", "Int", "Long", "Half", "Float", "Double"]


class Size(tuple):
    """The sizes of a tensor: a tuple of ints. Slices, sums and multiples of a Size are Sizes."""

    __slots__ = ()

    def __new__(cls, sizes=()):
        self = tuple.__new__(cls, sizes)
        for k, item in enumerate(self):
            if type(item) is not int:
                raise TypeError(f"torch.Size() takes an iterable of 'int' (item {k} is '{type(item).__name__}')")
        return self

    def __repr__(self):
        return f"torch.Size({list(self)})"

    def __getitem__(self, key):
        item = tuple.__getitem__(self, key)
        return tuple.__new__(Size, item) if type(key) is slice else item

    def __add__(self, other):
        sum_ = tuple.__add__(self, other)
        return tuple.__new__(Size, sum_)

    def __mul__(self, times):
        return tuple.__new__(Size, tuple.__mul__(self, times))

    __rmul__ = __mul__

    def __reduce__(self):
        from .._utils import reduce_size

        return reduce_size(self)


cdef type _size_class = Size

cdef Memory _nothing                 # under a tensor that was made without its constructor: XTensor.__new__(XTensor)
_nothing.refs = (<Py_ssize_t>1) << 62


cdef class Tensor:
    """A typed n-dimensional array: what all tensors share. FloatTensor, LongTensor and their kin derive from it."""

    def __cinit__(self):
        self.memory = &_nothing

    def __dealloc__(self):
        if self.sizes != NULL and self.sizes != self.inline_dims:
            free(self.sizes)
        memory_release(self.memory)

    def dim(self):
        """The number of dimensions."""
        return self.ndim

    ndimension = dim

    def size(self, *args, **kwargs):
        """The sizes, or with `dim` that of one dimension (negative: counted from the end; RuntimeError outside)."""
        if not args and not kwargs:
            return sizes_of(self)
        (dim,) = _arguments("size", ("dim",), args, kwargs)
        return self.sizes[wrap_dim(_int(dim, "size", "dim"), self.ndim)]

    @property
    def shape(self):
        return sizes_of(self)

    def stride(self, *args, **kwargs):
        """The steps between neighbours in memory, in elements, or with `dim` that of one dimension."""
        cdef int k
        if not args and not kwargs:
            return tuple([self.strides[k] for k in range(self.ndim)])
        (dim,) = _arguments("stride", ("dim",), args, kwargs)
        return self.strides[wrap_dim(_int(dim, "stride", "dim"), self.ndim)]

    def nelement(self):
        """The number of elements."""
        return self.numel

    def storage_offset(self):
        """Where the first element lies in the storage, in elements."""
        return self.offset

    def data_ptr(self):
        """The address of the first element."""
        return <size_t>data_of(self)

    @property
    def _cdata(self):
        """A number that no other tensor has: in 0.3.1 the address of the C structure."""
        return <size_t><void*>self

    def element_size(self):
        """The bytes of one element."""
        return ITEMSIZE[self.dtype]

    def is_contiguous(self):
        """Whether the elements lie in row-major order without gaps."""
        return bool(is_contiguous(self))

    def storage(self):
        """The storage that holds the elements: a new handle on the same memory each time."""
        return storage_of(self.memory)

    def is_same_size(self, Tensor other not None):
        """Whether the sizes are equal; both tensors are of one type."""
        _same_type("is_same_size", self, other)
        return bool(same_size(self, other))

    def is_set_to(self, Tensor other not None):
        """Whether both are the same view of the same storage."""
        cdef int k
        _same_type("is_set_to", self, other)
        if self.memory != other.memory or self.offset != other.offset or self.ndim != other.ndim:
            return False
        for k in range(self.ndim):
            if self.sizes[k] != other.sizes[k] or self.strides[k] != other.strides[k]:
                return False
        return True

    def tolist(self):
        """The elements as nested lists of Python numbers."""
        if self.ndim == 0:
            return get_item(self, 0) if self.numel else []
        return _tolist(self, 0, 0)

    def __len__(self):
        return self.sizes[0] if self.ndim else 0

    def __hash__(self):
        return <Py_ssize_t><void*>self >> 4

    def _share(self):
        """Another Tensor object on the same memory with the same sizes and strides."""
        return new_view(self, self.ndim, self.sizes, self.strides, self.offset)


cdef int _same_type(str function, Tensor a, Tensor b) except -1:
    if a.dtype != b.dtype:
        raise TypeError(f"{function} takes a tensor of the same type, {type_name(a.dtype)}, got {type_name(b.dtype)}")
    return 0


cdef object _arguments(str function, tuple names, tuple args, dict kwargs):
    if len(args) + len(kwargs) != len(names) or any(name not in names[len(args):] for name in kwargs):
        raise TypeError(
            f"{function}() takes {', '.join(names)}, got {len(args)} positional arguments and "
            f"{sorted(kwargs)}"
        )
    return args + tuple([kwargs[name] for name in names[len(args):]])


cdef Py_ssize_t _int(object value, str function, str name) except? -1:
    if type(value) is not int:
        raise TypeError(f"{function}() takes an int as {name}, got {type(value).__name__}")
    return value


cdef object _tolist(Tensor t, int dim, Py_ssize_t position):
    cdef Py_ssize_t i
    if dim == t.ndim - 1:
        return [get_item(t, position + i * t.strides[dim]) for i in range(t.sizes[dim])]
    return [_tolist(t, dim + 1, position + i * t.strides[dim]) for i in range(t.sizes[dim])]


def register_class(int dtype, type cls):
    """Say which class the tensors of a type have."""
    _classes[dtype] = cls


def class_of(int dtype):
    return _classes[dtype]


cdef object sizes_of(Tensor t):
    cdef tuple sizes = <tuple>PyType_GenericAlloc(_size_class, t.ndim)   # of ints: nothing to check
    cdef object size
    cdef int k
    for k in range(t.ndim):
        size = t.sizes[k]
        Py_INCREF(size)
        PyTuple_SET_ITEM(sizes, k, size)
    return sizes


cdef char* data_of(Tensor t) noexcept nogil:
    return t.memory.data + t.offset * ITEMSIZE[t.dtype]


cdef bint is_contiguous(Tensor t) noexcept nogil:
    cdef Py_ssize_t expected = 1
    cdef int k
    for k in range(t.ndim - 1, -1, -1):
        if t.sizes[k] != 1:
            if t.strides[k] != expected:
                return False
            expected *= t.sizes[k]
    return True


cdef bint same_size(Tensor a, Tensor b) noexcept nogil:
    cdef int k
    if a.ndim != b.ndim or a.numel != b.numel:
        return False
    for k in range(a.ndim):
        if a.sizes[k] != b.sizes[k]:
            return False
    return True


cdef Py_ssize_t _span(Tensor t) noexcept nogil:
    """The bytes from the first element to behind the last."""
    cdef Py_ssize_t last = 0
    cdef int k
    for k in range(t.ndim):
        last += (t.sizes[k] - 1) * t.strides[k]
    return (last + 1) * ITEMSIZE[t.dtype] if t.numel else 0


cdef bint overlap(Tensor a, Tensor b) noexcept nogil:
    cdef char* x = data_of(a)
    cdef char* y = data_of(b)
    return x < y + _span(b) and y < x + _span(a)


cdef bint same_places(Tensor a, Tensor b) noexcept nogil:
    cdef int k
    if data_of(a) != data_of(b) or a.dtype != b.dtype or not same_size(a, b):
        return False
    for k in range(a.ndim):
        if a.strides[k] != b.strides[k] and a.sizes[k] != 1:
            return False
    return True


cdef bint mixes(Tensor out, Tensor t) noexcept nogil:
    return out is not t and overlap(out, t) and not same_places(out, t)


cdef inline Tensor _blank(int dtype):
    cdef type cls = <type>_classes[dtype]
    cdef Tensor t = cls.__new__(cls)
    t.dtype = dtype
    return t


cdef int _dimensions(Tensor t, int ndim) except -1:
    """Room for the sizes and strides of so many dimensions."""
    cdef Py_ssize_t* room
    if ndim > MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {ndim}")
    if ndim <= INLINE_DIMS:
        room = t.inline_dims
        t.strides = room + INLINE_DIMS
    else:
        room = <Py_ssize_t*>malloc(2 * ndim * sizeof(Py_ssize_t))
        if room == NULL:
            raise MemoryError()
        t.strides = room + ndim
    t.sizes = room
    t.ndim = ndim
    return 0


cdef Py_ssize_t count_elements(int ndim, const Py_ssize_t* sizes) except -1:
    """The product of the sizes; RuntimeError where one is not positive or the product overflows."""
    cdef Py_ssize_t n = 1
    cdef int k
    if ndim == 0:
        return 0
    for k in range(ndim):
        if sizes[k] <= 0:
            raise RuntimeError(f"sizes must be positive, got {[sizes[i] for i in range(ndim)]}")
        if n > INTPTR_MAX // 16 // sizes[k]:
            raise _too_many(ndim, sizes)
        n *= sizes[k]
    return n


cdef object _too_many(int ndim, const Py_ssize_t* sizes):
    return RuntimeError(f"a tensor of sizes {[sizes[k] for k in range(ndim)]} has too many elements")


cdef Tensor new_tensor(int dtype, int ndim, const Py_ssize_t* sizes):
    cdef Tensor t = _blank(dtype)
    cdef Py_ssize_t n = 1
    if ndim == 1 and 0 < sizes[0] < (INTPTR_MAX >> 8):
        n = sizes[0]
        t.sizes = t.inline_dims
        t.strides = t.inline_dims + INLINE_DIMS
        t.ndim = 1
        t.sizes[0] = n
        t.strides[0] = 1
    else:
        n = count_elements(ndim, sizes)
        _dimensions(t, ndim)
        _set_contiguous(t, ndim, sizes)
    t.memory = memory_new(dtype, n)
    t.numel = n
    return t


cdef void _set_contiguous(Tensor t, int ndim, const Py_ssize_t* sizes) noexcept:
    cdef Py_ssize_t step = 1
    cdef int k
    for k in range(ndim - 1, -1, -1):
        t.sizes[k] = sizes[k]
        t.strides[k] = step
        step *= sizes[k]


cdef Tensor new_like(Tensor t):
    if t.ndim == 0 and t.numel == 1:
        return new_point(t.dtype)
    return new_tensor(t.dtype, t.ndim, t.sizes)


cdef Tensor new_scalar(int dtype):
    cdef Py_ssize_t one = 1
    return new_tensor(dtype, 1, &one)


cdef Tensor new_point(int dtype):
    cdef Tensor t = new_empty(dtype)
    memory_resize(t.memory, 1)
    t.numel = 1
    return t


cdef Tensor new_empty(int dtype):
    return new_tensor(dtype, 0, NULL)


cdef Tensor new_view(Tensor base, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset):
    return new_on(base.memory, ndim, sizes, strides, offset)


cdef Tensor new_on(Memory* memory, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset):
    """A tensor over a Memory, which must be large enough."""
    cdef Tensor t = _blank(memory.dtype)
    cdef Py_ssize_t n = 1
    cdef int k
    _dimensions(t, ndim)
    for k in range(ndim):
        t.sizes[k] = sizes[k]
        t.strides[k] = strides[k]
        if mul_overflows(n, sizes[k], &n):
            raise _too_many(ndim, sizes)
    if n > INTPTR_MAX // 16:
        raise _too_many(ndim, sizes)
    t.memory = memory_share(memory)
    t.offset = offset
    t.numel = n if ndim else 0
    return t


cdef int become(Tensor t, Tensor other) except -1:
    """Make t the same view as other: of the same memory, with the same sizes and strides."""
    cdef Memory* old = t.memory
    t.memory = memory_share(other.memory)
    memory_release(old)
    restride(t, other.ndim, other.sizes, other.strides, other.offset)
    return 0


cdef int restride(Tensor t, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset) except -1:
    """Give t other sizes and strides over its memory, which must be large enough."""
    cdef Py_ssize_t* old = t.sizes
    cdef Py_ssize_t kept[2 * MAX_DIMS]
    cdef Py_ssize_t n = 1
    cdef int k
    for k in range(ndim):      # sizes and strides may be t's own
        kept[k] = sizes[k]
        kept[MAX_DIMS + k] = strides[k]
        if mul_overflows(n, sizes[k], &n):
            raise _too_many(ndim, sizes)
    _dimensions(t, ndim)
    if old != NULL and old != t.inline_dims:
        free(old)
    memcpy(t.sizes, kept, ndim * sizeof(Py_ssize_t))
    memcpy(t.strides, kept + MAX_DIMS, ndim * sizeof(Py_ssize_t))
    t.offset = offset
    t.numel = n if ndim else 0
    return 0


cdef int resize(Tensor t, int ndim, const Py_ssize_t* sizes) except -1:
    """Contiguous sizes over t's own memory from its offset on, grown where it is too small; nothing where the sizes
    are t's already.
    """
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t step = 1, n
    cdef bint same = t.ndim == ndim
    cdef int k
    for k in range(ndim):
        same = same and t.sizes[k] == sizes[k]
    if same:
        return 0
    if not t.memory.resizable:
        raise RuntimeError(
            "calling resize_ on a tensor that has non-resizable storage: clone it first or create a new "
            "tensor instead"
        )
    n = count_elements(ndim, sizes)
    for k in range(ndim - 1, -1, -1):
        strides[k] = step
        step *= sizes[k]
    if t.offset + n > t.memory.size:
        memory_resize(t.memory, t.offset + n)
    return restride(t, ndim, sizes, strides, t.offset)


cdef Tensor prepare(Tensor out, int dtype, int ndim, const Py_ssize_t* sizes):
    if out is None:
        return new_tensor(dtype, ndim, sizes)
    if out.dtype != dtype:
        raise TypeError(f"out must be a {type_name(dtype)}, got {type_name(out.dtype)}")
    resize(out, ndim, sizes)
    return out


cdef int wrap_dim(Py_ssize_t dim, int ndim) except -1:
    if ndim == 0:
        raise RuntimeError("dimension specified as " + str(dim) + " but tensor has no dimensions")
    if dim < -ndim or dim >= ndim:
        raise RuntimeError(f"dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got {dim})")
    return dim + ndim if dim < 0 else dim


cdef str size_text(Tensor t):
    return "x".join([str(t.sizes[k]) for k in range(t.ndim)]) or "no dimension"


cdef str type_name(int dtype):
    return f"torch.{'sparse.' if dtype >= N_DTYPES else ''}{_names[dtype % N_DTYPES]}Tensor"


cdef object get_item(Tensor t, Py_ssize_t position):
    cdef char* p = data_of(t) + position * ITEMSIZE[t.dtype]
    if t.dtype == FLOAT:
        return (<float*>p)[0]
    if t.dtype == DOUBLE:
        return (<double*>p)[0]
    if t.dtype == LONG:
        return (<int64_t*>p)[0]
    if t.dtype == BYTE:
        return (<uint8_t*>p)[0]
    if t.dtype == INT:
        return (<int32_t*>p)[0]
    if t.dtype == SHORT:
        return (<int16_t*>p)[0]
    if t.dtype == CHAR:
        return (<int8_t*>p)[0]
    return half_to_float((<uint16_t*>p)[0])


cdef int64_t whole(object number) except? -1:
    cdef int overflow = 0
    cdef int64_t integer = PyLong_AsLongLongAndOverflow(number, &overflow)
    if overflow:
        raise OverflowError(f"{number} is not between -2**63 and 2**63 - 1: no integer type holds it")
    return integer


cdef int set_item(int dtype, char* where, object value) except -1:
    cdef double real
    cdef int64_t integer
    if dtype >= HALF:
        if PyFloat_Check(value):
            real = PyFloat_AS_DOUBLE(value)
        elif PyLong_Check(value):
            real = PyLong_AsDouble(value)          # not by __float__, which may be anybody's code
        else:
            raise TypeError(f"a number for {type_name(dtype)} is an int or a float, got {type(value).__name__}")
        if dtype == FLOAT:
            (<float*>where)[0] = <float>real
        elif dtype == DOUBLE:
            (<double*>where)[0] = real
        else:
            (<uint16_t*>where)[0] = float_to_half(<float>real)
        return 0
    if not PyLong_Check(value):
        raise TypeError(f"a number for {type_name(dtype)} is an int, got {type(value).__name__}")
    integer = whole(value)               # a smaller type's bits are cut off it below
    if dtype == LONG:
        (<int64_t*>where)[0] = integer
    elif dtype == BYTE:
        (<uint8_t*>where)[0] = <uint8_t>integer
    elif dtype == INT:
        (<int32_t*>where)[0] = <int32_t>integer
    elif dtype == SHORT:
        (<int16_t*>where)[0] = <int16_t>integer
    else:
        (<int8_t*>where)[0] = <int8_t>integer
    return 0
