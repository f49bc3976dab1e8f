"""Functions that users write: a forward, a backward, and what is saved between them.

Two styles. New: static methods, `forward(ctx, *args)` on tensors and `backward(ctx, *grads)` on Variables, used as
`Mine.apply(x)`; its gradients can be differentiated again. Old: an instance for each use, `Mine(options)(x)`, whose
methods see tensors and whose state lives on self.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from .._core.function import InstanceNode, StaticNode, undifferentiable
from .._core.variable import Variable

ONCE = "trying to differentiate twice a function that was marked with @once_differentiable"


class BackwardCFunction(StaticNode):
    """The base of the nodes of new-style Functions: `MineBackward` for `Mine`."""

    _is_legacy = False

    def apply(self, *grads: Any) -> Any:
        """The arguments' gradients from the results'."""
        return self._forward_cls.backward(self, *grads)


class FunctionMeta(type(InstanceNode)):
    """Gives each Function the class of its nodes."""

    def __init__(cls, name: str, bases: tuple, attrs: dict):
        super().__init__(name, bases, attrs)
        cls._backward_cls = type(f"{name}Backward", (BackwardCFunction,), {"_forward_cls": cls})


class Function(InstanceNode, metaclass=FunctionMeta):
    """An operation with a backward of its own; see the module's text for the two styles."""

    is_traceable = False

    @staticmethod
    def forward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        """Compute the results from tensors. To be written by subclasses."""
        raise NotImplementedError("a Function must have a forward")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Compute the arguments' gradients from the results'. To be written by subclasses."""
        raise NotImplementedError("a Function must have a backward")

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run a new-style Function on Variables and other arguments."""
        node = cls._backward_cls()
        return node.run_forward(lambda *plain: cls.forward(node, *plain), args)

    def __call__(self, *args: Any) -> Any:
        return self._do_forward(*args)

    def _do_forward(self, *args: Any) -> Any:
        for k, arg in enumerate(args):
            if not isinstance(arg, Variable):
                raise RuntimeError(f"expected a Variable argument, but got {type(arg).__name__} as argument {k}")
        return self.run_forward(self.forward, args)


class StochasticFunction(Function):
    """The base, before 0.3, of random choices that learnt from rewards. Its name has stayed, and nothing else."""


class InplaceFunction(Function):
    """A Function that may work in place."""

    def __init__(self, inplace: bool = False):
        super().__init__()
        self.inplace = inplace


def once_differentiable(fn: Callable) -> Callable:
    """For a new-style backward that is not differentiable itself: it sees tensors, and its results have no history."""

    @wraps(fn)
    def wrapper(ctx: Any, *grads: Any) -> Any:
        results = fn(ctx, *(g.data if isinstance(g, Variable) else g for g in grads))
        single = not isinstance(results, tuple)
        given = [g for g in grads if isinstance(g, Variable)]
        volatile = any(g.volatile for g in given)

        def wrapped(result: Any) -> Variable | None:
            if result is None:
                return None
            return Variable(result, volatile=True) if volatile else undifferentiable(result, given, ONCE)

        return wrapped(results) if single else tuple(map(wrapped, results))

    return wrapper


def traceable(fn_cls: type) -> type:
    """Mark a Function as made of traceable operations only."""
    fn_cls.is_traceable = True
    return fn_cls


def _flat(values: Any) -> list:
    if isinstance(values, (tuple, list)):
        return [leaf for value in values for leaf in _flat(value)]
    return [values]


def _like(values: Any, leaves: Any) -> Any:
    if isinstance(values, (tuple, list)):
        return type(values)(_like(value, leaves) for value in values)
    return next(leaves)


class NestedIOFunction(Function):
    """An old-style Function whose arguments and results may be nested tuples and lists.

    Subclasses write forward_extended and backward_extended.
    """

    def _do_forward(self, *args: Any) -> Any:
        self._nested_input = args
        flat = tuple(_flat(args))
        results = self.run_forward(self._flat_forward, flat)
        return _like(self._nested_output, iter(results if isinstance(results, tuple) else (results,)))

    def _flat_forward(self, *flat: Any) -> tuple:
        self._nested_output = self.forward_extended(*_like(self._nested_input, iter(flat)))
        return tuple(_flat(self._nested_output))

    def backward(self, *grads: Any) -> tuple:
        """The nested gradients, flattened."""
        return tuple(_flat(self.backward_extended(*_like(self._nested_output, iter(grads)))))

    def forward_extended(self, *args: Any) -> Any:
        """Compute nested results from nested tensors. To be written by subclasses."""
        raise NotImplementedError("a NestedIOFunction must have a forward_extended")

    def backward_extended(self, *grad_outputs: Any) -> Any:
        """Compute nested gradients. To be written by subclasses."""
        raise NotImplementedError("a NestedIOFunction must have a backward_extended")
