"""Convolutions over 1 to 3 dimensions and their transposes, by products of shifted rows (conv.h).

Three products make up everything. With y = w * x: y from x and w; x's gradient from y's and w; w's from x and y's.
Each is linear in both of its operands, so their gradients are again these three, to any order; and a transposed
convolution is the second of them.
"""

from .blas cimport gemm
from .copy cimport contiguous, zero
from .operands import LARGEST
from .operands cimport SPATIAL, Address, at, check_floating, dense, new_sized, read_extent, sizes_text
from .storage cimport FLOAT, ITEMSIZE, Memory, memory_new, memory_release
from .tensor cimport Tensor, data_of, new_tensor, sizes_of, type_name
from .threads cimport Threads, threads
from .tile cimport Tiles, double_tiles, float_tiles

cdef extern from "conv.h" namespace "al" nogil:
    cppclass Convolution:
        Py_ssize_t batch, groups, inputs, outputs
        Py_ssize_t[3] input, output, kernel, stride, padding, dilation
        Py_ssize_t input_plane()
        Py_ssize_t output_plane()
        Py_ssize_t patch()
        bint pointwise()
    enum Product:                    # which of x, w and y is computed from the other two
        OUTPUT, INPUT, WEIGHT
    cppclass Plan:
        Plan(const Convolution& c, Product product, Py_ssize_t itemsize, Py_ssize_t lanes) except +
        Py_ssize_t workspace()
    void convolve[T](const Plan& plan, const Tiles[T]& tiles, Threads& threads, Address x, Address w, Address y,
                     Address bias, Address workspace) except +
    void run_add_channels "al::add_channels"[T](
        Threads& threads, Address values, Address x, Py_ssize_t batch, Py_ssize_t channels, Py_ssize_t plane)
    void sum_channels "al::channel_sum"[T](
        Threads& threads, Address x, Address out, Py_ssize_t batch, Py_ssize_t channels, Py_ssize_t plane)

cdef enum:
    LARGE_PLANE = 64                 # from so many places on, an image alone keeps a matrix product busy


cdef class Convolver:
    """One convolution's sizes."""

    cdef Convolution c
    cdef int dtype

    cdef int run(self, Product product, Tensor x, Tensor w, Tensor y, Tensor bias) except -1:
        """Compute x, w or y, which are contiguous."""
        cdef Address values = at(bias), work
        if self.c.pointwise() and self.c.output_plane() >= LARGE_PLANE:
            self.multiply(product, data_of(x), data_of(w), data_of(y))
            if bias is not None:
                add_channels(y, bias)
            return 0
        cdef Py_ssize_t lanes = float_tiles.lanes if self.dtype == FLOAT else double_tiles.lanes
        cdef Plan* plan = new Plan(self.c, product, ITEMSIZE[self.dtype], lanes)
        cdef Memory* workspace = NULL
        try:
            workspace = memory_new(self.dtype, plan.workspace())
            work = Address(workspace.data)
            with nogil:
                if self.dtype == FLOAT:
                    convolve[float](plan[0], float_tiles[0], threads[0], at(x), at(w), at(y), values, work)
                else:
                    convolve[double](plan[0], double_tiles[0], threads[0], at(x), at(w), at(y), values, work)
        finally:
            del plan
            memory_release(workspace)
        return 0

    cdef void multiply(self, Product product, char* x, char* w, char* y) noexcept nogil:
        """Where an image is its own matrix of patches: one product for each image and group."""
        cdef Py_ssize_t size = ITEMSIZE[self.dtype], plane = self.c.output_plane(), k
        cdef Py_ssize_t inputs = self.c.inputs, outputs = self.c.outputs, image, group
        cdef char* xi
        cdef char* wi
        cdef char* yi
        for image in range(self.c.batch):
            for group in range(self.c.groups):
                k = image * self.c.groups + group
                xi, yi = x + k * inputs * plane * size, y + k * outputs * plane * size
                wi = w + group * outputs * inputs * size
                if product == OUTPUT:
                    gemm(self.dtype, False, False, outputs, plane, inputs, 1, wi, inputs, xi, plane, 0, yi, plane)
                elif product == INPUT:
                    gemm(self.dtype, True, False, inputs, plane, outputs, 1, wi, inputs, yi, plane, 0, xi, plane)
                else:
                    gemm(self.dtype, False, True, outputs, inputs, plane, 1, yi, plane, xi, plane, image > 0, wi,
                         inputs)


