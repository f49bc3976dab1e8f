"""Pooling against windows written out in NumPy, its gradients against finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from autograd_legacy._core import ops
from autograd_legacy.autograd import Variable

from .arrays import DTYPES, check_gradients, close, tensor

draw = np.random.RandomState(7)


def windows_of(size, kernel, stride, padding, dilation, ceil_mode):
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    outputs = (-(-room // stride) if ceil_mode else room // stride) + 1
    if (outputs - 1) * stride >= size + padding:
        outputs -= 1
    windows = []
    for o in range(outputs):
        begin = o * stride - padding
        places = [begin + dilation * k for k in range(kernel)]
        full = min(begin + kernel, size + padding) - begin
        windows.append(([p for p in places if 0 <= p < size], full))
    return windows


def naive_pool(x, windows, count_padding):
    dims = len(windows)
    sizes = [len(w) for w in windows]
    largest, where, mean = (np.zeros((*x.shape[:-dims], *sizes), t) for t in (x.dtype, np.int64, x.dtype))
    flat = np.arange(np.prod(x.shape[-dims:])).reshape(x.shape[-dims:])
    for place in np.ndindex(*sizes):
        places = np.ix_(*(windows[k][place[k]][0] for k in range(dims)))
        values = x[(..., *places)].reshape(*x.shape[:-dims], -1)
        best = values.argmax(-1)
        largest[(..., *place)] = values.max(-1)
        where[(..., *place)] = flat[places].ravel()[best]
        full = np.prod([windows[k][place[k]][1] for k in range(dims)])
        mean[(..., *place)] = values.sum(-1) / (full if count_padding else values.shape[-1])
    return largest, where, mean


POOLS = [  # sizes, kernel, stride, padding, dilation
    ((2, 3, 9), (2,), (2,), (0,), (1,)),
    ((1, 2, 9), (3,), (1,), (1,), (2,)),
    ((2, 2, 5, 7), (2, 3), (2, 1), (1, 0), (1, 1)),
    ((2, 5, 7), (2, 2), (2, 2), (0, 0), (1, 1)),
    ((1, 1, 4, 5, 6), (2, 2, 3), (1, 2, 2), (1, 0, 1), (1, 1, 1)),
    ((1, 4, 4), (4, 1), (3, 3), (2, 0), (1, 2)),
    ((3, 8, 16, 16), (2, 2), (2, 2), (0, 0), (1, 1)),
    ((3, 2, 17, 33), (3, 3), (2, 2), (1, 1), (1, 1)),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("ceil_mode", (False, True))
@pytest.mark.parametrize("geometry", POOLS, ids=str)
def test_pooling(geometry, ceil_mode, dtype):
    size, kernel, stride, padding, dilation = geometry
    x = draw.randn(*size).astype(dtype)
    dims = len(kernel)
    windows = [windows_of(*g, ceil_mode) for g in zip(size[-dims:], kernel, stride, padding, dilation, strict=True)]
    largest, where, _ = naive_pool(x, windows, False)
    got, indices = ops.max_pool_nd(tensor(x), kernel, stride, padding, dilation, ceil_mode)
    close(got, largest, dtype)
    np.testing.assert_array_equal(indices.numpy(), where)
    ones = (1,) * dims
    windows = [windows_of(*g, ceil_mode) for g in zip(size[-dims:], kernel, stride, padding, ones, strict=True)]
    for count_padding in (False, True):
        got = ops.avg_pool_nd(tensor(x), kernel, stride, padding, ceil_mode, count_padding)
        close(got, naive_pool(x, windows, count_padding)[2], dtype)


@pytest.mark.parametrize(
    "size,outputs", [((2, 3, 7), (3,)), ((1, 2, 5, 4), (2, 7)), ((2, 3, 4, 5), (1, 2, 5))], ids=str
)
def test_adaptive_pooling(size, outputs):
    x = draw.randn(*size)
    windows = [
        [(range(o * n // count, -(-(o + 1) * n // count)), 0) for o in range(count)]
        for n, count in zip(size[-len(outputs) :], outputs, strict=True)
    ]
    largest, where, mean = naive_pool(x, windows, False)
    got, indices = ops.adaptive_max_pool_nd(tensor(x), outputs)
    close(got, largest)
    np.testing.assert_array_equal(indices.numpy(), where)
    close(ops.adaptive_avg_pool_nd(tensor(x), outputs), mean)


def test_gradients_of_pooling():
    x = draw.permutation(24).reshape(1, 1, 4, 6) / 5.0
    check_gradients(lambda x: ops.max_pool_nd(x, (2, 3), (1, 2), (1, 1), (1, 1), False)[0], x)
    check_gradients(lambda x: ops.avg_pool_nd(x, (2, 3), (1, 2), (1, 1), True, False), x)
    check_gradients(lambda x: ops.avg_pool_nd(x, (3,), (2,), (1,), True, True), x[0])
    check_gradients(lambda x: ops.adaptive_max_pool_nd(x, (3, 4))[0], x)
    check_gradients(lambda x: ops.adaptive_avg_pool_nd(x, (3, 4)), x)
    where = Variable(tensor(np.array([[[[3, 0], [7, 5]]]])))
    check_gradients(lambda x: ops.max_unpool_nd(x, where, (2, 5)), x[:, :, :2, :2])


def test_a_nan_is_the_largest_of_its_window():
    x = np.array([[[1.0, np.nan, 3.0, 2.0]]])
    got, where = ops.max_pool_nd(tensor(x), (2,), (2,), (0,), (1,), False)
    assert np.isnan(got.numpy()[0, 0, 0]) and got.numpy()[0, 0, 1] == 3
    assert where.numpy().tolist() == [[[1, 2]]]


def test_impossible_pooling_is_refused():
    x = tensor(np.zeros((1, 1, 3, 3)))
    for kernel, stride, padding in (
        ((5, 5), (1, 1), (0, 0)),
        ((2, 2), (1, 1), (2, 2)),
        ((2, 2), (0, 1), (0, 0)),
        ((0, 1), (1, 1), (0, 0)),
    ):
        with pytest.raises(RuntimeError):
            ops.max_pool_nd(x, kernel, stride, padding, (1, 1), False)
        with pytest.raises(RuntimeError):
            ops.avg_pool_nd(x, kernel, stride, padding, False, True)
    with pytest.raises(RuntimeError):
        ops.max_unpool_nd(x, tensor(np.full((1, 1, 3, 3), 36)), (6, 6))
