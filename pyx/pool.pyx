"""Pooling over windows: the largest (and where it was), the mean, and their gradients.

Windows slide, or share a plane evenly (adaptive).
"""

from .copy cimport contiguous, zero
from .operands cimport (
    SPATIAL, Address, Extent, at, check_floating, check_indices, check_same_size, new_planes, read_extent, sizes_text,
    split_planes,
)
from .storage cimport FLOAT, LONG, allocate, deallocate
from .tensor cimport Tensor, sizes_of
from .threads cimport Threads, threads

cdef extern from "pool.h" namespace "al" nogil:
    struct Window:
        Py_ssize_t begin, end, full
    cppclass Pooling:
        Py_ssize_t planes
        Py_ssize_t[3] input, output, step
        Py_ssize_t columns, stride, padding
        Window* windows[3]
        bint count_padding
    void sliding_windows(Window* windows, Py_ssize_t outputs, Py_ssize_t size, Py_ssize_t kernel, Py_ssize_t stride,
                         Py_ssize_t padding, Py_ssize_t dilation)
    void adaptive_windows(Window* windows, Py_ssize_t outputs, Py_ssize_t size)
    void run_max "al::max_pool"[T](const Pooling& p, Threads& threads, Address x, Address out, Address indices)
    void run_avg "al::avg_pool"[T](const Pooling& p, Threads& threads, Address x, Address out)
    void run_avg_grad "al::avg_pool_grad"[T](const Pooling& p, Threads& threads, Address delta, Address x)
    void run_gather "al::gather_planes"[T](
        Threads& threads, Address x, Address indices, Address out, Py_ssize_t planes, Py_ssize_t n, Py_ssize_t size)
    void run_scatter "al::scatter_planes"[T](
        Threads& threads, Address x, Address indices, Address out, Py_ssize_t planes, Py_ssize_t n, Py_ssize_t size,
        bint add)


cdef class Windows:
    """The windows of one pooling, as the kernels want them."""

    cdef Pooling pooling
    cdef Window* memory
    cdef Py_ssize_t bytes

    def __dealloc__(self):
        if self.memory != NULL:
            deallocate(<char*>self.memory, self.bytes)

    cdef int reserve(self) except -1:
        cdef Pooling* p = &self.pooling
        self.bytes = (p.output[0] + p.output[1] + p.output[2]) * sizeof(Window)
        self.memory = <Window*>allocate(self.bytes)
        p.windows[0] = self.memory
        p.windows[1] = p.windows[0] + p.output[0]
        p.windows[2] = p.windows[1] + p.output[1]
        return 0


cdef int check_input(str op, sizes, int n) except -1:
    if not 1 <= n <= SPATIAL:
        raise RuntimeError(f"{op} has 1 to {SPATIAL} dimensions, got {n}")
    if not n + 1 <= len(sizes) <= n + 2:
        raise RuntimeError(f"{op} of {n} dimensions expected an input of {n + 1} or {n + 2}, got one of sizes "
                           f"{list(sizes)}")
    return 0


