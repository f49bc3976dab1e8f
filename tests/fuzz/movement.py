"""NumPy's answers to rows that move elements: views, subscripts, indices, masks, pieces, padding, and the ways back."""

from __future__ import annotations

import numpy

from autograd_legacy import optable


def wide(x: numpy.ndarray) -> numpy.ndarray:
    """In the type that sums are taken in."""
    return x.astype("d" if x.dtype.kind == "f" else "l")


def moved_back(values: numpy.ndarray, size: tuple, move) -> numpy.ndarray:
    """Zeros of that size, to which each value is added at the place that `move` took it from."""
    places = move(numpy.arange(numpy.prod(size, dtype=int)).reshape(size))
    out = numpy.zeros(places.max(initial=numpy.prod(size, dtype=int) - 1) + 1, wide(values).dtype)
    numpy.add.at(out, places.ravel(), wide(values).ravel())
    return out.reshape(size).astype(values.dtype)


def _back(move):
    """The answer of a row f(values, size, ...) that undoes move(x, ...)."""
    return lambda values, size, *how: moved_back(values, size, lambda x: move(x, *how))


def _slice(x, dim, start, stop, step):
    return numpy.take(x, range(start, stop, step), dim)


def _sliced_back(values, size, dim, start, step):
    return moved_back(values, size, lambda x: _slice(x, dim, start, start + step * values.shape[dim], step))


def _unfold(x, dim, size, step):
    windows = numpy.lib.stride_tricks.sliding_window_view(x, size, dim)
    return numpy.take(windows, range(0, windows.shape[dim], step), dim)


def _sum_to(x, size):
    x = wide(x).sum(tuple(range(x.ndim - len(size)))).astype(x.dtype) if x.ndim > len(size) else x
    return wide(x).sum(tuple(k for k, n in enumerate(size) if n == 1), keepdims=True).astype(x.dtype)


def _scattered(x, dim, index, source, add=False):
    out = x.copy()
    for place in numpy.ndindex(*index.shape):
        to = (*place[:dim], index[place], *place[dim + 1 :])
        value = source[place] if isinstance(source, numpy.ndarray) else source
        out[to] = out[to] + value if add else value
    return out


def _put(x, index, source, accumulate):
    out = x.copy()
    for at, value in zip(index.flat, numpy.broadcast_to(source, index.shape).flat, strict=True):
        out.flat[at] = out.flat[at] + value if accumulate else value
    return out


def _slices(change):
    def answer(x, dim, index, source):
        out = x.copy()
        for k, at in enumerate(index):
            part = source if not isinstance(source, numpy.ndarray) else numpy.take(source, k, dim)
            place = (slice(None),) * dim + (at,)
            out[place] = out[place] + part if change == "add" else part
        return out

    return answer


def _masked(x, mask, source):
    out = x.copy()
    out[mask.astype(bool)] = source if not isinstance(source, numpy.ndarray) else source.flat[: mask.sum()]
    return out


def _masked_part(x, mask, size):
    out, found = numpy.zeros(size, x.dtype), x[mask.astype(bool)]
    out.flat[: found.size] = found
    return out


def _set(x, key, source):
    out = x.copy()
    out[key] = source if not isinstance(source, numpy.ndarray) else source.reshape(out[key].shape)
    return out


def _shift(x, dim, by, fill):
    out = numpy.full_like(x, fill)
    to, source = numpy.moveaxis(out, dim, 0), numpy.moveaxis(x, dim, 0)
    n = len(source)
    if abs(by) < n:
        to[max(by, 0) : n + min(by, 0)] = source[max(-by, 0) : n - max(by, 0)]
    return out


def _padded(mode):
    """Pads come in pairs from the last dimension on; negative ones cut."""

    def answer(x, pads, *value):
        pairs = [(0, 0)] * (x.ndim - len(pads) // 2) + list(zip(pads[::2], pads[1::2], strict=True))[::-1]
        cut = tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(x.shape, pairs, strict=True))
        around = [(max(a, 0), max(b, 0)) for a, b in pairs]
        return numpy.pad(x[cut], around, mode, **dict(zip(("constant_values",), value, strict=False)))

    return answer


def _planes(x, indices, dims):
    """The elements of each plane at the places that indices say."""
    flat = x.reshape(*x.shape[: x.ndim - dims], -1)
    return numpy.take_along_axis(flat, indices.reshape(*flat.shape[:-1], -1), -1).reshape(indices.shape)


