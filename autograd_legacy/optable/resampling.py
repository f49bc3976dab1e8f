"""Images resized, or sampled at given places."""

from .row import CONSTANT, FLOATING, Kernel

ROWS = (
    Kernel(
        signature="upsample_nearest(input, size)",
        node=("UpsamplingNearest1dBackward", "UpsamplingNearest2dBackward", "UpsamplingNearest3dBackward"),
        impl="upsample.upsample_nearest",
        doc="N x C x [[D x] H x] W to planes of `size`: pixel o of a dimension is pixel floor(o * in / out) of input.",
        dtypes=FLOATING,
        zero_second=("input", CONSTANT),
        grads=dict(input="upsample_nearest_grad(grad, input_size)"),
    ),
    Kernel(
        signature="upsample_nearest_grad(delta, sizes)",
        impl="upsample.upsample_nearest_grad",
        doc="The gradient of upsample_nearest's input, whose sizes are given, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="upsample_nearest(grad, delta_size[2:])"),
    ),
    Kernel(
        signature="upsample_linear(input, size)",
        node=("UpsamplingLinear1dBackward", "UpsamplingBilinear2dBackward", "UpsamplingTrilinear3dBackward"),
        impl="upsample.upsample_linear",
        doc="N x C x [[D x] H x] W to planes of `size` by straight lines between pixels, corners on corners: pixel o "
        "of a dimension lies at o * (in - 1) / (out - 1).",
        dtypes=FLOATING,
        grads=dict(input="upsample_linear_grad(grad, input_size)"),
    ),
    Kernel(
        signature="upsample_linear_grad(delta, sizes)",
        impl="upsample.upsample_linear_grad",
        doc="The gradient of upsample_linear's input, whose sizes are given, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="upsample_linear(grad, delta_size[2:])"),
    ),
    Kernel(
        signature="grid_sample(input, grid, border)",
        impl="upsample.grid_sample",
        doc="The images (N x C x H x W) at the places (x, y) of the grid (N x H' x W' x 2), bilinear between "
        "pixels. -1 is the first and 1 the last pixel; outside lie zeros, or with `border` the pixels of the border.",
        dtypes=FLOATING,
        grads={("input", "grid"): "grid_sample_grad(grad, input, grid, border)"},
    ),
    Kernel(
        signature="grid_sample_grad(delta, input, grid, border)",
        impl="upsample.grid_sample_grad",
        doc="The gradients of grid_sample's input and grid, where delta is that of its result.",
        dtypes=FLOATING,
        outputs="dinput, dgrid",
    ),
)