cdef Windows sliding(
    str op, sizes, kernel_size, stride, padding, dilation, bint ceil_mode, bint count_padding
):
    """Windows of kernel_size places, dilation apart, each stride after the one before."""
    cdef Windows windows = Windows()
    cdef Pooling* p = &windows.pooling
    cdef Extent kernel, step, pad
    cdef Py_ssize_t room, outputs
    cdef int k, n = len(kernel_size)
    check_input(op, sizes, n)
    read_extent(op, "kernel_size", kernel_size, n, 1, 1, kernel)
    read_extent(op, "stride", stride, n, 1, 1, step)
    read_extent(op, "padding", padding, n, 0, 0, pad)
    read_extent(op, "dilation", dilation, n, 1, 1, p.step)
    p.planes = 1
    p.count_padding = count_padding
    for k in range(len(sizes) - n):
        p.planes *= sizes[k]
    read_extent(op, "the input's sizes", sizes[len(sizes) - n:], n, 1, 1, p.input)
    for k in range(SPATIAL):
        if pad[k] > kernel[k] // 2:
            raise RuntimeError(f"{op}: padding should be at most half of the kernel's size, got padding "
                               f"{tuple(padding)} and kernel {tuple(kernel_size)}")
        room = p.input[k] + 2 * pad[k] - p.step[k] * (kernel[k] - 1) - 1
        if ceil_mode and room > -step[k]:
            room += step[k] - 1
        outputs = room // step[k] + 1 if room >= 0 else 0
        if (outputs - 1) * step[k] >= p.input[k] + pad[k]:
            outputs -= 1                     # the last window must begin within the input or the padding before it
        if outputs < 1:
            raise RuntimeError(f"{op}: a kernel of {tuple(kernel_size)} does not fit an input of sizes {list(sizes)} "
                               f"with padding {tuple(padding)} and dilation {tuple(dilation)}: the output is too small")
        p.output[k] = outputs
    windows.reserve()
    p.columns, p.stride, p.padding = kernel[SPATIAL - 1], step[SPATIAL - 1], pad[SPATIAL - 1]
    for k in range(SPATIAL):
        sliding_windows(p.windows[k], p.output[k], p.input[k], kernel[k], step[k], pad[k], p.step[k])
    return windows


cdef Windows adaptive(str op, sizes, output_size):
    """output_size windows that share the input evenly."""
    cdef Windows windows = Windows()
    cdef Pooling* p = &windows.pooling
    cdef int k, n = len(output_size)
    check_input(op, sizes, n)
    read_extent(op, "output_size", output_size, n, 1, 1, p.output)
    p.planes = 1
    p.count_padding = False
    p.columns = 0
    for k in range(len(sizes) - n):
        p.planes *= sizes[k]
    read_extent(op, "the input's sizes", sizes[len(sizes) - n:], n, 1, 1, p.input)
    windows.reserve()
    for k in range(SPATIAL):
        p.step[k] = 1
        adaptive_windows(p.windows[k], p.output[k], p.input[k])
    return windows


cdef tuple max_of(str op, Tensor x, Windows windows, int n):
    check_floating(op, x)
    cdef Pooling* p = &windows.pooling
    x = contiguous(x)
    cdef Tensor out = new_planes(x, x.dtype, n, p.output)
    cdef Tensor indices = new_planes(x, LONG, n, p.output)
    with nogil:
        if x.dtype == FLOAT:
            run_max[float](p[0], threads[0], at(x), at(out), at(indices))
        else:
            run_max[double](p[0], threads[0], at(x), at(out), at(indices))
    return out, indices


cdef Tensor mean_of(str op, Tensor x, Windows windows, int n):
    check_floating(op, x)
    cdef Pooling* p = &windows.pooling
    x = contiguous(x)
    cdef Tensor out = new_planes(x, x.dtype, n, p.output)
    with nogil:
        if x.dtype == FLOAT:
            run_avg[float](p[0], threads[0], at(x), at(out))
        else:
            run_avg[double](p[0], threads[0], at(x), at(out))
    return out


cdef Tensor mean_grad(str op, Tensor delta, Windows windows, int n):
    check_floating(op, delta)
    cdef Pooling* p = &windows.pooling
    delta = contiguous(delta)
    cdef Tensor out = new_planes(delta, delta.dtype, n, p.input)
    if delta.numel != p.planes * p.output[0] * p.output[1] * p.output[2]:
        raise RuntimeError(f"{op}: the gradient's sizes {sizes_text(delta)} are not those of the output")
    zero(out)
    with nogil:
        if delta.dtype == FLOAT:
            run_avg_grad[float](p[0], threads[0], at(delta), at(out))
        else:
            run_avg_grad[double](p[0], threads[0], at(delta), at(out))
    return out


def max_pool_nd(Tensor x not None, kernel_size, stride, padding, dilation, bint ceil_mode):
    windows = sliding("max_pool", sizes_of(x), kernel_size, stride, padding, dilation, ceil_mode, False)
    return max_of("max_pool", x, windows, len(kernel_size))


