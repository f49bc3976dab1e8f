"""Modules whose gradients autograd finds: a subclass says how the output is computed, and nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from ... import backward
from ...autograd import Variable
from .module import Module
from .utils import flat, rebuilt, recursive_map, torch

INDICES = ("torch.LongTensor", "torch.ByteTensor", "torch.IntTensor", "torch.ShortTensor", "torch.CharTensor")


def constants(table: Any) -> Any:
    """Variables without gradients around the tensors of a table."""
    return recursive_map(lambda leaf: Variable(leaf) if torch.is_tensor(leaf) else leaf, table)


def watched(table: Any) -> Any:
    """Variables with gradients around the tensors of a table; without them around indices."""
    return recursive_map(
        lambda leaf: Variable(leaf, requires_grad=leaf.type() not in INDICES) if torch.is_tensor(leaf) else leaf, table
    )


def gradients(outputs: Any, inputs: list, grad_outputs: Any) -> list:
    """The tensors' gradients for each of the inputs, Variables; zeros where the outputs do not depend on one."""
    wanted = [variable for variable in inputs if variable.requires_grad]
    pairs = [(o, g) for o, g in zip(flat(outputs), flat(grad_outputs), strict=True) if o.requires_grad]
    found = iter(())
    if wanted and pairs:
        results, grads = zip(*pairs, strict=True)
        found = iter(backward.grad(list(results), wanted, list(constants(grads)), retain_graph=True, allow_unused=True))
    listed = [next(found, None) if variable.requires_grad else None for variable in inputs]
    return [
        torch.zeros(variable.size()).type_as(variable.data) if grad is None else grad.data
        for variable, grad in zip(inputs, listed, strict=True)
    ]


class Recorded(Module):
    """A module that computes its output from Variables in _compute(input, *parameters)."""

    _parameters = ()
    inplace = False
    _record = None  # while backward runs, what both of its halves need: the input, the parameters and the output

    def _compute(self, input: Any, *parameters: Variable) -> Any:
        raise NotImplementedError

    def _prepare(self, input: Any) -> None:
        """What has to happen once for each forward, before _compute: checks of the input, noise to draw."""

    def _values(self) -> list:
        """The parameters in the order of their names, None for those that are missing."""
        return [getattr(self, name, None) for name in self._parameters]

    def updateOutput(self, input: Any) -> Any:
        """Compute the output; in place the input's memory becomes the output's."""
        self._prepare(input)
        values = self._values()
        self._check_types(input, values)
        result = recursive_map(lambda made: made.data, self._compute(constants(input), *constants(values)))
        if self.inplace:
            result = flat(input)[0].copy_(result)
        return self._keep("output", result)

    def _check_types(self, input: Any, values: list) -> None:
        wanted = next((value.type() for value in values if value is not None), None)
        for tensor in flat(input) if wanted else ():
            if tensor.type() not in (wanted, *INDICES):
                raise TypeError(f"{self!r} has parameters of type {wanted}, its input is a {tensor.type()}")

    @contextmanager
    def _recorded(self, input: Any):
        """The record of the output's computation, made now unless backward has made it."""
        outermost = self._record is None
        if outermost:
            variables, own = watched(input), watched(self._values())
            self._record = variables, own, self._compute(variables, *own)
        try:
            yield self._record
        finally:
            if outermost:
                del self._record

    def backward(self, input: Any, gradOutput: Any, scale: float = 1) -> Any:
        """As Module.backward; both gradients come from one record of the computation."""
        with self._recorded(input):
            return super().backward(input, gradOutput, scale)

    def updateGradInput(self, input: Any, gradOutput: Any) -> Any:
        """The gradient of the input, by autograd; in place gradOutput's memory becomes gradInput's."""
        with self._recorded(input) as (variables, _, output):
            found = gradients(output, flat(variables), gradOutput)
        grad = rebuilt(input, iter(found))
        if self.inplace:
            grad = flat(gradOutput)[0].copy_(grad) if torch.is_tensor(grad) else grad
        return self._keep("gradInput", grad)

    def accGradParameters(self, input: Any, gradOutput: Any, scale: float = 1) -> None:
        """Add scale times the parameters' gradients, by autograd, to their sums."""
        if not self._own():
            return
        with self._recorded(input) as (_, own, output):
            found = gradients(output, [variable for variable in own if variable is not None], gradOutput)
        for (_, total), grad in zip(self._own(), found, strict=True):
            total.add_(scale, grad)