def _unpooled(x, indices, size):
    out = numpy.zeros((*x.shape[: x.ndim - len(size)], numpy.prod(size)), x.dtype)
    for plane in numpy.ndindex(*out.shape[:-1]):
        for at, value in zip(indices[plane].flat, x[plane].flat, strict=True):
            out[plane][at] = value
    return out.reshape(*out.shape[:-1], *size)


def _nearest(x, size):
    for dim, out in enumerate(size, 2):
        x = numpy.take(x, numpy.arange(out) * x.shape[dim] // out, dim)
    return x


TWINS = {
    "clone": lambda x: x, "zero_": numpy.zeros_like, "fill_": numpy.full_like,
    "assign_": lambda x, y: numpy.broadcast_to(y, x.shape),
    "convert": lambda x, to, source: x.astype(optable.DTYPES[to].code),
    # views
    "transpose": numpy.swapaxes, "t": numpy.transpose, "permute": numpy.transpose, "view": numpy.reshape,
    "resized": numpy.reshape, "expand": numpy.broadcast_to, "sum_to": _sum_to, "squeeze": numpy.squeeze,
    "squeeze_dim": lambda x, dim: x.squeeze(dim) if x.shape[dim] == 1 else x, "unsqueeze": numpy.expand_dims,
    "select": lambda x, dim, k: numpy.take(x, k, dim),
    "select_backward": _back(lambda x, dim, k: numpy.take(x, k, dim)),
    "narrow": lambda x, dim, start, n: numpy.take(x, range(start, start + n), dim),
    "slice": _slice, "slice_backward": _sliced_back,
    "unfold": _unfold, "unfold_backward": _back(_unfold),
    "tile": numpy.tile, "tile_backward": _back(numpy.tile),
    # elements by index, mask and subscript
    "gather": lambda x, dim, index: numpy.take_along_axis(x, index, dim),
    "scatter_": _scattered, "scatter_fill_": _scattered,
    "scatter_add_": lambda x, dim, index, source: _scattered(x, dim, index, source, True),
    "index_select": lambda x, dim, index: numpy.take(x, index, dim),
    "index_add_": _slices("add"), "index_copy_": _slices("copy"), "index_fill_": _slices("copy"),
    "take": lambda x, index: x.flat[index], "put_": _put,
    "masked_select": lambda x, mask: x[mask.astype(bool)],
    "masked_spread": lambda x, mask, size: _masked(numpy.zeros(size, x.dtype), mask, x), "masked_part": _masked_part,
    "masked_fill_": _masked, "masked_scatter_": _masked,
    "nonzero": lambda x: numpy.argwhere(x) if x.any() else numpy.zeros(0, "l"),
    "index": lambda x, key: x[key], "taken": lambda x, key: x[key], "picked": lambda x, key: x[key],
    "taken_back": lambda values, key, size: moved_back(values, size, lambda x: x[key]),
    "set_part_": _set, "set_number_": _set,
    # joined and cut
    "cat": lambda tensors, dim: numpy.concatenate(tensors, dim),
    "split_evenly": lambda x, size, dim: numpy.split(x, x.shape[dim] // size, dim),
    "tril": numpy.tril, "triu": numpy.triu, "diag": numpy.diag, "diag_back": _back(numpy.diag),
    "on_diagonal": lambda x, size: numpy.where(numpy.eye(*size), x, 0),
    "lower_half": lambda x: numpy.tril(x) * (1 - numpy.eye(len(x)) / 2),
    "shift": _shift,
    # layers that move
    "channel_fill": lambda x, size: numpy.broadcast_to(x.reshape(-1, *[1] * (len(size) - 2)), size),
    "pad_constant": _padded("constant"),
    "pad_reflect": _padded("reflect"), "pad_reflect_grad": _back(_padded("reflect")),
    "pad_replicate": _padded("edge"), "pad_replicate_grad": _back(_padded("edge")),
    "gather_planes": _planes,
    "scatter_planes": lambda x, indices, sizes, dims: moved_back(x, sizes, lambda y: _planes(y, indices, dims)),
    "max_unpool_nd": _unpooled,
    "upsample_nearest": _nearest,
    "upsample_nearest_grad": lambda delta, sizes: moved_back(delta, sizes, lambda x: _nearest(x, delta.shape[2:])),
}  # fmt: skip
