"""Recurrent layers, and single steps of them."""

from __future__ import annotations

from collections.abc import Callable

from ..._core import ops
from ..._core.types import LongTensor
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
    """(h', c') of gates i, f, g, o = from_input + from_hidden.

    c' = sigmoid(f) c + sigmoid(i) tanh(g), and h' = sigmoid(o) tanh(c').
    """
    return ops.lstm_cell(from_input, from_hidden, hidden[1])


def gru_step(from_input: Variable, from_hidden: Variable, hidden: Variable) -> Variable:
    """h' = n + sigmoid(i) (h - n), n = tanh(x_n + sigmoid(r) h_n).

    from_input and from_hidden each hold three parts, for r, i and n; those for r and for i are added.
    """
    return ops.gru_cell(from_input, from_hidden, hidden)


STEPS = {"RNN_TANH": rnn_tanh_step, "RNN_RELU": rnn_relu_step, "LSTM": lstm_step, "GRU": gru_step}


def cell(step: Callable, input: Variable, hidden, w_ih: Variable, w_hh: Variable, b_ih=None, b_hh=None):
    """One step of a recurrent layer on N x I with the state (N x H, for an LSTM two of them): the new state."""
    output = hidden[0] if isinstance(hidden, tuple | list) else hidden
    return step(linear(input, w_ih, b_ih), linear(output, w_hh, b_hh), hidden)


def _ends(batch_sizes: list) -> list:
    """For each sequence of a batch the row of its last step; the rows are those of step 0, of step 1 and so on."""
    rows, start = [0] * batch_sizes[0], 0
    for size in batch_sizes:
        rows[:size] = range(start, start + size)
        start += size
    return rows


def _last(states: Variable, batch_sizes: list, reverse: bool) -> Variable:
    """The state of each sequence after its last step: in reverse that is step 0."""
    batch = batch_sizes[0]
    if reverse:
        return states.narrow(0, 0, batch)
    if batch_sizes[-1] == batch:
        return states.narrow(0, states.size(0) - batch, batch)
    return states.index_select(0, Variable(LongTensor(_ends(batch_sizes))))


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
    directions = 2 if bidirectional else 1
    states = hidden if mode == "LSTM" else (hidden,)
    packed = batch_sizes is not None
    sizes = list(batch_sizes) if packed else [input.size(1)] * input.size(0)
    lasts = []
    for layer in range(num_layers):
        outputs = []
        for direction in range(directions):
            place = layer * directions + direction
            w_ih, w_hh, b_ih, b_hh = (*weights[place], None, None)[:4]
            if b_hh is not None and mode != "GRU":  # the two sides' gates are added anyway
                b_ih, b_hh = b_ih + b_hh, None
            gates = linear(input.contiguous().view(-1, input.size(-1)), w_ih, b_ih)  # all steps at once
            first = (*(state.select(0, place) for state in states), None)[:2]
            output, cells, _ = ops.recurrent(gates, w_hh, b_hh, *first, sizes, direction == 1, mode)
            outputs.append(output if packed else output.view(input.size(0), input.size(1), -1))
            lasts.append([_last(t, sizes, direction == 1) for t in (output, cells)[: len(states)]])
        input = ops.cat(outputs, input.dim() - 1) if directions == 2 else outputs[0]
        if drop and layer < num_layers - 1:
            input = dropout(input, drop, training)
    last = tuple(ops.cat([state.unsqueeze(0) for state in kind], 0) for kind in zip(*lasts, strict=True))
    return input, last if mode == "LSTM" else last[0]
