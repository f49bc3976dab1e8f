"""What a typed tensor is made from: sizes, a sequence, a storage, another tensor."""

from .storage cimport HALF, ITEMSIZE, Storage
from .tensor cimport MAX_DIMS, Tensor, become, data_of, new_empty, new_on, new_tensor, set_item, type_name

from .tensor import Size


cdef int size_list(object numbers, Py_ssize_t* sizes) except -1:
    """Sizes as 0.3.1 reads them: the list ends at the first number that is not positive."""
    cdef int n = 0
    for number in numbers:
        if type(number) is not int:
            raise TypeError(f"sizes are plain ints, got {type(number).__name__}")
        if number <= 0:
            break
        if n == MAX_DIMS:
            raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions")
        sizes[n] = number
        n += 1
    return n


cdef Tensor of_sizes(int dtype, object numbers):
    cdef Py_ssize_t sizes[MAX_DIMS]
    return new_tensor(dtype, size_list(numbers, sizes), sizes)


cdef int _measure(object data, Py_ssize_t* sizes, int depth) except -1:
    """The sizes of nested sequences, from their first elements."""
    if not _is_sequence(data):
        return depth
    if depth == MAX_DIMS:
        raise RuntimeError(f"sequences are nested more than {MAX_DIMS} deep")
    n = len(data)
    if n == 0 and depth > 0:
        raise RuntimeError("a nested sequence is empty")
    sizes[depth] = n
    return _measure(data[0], sizes, depth + 1) if n else depth + 1


cdef bint _is_sequence(object data) except -1:
    kind = type(data)
    if isinstance(data, (str, dict, set)) or hasattr(kind, "volatile"):        # text, sets, Variables
        return False
    return hasattr(kind, "__getitem__") and hasattr(kind, "__len__")


cdef char* _fill(object data, int dtype, int ndim, const Py_ssize_t* sizes, int depth, char* where) except NULL:
    """Write nested sequences in order; each must have the size that the first one of its depth has."""
    cdef Py_ssize_t left = sizes[depth] if depth < ndim else 0
    if depth == ndim:
        try:
            set_item(dtype, where, data)
        except TypeError as error:
            kind = "float" if dtype >= HALF else "int"
            raise RuntimeError(
                f"tried to construct a tensor from a {kind} sequence, but found an item of type "
                f"{type(data).__name__}: {error}"
            ) from None
        return where + ITEMSIZE[dtype]
    if not _is_sequence(data) or len(data) != sizes[depth]:
        got = len(data) if _is_sequence(data) else type(data).__name__
        raise RuntimeError(f"inconsistent sequence length: expected {sizes[depth]} but got {got}, at depth {depth}")
    for item in data:                                # which may have become another number of items
        if left == 0:
            break
        left -= 1
        where = _fill(item, dtype, ndim, sizes, depth + 1, where)
    if left:
        raise RuntimeError(f"a sequence of {sizes[depth]} items gave only {sizes[depth] - left}, at depth {depth}")
    return where


cdef Tensor of_sequence(int dtype, object data):
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int ndim = _measure(data, sizes, 0)
    cdef Tensor t
    if hasattr(data, "astype"):                      # an array, of any type: its elements as Python numbers
        data = data.astype("f8" if dtype >= HALF else "i8").tolist()
    if ndim == 0:
        raise RuntimeError(f"a sequence of numbers is needed, got {type(data).__name__}")
    if sizes[0] == 0:
        return new_empty(dtype)
    t = new_tensor(dtype, ndim, sizes)
    _fill(data, dtype, ndim, sizes, 0, data_of(t))
    return t


cdef int construct(Tensor t, int dtype, tuple args) except -1:
    """Make t what the arguments of XTensor(...) say: ints or a Size are sizes, a sequence is data, a storage or tensor
    is shared.
    """
    cdef Tensor made
    cdef Py_ssize_t n, one = 1
    t.dtype = dtype
    if len(args) == 1 and not isinstance(args[0], int):
        (given,) = args
        if isinstance(given, Tensor):
            if (<Tensor>given).dtype != dtype:
                raise TypeError(
                    f"a {type_name(dtype)} can be made from a tensor of its own type, got "
                    f"{type_name((<Tensor>given).dtype)}"
                )
            made = <Tensor>given
        elif isinstance(given, Storage):
            if (<Storage>given).memory.dtype != dtype:
                raise TypeError(
                    f"a {type_name(dtype)} can be made from a storage of its own type, got "
                    f"{type(given).__name__}"
                )
            n = (<Storage>given).memory.size
            made = new_on((<Storage>given).memory, 1 if n else 0, &n, &one, 0)
        elif isinstance(given, Size):
            made = of_sizes(dtype, given)
        elif _is_sequence(given):
            made = of_sequence(dtype, given)
        else:
            raise TypeError(
                f"a {type_name(dtype)} is made from sizes, a sequence, a storage or a tensor of its type, "
                f"got {type(given).__name__}"
            )
    else:
        for arg in args:
            if type(arg) is not int:
                raise TypeError(f"a {type_name(dtype)} is made from sizes, which are ints, got {type(arg).__name__}")
        made = of_sizes(dtype, args)
    become(t, made)
    return 0
