"""Recurrent networks of any cells: what programs with a cell of their own take from torch.nn._functions.rnn.

A cell is a function (input, hidden, *weights) -> hidden. The hidden state is N x H, or a tuple of such as an LSTM's
(h, c), whose first is the output.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from ..._core import ops
from ...autograd import Variable
from ...cuda.devices import refuse
from ...functional import stack
from .dropout import dropout as drop_out
from .recurrent import STEPS, cell, gru_step, lstm_step, recurrent, rnn_relu_step, rnn_tanh_step

RNNTanhCell, RNNReLUCell, LSTMCell, GRUCell = (
    partial(cell, step) for step in (rnn_tanh_step, rnn_relu_step, lstm_step, gru_step)
)


def Recurrent(inner: Callable, reverse: bool = False) -> Callable:
    """One layer: a function (input, hidden, weights) -> (last hidden, output), input T x N x I, output T x N x H.

    The cell `inner` goes through the steps, with `reverse` from the last to the first.
    """

    def forward(input: Variable, hidden: Any, weight: Sequence) -> tuple:
        steps = range(input.size(0))
        outputs = []
        for step in reversed(steps) if reverse else steps:
            hidden = inner(input[step], hidden, *weight)
            outputs.append(hidden[0] if isinstance(hidden, tuple) else hidden)
        return hidden, stack(outputs[::-1] if reverse else outputs)

    return forward


def VariableRecurrent(batch_sizes: Sequence[int], inner: Callable) -> Callable:
    """One layer over packed sequences, as Recurrent: input and output have sum(batch_sizes) rows.

    A sequence's last hidden state is the one after its own last step.
    """

    def forward(input: Variable, hidden: Any, weight: Sequence) -> tuple:
        single = not isinstance(hidden, tuple)
        states = (hidden,) if single else hidden
        ended, outputs = [], []
        for start, size in _steps(batch_sizes):
            running = states[0].size(0)
            if size < running:
                ended.append([state[size:] for state in states])
                states = tuple(state[:size] for state in states)
            states = _step(inner, input[start : start + size], states, weight, single)
            outputs.append(states[0])
        states = tuple(ops.cat(list(rows), 0) for rows in zip(states, *ended[::-1], strict=True))
        return states[0] if single else states, ops.cat(outputs, 0)

    return forward


def VariableRecurrentReverse(batch_sizes: Sequence[int], inner: Callable) -> Callable:
    """VariableRecurrent from the last step to the first: each sequence begins at its own end."""

    def forward(input: Variable, hidden: Any, weight: Sequence) -> tuple:
        single = not isinstance(hidden, tuple)
        first = (hidden,) if single else hidden
        states = tuple(state[: batch_sizes[-1]] for state in first)
        outputs = []
        for start, size in reversed(_steps(batch_sizes)):
            running = states[0].size(0)
            if size > running:
                states = tuple(ops.cat([state, new[running:size]], 0) for state, new in zip(states, first, strict=True))
            states = _step(inner, input[start : start + size], states, weight, single)
            outputs.append(states[0])
        return states[0] if single else states, ops.cat(outputs[::-1], 0)

    return forward


def variable_recurrent_factory(batch_sizes: Sequence[int]) -> Callable:
    """What stands for Recurrent where the sequences are packed: a function (inner, reverse=False)."""

    def factory(inner: Callable, reverse: bool = False) -> Callable:
        return (VariableRecurrentReverse if reverse else VariableRecurrent)(batch_sizes, inner)

    return factory


def _steps(batch_sizes: Sequence[int]) -> list[tuple[int, int]]:
    """(first row, number of rows) of each step."""
    return list(zip(accumulate(batch_sizes, initial=0), batch_sizes, strict=False))


def _step(inner: Callable, input: Variable, states: tuple, weight: Sequence, single: bool) -> tuple:
    return (inner(input, states[0], *weight),) if single else inner(input, states, *weight)


def StackedRNN(
    inners: Sequence[Callable], num_layers: int, lstm: bool = False, dropout: float = 0, train: bool = True
) -> Callable:
    """num_layers layers, each of one function of `inners` for each direction, whose outputs are put side by side.

    A function (input, hidden, weights) -> (hidden, output). hidden: (layers * directions) x N x H, with `lstm` two of
    them; weights: one list for each layer and direction, AssertionError where their number differs. dropout: between
    the layers, in training.
    """
    total = num_layers * len(inners)

    def forward(input: Variable, hidden: Any, weight: Sequence[Sequence]) -> tuple:
        if len(weight) != total:
            raise AssertionError(
                f"{total} lists of weights were expected, for each layer and direction, got {len(weight)}"
            )
        first = list(zip(*hidden, strict=True)) if lstm else hidden
        lasts = []
        for layer in range(num_layers):
            outputs = []
            for direction, inner in enumerate(inners):
                place = layer * len(inners) + direction
                last, output = inner(input, first[place], weight[place])
                lasts.append(last)
                outputs.append(output)
            input = ops.cat(outputs, input.dim() - 1)
            if dropout != 0 and layer < num_layers - 1:
                input = drop_out(input, dropout, train)
        return tuple(stack(kind) for kind in zip(*lasts, strict=True)) if lstm else stack(lasts), input

    return forward


def AutogradRNN(
    mode: str,
    input_size: int,
    hidden_size: int,
    num_layers: int = 1,
    batch_first: bool = False,
    dropout: float = 0,
    train: bool = True,
    bidirectional: bool = False,
    batch_sizes: Sequence[int] | None = None,
    dropout_state: dict | None = None,
    flat_weight: Any = None,
) -> Callable:
    """nn.LSTM, nn.GRU or nn.RNN as a function (input, weights, hidden) -> (output, hidden).

    mode: LSTM, GRU, RNN_TANH or RNN_RELU, Exception for another. weights: a module's all_weights. dropout_state and
    flat_weight were for cuDNN.
    """
    if mode not in STEPS:
        raise Exception(f"Unknown mode: {mode}")
    turned = batch_first and batch_sizes is None

    def forward(input: Variable, weight: Sequence[Sequence], hidden: Any) -> tuple:
        steps = input.transpose(0, 1) if turned else input
        output, last = recurrent(mode, steps, weight, hidden, num_layers, bidirectional, dropout, train, batch_sizes)
        return output.transpose(0, 1) if turned else output, last

    return forward


RNN = AutogradRNN


def CudnnRNN(*args: Any, **kwargs: Any) -> Callable:
    """A recurrent network of cuDNN's, which there is none of: it refuses, and names what to do."""
    return refuse("CudnnRNN()")
