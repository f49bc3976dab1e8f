"""Recurrent layers, as loops over time."""

from __future__ import annotations

from collections.abc import Callable

from ..._core import ops
from ...autograd import Variable
from .dropout import dropout
from .linear import linear


def rnn_tanh_step(from_input: Variable, from_hidden: Variable, hidden: Variable) -> Variable:
    """tanh(W x + b + U h + c), where from_input = W x + b and from_hidden = U h + c."""
    return (from_input + from_hidden).tanh()


def rnn_relu_step(from_input: Variable, from_hidden: Variable, hidden: Variable) -> Variable:
    """max(W x + b + U h + c, 0)."""
    return ops.threshold(from_input + from_hidden, 0, 0)


def lstm_step(from_input: Variable, from_hidden: Variable, hidden: tuple) -> tuple:
    """(h', c') of gates i, f, g, o = from_input + from_hidden: c' = sigmoid(f) c + sigmoid(i) tanh(g).

    H' = sigmoid(o) tanh(c').
    """
    return ops.lstm_cell(from_input, from_hidden, hidden[1])


def gru_step(from_input: Variable, from_hidden: Variable, hidden: Variable) -> Variable:
    """h' = n + sigmoid(i) (h - n), n = tanh(x_n + sigmoid(r) h_n), where from_input and from_hidden hold parts for r.

    I and n.
    """
    return ops.gru_cell(from_input, from_hidden, hidden)


STEPS = {"RNN_TANH": rnn_tanh_step, "RNN_RELU": rnn_relu_step, "LSTM": lstm_step, "GRU": gru_step}


def cell(step: Callable, input: Variable, hidden, w_ih: Variable, w_hh: Variable, b_ih=None, b_hh=None):
    """One step of a recurrent layer on N x I with the state (N x H, for an LSTM two of them): the new state."""
    output = hidden[0] if isinstance(hidden, tuple | list) else hidden
    return step(linear(input, w_ih, b_ih), linear(output, w_hh, b_hh), hidden)


def _parts(hidden, function: Callable):
    """function of the state, or of each of an LSTM's two states."""
    return tuple(map(function, hidden)) if isinstance(hidden, tuple) else function(hidden)


def _output(hidden) -> Variable:
    return hidden[0] if isinstance(hidden, tuple) else hidden


def _recurrence(weight: Variable, bias: Variable | None) -> Callable:
    """h -> h . weight + bias."""
    if bias is None:
        return lambda h: h.mm(weight)
    return lambda h: bias.addmm(h, weight)


def _walk(step: Callable, projected: Variable, hidden, recur: Callable, reverse: bool) -> tuple:
    """The outputs of one direction over T x N x G, and the last state; `recur` gives the state's part of the gates."""
    times = range(projected.size(0))
    outputs = []
    for t in reversed(times) if reverse else times:
        hidden = step(projected.select(0, t), recur(_output(hidden)), hidden)
        outputs.append(_output(hidden))
    if reverse:
        outputs.reverse()
    return ops.cat([output.unsqueeze(0) for output in outputs], 0), hidden


def _walk_packed(step: Callable, projected: Variable, batch_sizes: list, hidden, recur: Callable) -> tuple:
    """As _walk, forward over packed steps: the batch shrinks as sequences end, and what they leave is put aside."""
    outputs, ended = [], []
    start, last = 0, batch_sizes[0]
    for batch in batch_sizes:
        if batch < last:
            ended.append(_parts(hidden, lambda h, b=batch, n=last: h.narrow(0, b, n - b)))
            hidden = _parts(hidden, lambda h, b=batch: h.narrow(0, 0, b))
        hidden = step(projected.narrow(0, start, batch), recur(_output(hidden)), hidden)
        outputs.append(_output(hidden))
        start, last = start + batch, batch
    ended.append(hidden)
    ended.reverse()
    if isinstance(hidden, tuple):
        return ops.cat(outputs, 0), tuple(ops.cat(list(states), 0) for states in zip(*ended, strict=True))
    return ops.cat(outputs, 0), ops.cat(ended, 0)


def _walk_packed_reversed(step: Callable, projected: Variable, batch_sizes: list, start, recur: Callable) -> tuple:
    """As _walk_packed, backward: the batch grows, and sequences join with their part of the first state."""
    outputs = []
    end, last = projected.size(0), batch_sizes[-1]
    hidden = _parts(start, lambda h: h.narrow(0, 0, last))
    for batch in reversed(batch_sizes):
        if batch > last:
            joining = _parts(start, lambda h, b=batch, n=last: h.narrow(0, n, b - n))
            if isinstance(hidden, tuple):
                hidden = tuple(ops.cat([h, j], 0) for h, j in zip(hidden, joining, strict=True))
            else:
                hidden = ops.cat([hidden, joining], 0)
        hidden = step(projected.narrow(0, end - batch, batch), recur(_output(hidden)), hidden)
        outputs.append(_output(hidden))
        end, last = end - batch, batch
    outputs.reverse()
    return ops.cat(outputs, 0), hidden


def recurrent(
    mode: str,
    input: Variable,
    weights: list,
    hidden,
    num_layers: int,
    bidirectional: bool,
    drop: float,
    training: bool,
    batch_sizes: list | None = None,
) -> tuple:
    """All layers of a recurrent network.

    input: T x N x I, or with batch_sizes the packed steps (their sum x I). weights: for each layer and direction w_ih,
    w_hh and, with bias, b_ih, b_hh. hidden: the first states, (layers * directions) x N x H, for an LSTM two of them.
    `drop`: dropout between the layers. Gives the output of the last layer, the directions side by side, and the last
    states.
    """
    step = STEPS[mode]
    directions = 2 if bidirectional else 1
    lasts = []
    for layer in range(num_layers):
        outputs = []
        for direction in range(directions):
            place = layer * directions + direction
            w_ih, w_hh, b_ih, b_hh = (*weights[place], None, None)[:4]
            if b_hh is not None and mode != "GRU":  # the two sides' gates are added anyway
                b_ih, b_hh = b_ih + b_hh, None
            recur = _recurrence(w_hh.t(), b_hh)
            first = _parts(hidden, lambda h, k=place: h.select(0, k))
            flat = input.contiguous().view(-1, input.size(-1))
            projected = linear(flat, w_ih, b_ih)  # all steps at once: they do not depend on the state
            if batch_sizes is None:
                projected = projected.view(input.size(0), input.size(1), -1)
                output, last = _walk(step, projected, first, recur, reverse=direction == 1)
            else:
                walk = _walk_packed_reversed if direction == 1 else _walk_packed
                output, last = walk(step, projected, batch_sizes, first, recur)
            outputs.append(output)
            lasts.append(last)
        input = ops.cat(outputs, input.dim() - 1) if directions == 2 else outputs[0]
        if drop and layer < num_layers - 1:
            input = dropout(input, drop, training)
    if mode == "LSTM":
        return input, tuple(_stacked(states) for states in zip(*lasts, strict=True))
    return input, _stacked(lasts)


def _stacked(states) -> Variable:
    return ops.cat([state.unsqueeze(0) for state in states], 0)
