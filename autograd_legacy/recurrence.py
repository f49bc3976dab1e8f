"""Backpropagation through time, step by step in rows of the table: what gradients of gradients need."""

from __future__ import annotations

from ._core import ops
from .autograd import Variable


def _rows(t: Variable | None, begin: int, end: int) -> Variable | None:
    return None if t is None or begin == end else t.narrow(0, begin, end - begin)


def _joined(*parts: Variable | None) -> Variable | None:
    """Rows below each other, without those parts that are None."""
    parts = [part for part in parts if part is not None]
    return ops.cat(parts, 0) if len(parts) > 1 else parts[0] if parts else None


def _sum(a: Variable | None, b: Variable | None) -> Variable | None:
    return a if b is None else b if a is None else a + b


def _with_zeros(carried: Variable | None, like: Variable) -> Variable | None:
    """A gradient of the first rows only, with zeros for the rest."""
    missing = like.size(0) - (0 if carried is None else carried.size(0))
    return carried if carried is None or not missing else _joined(carried, ops.zeros_like(like.narrow(0, 0, missing)))


def _step(mode: str, dh, dc, x, s, h, c, y) -> tuple:
    """The gradients of a step's gates from the input and from the state, of the state h itself, and of c.

    dh, dc: those of its new states (None: zeros); y: its output.
    """
    if mode == "LSTM":
        dx, ds, before = ops.lstm_cell_grad(dh, dc, x, s, c)
        return dx, ds, None, before
    dh = ops.zeros_like(h) if dh is None else dh
    if mode == "GRU":
        return *ops.gru_cell_grad(dh, x, s, h), None
    dx = dh * (1 - y * y) if mode == "RNN_TANH" else dh * (y > 0).type_as(dh)
    return dx, dx, None, None


def through_time(
    delta, dcells, gates, weight, bias, hx, cx, output, cells, work, batch_sizes: list, reverse: bool, mode: str
) -> tuple:
    """The gradients of gates, weight, bias, hx and cx of the row `recurrent`, as Variables."""
    starts = [sum(batch_sizes[:t]) for t in range(len(batch_sizes) + 1)]
    times = list(range(len(batch_sizes)))
    dh = dc = None
    ended_h, ended_c = [], []  # of rows whose sequence begins at a step that the walk has passed
    steps = {}
    for t in times if reverse else times[::-1]:
        begin, end, n = starts[t], starts[t + 1], batch_sizes[t]
        last = t + 1 if reverse else t - 1
        known = batch_sizes[last] if 0 <= last < len(times) else 0
        known = min(known, n)  # rows whose state before is an output; the others begin with the first state
        before = [
            _joined(_rows(states, starts[last], starts[last] + known) if known else None, _rows(first, known, n))
            for states, first in ((output, hx), (cells, cx))
        ]
        x, y = _rows(gates, begin, end), _rows(output, begin, end)
        s = before[0].mm(weight.t())
        s = s if bias is None else s + bias.expand_as(s)
        dh = _sum(_rows(delta, begin, end), _with_zeros(dh, y))
        dc = _sum(_rows(dcells, begin, end), _with_zeros(dc, y))
        dx, ds, own, dc = _step(mode, dh, dc, x, s, *before, y)
        dh = _sum(ds.mm(weight), own)
        steps[t] = dx, ds, before[0]
        if reverse:
            ended_h.insert(0, _rows(dh, known, n))
            ended_c.insert(0, _rows(dc, known, n))
            dh, dc = _rows(dh, 0, known), _rows(dc, 0, known)
    dx, ds, states = (_joined(*(steps[t][k] for t in times)) for k in range(3))
    return (
        dx,
        ds.t().mm(states),
        None if bias is None else ds.sum(0),
        _joined(dh, *ended_h),
        None if cx is None else _joined(dc, *ended_c),
    )
