"""The names that a case may use."""

import importlib
import math
import warnings

import numpy as np

from .cases import FILES
from .parts import describer


def namespace(module: str) -> dict[str, object]:
    """The names for a library that has torch's layout under the name `module`."""
    torch = importlib.import_module(module)
    autograd = importlib.import_module(f"{module}.autograd")
    Variable = autograd.Variable

    def T(*size, seed=0, scale=1, positive=False, type="Float"):
        """A tensor of fixed "random" numbers, the same everywhere."""
        values = np.round(np.random.RandomState(seed).randn(*size) * scale, 4)
        if positive:
            values = np.abs(values) + 0.1
        return torch.from_numpy(np.array(values, dtype=np.float64)).type(f"torch.{type}Tensor")

    def I(*size, seed=0, low=-5, high=6, type="Long"):  # noqa: E743  (the recorded cases call it so)
        """A tensor of fixed integers in [low, high)."""
        values = np.random.RandomState(seed).randint(low, high, size=size)
        return torch.from_numpy(np.array(values, dtype=np.int64)).type(f"torch.{type}Tensor")

    def V(*size, requires_grad=True, **how):
        """A leaf Variable over T(...) that requires gradient."""
        return Variable(T(*size, **how), requires_grad=requires_grad)

    def grads(result, *leaves):
        """[result, gradient of each leaf], for a fixed uneven gradient of the result (each, where it is a tuple)."""
        results = [r for r in (result if isinstance(result, (tuple, list)) else [result]) if r.requires_grad]
        seeds = [T(*r.size(), seed=90 + i).type(r.data.type()) for i, r in enumerate(results)]
        autograd.backward(results, seeds)
        return [result] + [leaf.grad for leaf in leaves]

    return {
        "torch": torch,
        "autograd": autograd,
        "Variable": Variable,
        "nn": importlib.import_module(f"{module}.nn"),
        "F": importlib.import_module(f"{module}.nn.functional"),
        "optim": importlib.import_module(f"{module}.optim"),
        "np": np,
        "math": math,
        "warnings": warnings,
        "importlib": importlib,
        "TORCH": module,
        "FILES": str(FILES),
        "T": T,
        "I": I,
        "V": V,
        "grads": grads,
        "parts": describer(torch),
    }
