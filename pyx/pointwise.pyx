"""Running a pointwise loop over Tensors and numbers."""

import warnings

from cpython.object cimport PyObject
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t

from .copy cimport clone, copy_into
from .storage cimport BYTE, HALF, ITEMSIZE, N_DTYPES
from .strided cimport MAX_OPERANDS, broadcast_sizes, inner_loop, iterate, iterate_contiguous
from .tensor cimport (
    MAX_DIMS, Tensor, data_of, get_item, is_contiguous, mixes, new_point, new_scalar, new_tensor, new_view, prepare,
    same_size, set_item,
    size_text, type_name,
)

cdef bint _broadcast_warning = False


def set_broadcast_warning(bint enabled):
    """Whether to warn where sizes broadcast that PyTorch 0.1 took element by element (utils.backcompat)."""
    global _broadcast_warning
    _broadcast_warning = enabled


cdef Tensor run(inner_loop loop, void* extra, int n, PyObject** values, int dtype, int out_dtype, Tensor out):
    """One loop over values, each a Tensor of the type or a number; into out, where it is given, else into a new
    tensor.
    """
    cdef char* data[MAX_OPERANDS]
    cdef Py_ssize_t steps[MAX_OPERANDS]
    cdef int64_t numbers[MAX_OPERANDS]
    cdef Tensor first = None, t
    cdef Py_ssize_t itemsize = ITEMSIZE[dtype]
    cdef bint plain = True
    cdef int k
    for k in range(n):
        if isinstance(<object>values[k], Tensor):
            t = <Tensor>values[k]
            if t.dtype != dtype:
                raise RuntimeError(
                    f"Expected object of type {type_name(dtype)} but found type {type_name(t.dtype)}: "
                    "operands are of one type"
                )
            if first is None:
                first = t
                plain = is_contiguous(t)
            elif plain:
                plain = same_size(t, first) and is_contiguous(t)
            data[k] = data_of(t)
            steps[k] = itemsize
        else:
            set_item(dtype, <char*>&numbers[k], <object>values[k])
            data[k] = <char*>&numbers[k]
            steps[k] = 0
    if plain and first is not None:
        if out is None:
            if first.ndim:
                out = new_tensor(out_dtype, first.ndim, first.sizes)
            else:
                out = new_point(out_dtype) if first.numel else new_tensor(out_dtype, 0, NULL)
        elif not (out.dtype == out_dtype and same_size(out, first) and is_contiguous(out)) or _mixes(out, n, values):
            return run_strided(loop, extra, n, values, dtype, out_dtype, out)
        data[n] = data_of(out)
        steps[n] = ITEMSIZE[out_dtype]
        iterate_contiguous(loop, extra, n + 1, data, steps, out.numel)
        return out
    return run_strided(loop, extra, n, values, dtype, out_dtype, out)