cdef Convolver convolver(int dtype, x_size, w_size, y_size, stride, padding, dilation, Py_ssize_t groups):
    """The convolution that takes x (N x groups * inputs x ...) to y (N x groups * outputs x ...)."""
    cdef Convolver self = Convolver()
    cdef Convolution* c = &self.c
    cdef int n = len(w_size) - 2
    if not 1 <= n <= SPATIAL or len(x_size) != n + 2 or len(y_size) != n + 2:
        raise RuntimeError(f"convolution: sizes {list(x_size)} of the input, {list(w_size)} of the weight, "
                           f"{list(y_size)} of the output do not have the same 3 to 5 dimensions")
    self.dtype = dtype
    c.batch, c.groups, c.inputs, c.outputs = x_size[0], groups, w_size[1], w_size[0] // groups
    if x_size[1] != c.inputs * groups or y_size[1] != w_size[0] or w_size[0] % groups or y_size[0] != c.batch:
        raise RuntimeError(f"convolution: sizes {list(x_size)} of the input, {list(w_size)} of the weight, "
                           f"{list(y_size)} of the output do not fit {groups} groups")
    read_extent("convolution", "stride", stride, n, 1, 1, c.stride)
    read_extent("convolution", "padding", padding, n, 0, 0, c.padding)
    read_extent("convolution", "dilation", dilation, n, 1, 1, c.dilation)
    read_extent("convolution", "input's sizes", x_size[2:], n, 1, 1, c.input)
    read_extent("convolution", "weight's sizes", w_size[2:], n, 1, 1, c.kernel)
    read_extent("convolution", "output's sizes", y_size[2:], n, 1, 1, c.output)
    return self


cdef int check_operands(Tensor x, Tensor w, Tensor bias, bint transposed, Py_ssize_t groups) except -1:
    cdef Py_ssize_t channels, outputs
    cdef str form = f"transposed={int(transposed)}" if transposed else f"groups={groups}"
    check_floating("convolution", x)
    for name, t in (("weight", w), ("bias", bias)):
        if t is not None and (<Tensor>t).dtype != x.dtype:
            raise RuntimeError(f"Expected object of type {type_name(x.dtype)} but found type "
                               f"{type_name((<Tensor>t).dtype)} for argument '{name}' of a convolution")
    if w.ndim != x.ndim or not 3 <= w.ndim <= SPATIAL + 2:
        raise RuntimeError("Expected input and weight of the same 3 to 5 dimensions, but got an input of size "
                           f"{sizes_text(x)} and a weight of size {sizes_text(w)}")
    if groups < 1 or w.sizes[0] % groups:
        raise RuntimeError(f"Given groups={groups}, expected a weight whose dimension 0 is a multiple of that, but got "
                           f"a weight of size {sizes_text(w)}")
    channels = w.sizes[0] if transposed else w.sizes[1] * groups
    if x.sizes[1] != channels:
        raise RuntimeError(f"Given {form}, weight{sizes_text(w)}, so expected input{sizes_text(x)} to have {channels} "
                           f"channels, but got {x.sizes[1]} channels instead")
    outputs = w.sizes[1] * groups if transposed else w.sizes[0]
    if bias is not None and (bias.ndim != 1 or bias.sizes[0] != outputs):
        raise RuntimeError(f"Given {form}, weight of size {sizes_text(w)}, expected bias to be 1-dimensional with "
                           f"{outputs} elements, but got bias of size {sizes_text(bias)} instead")
    return 0


cdef list result_size(
    Tensor x, Tensor w, stride, padding, dilation, bint transposed, output_padding, Py_ssize_t groups
):
    """The sizes that a convolution gives; RuntimeError where nothing is left, or a number is impossible."""
    cdef list size = [x.sizes[0], w.sizes[1] * groups if transposed else w.sizes[0]]
    cdef Py_ssize_t reach, room, s, d
    cdef int k, n = w.ndim - 2
    for name, values, least in (
        ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1), ("output_padding", output_padding, 0)
    ):
        if len(values) != n or min(values) < least or max(values) > LARGEST:
            raise RuntimeError(f"convolution: {name} must be {n} numbers from {least} to {LARGEST}, got "
                               f"{tuple(values)}")
    for k in range(n):
        s, d = stride[k], dilation[k]
        if x.sizes[k + 2] > LARGEST or w.sizes[k + 2] > LARGEST:
            raise RuntimeError(f"convolution: sizes must be at most {LARGEST}, got {sizes_text(x)}, {sizes_text(w)}")
        reach = d * (w.sizes[k + 2] - 1) + 1
        if transposed:
            if output_padding[k] >= max(s, d):
                raise RuntimeError("output padding must be smaller than either stride or dilation, but got "
                                   f"output_padding {tuple(output_padding)}, stride {tuple(stride)}, dilation "
                                   f"{tuple(dilation)}")
            room = (x.sizes[k + 2] - 1) * s - 2 * padding[k] + reach + output_padding[k]
        else:
            room = x.sizes[k + 2] + 2 * padding[k] - reach
            room = room // s + 1 if room >= 0 else 0
        if room < 1:
            raise RuntimeError(f"the output of a convolution of an input of size {sizes_text(x)} with a weight of size "
                               f"{sizes_text(w)}, stride {tuple(stride)}, padding {tuple(padding)}, dilation "
                               f"{tuple(dilation)}, output_padding {tuple(output_padding)} is too small")
        size.append(room)
    return size


