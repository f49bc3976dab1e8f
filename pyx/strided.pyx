"""THE iterator: broadcasting, an odometer over the outer dimensions; it calls one inner loop for each run."""

from cpython.object cimport PyObject

from libc.stdlib cimport llabs

from .storage cimport ITEMSIZE
from .tensor cimport MAX_DIMS, Tensor, data_of, size_text

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
                    texts = [f"[{size_text(<Tensor>operands[j]).replace('x', ' x ')}]" for j in range(n_operands)]
                    raise RuntimeError(
                        f"inconsistent tensor size: {' and '.join(texts)} cannot be broadcast together, "
                        f"{sizes[shift + k]} must match the size {t.sizes[k]} at dimension {shift + k}"
                    )
                sizes[shift + k] = t.sizes[k]
    return ndim


cdef int iterate(inner_loop loop, void* extra, int n_operands, PyObject** operands) except -1:
    cdef Py_ssize_t sizes[MAX_DIMS]
    cdef steps_of_dim steps[MAX_DIMS]
    cdef Py_ssize_t counter[MAX_DIMS]
    cdef char* data[MAX_OPERANDS]
    cdef char* run[MAX_OPERANDS]
    cdef Tensor out = <Tensor>operands[n_operands - 1], t
    cdef int i, k, last, ndim = 0, shift
    cdef Py_ssize_t step, n
    cdef bint merged
    if out.numel == 0:
        return 0
    for i in range(n_operands):
        data[i] = data_of(<Tensor>operands[i])
    # Keep the dimensions larger than 1, and merge each with the one outside it where all operands step through both
    # as one.
    for k in range(out.ndim):
        if out.sizes[k] == 1:
            continue
        merged = ndim > 0
        for i in range(n_operands):
            t = <Tensor>operands[i]
            shift = k - (out.ndim - t.ndim)
            step = 0 if shift < 0 or t.sizes[shift] == 1 else t.strides[shift] * ITEMSIZE[t.dtype]
            steps[ndim][i] = step
            if merged and steps[ndim - 1][i] != step * out.sizes[k]:
                merged = False
        if merged:
            sizes[ndim - 1] *= out.sizes[k]
            for i in range(n_operands):
                steps[ndim - 1][i] = steps[ndim][i]
        else:
            sizes[ndim] = out.sizes[k]
            ndim += 1
    if ndim == 0:
        sizes[0] = 1
        for i in range(n_operands):
            steps[0][i] = ITEMSIZE[(<Tensor>operands[i]).dtype]
        ndim = 1
    last = ndim - 1
    if last > 0:
        _put_smallest_step_last(ndim, n_operands, sizes, steps)
    n = sizes[last]
    if last == 0:
        if n < 4096:
            loop(data, &n, steps[0], extra)
        else:
            with nogil:
                loop(data, &n, steps[0], extra)
        return 0
    with nogil:
        for k in range(last):
            counter[k] = 0
        while True:
            for i in range(n_operands):
                run[i] = data[i]
            loop(run, &n, steps[last], extra)
            k = last - 1
            while k >= 0:
                counter[k] += 1
                for i in range(n_operands):
                    data[i] += steps[k][i]
                if counter[k] < sizes[k]:
                    break
                for i in range(n_operands):
                    data[i] -= steps[k][i] * sizes[k]
                counter[k] = 0
                k -= 1
            if k < 0:
                break
    return 0


cdef void _put_smallest_step_last(int ndim, int n_operands, Py_ssize_t* sizes, steps_of_dim* steps) noexcept nogil:
    """The dimension in which out's neighbours lie closest becomes the innermost: a transposed tensor is walked in
    memory order.
    """
    cdef int out = n_operands - 1, best = ndim - 1, k, i
    cdef Py_ssize_t swap
    for k in range(ndim - 1):
        if steps[k][out] != 0 and (steps[best][out] == 0 or llabs(steps[k][out]) < llabs(steps[best][out])):
            best = k
    if best == ndim - 1:
        return
    for k in range(best, ndim - 1):          # the others keep their order
        swap = sizes[k]
        sizes[k] = sizes[k + 1]
        sizes[k + 1] = swap
        for i in range(n_operands):
            swap = steps[k][i]
            steps[k][i] = steps[k + 1][i]
            steps[k + 1][i] = swap
