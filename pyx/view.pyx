"""Views: other sizes, strides and offset over the same memory."""

from cpython.object cimport PyObject
from libc.stdint cimport INTPTR_MAX

from .broadcast cimport sum_to
from .copy cimport copy_into, zero
from .operands cimport new_sized
from .operation cimport Operation, operation
from .strided cimport iterate
from .tensor cimport (
    MAX_DIMS, Tensor, is_contiguous, new_tensor, new_view, restride, same_size, size_text, wrap_dim,
)


cdef Tensor _give(
    Tensor x, Tensor out, int ndim, const Py_ssize_t* sizes, const Py_ssize_t* strides, Py_ssize_t offset
):
    """A new view of x, or x itself changed to it."""
    if out is None:
        return new_view(x, ndim, sizes, strides, offset)
    restride(out, ndim, sizes, strides, offset)
    return out


def select(Tensor x not None, int dim, Py_ssize_t index, Tensor out=None):
    """The slice at index along dim."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, n = 0
    if x.ndim == 0:
        raise RuntimeError("select needs a tensor with dimensions")
    if index < 0 or index >= x.sizes[dim]:
        raise RuntimeError(f"select: index {index} is outside of dimension {dim} of size {x.sizes[dim]}")
    for k in range(x.ndim):
        if k != dim:
            sizes[n] = x.sizes[k]
            strides[n] = x.strides[k]
            n += 1
    if n == 0:                                       # an element of a vector stays a vector, of one element
        sizes[0] = strides[0] = n = 1
    return _give(x, out, n, sizes, strides, x.offset + index * x.strides[dim])


def slice_dim(Tensor x not None, int dim, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t step, Tensor out=None):
    """x[start:stop:step] along dim; 0 <= start < stop <= size, step > 0."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k
    if step <= 0 or start < 0 or stop <= start or stop > x.sizes[dim]:
        raise RuntimeError(f"slice {start}:{stop}:{step} does not fit dimension {dim} of size {x.sizes[dim]}")
    for k in range(x.ndim):
        sizes[k] = x.sizes[k]
        strides[k] = x.strides[k]
    sizes[dim] = (stop - start + step - 1) // step
    strides[dim] *= step
    return _give(x, out, x.ndim, sizes, strides, x.offset + start * x.strides[dim])


def narrow(Tensor x not None, int dim, Py_ssize_t start, Py_ssize_t length, Tensor out=None):
    """length slices along dim, from start on."""
    if start < 0 or length <= 0 or start > x.sizes[dim] - length:
        raise RuntimeError(f"narrow: {length} slices from {start} on do not fit dimension {dim} of size {x.sizes[dim]}")
    return slice_dim(x, dim, start, start + length, 1, out)


def transpose(Tensor x not None, int dim0, int dim1, Tensor out=None):
    """Two dimensions exchanged."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k
    for k in range(x.ndim):
        sizes[k] = x.sizes[dim1 if k == dim0 else dim0 if k == dim1 else k]
        strides[k] = x.strides[dim1 if k == dim0 else dim0 if k == dim1 else k]
    return _give(x, out, x.ndim, sizes, strides, x.offset)


def t(Tensor x not None, Tensor out=None):
    """The transposed matrix."""
    if x.ndim != 2:
        raise RuntimeError(f"t() expects a 2D tensor, but self is {x.ndim}D")
    return transpose(x, 0, 1, out)


def permute(Tensor x not None, dims, Tensor out=None):
    """The dimensions in another order."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, dim
    order = [wrap_dim(d, x.ndim) for d in dims]
    if sorted(order) != list(range(x.ndim)):
        raise RuntimeError(f"repeated dim in permute: {tuple(dims)} is no order of the {x.ndim} dimensions")
    for k in range(x.ndim):
        dim = order[k]
        sizes[k] = x.sizes[dim]
        strides[k] = x.strides[dim]
    return _give(x, out, x.ndim, sizes, strides, x.offset)


def inverse_permutation(dims):
    """The order that undoes the order dims."""
    n = len(dims)
    inverse = [0] * n
    for k, dim in enumerate(dims):
        inverse[dim % n] = k
    return tuple(inverse)