def avg_pool_nd(Tensor x not None, kernel_size, stride, padding, bint ceil_mode, bint count_include_pad):
    dilation = (1,) * len(kernel_size)
    windows = sliding("avg_pool", sizes_of(x), kernel_size, stride, padding, dilation, ceil_mode, count_include_pad)
    return mean_of("avg_pool", x, windows, len(kernel_size))


def avg_pool_nd_grad(
    Tensor delta not None, sizes, kernel_size, stride, padding, bint ceil_mode, bint count_include_pad
):
    dilation = (1,) * len(kernel_size)
    windows = sliding("avg_pool", sizes, kernel_size, stride, padding, dilation, ceil_mode, count_include_pad)
    return mean_grad("avg_pool", delta, windows, len(kernel_size))


def adaptive_max_pool_nd(Tensor x not None, output_size):
    return max_of("adaptive_max_pool", x, adaptive("adaptive_max_pool", sizes_of(x), output_size), len(output_size))


def adaptive_avg_pool_nd(Tensor x not None, output_size):
    return mean_of("adaptive_avg_pool", x, adaptive("adaptive_avg_pool", sizes_of(x), output_size), len(output_size))


def adaptive_avg_pool_nd_grad(Tensor delta not None, output_size, sizes):
    return mean_grad("adaptive_avg_pool", delta, adaptive("adaptive_avg_pool", sizes, output_size), len(output_size))


cdef Tensor scatter(str op, Tensor x, Tensor indices, output_size, bint add):
    check_floating(op, x)
    check_same_size(op, x, indices)
    cdef Extent plane, target_plane
    cdef int n = len(output_size)
    check_input(op, sizes_of(x), n)
    read_extent(op, "output_size", output_size, n, 1, 1, target_plane)
    x, indices = contiguous(x), contiguous(indices)
    cdef Py_ssize_t planes = split_planes(x, n, plane)
    cdef Py_ssize_t count = plane[0] * plane[1] * plane[2], size = target_plane[0] * target_plane[1] * target_plane[2]
    check_indices(op, indices, size)
    cdef Tensor out = new_planes(x, x.dtype, n, target_plane)
    with nogil:
        if x.dtype == FLOAT:
            run_scatter[float](threads[0], at(x), at(indices), at(out), planes, count, size, add)
        else:
            run_scatter[double](threads[0], at(x), at(indices), at(out), planes, count, size, add)
    return out


def scatter_planes(Tensor x not None, Tensor indices not None, sizes, int dims):
    return scatter("scatter_planes", x, indices, sizes[len(sizes) - dims:], True)


def max_unpool_nd(Tensor x not None, Tensor indices not None, output_size):
    return scatter("max_unpool", x, indices, output_size, False)


def gather_planes(Tensor x not None, Tensor indices not None, int dims):
    check_floating("gather_planes", x)
    check_input("gather_planes", sizes_of(x), dims)
    check_input("gather_planes", sizes_of(indices), dims)
    cdef Extent plane, target_plane
    x, indices = contiguous(x), contiguous(indices)
    cdef Py_ssize_t planes = split_planes(indices, dims, target_plane)
    cdef Py_ssize_t count = target_plane[0] * target_plane[1] * target_plane[2]
    if split_planes(x, dims, plane) != planes:
        raise RuntimeError(f"gather_planes: {sizes_text(x)} and {sizes_text(indices)} have other numbers of planes")
    cdef Py_ssize_t size = plane[0] * plane[1] * plane[2]
    check_indices("gather_planes", indices, size)
    cdef Tensor out = new_planes(indices, x.dtype, dims, target_plane)
    with nogil:
        if x.dtype == FLOAT:
            run_gather[float](threads[0], at(x), at(indices), at(out), planes, count, size)
        else:
            run_gather[double](threads[0], at(x), at(indices), at(out), planes, count, size)
    return out
