"""Kernels held against NumPy: tensors of arrays, how close results must be, and gradients by differences."""

from __future__ import annotations

import numpy as np

import autograd_legacy as torch
from autograd_legacy.autograd import Variable, grad

DTYPES = (np.float32, np.float64)


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array))


def close(got, wanted, dtype=np.float64):
    tolerance = 2e-4 if dtype == np.float32 else 1e-9
    np.testing.assert_allclose(got.numpy(), wanted, rtol=tolerance, atol=tolerance)


def check_gradients(function, *arrays, second=True):
    """The gradients of function's result, squared and weighted, by central differences; and the gradients of those."""
    weights = {}

    def weigh(key, values):
        if key not in weights:
            weights[key] = tensor(np.random.RandomState(len(weights)).randn(*values.size()))
        return (values * values * Variable(weights[key])).sum()

    def total(*inputs):
        return weigh("value", function(*inputs))

    def gradients(scalar, inputs, graph=False):
        found = grad([scalar], inputs, create_graph=graph, allow_unused=True)
        return [
            Variable(torch.zeros(*x.size()).double()) if g is None else g for g, x in zip(found, inputs, strict=True)
        ]

    def slope(*inputs):
        found = gradients(total(*inputs), inputs, graph=True)
        return sum(weigh(f"gradient {k}", g) for k, g in enumerate(found))

    for scalar in (total, slope) if second else (total,):
        inputs = [Variable(tensor(a), requires_grad=True) for a in arrays]
        found = gradients(scalar(*inputs), inputs)
        for k, array in enumerate(arrays):
            numeric = np.zeros_like(array)
            for place in np.ndindex(*array.shape):
                sides = []
                for step in (1e-5, -1e-5):
                    moved = [a.copy() for a in arrays]
                    moved[k][place] += step
                    sides.append(scalar(*[Variable(tensor(a), requires_grad=True) for a in moved]).data[0])
                numeric[place] = (sides[0] - sides[1]) / 2e-5
            np.testing.assert_allclose(
                found[k].data.numpy(), numeric, rtol=1e-5, atol=1e-6, err_msg=f"{scalar.__name__}, operand {k}"
            )
