"""The faces of the backward walk: torch.autograd.backward and torch.autograd.grad, and what they accept."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence

from . import graph_errors
from ._core.engine import run_backward
from ._core.tensor import Tensor


def default_tensor():
    """An empty tensor of the default type."""
    from . import _default

    return _default.tensor_class()()


def _gradients(variables: list, gradients: list, create_graph: bool | None) -> tuple[list, bool]:
    """The root gradients as Variables, and whether a graph of gradients is wanted.

    Where none is given, for a result of a single element, it is ones.
    """
    from .autograd import Variable

    if create_graph is None:
        create_graph = any(isinstance(g, Variable) and not g.volatile for g in gradients)
    roots = []
    for variable, gradient in zip(variables, gradients, strict=False):
        if isinstance(gradient, (Variable, Tensor)) and not gradient.dim() and not variable.is_leaf and variable.dim():
            raise RuntimeError(
                f"can't expand an empty tensor: the gradient of a Variable of size {variable.size()} is empty"
            )
        if isinstance(gradient, Variable):
            roots.append(gradient)
        elif isinstance(gradient, Tensor):
            roots.append(Variable(gradient, volatile=not create_graph))
        elif gradient is None:
            if variable.requires_grad and variable.data.nelement() != 1:
                raise RuntimeError(graph_errors.no_scalar(variable))
            ones = variable.data.clone().fill_(1)
            roots.append(Variable(ones, volatile=not create_graph))
        else:
            raise TypeError(f"gradients can be either Tensors, Variables or None, got {type(gradient).__name__}")
    return roots, bool(create_graph)


def _checked_variables(call: str, what: str, variables) -> list:
    """A Variable, or several, as a list."""
    from .autograd import Variable

    several = isinstance(variables, Iterable) and not isinstance(variables, (Variable, Tensor))
    found = list(variables) if several else [variables]
    for k, variable in enumerate(found):
        if not isinstance(variable, Variable):
            raise TypeError(f"{call}: {what} must be Variables, got {type(variable).__name__} as number {k}")
    return found


def _walk(roots: list, gradients: list, keep: bool, graph: bool, inputs: list | None = None):
    try:
        return run_backward(roots, gradients, keep, graph, inputs)
    except RuntimeError as error:
        graph_errors.explain_roots(error, roots, gradients)
        raise


def backward(variables, grad_variables=None, retain_graph=None, create_graph=None, retain_variables=None) -> None:
    """Add the gradients of the sum of `variables` to the .grad of the leaves behind them.

    grad_variables: for each Variable the gradient of the final result with respect to it: a Tensor, a Variable, or None
    where it has one element. retain_graph: keep what the graph has saved; by default the value of create_graph.
    create_graph: record the history of the gradients; by default whether a non-volatile Variable is among
    grad_variables. Raises RuntimeError where a Variable requires no gradient.
    """
    variables = _checked_variables("backward", "variables", variables)
    if grad_variables is None:
        gradients = [None] * len(variables)
    elif isinstance(grad_variables, Sequence):
        gradients = list(grad_variables)
    else:
        gradients = [grad_variables]
    if retain_variables is not None:
        if retain_graph is not None:
            raise ValueError("only one of retain_graph and retain_variables can be specified")
        import warnings

        warnings.warn(
            "retain_variables option is deprecated and will be removed in 0.3. Use retain_graph instead.", stacklevel=2
        )
        retain_graph = retain_variables
    if len(gradients) < len(variables):
        raise RuntimeError(f"got {len(variables)} variables, but {len(gradients)} gradients")
    if not variables:
        raise RuntimeError("backward needs at least one variable")
    roots, create_graph = _gradients(variables, gradients, create_graph)
    _walk(variables, roots, create_graph if retain_graph is None else bool(retain_graph), create_graph)


def grad(
    outputs,
    inputs,
    grad_outputs=None,
    retain_graph=None,
    create_graph=None,
    only_inputs: bool = True,
    allow_unused: bool = False,
) -> tuple:
    """The gradients of the sum of `outputs` with respect to `inputs`; no .grad is touched.

    Raises RuntimeError where an input requires no gradient or was not used; with allow_unused, None stands for the
    gradient of one that was not used.
    """
    outputs = _checked_variables("grad", "outputs", outputs)
    inputs = _checked_variables("grad", "inputs", inputs)
    if grad_outputs is None:
        gradients = [None] * len(outputs)
    elif isinstance(grad_outputs, Sequence):
        gradients = list(grad_outputs)
    else:
        gradients = [grad_outputs]
    if not only_inputs:
        import warnings

        warnings.warn("only_inputs=False is deprecated: gradients are accumulated by backward alone", stacklevel=2)
    if len(gradients) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} variables and {len(gradients)} gradients")
    roots, create_graph = _gradients(outputs, gradients, create_graph)
    if not inputs:
        return ()
    for k, variable in enumerate(inputs):
        if not variable.requires_grad:
            raise RuntimeError(
                "One of the differentiated Variables does not require grad: "
                f"input {k}, a {graph_errors.sized(variable)}"
            )
        if not variable.is_leaf and any(variable is output for output in outputs):
            raise RuntimeError("differentiated input is unreachable: it is one of the outputs")
    results = _walk(outputs, roots, create_graph if retain_graph is None else bool(retain_graph), create_graph, inputs)
    for k, found in enumerate(results):
        if found is None and not allow_unused:
            raise RuntimeError(
                "One of the differentiated Variables appears to not have been used in the graph. Set allow_unused=True "
                f"if this is intended. It is input {k}, a {graph_errors.sized(inputs[k])}"
            )
    return results


def checked_grad(variable, value):
    """What may be assigned to .grad: None, or a Variable of the same type and size that is not the Variable itself."""
    from .autograd import Variable

    if value is None:
        return None
    if not isinstance(value, Variable):
        raise RuntimeError(f"expected Variable or None (got {type(value).__name__})")
    if value is variable:
        raise RuntimeError("can't assign Variable as its own grad")
    if value.data.type() != variable.data.type():
        raise RuntimeError(
            f"assigned grad has data of a different type: {value.data.type()} instead of {variable.data.type()}"
        )
    if value.data.size() != variable.data.size():
        raise RuntimeError(
            f"assigned grad has data of a different size: {tuple(value.size())} instead of {tuple(variable.size())}"
        )
    return value


def retain_grad(variable) -> None:
    """Have the gradient of a computed Variable gathered in its .grad."""
    from ._core.variable import set_grad

    target = weakref.ref(variable)

    def keep(gradient):
        kept = target()
        if kept is not None:
            set_grad(kept, gradient.clone() if kept.grad is None else kept.grad + gradient)

    variable.register_hook(keep)
