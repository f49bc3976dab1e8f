"""Recurrent layers and their cells."""

from __future__ import annotations

from ...autograd import Variable
from .._functions import recurrent as functions
from .._functions.rnn import AutogradRNN
from .._tensors import new_tensor
from ..parameter import Parameter
from ..utils.rnn import PackedSequence
from .module import Module

# How many blocks of hidden_size rows the weights have: one for each gate.
GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "LSTM": 4, "GRU": 3}


class RNNBase(Module):
    """num_layers recurrent layers, each fed with the output of the one before, in one or both directions.

    The weights of a layer are weight_ih_l0 (gates * hidden x input), weight_hh_l0 (gates * hidden x hidden) and the
    biases bias_ih_l0 and bias_hh_l0, with `_reverse` at the end for the other direction; all start uniform in +-1 /
    sqrt(hidden_size).
    """

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0,
        bidirectional: bool = False,
    ):
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = dropout
        self.dropout_state = {}
        self.bidirectional = bidirectional
        directions = 2 if bidirectional else 1
        rows = GATES[mode] * hidden_size
        self._all_weights = []
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * directions
            for direction in range(directions):
                suffix = f"_l{layer}{'_reverse' if direction == 1 else ''}"
                sizes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden_size)}
                if bias:
                    sizes.update(bias_ih=(rows,), bias_hh=(rows,))
                for name, size in sizes.items():
                    setattr(self, name + suffix, Parameter(new_tensor(*size)))
                self._all_weights.append([name + suffix for name in sizes])
        self.flatten_parameters()
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew."""
        bound = self.hidden_size**-0.5
        for weight in self.parameters():
            weight.data.uniform_(-bound, bound)

    def flatten_parameters(self) -> None:
        """Lay the weights out for cuDNN; on the CPU there is nothing to do."""
        self._data_ptrs = []

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The weights of each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    def __setstate__(self, state: dict) -> None:
        state = dict(state)
        weights = state.pop("all_weights", None)  # older files have the names under this one
        super().__setstate__(state)
        if weights is not None:
            self.__dict__["_all_weights"] = weights

    def forward(self, input, hx=None) -> tuple:
        """The output of the last layer for each step, and the last states.

        input: T x N x I (N x T x I with batch_first) or a PackedSequence. hx: the first states, (layers * directions) x
        N x H, zeros by default; for an LSTM a pair (h, c). RuntimeError where the sizes do not fit.
        """
        batch_sizes = None
        if isinstance(input, PackedSequence):
            input, batch_sizes = input
        self._check_input(input, batch_sizes)
        size = self._state_size(input, batch_sizes)
        hx = self._initial(input, size) if hx is None else self._checked(hx, size)
        run = AutogradRNN(
            self.mode,
            self.input_size,
            self.hidden_size,
            self.num_layers,
            self.batch_first,
            self.dropout,
            self.training,
            self.bidirectional,
            batch_sizes,
        )
        output, hidden = run(input, self.all_weights, hx)
        return output if batch_sizes is None else PackedSequence(output, batch_sizes), hidden

    def check_forward_args(self, input: Variable, hidden, batch_sizes: list | None) -> None:
        """RuntimeError unless input and first states have the sizes that forward wants."""
        self._check_input(input, batch_sizes)
        self._checked(hidden, self._state_size(input, batch_sizes))

    def _state_size(self, input: Variable, batch_sizes: list | None) -> tuple:
        count = input.size(0 if self.batch_first else 1) if batch_sizes is None else batch_sizes[0]
        return (self.num_layers * (2 if self.bidirectional else 1), count, self.hidden_size)

    def _check_input(self, input: Variable, batch_sizes: list | None) -> None:
        dims = 3 if batch_sizes is None else 2
        if input.dim() != dims:
            raise RuntimeError(f"input must have {dims} dimensions, got {input.dim()}")
        if input.size(-1) != self.input_size:
            raise RuntimeError(f"input must have {self.input_size} features, got {input.size(-1)}")

    def _initial(self, input: Variable, size: tuple):
        zeros = Variable(input.data.new(*size).zero_())
        return (zeros, zeros) if self.mode == "LSTM" else zeros

    def _checked(self, hx, size: tuple):
        """The given states; RuntimeError unless they have the size wanted."""
        states = tuple(hx) if self.mode == "LSTM" else (hx,)
        for place, state in enumerate(states):
            if tuple(state.size()) != size:
                name = f"hidden[{place}]" if self.mode == "LSTM" else "hidden"
                raise RuntimeError(f"Expected {name} size {size}, got {tuple(state.size())}")
        return states if self.mode == "LSTM" else hx

    def __repr__(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if self.batch_first is not False:
            text += f", batch_first={self.batch_first}"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional is not False:
            text += f", bidirectional={self.bidirectional}"
        return f"{type(self).__name__}({text})"


class RNN(RNNBase):
    """h' = tanh(W x + b + U h + c), or with nonlinearity="relu" max(0, W x + b + U h + c)."""

    def __init__(self, *args, **kwargs):
        nonlinearity = kwargs.pop("nonlinearity", "tanh")
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'")
        super().__init__(f"RNN_{nonlinearity.upper()}", *args, **kwargs)


