"""The other kernels of neural networks against naive NumPy, their gradients against finite differences."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from autograd_legacy._core import ops
from autograd_legacy.autograd import Variable

from .arrays import DTYPES, check_gradients, close, tensor

draw = np.random.RandomState(7)

# normalization


def naive_batch_norm(x, w, b, mean, var, eps):
    shape = (1, -1, *(1,) * (x.ndim - 2))
    return (x - mean.reshape(shape)) / np.sqrt(var.reshape(shape) + eps) * w.reshape(shape) + b.reshape(shape)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [(6, 3), (4, 2, 5), (3, 4, 2, 3), (2, 3, 2, 2, 2), (2, 3, 40, 50)], ids=str)
def test_batch_norm(size, dtype):
    x = (draw.randn(*size) * 3 + 5).astype(dtype)
    w, b, running_mean = (draw.randn(size[1]).astype(dtype) for _ in range(3))
    running_var = (draw.rand(size[1]) + 0.5).astype(dtype)
    axes = (0, *range(2, x.ndim))
    mean, var, unbiased = x.mean(axes), x.var(axes), x.var(axes, ddof=1)
    rm, rv = tensor(running_mean.copy()), tensor(running_var.copy())
    got = ops.batch_norm(tensor(x), tensor(w), tensor(b), rm, rv, False, 0.1, 1e-5)[0]
    close(got, naive_batch_norm(x, w, b, running_mean, running_var, 1e-5), dtype)
    got = ops.batch_norm(tensor(x), tensor(w), tensor(b), rm, rv, True, 0.1, 1e-5)[0]
    close(got, naive_batch_norm(x, w, b, mean, var, 1e-5), dtype)
    close(rm, 0.9 * running_mean + 0.1 * mean, dtype)
    close(rv, 0.9 * running_var + 0.1 * unbiased, dtype)
    got = ops.batch_norm(tensor(x), None, None, None, None, True, 0.1, 1e-5)[0]
    close(got, naive_batch_norm(x, np.ones_like(w), np.zeros_like(b), mean, var, 1e-5), dtype)


@pytest.mark.parametrize("training", (True, False))
def test_gradients_of_batch_norm(training):
    rm, rv = tensor(draw.randn(2)), tensor(draw.rand(2) + 0.5)

    def norm(x, *affine):
        return ops.batch_norm(x, *(affine or (None, None)), rm, rv, training, 0.0, 1e-3)[0]

    x = draw.randn(3, 2, 2)
    check_gradients(norm, x, draw.randn(2), draw.randn(2))
    check_gradients(norm, x)


def test_batch_norm_keeps_precision_far_from_zero():
    x = draw.randn(8, 1, 100) + 1e6
    got = ops.batch_norm(tensor(x), None, None, None, None, True, 0.1, 0.0)[0]
    np.testing.assert_allclose(got.numpy(), (x - x.mean()) / x.std(), rtol=1e-5, atol=1e-6)


# softmax and losses


def naive_softmax(x, dim):
    e = np.exp(x - x.max(dim, keepdims=True))
    return e / e.sum(dim, keepdims=True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [(5,), (3, 4), (2, 3000), (2, 3, 5), (3, 7, 2, 300)], ids=str)
def test_softmax(size, dtype):
    x = (draw.randn(*size) * 4).astype(dtype)
    for dim in range(-1, len(size)):
        wanted = naive_softmax(x.astype(np.float64), dim)
        close(ops.softmax(tensor(x), dim), wanted, dtype)
        close(ops.log_softmax(tensor(x), dim), np.log(wanted), dtype)
    turned = tensor(x.T.copy()).t() if x.ndim == 2 else tensor(x)
    close(ops.softmax(turned, 0), naive_softmax(x, 0), dtype)


def test_softmax_of_extremes():
    x = np.array([1e4, -1e4, 9999, 0, -np.inf], np.float32)
    got = ops.softmax(tensor(x), 0).numpy()
    np.testing.assert_allclose(got, naive_softmax(x, 0), rtol=1e-6)
    assert got[1] == got[4] == 0
    assert ops.log_softmax(tensor(x), 0).numpy()[4] == -np.inf


def test_gradients_of_softmax():
    for dim in (0, 1):
        check_gradients(lambda x, d=dim: ops.softmax(x, d), draw.randn(3, 4))
        check_gradients(lambda x, d=dim: ops.log_softmax(x, d), draw.randn(3, 4))


@pytest.mark.parametrize("plane", [(), (2, 3)], ids=str)
@pytest.mark.parametrize("weighted", (False, True))
@pytest.mark.parametrize("ignored", (-100, 1))
def test_nll_loss(plane, weighted, ignored):
    x, target = draw.randn(4, 3, *plane), draw.randint(0, 3, (4, *plane))
    w = draw.rand(3) if weighted else np.ones(3)
    weight = tensor(w) if weighted else None
    each = -np.take_along_axis(x, target[:, None], 1)[:, 0] * w[target]
    counts = target != ignored
    each[~counts] = 0
    t = tensor(target)
    close(ops.nll_loss(tensor(x), t, weight, True, ignored, False), each)
    close(ops.nll_loss(tensor(x), t, weight, False, ignored, True), [each.sum()])
    close(ops.nll_loss(tensor(x), t, weight, True, ignored, True), [each.sum() / w[target][counts].sum()])
    targets = Variable(t)
    for average, reduce in itertools.product((False, True), repeat=2):
        check_gradients(lambda x, t=targets, a=average, r=reduce: ops.nll_loss(x, t, weight, a, ignored, r), x)


@pytest.mark.parametrize("average", (True, False))
@pytest.mark.parametrize("weighted", (True, False))
def test_cross_entropy_is_nll_loss_of_log_softmax(average, weighted):
    x, target = draw.randn(6, 5), tensor(np.array([0, 4, 2, 1, 2, 3]))
    weight = tensor(draw.rand(5)) if weighted else None
    for ignored, reduce in ((-100, True), (2, True), (2, False)):
        options = weight, average, ignored, reduce

        def loss(a, options=options):
            return ops.cross_entropy(a, Variable(target), *options)[0]

        close(
            ops.cross_entropy(tensor(x), target, *options)[0],
            ops.nll_loss(ops.log_softmax(tensor(x), 1), target, *options).numpy(),
        )
        check_gradients(loss, x)
    with pytest.raises(RuntimeError, match="not a class"):
        ops.cross_entropy(tensor(x), tensor(np.array([0, 4, 2, 1, 2, 5])), None, True, -100, True)


def test_nll_loss_of_nothing_is_zero_and_strays_are_refused():
    x, t = tensor(draw.randn(2, 3)), tensor(np.array([1, 1]))
    assert ops.nll_loss(x, t, None, True, 1, True).numpy().tolist() == [0]
    for target in ([0, 3], [-1, 0], [0, 1, 2]):
        with pytest.raises(RuntimeError):
            ops.nll_loss(x, tensor(np.array(target)), None, True, -100, True)
    with pytest.raises(RuntimeError):
        ops.nll_loss(x, t, tensor(np.ones(2)), True, -100, True)


# recurrent cells


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("units", (1, 5, 33))
def test_cells(units, dtype):
    x, s = (draw.randn(3, 4 * units).astype(dtype) for _ in range(2))
    c = draw.randn(3, units).astype(dtype)
    i, f, g, o = np.split(x + s, 4, 1)
    next_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    hy, cy = ops.lstm_cell(tensor(x), tensor(s), tensor(c))
    close(cy, next_c, dtype)
    close(hy, sigmoid(o) * np.tanh(next_c), dtype)
    x, s = x[:, : 3 * units], s[:, : 3 * units]
    (x_r, x_i, x_n), (s_r, s_i, s_n) = np.split(x, 3, 1), np.split(s, 3, 1)
    n = np.tanh(x_n + sigmoid(x_r + s_r) * s_n)
    close(ops.gru_cell(tensor(x), tensor(s), tensor(c)), n + sigmoid(x_i + s_i) * (c - n), dtype)


def test_gradients_of_cells():
    x, s, state = draw.randn(2, 8), draw.randn(2, 8), draw.randn(2, 2)
    check_gradients(lambda *a: ops.lstm_cell(*a)[0], x, s, state)
    check_gradients(lambda *a: ops.lstm_cell(*a)[1], x, s, state)
    check_gradients(lambda *a: ops.lstm_cell(*a)[0] * ops.lstm_cell(*a)[1], x, s, state)
    check_gradients(ops.gru_cell, x[:, :6], s[:, :6], state)


# embedding


def test_embedding():
    table, where = draw.randn(6, 4), np.array([[1, 3, 1], [5, 5, 5]])
    t, w = tensor(table), tensor(where)
    close(ops.embedding(t, w, -1, None, 2.0, False, False), table[where])
    indices = Variable(w)
    for padding, by_count in itertools.product((-1, 5), (False, True)):
        x = Variable(tensor(table), requires_grad=True)
        weights = draw.randn(2, 3, 4)
        (ops.embedding(x, indices, padding, None, 2.0, by_count, False) * Variable(tensor(weights))).sum().backward()
        wanted = np.zeros_like(table)
        for place in np.ndindex(2, 3):
            row = where[place]
            if row != padding:
                wanted[row] += weights[place] / ((where == row).sum() if by_count else 1)
        close(x.grad.data, wanted)
    check_gradients(lambda x: ops.embedding(x, indices, -1, None, 2.0, False, False), table)
    with pytest.raises(RuntimeError):
        ops.embedding(t, tensor(np.array([6])), -1, None, 2.0, False, False)


@pytest.mark.parametrize("norm", (1.0, 2.0, 3.0))
def test_embedding_shortens_rows_in_use(norm):
    table, where = draw.randn(6, 4), np.array([1, 3, 1])
    t = tensor(table.copy())
    got = ops.embedding(t, tensor(where), -1, 0.5, norm, False, False)
    wanted = table.copy()
    for row in (1, 3):
        length = (np.abs(table[row]) ** norm).sum() ** (1 / norm)
        wanted[row] *= min(1, 0.5 / (length + 1e-7))
    close(t, wanted)
    close(got, wanted[where])


def test_embedding_bag():
    table, where, offsets = draw.randn(6, 4), np.array([1, 3, 1, 5, 0]), np.array([0, 2, 2])
    w, o = Variable(tensor(where)), Variable(tensor(offsets))
    bags = [[1, 3], [], [1, 5, 0]]
    for mode in ("sum", "mean"):
        wanted = np.array([table[bag].sum(0) / (len(bag) if mode == "mean" and bag else 1) for bag in bags])
        got = ops.embedding_bag(tensor(table), tensor(where), tensor(offsets), None, 2.0, False, mode)
        close(got, wanted)
        check_gradients(
            lambda x, w=w, o=o, m=mode: ops.embedding_bag(x, w, o, None, 2.0, False, m), table, second=False
        )
    for bad in ([1, 2], [0, 6], [0, 3, 2]):
        with pytest.raises(RuntimeError):
            ops.embedding_bag(tensor(table), tensor(where), tensor(np.array(bad)), None, 2.0, False, "sum")


# resampling


def naive_linear(x, size):
    for axis, n in enumerate(size, 2):
        at = np.arange(n) * ((x.shape[axis] - 1) / (n - 1) if n > 1 else 0)
        low = at.astype(int)
        high = np.minimum(low + 1, x.shape[axis] - 1)
        part = (at - low).reshape(-1, *(1,) * (x.ndim - axis - 1))
        x = np.take(x, low, axis) * (1 - part) + np.take(x, high, axis) * part
    return x


@pytest.mark.parametrize(
    "size,target", [((2, 2, 3), (6,)), ((1, 2, 3, 2), (9, 4)), ((1, 2, 2, 3, 2), (4, 6, 2))], ids=str
)
def test_upsampling(size, target):
    x = draw.randn(*size)
    nearest = x
    for axis, n in enumerate(target, 2):
        nearest = nearest.repeat(n // size[axis], axis)
    close(ops.upsample_nearest(tensor(x), target), nearest)
    for goal in (target, tuple(n + 1 for n in target), (1,) * len(target)):
        close(ops.upsample_linear(tensor(x), goal), naive_linear(x, goal))
    check_gradients(lambda x: ops.upsample_nearest(x, target), x)
    check_gradients(lambda x: ops.upsample_linear(x, target), x)


def test_grid_sample():
    x, grid = draw.randn(2, 3, 4, 5), draw.uniform(-1.3, 1.3, (2, 3, 2, 2))
    wanted = np.zeros((2, 3, 3, 2))
    for n, h, w in np.ndindex(2, 3, 2):
        px, py = (grid[n, h, w] + 1) * [2, 1.5]
        for ix, iy in itertools.product(range(5), range(4)):
            wanted[n, :, h, w] += x[n, :, iy, ix] * max(0, 1 - abs(px - ix)) * max(0, 1 - abs(py - iy))
    close(ops.grid_sample(tensor(x), tensor(grid), False), wanted)
    edge = ops.grid_sample(tensor(x), tensor(grid.clip(-1, 1)), False).numpy()
    close(ops.grid_sample(tensor(x), tensor(grid), True), edge)
    for border in (False, True):
        check_gradients(lambda x, g, b=border: ops.grid_sample(x, g, b), x, grid, second=False)


# padding


@pytest.mark.parametrize("pads", [(2, 1), (1, 2, 0, 1), (0, 0, 2, 1, 1, 1), (-1, 1), (1, -1, -1, 2)], ids=str)
def test_padding(pads):
    x = draw.randn(2, 3, 4)
    amounts = [(0, 0)] * (3 - len(pads) // 2) + list(zip(pads[::2], pads[1::2], strict=True))[::-1]
    kept = x[tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, amounts, strict=True))]
    added = [(max(a, 0), max(b, 0)) for a, b in amounts]
    close(ops.pad_constant(tensor(x), pads, 1.5), np.pad(kept, added, constant_values=1.5))
    check_gradients(lambda x: ops.pad_constant(x, pads, 1.5), x)
    if min(pads) >= 0 and len(pads) < 6:
        close(ops.pad_reflect(tensor(x), pads), np.pad(x, added, "reflect"))
        close(ops.pad_replicate(tensor(x), pads), np.pad(x, added, "edge"))
        check_gradients(lambda x: ops.pad_reflect(x, pads), x)
        check_gradients(lambda x: ops.pad_replicate(x, pads), x)


def test_padding_of_integers_and_impossible_amounts():
    got = ops.pad_constant(tensor(np.array([[1, 2]])), (1, 0), 7)
    assert got.numpy().tolist() == [[7, 1, 2]]
    with pytest.raises(RuntimeError):
        ops.pad_constant(tensor(np.zeros((1, 3))), (-2, -2), 0)
    with pytest.raises(RuntimeError):
        ops.pad_reflect(tensor(np.zeros((1, 3))), (3, 0))