def view(Tensor x not None, requested, Tensor out=None):
    """The elements in other sizes."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef Py_ssize_t known = 1, step = 1
    cdef int k, n = len(requested), unknown = -1
    if n > MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {n}")
    if x.ndim == 0 and x.numel == 0 and n:
        return _give(x, out, 0, sizes, strides, x.offset)
    for k in range(n):
        sizes[k] = requested[k]
        if sizes[k] == -1:
            if unknown >= 0:
                raise RuntimeError("only one dimension can be inferred")
            unknown = k
        elif sizes[k] <= 0:
            raise RuntimeError(f"view: sizes must be positive, or -1 once, got {tuple(requested)}")
        elif known > 0:
            known = 0 if sizes[k] > x.numel else known * sizes[k]
    if unknown >= 0 and known and x.numel % known == 0 and x.numel:
        sizes[unknown] = x.numel // known
        known *= sizes[unknown]
    if unknown >= 0 and sizes[unknown] < 0 or known != x.numel or n == 0 and x.numel != 1:
        raise RuntimeError(
            f"size {tuple(requested)} is invalid for input of {x.numel} elements, of size {size_text(x)}"
        )
    if not is_contiguous(x):
        raise RuntimeError("input is not contiguous: view needs a contiguous tensor; call contiguous() before")
    for k in range(n - 1, -1, -1):
        strides[k] = step
        step *= sizes[k]
    return _give(x, out, n, sizes, strides, x.offset)


def expand(Tensor x not None, requested, Tensor out=None):
    """Dimensions of size 1 repeated, and new ones in front."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, n = len(requested), shift = n - x.ndim, new_dims = 0
    if n > MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {n}")
    if shift < 0:
        raise RuntimeError(
            f"expand({tuple(requested)}): the number of sizes provided ({n}) must be greater or equal to the number of "
            f"dimensions in the tensor ({x.ndim})"
        )
    for k in range(n):
        sizes[k] = requested[k]
        if k < shift:
            strides[k] = 0
            new_dims = k + 1
            if sizes[k] == 0:                        # the list of sizes ends at a 0, as everywhere
                n = new_dims = k
                break
            if sizes[k] < 0:
                raise RuntimeError(
                    f"the expanded size of the tensor ({sizes[k]}) must be positive in a new dimension {k}"
                )
            continue
        strides[k] = x.strides[k - shift]
        if sizes[k] == -1:
            sizes[k] = x.sizes[k - shift]
        elif x.sizes[k - shift] == 1 and sizes[k] > 0:
            strides[k] = strides[k] if sizes[k] == 1 else 0
        elif sizes[k] != x.sizes[k - shift]:
            if x.sizes[k - shift] == 1:
                n = k
                break
            raise RuntimeError(
                f"The expanded size of the tensor ({sizes[k]}) must match the existing size ({x.sizes[k - shift]}) at "
                f"non-singleton dimension {k}."
            )
    for k in range(new_dims - 1, -1, -1):            # a new dimension of size 1 steps over what lies behind it
        if sizes[k] == 1:
            strides[k] = sizes[k + 1] * strides[k + 1] if k + 1 < n else 1
    return _give(x, out, n, sizes, strides, x.offset)


def squeeze(Tensor x not None, Tensor out=None):
    """Without dimensions of size 1; one of them stays where there is no other."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, n = 0
    for k in range(x.ndim):
        if x.sizes[k] != 1:
            sizes[n] = x.sizes[k]
            strides[n] = x.strides[k]
            n += 1
    if n == 0 and x.ndim:
        sizes[0] = strides[0] = n = 1
    return _give(x, out, n, sizes, strides, x.offset)


def squeeze_dim(Tensor x not None, int dim, Tensor out=None):
    """Without dimension dim, where its size is 1 and there is another."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, n = 0
    for k in range(x.ndim):
        if k != dim or x.sizes[k] != 1 or x.ndim == 1:
            sizes[n] = x.sizes[k]
            strides[n] = x.strides[k]
            n += 1
    return _give(x, out, n, sizes, strides, x.offset)


def unsqueeze(Tensor x not None, Py_ssize_t given, Tensor out=None):
    """A new dimension of size 1."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k, dim
    if x.ndim == 0:
        raise RuntimeError("unsqueeze: cannot unsqueeze a tensor without dimensions")
    if x.ndim == MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions")
    dim = wrap_dim(given, x.ndim + 1)
    for k in range(x.ndim + 1):
        if k == dim:
            sizes[k] = 1
            strides[k] = x.sizes[k] * x.strides[k] if k < x.ndim else 1
        else:
            sizes[k] = x.sizes[k - (k > dim)]
            strides[k] = x.strides[k - (k > dim)]
    return _give(x, out, x.ndim + 1, sizes, strides, x.offset)


def unfold(Tensor x not None, int dim, Py_ssize_t size, Py_ssize_t step, Tensor out=None):
    """All windows of a size along dim, step apart."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t strides[MAX_DIMS]
    cdef int k
    if size <= 0 or size > x.sizes[dim]:
        raise RuntimeError(f"unfold: windows of {size} do not fit dimension {dim} of size {x.sizes[dim]}")
    if step <= 0:
        raise RuntimeError(f"unfold: the step must be positive, got {step}")
    if x.ndim == MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions")
    for k in range(x.ndim):
        sizes[k] = x.sizes[k]
        strides[k] = x.strides[k]
    sizes[dim] = (x.sizes[dim] - size) // step + 1
    strides[dim] = step * x.strides[dim]
    sizes[x.ndim] = size
    strides[x.ndim] = x.strides[dim]
    return _give(x, out, x.ndim + 1, sizes, strides, x.offset)


