"""Current PyTorch's answers to rows that NumPy has no function for: convolutions, pools, normalization, recurrences.

Gradients are those that it derives from its own forward pass. The twins take and give its tensors, in doubles; none
runs where PyTorch is not installed.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy

from ..operands import each

if find_spec("torch"):
    import torch
    from torch.nn import functional


def slopes(function, deltas, operands, create_graph=False):
    """The gradients of function(*operands) by the operands that are tensors, None for others."""
    operands = [o.requires_grad_() if _is_real(o) and not o.requires_grad else o for o in operands]
    results = function(*operands)
    results = results if isinstance(results, (tuple, list)) else [results]
    paired = [(r, d) for r, d in zip(results, deltas, strict=False) if d is not None and r is not None]
    (results, deltas), wanted = zip(*paired, strict=True), [o for o in operands if _is_real(o)]
    found = torch.autograd.grad(results, wanted, deltas, create_graph=create_graph, materialize_grads=True)
    found = iter(found)
    return [next(found) if _is_real(o) else None for o in operands]


def _is_real(value) -> bool:
    return isinstance(value, torch.Tensor) and value.is_floating_point()


def _by_dims(name: str, dims: int):
    return getattr(functional, f"{name}{dims}d")


def _slope_of_first(forward):
    """The answer of a row f(delta, sizes of x, ...) that is the gradient of forward(x, ...)."""
    return lambda delta, sizes, *how: slopes(lambda x: forward(x, *how), [delta], [delta.new_zeros(sizes)])[0]


def _convolution_input_grad(delta, weight, size, *geometry):
    return slopes(lambda x: torch.convolution(x, weight, None, *geometry), [delta], [delta.new_zeros(size)])[0]


def _convolution_weight_grad(delta, x, size, *geometry):
    return slopes(lambda w: torch.convolution(x, w, None, *geometry), [delta], [delta.new_zeros(size)])[0]


def _max_pool(x, kernel, stride, padding, dilation, ceil_mode):
    return _by_dims("max_pool", len(kernel))(x, kernel, stride, padding, dilation, ceil_mode, True)


def _average_pool(x, kernel, *how):
    return _by_dims("avg_pool", len(kernel))(x, kernel, *how)


def _adaptive_average_pool(x, size):
    return _by_dims("adaptive_avg_pool", len(size))(x, size)


def _batch_norm(x, weight, bias, mean, var, training, momentum, eps):
    """The mean and 1 / sqrt(var + eps) are kept from training alone."""
    found = torch.native_batch_norm(x, weight, bias, mean, var, training, momentum, eps)
    return found if training else found[:1]


def _batch_norm_grad(delta, x, weight, mean, invstd, training, needs):
    running = mean, invstd**-2  # without training these are read, and eps is added
    return torch.ops.aten.native_batch_norm_backward(
        delta, x, weight, *running, mean, invstd, training, 0.0, list(needs)
    )


def _batch_norm_grad_grad(gx, gweight, gbias, delta, x, weight, mean, invstd, training):
    def backward(*operands):
        return _batch_norm_grad(*operands, mean, invstd, training, (True, True, True))

    return slopes(backward, [gx, gweight, gbias], [delta, x, weight])


def _lstm_cell(gates_input, gates_hidden, cx):
    i, f, g, o = (gates_input + gates_hidden).chunk(4, 1)
    cy = f.sigmoid() * cx + i.sigmoid() * g.tanh()
    return o.sigmoid() * cy.tanh(), cy


def _lstm_cell_grad(dhy, dcy, *operands):
    return slopes(_lstm_cell, [dhy, dcy], operands, create_graph=True)


def _gru_cell(gates_input, gates_hidden, hx):
    (xr, xi, xn), (sr, si, sn) = gates_input.chunk(3, 1), gates_hidden.chunk(3, 1)
    new = (xn + (xr + sr).sigmoid() * sn).tanh()
    return new + (xi + si).sigmoid() * (hx - new)


def _gru_cell_grad(delta, *operands):
    return slopes(_gru_cell, [delta], operands, create_graph=True)


def _recurrent(gates, weight, bias, hx, cx, batch_sizes, reverse, mode):
    """Step by step; the rows that a shorter step leaves out keep their state."""
    steps, outputs, cells = gates.split(batch_sizes), [], []
    for step in reversed(steps) if reverse else steps:
        n = len(step)
        hidden = functional.linear(hx[:n], weight, bias)
        if mode == "LSTM":
            new, cell = _lstm_cell(step, hidden, cx[:n])
            cells.append(cell)
            cx = torch.cat([cell, cx[n:]])
        elif mode == "GRU":
            new = _gru_cell(step, hidden, hx[:n])
        else:
            new = (step + hidden).tanh() if mode == "RNN_TANH" else (step + hidden).relu()
        outputs.append(new)
        hx = torch.cat([new, hx[n:]])
    order = -1 if reverse else 1
    return torch.cat(outputs[::order]), torch.cat(cells[::order]) if cells else None


def _recurrent_grad(delta, dcells, gates, weight, bias, hx, cx, output, cells, work, *how):
    return slopes(lambda *operands: _recurrent(*operands, *how), [delta, dcells], [gates, weight, bias, hx, cx])


def _upsample(x, size):
    mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[len(size)]
    return functional.interpolate(x, tuple(size), mode=mode, align_corners=True)


def _grid_sample(x, grid, border):
    return functional.grid_sample(x, grid, padding_mode="border" if border else "zeros", align_corners=True)


TWINS = {
    "conv_nd": lambda *operands: torch.convolution(*operands),
    "conv_input_grad": _convolution_input_grad, "conv_weight_grad": _convolution_weight_grad,
    "max_pool_nd": _max_pool,
    "adaptive_max_pool_nd": lambda x, size: _by_dims("adaptive_max_pool", len(size))(x, size, True),
    "avg_pool_nd": _average_pool, "avg_pool_nd_grad": _slope_of_first(_average_pool),
    "adaptive_avg_pool_nd": _adaptive_average_pool,
    "adaptive_avg_pool_nd_grad": lambda delta, size, sizes: _slope_of_first(_adaptive_average_pool)(delta, sizes, size),
    "batch_norm": _batch_norm, "batch_norm_grad": _batch_norm_grad, "batch_norm_grad_grad": _batch_norm_grad_grad,
    "recurrent": _recurrent, "recurrent_grad": _recurrent_grad,
    "lstm_cell": _lstm_cell, "lstm_cell_grad": _lstm_cell_grad,
    "lstm_cell_grad_grad": lambda ux, us, uc, *operands: slopes(_lstm_cell_grad, [ux, us, uc], operands),
    "gru_cell": _gru_cell, "gru_cell_grad": _gru_cell_grad,
    "gru_cell_grad_grad": lambda ux, us, uh, *operands: slopes(_gru_cell_grad, [ux, us, uh], operands),
    "upsample_linear": _upsample,
    "upsample_linear_grad": lambda delta, sizes: _slope_of_first(_upsample)(delta, sizes, delta.shape[2:]),
    "grid_sample": _grid_sample,
    "grid_sample_grad": lambda delta, x, grid, border: slopes(
        lambda *operands: _grid_sample(*operands, border), [delta], [x, grid]
    ),
}  # fmt: skip


# Rows that give elements as they are. What others make of nan and infinities is a matter of the order of their steps.
MOVING = ("max_pool_nd", "adaptive_max_pool_nd")


def _taken(values: numpy.ndarray):
    """A tensor of its own, real numbers in doubles."""
    return torch.tensor(values.astype("d") if values.dtype.kind == "f" else values)


def _given(result):
    if isinstance(result, (tuple, list)):
        return [_given(part) for part in result]
    return result if result is None else result.detach().numpy()


def answer(name: str, values: list):
    """What the row's twin gives, as arrays; None for operands that it may take otherwise."""
    if name not in MOVING and not all(numpy.isfinite(v).all() for v in values if isinstance(v, numpy.ndarray)):
        return None
    return _given(TWINS[name](*[each(value, _taken) for value in values]))