def conv_nd(
    Tensor input not None, Tensor weight not None, Tensor bias, stride, padding, dilation, bint transposed,
    output_padding, Py_ssize_t groups
):
    cdef Tensor out
    cdef Convolver convolution
    check_operands(input, weight, bias, transposed, groups)
    size = result_size(input, weight, stride, padding, dilation, transposed, output_padding, groups)
    input, weight, bias = contiguous(input), contiguous(weight), dense(bias)
    out = new_sized(input.dtype, size)
    if transposed:
        convolution = convolver(input.dtype, size, sizes_of(weight), sizes_of(input), stride, padding, dilation, groups)
        convolution.run(INPUT, out, weight, input, None)
        if bias is not None:
            add_channels(out, bias)
    else:
        convolution = convolver(input.dtype, sizes_of(input), sizes_of(weight), size, stride, padding, dilation, groups)
        convolution.run(OUTPUT, input, weight, out, bias)
    return out


def conv_input_grad(
    Tensor delta not None, Tensor weight not None, size, stride, padding, dilation, bint transposed, output_padding,
    Py_ssize_t groups
):
    cdef Convolver convolution
    delta, weight = contiguous(delta), contiguous(weight)
    check_operands(delta, weight, None, not transposed, groups)
    cdef Tensor out = new_sized(delta.dtype, size)
    if transposed:
        convolution = convolver(delta.dtype, sizes_of(delta), sizes_of(weight), size, stride, padding, dilation, groups)
        convolution.run(OUTPUT, delta, weight, out, None)
    else:
        convolution = convolver(delta.dtype, size, sizes_of(weight), sizes_of(delta), stride, padding, dilation, groups)
        convolution.run(INPUT, out, weight, delta, None)
    return out


def conv_weight_grad(
    Tensor delta not None, Tensor input not None, size, stride, padding, dilation, bint transposed, output_padding,
    Py_ssize_t groups
):
    cdef Convolver convolution
    check_floating("convolution", delta)
    if input.dtype != delta.dtype:
        raise RuntimeError(f"convolution: an input of type {type_name(input.dtype)} and a gradient of type "
                           f"{type_name(delta.dtype)}")
    delta, input = contiguous(delta), contiguous(input)
    cdef Tensor out = new_sized(delta.dtype, size)
    cdef Tensor x = delta if transposed else input
    cdef Tensor y = input if transposed else delta
    convolution = convolver(delta.dtype, sizes_of(x), size, sizes_of(y), stride, padding, dilation, groups)
    convolution.run(WEIGHT, x, out, y, None)
    return out


cdef Py_ssize_t plane_size(Tensor x) noexcept:
    return x.numel // (x.sizes[0] * x.sizes[1])


cdef int add_channels(Tensor x, Tensor values) except -1:
    """Add one value for each channel to x, in place."""
    cdef Py_ssize_t plane = plane_size(x)
    with nogil:
        if x.dtype == FLOAT:
            run_add_channels[float](threads[0], at(values), at(x), x.sizes[0], x.sizes[1], plane)
        else:
            run_add_channels[double](threads[0], at(values), at(x), x.sizes[0], x.sizes[1], plane)
    return 0


def channel_sum(Tensor x not None):
    check_floating("channel_sum", x)
    if x.ndim < 2:
        raise RuntimeError(f"channel_sum expected two dimensions or more, got sizes {sizes_text(x)}")
    x = contiguous(x)
    cdef Tensor out = new_tensor(x.dtype, 1, x.sizes + 1)
    cdef Py_ssize_t plane = plane_size(x)
    with nogil:
        if x.dtype == FLOAT:
            sum_channels[float](threads[0], at(x), at(out), x.sizes[0], x.sizes[1], plane)
        else:
            sum_channels[double](threads[0], at(x), at(out), x.sizes[0], x.sizes[1], plane)
    return out


def channel_fill(Tensor values not None, size):
    check_floating("channel_fill", values)
    cdef Tensor out = new_sized(values.dtype, size)
    if out.ndim < 2 or values.numel != out.sizes[1]:
        raise RuntimeError(f"channel_fill: {values.numel} values do not fit the channels of sizes {list(size)}")
    zero(out)
    add_channels(out, contiguous(values))
    return out