class LSTM(RNNBase):
    """Gates i, f, g, o = W x + b + U h + c; c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c')."""

    def __init__(self, *args, **kwargs):
        super().__init__("LSTM", *args, **kwargs)


class GRU(RNNBase):
    """Gates r, i, n of W x + b and of U h + c; n = tanh(x_n + sigmoid(r) h_n), h' = n + sigmoid(i) (h - n)."""

    def __init__(self, *args, **kwargs):
        super().__init__("GRU", *args, **kwargs)


class RNNCellBase(Module):
    """What cells have in common, programs' own too: checks of input_size and hidden_size, which they set themselves."""

    def check_forward_input(self, input: Variable) -> None:
        """RuntimeError unless the input is N x input_size."""
        if input.size(1) != self.input_size:
            raise RuntimeError(f"input has inconsistent input_size: got {input.size(1)}, expected {self.input_size}")

    def check_forward_hidden(self, input: Variable, hx: Variable, hidden_label: str = "") -> None:
        """RuntimeError unless the state is N x hidden_size."""
        if input.size(0) != hx.size(0):
            raise RuntimeError(
                f"Input batch size {input.size(0)} doesn't match hidden{hidden_label} batch size {hx.size(0)}"
            )
        if hx.size(1) != self.hidden_size:
            raise RuntimeError(
                f"hidden{hidden_label} has inconsistent hidden_size: got {hx.size(1)}, expected {self.hidden_size}"
            )

    def __repr__(self) -> str:
        bias = "" if getattr(self, "bias", True) is True else f", bias={self.bias}"
        nonlinearity = getattr(self, "nonlinearity", "tanh")
        nonlinearity = "" if nonlinearity == "tanh" else f", nonlinearity={nonlinearity}"
        return f"{type(self).__name__}({self.input_size}, {self.hidden_size}{bias}{nonlinearity})"


class _Cell(RNNCellBase):
    """One step of a recurrent layer.

    The weights are weight_ih, weight_hh, bias_ih and bias_hh, uniform in +-1 / sqrt(hidden_size).
    """

    gates = 1

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = self.gates * hidden_size
        self.weight_ih = Parameter(new_tensor(rows, input_size))
        self.weight_hh = Parameter(new_tensor(rows, hidden_size))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, Parameter(new_tensor(rows)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the initial values anew."""
        bound = self.hidden_size**-0.5
        for weight in self.parameters():
            weight.data.uniform_(-bound, bound)

    def _step(self, step, input: Variable, hx):
        return functions.cell(step, input, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)


class RNNCell(_Cell):
    """h' = tanh(W x + b + U h + c), or with nonlinearity="relu" max(0, W x + b + U h + c)."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True, nonlinearity: str = "tanh"):
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity

    def forward(self, input: Variable, hx: Variable) -> Variable:
        self.check_forward_input(input)
        self.check_forward_hidden(input, hx)
        mode = f"RNN_{self.nonlinearity.upper()}"
        if mode not in functions.STEPS:
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        return self._step(functions.STEPS[mode], input, hx)


class LSTMCell(_Cell):
    """One step of an LSTM on N x I with the state (h, c), each N x H: the new (h, c)."""

    gates = 4

    def forward(self, input: Variable, hx: tuple) -> tuple:
        self.check_forward_input(input)
        self.check_forward_hidden(input, hx[0], "[0]")
        self.check_forward_hidden(input, hx[1], "[1]")
        return self._step(functions.lstm_step, input, hx)


class GRUCell(_Cell):
    """One step of a GRU on N x I with the state N x H: the new state."""

    gates = 3

    def forward(self, input: Variable, hx: Variable) -> Variable:
        self.check_forward_input(input)
        self.check_forward_hidden(input, hx)
        return self._step(functions.gru_step, input, hx)
