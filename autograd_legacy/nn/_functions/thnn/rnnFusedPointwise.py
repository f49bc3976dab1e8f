"""The second half of a recurrent step, from the gates on: 0.3.1 had it in one kernel on GPUs."""

from __future__ import annotations

from ....autograd import Variable
from ..applied import applied
from ..recurrent import gru_step, lstm_step


def _with(gates: Variable, bias: Variable | None) -> Variable:
    return gates if bias is None else gates + bias


def _lstm(input_gate: Variable, hidden_gate: Variable, cx: Variable, ibias=None, hbias=None) -> tuple:
    """The next (h, c) from W x and U h, N x 4H, the cells c and, if the gates lack them, the biases."""
    return lstm_step(_with(input_gate, ibias), _with(hidden_gate, hbias), (None, cx))


def _gru(input_gate: Variable, hidden_gate: Variable, hx: Variable, ibias=None, hbias=None) -> Variable:
    """The next h from W x and U h, N x 3H, the state h and, if the gates lack them, the biases."""
    return gru_step(_with(input_gate, ibias), _with(hidden_gate, hbias), hx)


LSTMFused, GRUFused = applied("LSTMFused", _lstm), applied("GRUFused", _gru)