cdef Tensor run_strided(inner_loop loop, void* extra, int n, PyObject** values, int dtype, int out_dtype, Tensor out):
    """The general case: operands that broadcast, or do not lie contiguous."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef PyObject* operands[MAX_OPERANDS]
    cdef PyObject* tensors[MAX_OPERANDS]
    cdef Tensor t, target
    cdef int k, ndim, n_tensors = 0
    cdef list alive = []
    for k in range(n):
        if isinstance(<object>values[k], Tensor):
            t = <Tensor>values[k]
            tensors[n_tensors] = <PyObject*>t
            n_tensors += 1
        else:
            t = new_scalar(dtype)
            set_item(dtype, data_of(t), <object>values[k])
        alive.append(t)
        operands[k] = <PyObject*>t
    if n_tensors == 0:
        if out is None:
            raise TypeError("a pointwise operation takes at least one tensor, got numbers only")
        ndim = out.ndim
        for k in range(ndim):
            sizes[k] = out.sizes[k]
    else:
        ndim = _common_sizes(n, n_tensors, operands, tensors, sizes, alive)
    _check_result(out, n_tensors, tensors, ndim, sizes)
    if ndim == 0:
        target = new_point(out_dtype) if _any_point(n_tensors, tensors) else prepare(out, out_dtype, 0, NULL)
    else:
        target = prepare(out, out_dtype, ndim, sizes)
    if out is not None and target is out and _mixes(target, n, operands):      # compute beside it
        target = run_strided(loop, extra, n, operands, dtype, out_dtype, None)
        copy_into(out, target)
        return out
    operands[n] = <PyObject*>target
    iterate(loop, extra, n + 1, operands)
    return target


cdef int _check_result(Tensor out, int n, PyObject** tensors, int ndim, const Py_ssize_t* sizes) except -1:
    """An operand that is also the result is not resized: only the other operands broadcast. Nothing broadcasts to no
    elements.
    """
    cdef Tensor t
    cdef int k, d
    cdef bint same
    for k in range(n):
        t = <Tensor>tensors[k]
        if t.numel == 0 and ndim:
            raise RuntimeError(f"inconsistent tensor size, a tensor with no dimension beside one of {ndim} dimensions")
        if t is out:
            same = t.ndim == ndim
            for d in range(ndim if same else 0):
                same = same and t.sizes[d] == sizes[d]
            if not same:
                wanted = [sizes[d] for d in range(ndim)]
                raise RuntimeError(
                    f"inconsistent tensor size, a result of size {wanted} does not fit into an operand of "
                    f"size {size_text(t)}"
                )
    return 0


cdef bint _any_point(int n, PyObject** tensors) noexcept:
    cdef int k
    for k in range(n):
        if (<Tensor>tensors[k]).numel:
            return True
    return False


cdef bint _mixes(Tensor out, int n, PyObject** values) noexcept:
    """Whether an operand shares memory with out in another layout."""
    cdef int k
    for k in range(n):
        if isinstance(<object>values[k], Tensor) and mixes(out, <Tensor>values[k]):
            return True
    return False


cdef int _common_sizes(
    int n, int n_tensors, PyObject** operands, PyObject** tensors, Py_ssize_t* sizes, list alive
) except -1:
    """The sizes of the result. Tensors that do not broadcast but have equally many elements are taken element by
    element, with a warning, as before PyTorch 0.2; the operands are replaced by views then."""
    cdef Tensor first = <Tensor>tensors[0], t
    cdef bint equal = True
    cdef int k, ndim
    try:
        ndim = broadcast_sizes(n_tensors, tensors, sizes)
    except RuntimeError:
        for k in range(n_tensors):
            equal = equal and (<Tensor>tensors[k]).numel == first.numel
        if not equal or not first.numel:
            raise
        warnings.warn(
            f"{size_text(first)} is not broadcastable with the other sizes, but the number of elements is equal. "
            "Falling back to deprecated pointwise behavior.",
            stacklevel=1,
        )
        for k in range(n):
            t = <Tensor>operands[k]
            if t.numel == first.numel:
                t = _viewed_as(t, first)
                alive.append(t)
                operands[k] = <PyObject*>t
        for k in range(first.ndim):
            sizes[k] = first.sizes[k]
        return first.ndim
    if _broadcast_warning:
        _warn_broadcast(n_tensors, tensors)
    return ndim


cdef Tensor _viewed_as(Tensor t, Tensor like):
    """The elements of t in order, in the sizes of like."""
    cdef Tensor dense = t if is_contiguous(t) else clone(t)
    cdef Tensor shaped = new_tensor(t.dtype, like.ndim, like.sizes)
    return new_view(dense, like.ndim, like.sizes, shaped.strides, dense.offset)


cdef int _warn_broadcast(int n, PyObject** tensors) except -1:
    cdef Tensor first = <Tensor>tensors[0], t
    for k in range(1, n):
        t = <Tensor>tensors[k]
        if t.numel == first.numel and not same_size(t, first):
            warnings.warn(
                f"tensors of sizes {size_text(first)} and {size_text(t)} do not have the same shape, but are "
                "broadcastable, and have the same number of elements. Changing behavior in a backwards incompatible "
                "manner to broadcasting rather than viewing as 1-dimensional.",
                stacklevel=1,
            )
            break
    return 0


cdef int _refuse_zero(object divisor) except -1:
    """Integers have no quotient by 0."""
    cdef Tensor t
    if isinstance(divisor, Tensor):
        t = divisor
        if t.numel and not _all_nonzero(t):
            raise RuntimeError(f"division of a {type_name(t.dtype)} by zero")
    elif divisor == 0:
        raise RuntimeError("division of an integer tensor by zero")
    return 0


cdef bint _all_nonzero(Tensor t) except -1:
    cdef Tensor dense = t if is_contiguous(t) else clone(t)
    cdef char* p = data_of(dense)
    cdef Py_ssize_t i, size = ITEMSIZE[t.dtype]
    for i in range(dense.numel):
        if size == 1 and (<int8_t*>p)[i] == 0 or size == 2 and (<int16_t*>p)[i] == 0:
            return False
        if size == 4 and (<int32_t*>p)[i] == 0 or size == 8 and (<int64_t*>p)[i] == 0:
            return False
    return True


cdef int check_broadcast(int n, PyObject** values) except -1:
    cdef PyObject* tensors[MAX_OPERANDS]
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef int k, n_tensors = 0
    for k in range(n):
        if isinstance(<object>values[k], Tensor):
            tensors[n_tensors] = values[k]
            n_tensors += 1
    try:
        broadcast_sizes(n_tensors, tensors, sizes)
    except RuntimeError:
        given = " and ".join([f"[{size_text(<Tensor>tensors[k])}]" for k in range(n_tensors)])
        raise RuntimeError(
            f"Variables of sizes {given} cannot be broadcast together: counted from the last dimension, each size must "
            "match the size of the others, or be 1"
        ) from None
    return 0


cdef Tensor compute_pointwise(Operation op, int n, PyObject** values, Tensor out):
    """The row's op on values, of which the first Tensor decides the type."""
    cdef inner_loop loop
    cdef void* extra
    cdef int k, dtype = -1, out_dtype
    for k in range(n):
        if isinstance(<object>values[k], Tensor):
            dtype = (<Tensor>values[k]).dtype
            break
    if dtype < 0:
        raise TypeError(f"{op.name} takes at least one tensor, got numbers only")
    if dtype >= N_DTYPES:
        from ..sparse.core import computed

        return computed(op.name, [<object>values[k] for k in range(n)], out)
    loop = op.loops[dtype]
    extra = op.extras[dtype]
    out_dtype = dtype
    if op.compares and (out is None or out.dtype == BYTE):
        loop = op.byte_loops[dtype]
        out_dtype = BYTE
    if loop == NULL:
        raise RuntimeError(f"{op.name} is not implemented for type {type_name(dtype)}")
    if op.divisor >= 0 and dtype < HALF:
        _refuse_zero(_wrapped(dtype, <object>values[op.divisor]))
    return run(loop, extra, n, values, dtype, out_dtype, out)


def clamp_unbounded(Tensor x not None):
    """ValueError: a clamp has at least one bound."""
    raise ValueError("clamp requires specifying at least one of min and max arguments")


cdef object _wrapped(int dtype, object number):
    """The number as the type holds it: 256 is 0 for a byte."""
    cdef Tensor t
    if isinstance(number, Tensor):
        return number
    t = new_scalar(dtype)
    set_item(dtype, data_of(t), number)
    return get_item(t, 0)