cdef Tensor _zeros(int dtype, object sizes):
    cdef Tensor t = new_sized(dtype, sizes)
    zero(t)
    return t


def zeros_of(Tensor like not None, sizes):
    """Zeros of the type of a tensor."""
    return _zeros(like.dtype, sizes)


def select_backward(Tensor g not None, size, Py_ssize_t dim, Py_ssize_t index):
    """Zeros with g in one slice."""
    cdef Tensor out = _zeros(g.dtype, size)
    copy_into(select(out, wrap_dim(dim, out.ndim), index), g)
    return out


def slice_backward(Tensor g not None, size, Py_ssize_t along, Py_ssize_t start, Py_ssize_t step):
    """Zeros with g in every step-th slice."""
    cdef Tensor out = _zeros(g.dtype, size)
    cdef int dim = wrap_dim(along, min(out.ndim, g.ndim))
    copy_into(slice_dim(out, dim, start, start + step * (g.sizes[dim] - 1) + 1, step), g)
    return out


def unfold_backward(Tensor g not None, size, Py_ssize_t along, Py_ssize_t window, Py_ssize_t step):
    """Windows summed back to where they were taken."""
    cdef Tensor out = _zeros(g.dtype, size), part, part_of_g
    cdef int dim = wrap_dim(along, min(out.ndim, g.ndim - 1))
    cdef Operation add = operation("add")
    cdef PyObject* operands[3]
    cdef Py_ssize_t i
    for i in range(g.sizes[dim]):                    # window by window, for they overlap
        part = slice_dim(out, dim, i * step, i * step + window, 1)
        taken = slice_dim(g, dim, i, i + 1, 1).transpose(dim, g.ndim - 1)
        part_of_g = squeeze_last(taken)
        if not same_size(part, part_of_g):
            raise RuntimeError(f"windows of size {size_text(part_of_g)} do not fit parts of size {size_text(part)}")
        operands[0] = operands[2] = <PyObject*>part
        operands[1] = <PyObject*>part_of_g
        iterate(add.loops[g.dtype], NULL, 3, operands)
    return out


cdef Tensor squeeze_last(Tensor t):
    return new_view(t, t.ndim - 1, t.sizes, t.strides, t.offset)


def tile(Tensor x not None, times, Tensor out=None):
    """x copied times[k] times along dimension k."""
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef Py_ssize_t split[MAX_DIMS]
    cdef Py_ssize_t steps[MAX_DIMS]
    cdef int k, n = len(times), shift = n - x.ndim
    cdef Tensor result, tiled, source
    if shift < 0 or n == 0 or 2 * n > MAX_DIMS or x.numel == 0:
        raise RuntimeError(
            f"repeat needs a number for each of the {x.ndim} dimensions of a tensor with elements, got "
            f"{tuple(times)}"
        )
    for k in range(n):
        if times[k] <= 0:
            raise RuntimeError(f"repeat needs positive numbers, got {tuple(times)}")
        if times[k] > INTPTR_MAX // x.numel:
            raise RuntimeError(f"a tensor of size {size_text(x)} repeated {tuple(times)} times has too many elements")
        sizes[k] = times[k] * (1 if k < shift else x.sizes[k - shift])
    result = new_tensor(x.dtype, n, sizes)
    # Each dimension split in two, (copies, x's own): the source has a step of 0 in the first of them.
    for k in range(n):
        split[2 * k] = times[k]
        split[2 * k + 1] = 1 if k < shift else x.sizes[k - shift]
        steps[2 * k] = split[2 * k + 1] * result.strides[k]
        steps[2 * k + 1] = result.strides[k]
    tiled = new_view(result, 2 * n, split, steps, 0)
    for k in range(n):
        steps[2 * k] = 0
        steps[2 * k + 1] = 0 if k < shift else x.strides[k - shift]
    source = new_view(x, 2 * n, split, steps, x.offset)
    copy_into(tiled, source)
    return result


def tile_backward(Tensor g not None, size, times):
    """The copies summed."""
    cdef Py_ssize_t split[MAX_DIMS]
    cdef Py_ssize_t steps[MAX_DIMS]
    cdef int k, n = g.ndim
    cdef list kept = []
    if len(times) != n or 2 * n > MAX_DIMS or any([number <= 0 for number in times]):
        raise RuntimeError(f"copies by {tuple(times)} do not make a tensor of size {size_text(g)}")
    for k in range(n):
        split[2 * k] = times[k]
        split[2 * k + 1] = g.sizes[k] // split[2 * k]
        steps[2 * k] = split[2 * k + 1] * g.strides[k]
        steps[2 * k + 1] = g.strides[k]
        kept.extend([1, split[2 * k + 1]])
    return view(sum_to(new_view(g, 2 * n, split, steps, g.offset), kept), size)
