"""Gradients checked against differences of values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._core.variable import Variable
from ..backward import backward, grad


def zero_gradients(x: Any) -> None:
    """Set the gradients of a Variable, or of all in nested sequences, to zero."""
    if isinstance(x, Variable):
        if x.grad is not None:
            x.grad.data.zero_()
    elif isinstance(x, Sequence):
        for item in x:
            zero_gradients(item)


def iter_variables(x: Any) -> Any:
    """The tensors of all Variables that require gradients, in nested sequences, each with its Variable."""
    if isinstance(x, Variable):
        if x.requires_grad:
            yield x
    elif isinstance(x, Sequence) and not isinstance(x, str):
        for item in x:
            yield from iter_variables(item)


def _outputs(results: Any) -> tuple:
    return tuple(results) if isinstance(results, (tuple, list)) else (results,)


def get_numerical_jacobian(fn: Callable, input: Any, target: Any, eps: float = 1e-3) -> list:
    """For each Variable x of target that requires gradients, d fn / d x: a matrix (elements of x, of the result).

    By central differences: (fn(x + eps) - fn(x - eps)) / (2 eps).
    """
    jacobians = []
    for variable in iter_variables(target):
        data = variable.data
        flat = data.view(-1) if data.is_contiguous() else None
        rows = []
        for i in range(data.nelement()):
            place = flat if flat is not None else _element_view(data, i)
            at = i if flat is not None else 0
            kept = place[at]
            place[at] = kept - eps
            low = fn(input).data.clone()
            place[at] = kept + eps
            high = fn(input).data.clone()
            place[at] = kept
            rows.append(((high - low) / (2 * eps)).view(1, -1))
        jacobians.append(_stacked(rows))
    return jacobians


def _element_view(data: Any, i: int) -> Any:
    """A view of the i-th element of a tensor that does not lie contiguous."""
    index = []
    for size in reversed(tuple(data.size())):
        index.append(i % size)
        i //= size
    for k, at in enumerate(reversed(index)):
        data = data.narrow(k, at, 1)
    while data.dim() > 1:
        data = data.select(0, 0)
    return data


def _stacked(rows: list) -> Any:
    made = type(rows[0])(len(rows), rows[0].size(1))
    for k, row in enumerate(rows):
        made[k] = row
    return made


def get_analytical_jacobian(input: Any, output: Any) -> tuple:
    """The same by backward, one element of the output at a time; whether a second one agrees; whether the sizes do."""
    variables = list(iter_variables(input))
    n = output.data.nelement()
    jacobians = [type(v.data)(v.data.nelement(), n).zero_() for v in variables]
    again = [j.clone() for j in jacobians]
    seed = output.data.clone().zero_()
    flat = seed.view(-1)
    for i in range(n):
        flat.zero_()
        flat[i] = 1
        for found in (jacobians, again):
            zero_gradients(input)
            output.backward(seed, create_graph=True)
            for jacobian, v in zip(found, variables, strict=True):
                if v.grad is not None:
                    jacobian[:, i] = v.grad.data.contiguous().view(-1)
    reentrant = all((a - b).abs().max() == 0 for a, b in zip(jacobians, again, strict=True))
    sizes_match = all(v.grad is None or v.grad.size() == v.size() for v in variables)
    return jacobians, reentrant, sizes_match


def gradcheck(
    func: Callable,
    inputs: Sequence,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """Whether func's gradients agree with differences.

    That is, whether |analytical - numerical| <= atol + rtol * |numerical| for every element.
    inputs: a tuple of Variables, best Double. Where they disagree, RuntimeError, or False without raise_exception.
    """
    outputs = [o for o in _outputs(func(*inputs)) if isinstance(o, Variable)]

    def fail(text: str) -> bool:
        if raise_exception:
            raise RuntimeError(text)
        return False

    for k, output in enumerate(outputs):
        if not output.requires_grad:
            continue

        def value(given: Any, k: int = k) -> Any:
            return _outputs(func(*given))[k]

        analytical, reentrant, sizes_match = get_analytical_jacobian(inputs, output)
        numerical = get_numerical_jacobian(value, inputs, inputs, eps)
        for j, (a, n) in enumerate(zip(analytical, numerical, strict=True)):
            if not ((a - n).abs() <= atol + rtol * n.abs()).min():
                return fail(f"for output no. {k},\n numerical:{n}\nanalytical:{a} gradients of input no. {j} disagree")
        if not reentrant:
            return fail("not reentrant: two backward passes gave different gradients for the same input")
        if not sizes_match:
            return fail("a gradient has another size than its input")
    zero_gradients(inputs)
    output = _outputs(func(*inputs))
    if any(o.requires_grad for o in output if isinstance(o, Variable)):
        for variable in iter_variables(inputs):
            if variable.grad is not None and variable.grad.data.type() != variable.data.type():
                return fail("a gradient has another type than its input")
    return True


def gradgradcheck(
    func: Callable,
    inputs: Sequence,
    grad_outputs: Sequence | None = None,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
) -> bool:
    """gradcheck of the gradients: differences of first derivatives against second derivatives.

    grad_outputs: the gradients of the results, Variables; by default fixed random ones of the results' types.
    """
    if grad_outputs is None:
        from .. import random

        with random.fork_rng():
            outputs = _outputs(func(*inputs))
            grad_outputs = [Variable(_noise(o.data), requires_grad=True) for o in outputs if isinstance(o, Variable)]
        inputs = [*inputs]
    n = len(grad_outputs)

    def gradients(*args: Any) -> tuple:
        results = [o for o in _outputs(func(*args[:-n])) if isinstance(o, Variable) and o.requires_grad]
        wanted = list(iter_variables(args[:-n]))
        return grad(results, wanted, list(args[-n:])[: len(results)], create_graph=True)

    return gradcheck(gradients, [*inputs, *grad_outputs], eps, atol, rtol, raise_exception)


def _noise(data: Any) -> Any:
    return data.clone().normal_()


__all__ = ["Variable", "backward", "gradcheck", "gradgradcheck", "zero_gradients"]
