"""Steps of recurrent layers, from gates that matrix products have computed from the input and from the state."""

from .row import FLOATING, Kernel

ROWS = (
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
