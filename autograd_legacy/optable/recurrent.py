"""Recurrent layers over time and single steps of them, from gates that matrix products have computed."""

from .row import FLOATING, Kernel

SAVED = "gates, weight, bias, hx, cx, output, cells, work, batch_sizes, reverse, mode"

ROWS = (
    Kernel(
        signature="recurrent(gates, weight, bias, hx, cx, batch_sizes, reverse, mode)",
        impl="recurrent.recurrent",
        doc="The outputs and, for an LSTM, the cells of all steps. The rows of gates are those of step 0, then of step "
        "1 and so on, as many as batch_sizes says; a step adds state * weight^T + bias (or None) to its rows, where "
        "the state is that of its neighbour in time, else hx (and cx); mode says how the new state follows: RNN_TANH, "
        "RNN_RELU, LSTM as in lstm_cell or GRU as in gru_cell.",
        dtypes=FLOATING,
        outputs="output, cells, work",
        constant="work",
        grads={("gates", "weight", "bias", "hx", "cx"): f"through_time(grad_output, grad_cells, {SAVED})"},
    ),
    Kernel(
        signature=f"recurrent_grad(delta, dcells, {SAVED})",
        impl="recurrent.recurrent_grad",
        doc="The gradients of recurrent's operands, where delta and dcells (None: zeros) are those of its results.",
        dtypes=FLOATING,
        outputs="dgates, dweight, dbias, dhx, dcx",
    ),
    Kernel(
        signature="lstm_cell(gates_input, gates_hidden, cx)",
        impl="rnn.lstm_cell",
        doc="i, f, g, o = gates_input + gates_hidden, cut into four along dimension 1; "
        "cy = sigmoid(f) * cx + sigmoid(i) * tanh(g), hy = sigmoid(o) * tanh(cy).",
        dtypes=FLOATING,
        outputs="hy, cy",
        grads={
            ("gates_input", "gates_hidden", "cx"): "lstm_cell_grad(grad_hy, grad_cy, gates_input, gates_hidden, cx)"
        },
    ),
    Kernel(
        signature="lstm_cell_grad(dhy, dcy, gates_input, gates_hidden, cx)",
        impl="rnn.lstm_cell_grad",
        doc="The gradients of lstm_cell's operands, where dhy and dcy (None: zeros) are those of its results.",
        dtypes=FLOATING,
        outputs="dinput, dhidden, dcx",
        grads={
            ("dhy", "dcy", "gates_input", "gates_hidden", "cx"): "lstm_cell_grad_grad(grad_dinput, grad_dhidden, "
            "grad_dcx, dhy, dcy, gates_input, gates_hidden, cx)"
        },
    ),
    Kernel(
        signature="lstm_cell_grad_grad(ux, us, uc, dhy, dcy, gates_input, gates_hidden, cx)",
        impl="rnn.lstm_cell_grad_grad",
        doc="The gradients of lstm_cell_grad's operands, where ux, us and uc (None: zeros) are those of its results.",
        dtypes=FLOATING,
        outputs="to_dhy, to_dcy, to_input, to_hidden, to_cx",
    ),
    Kernel(
        signature="gru_cell(gates_input, gates_hidden, hx)",
        impl="rnn.gru_cell",
        doc="Both gates are cut into r, i, n along dimension 1; with x from gates_input and s from gates_hidden, "
        "r = sigmoid(x_r + s_r), i = sigmoid(x_i + s_i), n = tanh(x_n + r * s_n), hy = n + i * (hx - n).",
        dtypes=FLOATING,
        grads={("gates_input", "gates_hidden", "hx"): "gru_cell_grad(grad, gates_input, gates_hidden, hx)"},
    ),
    Kernel(
        signature="gru_cell_grad(delta, gates_input, gates_hidden, hx)",
        impl="rnn.gru_cell_grad",
        doc="The gradients of gru_cell's operands, where delta is that of its result.",
        dtypes=FLOATING,
        outputs="dinput, dhidden, dhx",
        grads={
            ("delta", "gates_input", "gates_hidden", "hx"): "gru_cell_grad_grad(grad_dinput, grad_dhidden, grad_dhx, "
            "delta, gates_input, gates_hidden, hx)"
        },
    ),
    Kernel(
        signature="gru_cell_grad_grad(ux, us, uh, delta, gates_input, gates_hidden, hx)",
        impl="rnn.gru_cell_grad_grad",
        doc="The gradients of gru_cell_grad's operands, where ux, us and uh (None: zeros) are those of its results.",
        dtypes=FLOATING,
        outputs="to_delta, to_input, to_hidden, to_hx",
    ),
)
