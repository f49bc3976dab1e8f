"""Images resized or sampled at the places of a grid, and the gradients."""

from .copy cimport contiguous, zero
from .operands cimport (
    SPATIAL, Address, at, check_floating, check_type, new_planes, new_sized, read_extent, sizes_text,
)
from .storage cimport FLOAT
from .tensor cimport Tensor, new_like, sizes_of

cdef extern from "upsample.h" namespace "al" nogil:
    cppclass Resizing:
        Py_ssize_t planes
        Py_ssize_t[3] input, output
        bint linear
    void resize_planes[T](const Resizing& r, Address x, Address out) except +
    void resize_planes_grad[T](const Resizing& r, Address delta, Address out) except +
    cppclass Sampling:
        Py_ssize_t batch, channels, height, width, out_height, out_width
        bint border
    void run_sample "al::sample_grid"[T](const Sampling& s, Address x, Address grid, Address out)
    void run_sample_grad "al::sample_grid_grad"[T](
        const Sampling& s, Address delta, Address x, Address grid, Address dx, Address dgrid)


cdef Resizing resizing(str op, sizes, size, bint linear) except *:
    """From N x C x ... of the given sizes to planes of `size`."""
    cdef Resizing r
    cdef int n = len(size)
    if not 1 <= n <= SPATIAL or len(sizes) != n + 2:
        raise RuntimeError(f"{op} to {n} dimensions expected an input of {n + 2}, got one of size {list(sizes)}")
    r.planes = <Py_ssize_t>sizes[0] * <Py_ssize_t>sizes[1]
    r.linear = linear
    read_extent(op, "the input's sizes", sizes[2:], n, 1, 1, r.input)
    read_extent(op, "size", size, n, 1, 1, r.output)
    return r


cdef Tensor resize(str op, Tensor x, size, bint linear):
    check_floating(op, x)
    cdef Resizing r = resizing(op, sizes_of(x), size, linear)
    x = contiguous(x)
    cdef Tensor out = new_planes(x, x.dtype, len(size), r.output)
    zero(out)
    with nogil:
        if x.dtype == FLOAT:
            resize_planes[float](r, at(x), at(out))
        else:
            resize_planes[double](r, at(x), at(out))
    return out


cdef Tensor resize_grad(str op, Tensor delta, sizes, bint linear):
    check_floating(op, delta)
    cdef Resizing r = resizing(op, sizes, tuple(sizes_of(delta))[2:], linear)
    delta = contiguous(delta)
    cdef Tensor out = new_sized(delta.dtype, sizes)
    if delta.numel != r.planes * r.output[0] * r.output[1] * r.output[2]:
        raise RuntimeError(f"{op}: a gradient of size {sizes_text(delta)} does not fit an input of size {list(sizes)}")
    zero(out)
    with nogil:
        if delta.dtype == FLOAT:
            resize_planes_grad[float](r, at(delta), at(out))
        else:
            resize_planes_grad[double](r, at(delta), at(out))
    return out


def upsample_nearest(Tensor input not None, size):
    return resize("upsample_nearest", input, size, False)


def upsample_nearest_grad(Tensor delta not None, sizes):
    return resize_grad("upsample_nearest", delta, sizes, False)


def upsample_linear(Tensor input not None, size):
    return resize("upsample_linear", input, size, True)


def upsample_linear_grad(Tensor delta not None, sizes):
    return resize_grad("upsample_linear", delta, sizes, True)


cdef Sampling sampling(Tensor x, Tensor grid, bint border) except *:
    cdef Sampling s
    check_floating("grid_sample", x)
    check_type("grid_sample", "the grid", grid, x.dtype)
    if x.ndim != 4 or grid.ndim != 4 or x.sizes[0] != grid.sizes[0] or grid.sizes[3] != 2:
        raise RuntimeError("grid_sample expected an input of N x C x H x W and a grid of N x H' x W' x 2, got sizes "
                           f"{sizes_text(x)} and {sizes_text(grid)}")
    s.batch, s.channels, s.height, s.width = x.sizes[0], x.sizes[1], x.sizes[2], x.sizes[3]
    s.border = border
    s.out_height, s.out_width = grid.sizes[1], grid.sizes[2]
    return s


def grid_sample(Tensor input not None, Tensor grid not None, bint border):
    cdef Sampling s = sampling(input, grid, border)
    input, grid = contiguous(input), contiguous(grid)
    cdef Tensor out = new_sized(input.dtype, (s.batch, s.channels, s.out_height, s.out_width))
    with nogil:
        if input.dtype == FLOAT:
            run_sample[float](s, at(input), at(grid), at(out))
        else:
            run_sample[double](s, at(input), at(grid), at(out))
    return out


def grid_sample_grad(Tensor delta not None, Tensor input not None, Tensor grid not None, bint border):
    cdef Sampling s = sampling(input, grid, border)
    check_type("grid_sample", "the gradient", delta, input.dtype)
    if tuple(sizes_of(delta)) != (s.batch, s.channels, s.out_height, s.out_width):
        raise RuntimeError(f"grid_sample: a gradient of size {sizes_text(delta)} does not fit a grid of size "
                           f"{sizes_text(grid)}")
    delta, input, grid = contiguous(delta), contiguous(input), contiguous(grid)
    cdef Tensor dinput = new_like(input), dgrid = new_like(grid)
    zero(dinput)
    with nogil:
        if input.dtype == FLOAT:
            run_sample_grad[float](s, at(delta), at(input), at(grid), at(dinput), at(dgrid))
        else:
            run_sample_grad[double](s, at(delta), at(input), at(grid), at(dinput), at(dgrid))
    return dinput, dgrid
