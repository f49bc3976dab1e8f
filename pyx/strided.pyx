"""THE iterator: broadcasting, an odometer over the outer dimensions; it calls one inner loop for each run."""

from cpython.object cimport PyObject

from libc.stdint cimport uint64_t
from libc.stdlib cimport llabs

from .storage cimport ITEMSIZE
from .tensor cimport MAX_DIMS, Tensor, data_of, size_text
from .threads cimport threads

cdef enum:
    SMALL = 4096                     # elements below which the GIL is kept
    GRAIN = 1 << 15                  # elements that a thread takes at least
    LINE = 64                        # bytes of a cache line
    SHORT = 16                       # elements: shorter runs cost more than they do

ctypedef Py_ssize_t[MAX_OPERANDS] steps_of_dim            # in bytes


cdef int broadcast_sizes(int n_operands, PyObject** operands, Py_ssize_t* sizes) except -1:
    cdef Tensor t
    cdef int ndim = 0, i, k, shift
    for i in range(n_operands):
        ndim = max(ndim, (<Tensor>operands[i]).ndim)
    for k in range(ndim):
        sizes[k] = 1
    for i in range(n_operands):
        t = <Tensor>operands[i]
        shift = ndim - t.ndim
        for k in range(t.ndim):
            if t.sizes[k] != 1 and t.sizes[k] != sizes[shift + k]:
                if sizes[shift + k] != 1:
                    given = [<object>operands[j] for j in range(n_operands)]
                    raise _no_common_size(given, sizes[shift + k], t.sizes[k], shift + k)
                sizes[shift + k] = t.sizes[k]
    return ndim


cdef object _no_common_size(list tensors, Py_ssize_t a, Py_ssize_t b, int dim):
    sizes = " and ".join([f"[{size_text(<Tensor>t).replace('x', ' x ')}]" for t in tensors])
    counts = " and ".join([str((<Tensor>t).numel) for t in tensors])
    return RuntimeError(
        f"inconsistent tensor size: {sizes} cannot be broadcast together, for {a} must match the size {b} at dimension "
        f"{dim}, nor taken element by element, for they have {counts} elements"
    )


cdef struct Walk:                                          # what the threads of one iteration share
    inner_loop loop
    void* extra
    int ndim, n_operands
    Py_ssize_t sizes[MAX_DIMS]
    steps_of_dim steps[MAX_DIMS]
    char* data[MAX_OPERANDS]
    # The elements are visited in bands across the last dimension, each so wide, but for the last band. Within a band
    # the dimensions run in order.
    Py_ssize_t width


cdef int iterate(inner_loop loop, void* extra, int n_operands, PyObject** operands) except -1:
    cdef Walk walk
    cdef Tensor out = <Tensor>operands[n_operands - 1]
    cdef bint free
    cdef int i
    if out.numel == 0:
        return 0
    walk.loop, walk.extra, walk.n_operands = loop, extra, n_operands
    for i in range(n_operands):
        walk.data[i] = data_of(<Tensor>operands[i])
    _merge_dims(&walk, operands)
    if walk.ndim > 1:
        _put_smallest_step_last(&walk)
    walk.width = walk.sizes[walk.ndim - 1]
    if out.numel < SMALL:
        if walk.ndim == 1:
            loop(walk.data, walk.sizes, walk.steps[0], extra)
        else:
            _walk(&walk, 0, out.numel)
        return 0
    with nogil:
        free = _order_is_free(&walk)
        if free and walk.ndim > 1:
            _choose_bands(&walk)
        threads.run(out.numel, GRAIN if free else out.numel, _walk, &walk)
    return 0


cdef int iterate_contiguous(inner_loop loop, void* extra, int n_operands, char** data, Py_ssize_t* steps,
                            Py_ssize_t n) except -1:
    cdef Walk walk
    cdef int i
    if n < SMALL:
        loop(data, &n, steps, extra)
        return 0
    walk.loop, walk.extra, walk.n_operands, walk.ndim = loop, extra, n_operands, 1
    walk.sizes[0] = walk.width = n
    for i in range(n_operands):
        walk.data[i], walk.steps[0][i] = data[i], steps[i]
    with nogil:
        threads.run(n, GRAIN if _order_is_free(&walk) else n, _walk, &walk)
    return 0


cdef void _merge_dims(Walk* walk, PyObject** operands) noexcept:
    """The dimensions larger than 1, each merged with the one outside it where all operands step through both as one."""
    cdef Tensor out = <Tensor>operands[walk.n_operands - 1], t
    cdef Py_ssize_t step
    cdef int i, k, ndim = 0, shift
    cdef bint merged
    for k in range(out.ndim):
        if out.sizes[k] == 1:
            continue
        merged = ndim > 0
        for i in range(walk.n_operands):
            t = <Tensor>operands[i]
            shift = k - (out.ndim - t.ndim)
            step = 0 if shift < 0 or t.sizes[shift] == 1 else t.strides[shift] * ITEMSIZE[t.dtype]
            walk.steps[ndim][i] = step
            if merged and walk.steps[ndim - 1][i] != step * out.sizes[k]:
                merged = False
        if merged:
            walk.sizes[ndim - 1] *= out.sizes[k]
            for i in range(walk.n_operands):
                walk.steps[ndim - 1][i] = walk.steps[ndim][i]
        else:
            walk.sizes[ndim] = out.sizes[k]
            ndim += 1
    if ndim == 0:
        walk.sizes[0] = 1
        for i in range(walk.n_operands):
            walk.steps[0][i] = ITEMSIZE[(<Tensor>operands[i]).dtype]
        ndim = 1
    walk.ndim = ndim


