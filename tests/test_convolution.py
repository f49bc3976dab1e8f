"""Convolutions against sums written out in NumPy, their gradients against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from autograd_legacy._core import ops

from .arrays import DTYPES, check_gradients, close, tensor

draw = np.random.RandomState(7)


def naive_conv(x, w, bias, stride, padding, dilation, groups):
    dims = len(stride)
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    sizes = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, p, d, k, s in zip(x.shape[2:], padding, dilation, w.shape[2:], stride, strict=True)
    ]
    out = np.zeros((x.shape[0], w.shape[0], *sizes), x.dtype)
    inputs, outputs = w.shape[1], w.shape[0] // groups
    for place in np.ndindex(*sizes):
        window = tuple(
            slice(place[k] * stride[k], place[k] * stride[k] + dilation[k] * (w.shape[2 + k] - 1) + 1, dilation[k])
            for k in range(dims)
        )
        for g in range(groups):
            patch = padded[(slice(None), slice(g * inputs, (g + 1) * inputs), *window)].reshape(x.shape[0], -1)
            kernel = w[g * outputs : (g + 1) * outputs].reshape(outputs, -1)
            out[(slice(None), slice(g * outputs, (g + 1) * outputs), *place)] = patch @ kernel.T
    return out if bias is None else out + bias.reshape(1, -1, *(1,) * dims)


def naive_conv_transpose(x, w, bias, stride, padding, dilation, output_padding, groups):
    dims = len(stride)
    full = [
        (n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(x.shape[2:], stride, dilation, w.shape[2:], strict=True)
    ]
    outputs, inputs = w.shape[1], w.shape[0] // groups
    room = [f + o for f, o in zip(full, output_padding, strict=True)]
    out = np.zeros((x.shape[0], outputs * groups, *room), x.dtype)
    for place in np.ndindex(*x.shape[2:]):
        window = tuple(
            slice(place[k] * stride[k], place[k] * stride[k] + dilation[k] * (w.shape[2 + k] - 1) + 1, dilation[k])
            for k in range(dims)
        )
        for g in range(groups):
            values = x[(slice(None), slice(g * inputs, (g + 1) * inputs), *place)]
            spread = np.tensordot(values, w[g * inputs : (g + 1) * inputs], 1)
            out[(slice(None), slice(g * outputs, (g + 1) * outputs), *window)] += spread
    cut = tuple(slice(p, r - p) for p, r in zip(padding, room, strict=True))
    out = out[(slice(None), slice(None), *cut)]
    return out if bias is None else out + bias.reshape(1, -1, *(1,) * dims)


CONVOLUTIONS = [  # input, weight, stride, padding, dilation, groups
    ((2, 3, 7), (4, 3, 3), (1,), (0,), (1,), 1),
    ((1, 2, 9), (2, 1, 2), (2,), (1,), (3,), 2),
    ((3, 4, 6, 7), (6, 2, 3, 2), (1, 2), (1, 0), (1, 2), 2),
    ((5, 3, 4, 4), (2, 3, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    ((1, 3, 5, 5), (2, 3, 1, 1), (2, 2), (1, 1), (1, 1), 1),
    ((2, 3, 5, 40), (5, 3, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    ((2, 4, 8, 8), (4, 1, 3, 3), (1, 1), (1, 1), (1, 1), 4),
    ((1, 2, 4, 5, 3), (3, 2, 2, 3, 2), (1, 2, 1), (1, 1, 0), (1, 1, 2), 1),
    ((1, 1, 3, 3), (1, 1, 5, 5), (1, 1), (2, 2), (1, 1), 1),
    ((1, 2, 3000), (3, 2, 5), (1,), (2,), (1,), 1),
    ((1, 64, 30, 30), (8, 64, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    ((3, 5, 9, 11), (10, 5, 3, 2), (3, 2), (3, 1), (1, 2), 1),
    ((9, 16, 8, 8), (17, 16, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    ((9, 16, 16, 16), (17, 16, 3, 3), (2, 2), (1, 1), (1, 1), 1),
    ((1, 4, 130), (4, 1, 7), (1,), (9,), (2,), 4),  # each channel by itself
    ((2, 3, 5, 17), (3, 1, 3, 3), (1, 1), (1, 1), (1, 1), 3),
    ((2, 3, 9, 41), (3, 1, 4, 5), (2, 3), (2, 4), (1, 2), 3),
    ((1, 2, 4, 5, 6), (2, 1, 3, 2, 3), (1, 2, 1), (1, 0, 2), (1, 1, 1), 2),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("geometry", CONVOLUTIONS, ids=str)
def test_convolution(geometry, dtype):
    x_size, w_size, stride, padding, dilation, groups = geometry
    x, w, b = (draw.randn(*size).astype(dtype) for size in (x_size, w_size, w_size[:1]))
    zeros = (0,) * len(stride)
    for bias in (b, None):
        got = ops.conv_nd(
            tensor(x), tensor(w), None if bias is None else tensor(b), stride, padding, dilation, False, zeros, groups
        )
        close(got, naive_conv(x, w, bias, stride, padding, dilation, groups), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("geometry", CONVOLUTIONS, ids=str)
def test_transposed_convolution(geometry, dtype):
    x_size, w_size, stride, padding, dilation, groups = geometry
    x_size = (x_size[0], w_size[0], *x_size[2:])
    x, w, b = (draw.randn(*size).astype(dtype) for size in (x_size, w_size, (w_size[1] * groups,)))
    for extra in (0, 1):
        output_padding = tuple(min(extra, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True))
        wanted = naive_conv_transpose(x, w, b, stride, padding, dilation, output_padding, groups)
        if 0 in wanted.shape:
            with pytest.raises(RuntimeError):
                ops.conv_nd(tensor(x), tensor(w), tensor(b), stride, padding, dilation, True, output_padding, groups)
            continue
        got = ops.conv_nd(tensor(x), tensor(w), tensor(b), stride, padding, dilation, True, output_padding, groups)
        close(got, wanted, dtype)


@pytest.mark.parametrize("transposed", (False, True))
@pytest.mark.parametrize(
    "geometry",
    [
        ((2, 2, 4), (4, 1, 2), (2,), (1,), (1,), 2),
        ((1, 2, 3, 4), (2, 2, 2, 2), (1, 2), (1, 0), (2, 1), 1),
        ((1, 1, 2, 2, 3), (1, 1, 2, 1, 2), (1, 1, 1), (0, 0, 1), (1, 1, 1), 1),
    ],
    ids=str,
)
def test_gradients_of_convolution(geometry, transposed):
    x_size, w_size, stride, padding, dilation, groups = geometry
    if transposed:
        x_size = (x_size[0], w_size[0], *x_size[2:])
    output_padding = tuple(int(transposed and s > 1) for s in stride)
    outputs = w_size[1] * groups if transposed else w_size[0]

    def convolution(x, w, b):
        return ops.conv_nd(x, w, b, stride, padding, dilation, transposed, output_padding, groups)

    check_gradients(convolution, draw.randn(*x_size), draw.randn(*w_size), draw.randn(outputs))


@pytest.mark.parametrize(
    "change",
    [
        dict(w=(2, 3, 2, 2)),
        dict(w=(2, 2, 5, 2)),
        dict(w=(2, 2, 2)),
        dict(b=(3,)),
        dict(stride=(0, 1)),
        dict(stride=(1,)),
        dict(padding=(-1, 0)),
        dict(dilation=(0, 1)),
        dict(groups=0),
        dict(groups=3),
        dict(dtype=np.float32),
    ],
    ids=str,
)
def test_impossible_convolutions_are_refused(change):
    with pytest.raises(RuntimeError):
        ops.conv_nd(
            tensor(np.zeros((1, 2, 4, 4))),
            tensor(np.zeros(change.get("w", (2, 2, 2, 2)), change.get("dtype", np.float64))),
            tensor(np.zeros(change.get("b", (2,)))),
            change.get("stride", (1, 1)),
            change.get("padding", (0, 0)),
            change.get("dilation", (1, 1)),
            False,
            (0, 0),
            change.get("groups", 1),
        )