cdef void _choose_bands(Walk* walk) noexcept nogil:
    """Runs that are long enough, and bands so narrow that what lies across an operand's rows stays in the cache."""
    cdef int last = walk.ndim - 1, i, k, longest = 0, near
    for k in range(1, last):
        if walk.sizes[k] > walk.sizes[longest]:
            longest = k
    if walk.sizes[last] < SHORT and walk.sizes[longest] >= 4 * SHORT:
        _put_last(walk, longest, last)
        walk.width = 512
        return
    for i in range(walk.n_operands):
        near = last
        for k in range(last):
            if walk.steps[k][i] != 0 and llabs(walk.steps[k][i]) < llabs(walk.steps[near][i]):
                near = k
        if near != last and llabs(walk.steps[last][i]) >= LINE and walk.sizes[near] >= 8:
            _put_last(walk, near, last - 1)
            walk.width = 64
            return


cdef void _walk(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """The elements from begin to end."""
    cdef Walk* walk = <Walk*>context
    cdef Py_ssize_t counter[MAX_DIMS]
    cdef char* data[MAX_OPERANDS]
    cdef char* run[MAX_OPERANDS]
    cdef int i, k, last = walk.ndim - 1, n_operands = walk.n_operands
    cdef Py_ssize_t rows = 1, band, first, width, rest, n
    for k in range(last):
        rows *= walk.sizes[k]
    band = begin // (rows * walk.width)
    first = band * walk.width                # of the band, along the last dimension
    width = min(walk.width, walk.sizes[last] - first)
    rest = begin - first * rows
    counter[last] = rest % width             # within the band
    rest //= width
    for i in range(n_operands):
        data[i] = walk.data[i] + (first + counter[last]) * walk.steps[last][i]
    for k in range(last - 1, -1, -1):
        counter[k] = rest % walk.sizes[k]
        rest //= walk.sizes[k]
        for i in range(n_operands):
            data[i] += counter[k] * walk.steps[k][i]
    while True:
        n = min(width - counter[last], end - begin)
        for i in range(n_operands):
            run[i] = data[i]
        walk.loop(run, &n, walk.steps[last], walk.extra)
        begin += n
        if begin == end:
            return
        if counter[last]:
            for i in range(n_operands):
                data[i] -= counter[last] * walk.steps[last][i]
            counter[last] = 0
        k = last - 1
        while k >= 0:
            counter[k] += 1
            for i in range(n_operands):
                data[i] += walk.steps[k][i]
            if counter[k] < walk.sizes[k]:
                break
            for i in range(n_operands):
                data[i] -= walk.steps[k][i] * walk.sizes[k]
            counter[k] = 0
            k -= 1
        if k < 0:
            first += width
            for i in range(n_operands):
                data[i] += width * walk.steps[last][i]
            width = min(walk.width, walk.sizes[last] - first)


cdef bint _order_is_free(const Walk* walk) noexcept nogil:
    """Whether the elements may be computed in any order: no two results lie in one place, and none where an operand
    has an element that another result needs.
    """
    cdef int out = walk.n_operands - 1, i, k
    cdef const char* low[MAX_OPERANDS]
    cdef const char* high[MAX_OPERANDS]
    cdef Py_ssize_t reach
    cdef bint same
    for i in range(walk.n_operands):
        low[i] = high[i] = walk.data[i]
        for k in range(walk.ndim):
            reach = walk.steps[k][i] * (walk.sizes[k] - 1)
            if reach < 0:
                low[i] += reach
            else:
                high[i] += reach
    for i in range(out):
        if low[i] > high[out] + 7 or low[out] > high[i] + 7:      # no element is larger than 8 bytes
            continue
        same = walk.data[i] == walk.data[out]
        for k in range(walk.ndim):
            same = same and walk.steps[k][i] == walk.steps[k][out]
        if not same:
            return False
    return _apart(walk, out)


cdef bint _apart(const Walk* walk, int i) noexcept nogil:
    """Whether an operand's elements lie in different places: each step leads over all that smaller steps reach."""
    cdef Py_ssize_t step, covered = 0
    cdef int k, j, _k
    cdef uint64_t done = 0
    for _k in range(walk.ndim):
        j = -1
        for k in range(walk.ndim):                                # the smallest step that is left
            if not done >> k & 1 and (j < 0 or llabs(walk.steps[k][i]) < llabs(walk.steps[j][i])):
                j = k
        step = llabs(walk.steps[j][i])
        if step <= covered or step == 0:
            return False
        covered += step * (walk.sizes[j] - 1)
        done |= <uint64_t>1 << j
    return True


cdef void _put_smallest_step_last(Walk* walk) noexcept nogil:
    """The dimension in which out's neighbours lie closest becomes the innermost: a transposed tensor is walked in
    memory order.
    """
    cdef int out = walk.n_operands - 1, best = walk.ndim - 1, k
    for k in range(walk.ndim - 1):
        if walk.steps[k][out] != 0 and (
            walk.steps[best][out] == 0 or llabs(walk.steps[k][out]) < llabs(walk.steps[best][out])
        ):
            best = k
    _put_last(walk, best, walk.ndim - 1)


cdef void _put_last(Walk* walk, int dim, int last) noexcept nogil:
    """Dimension dim takes the place `last` further in; those between keep their order."""
    cdef Py_ssize_t swap
    cdef int i, k
    for k in range(dim, last):
        swap = walk.sizes[k]
        walk.sizes[k] = walk.sizes[k + 1]
        walk.sizes[k + 1] = swap
        for i in range(walk.n_operands):
            swap = walk.steps[k][i]
            walk.steps[k][i] = walk.steps[k + 1][i]
            walk.steps[k + 1][i] = swap
