"""What all optimizers share: parameter groups, state, saving and restoring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from itertools import chain
from typing import Any

from .._core.tensor import Tensor
from ..autograd import Variable

required: Any = object()  # the default of an option that has none


class Optimizer:
    """The base of all optimizers (torch.optim.Optimizer).

    params      Variables, or dicts with the key "params" and options that hold for these parameters only
    defaults    option -> its value for groups that do not give it; `required` where each group must

    `param_groups` is a list of dicts of options; `state` maps each parameter to a dict of what its updates remember.
    Parameters are leaf Variables that require a gradient (ValueError otherwise), and belong to one group (ValueError).
    """

    def __init__(self, params: Iterable, defaults: dict) -> None:
        if isinstance(params, Variable | Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Variables or dicts, "
                f"but got {_typename(params)}"
            )
        self.defaults = defaults
        self.state: dict = defaultdict(dict)
        self.param_groups: list[dict] = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def __getstate__(self) -> dict:
        return {"state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)

    def add_param_group(self, param_group: dict) -> None:
        """Add a group: a dict with "params" (a Variable or several) and options; those it lacks are the defaults."""
        if not isinstance(param_group, dict):
            raise TypeError(f"a parameter group is a dict, got {_typename(param_group)}")
        params = param_group["params"]
        param_group["params"] = params = [params] if isinstance(params, Variable) else list(params)
        for param in params:
            if not isinstance(param, Variable):
                raise TypeError(f"optimizer can only optimize Variables, but one of the params is {_typename(param)}")
            if not param.requires_grad:
                raise ValueError("optimizing a parameter that doesn't require gradients")
            if not param.is_leaf:
                raise ValueError("can't optimize a non-leaf Variable")
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError(f"parameter group didn't specify a value of required optimization parameter {name}")
            param_group.setdefault(name, default)
        known = set(chain.from_iterable(group["params"] for group in self.param_groups))
        if not known.isdisjoint(params):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to zero, in place."""
        for group in self.param_groups:
            for param in group["params"]:
                if param.grad is not None:
                    param.grad.detach_()
                    param.grad.zero_()

    def step(self, closure: Callable[[], Any]) -> Any:
        """Update the parameters once; `closure`, where given, computes the loss anew. The loss is returned."""
        raise NotImplementedError

    def state_dict(self) -> dict:
        """{"state": ..., "param_groups": ...} with id(parameter) for each parameter; the tensors are the live ones."""
        groups = [{**group, "params": [id(param) for param in group["params"]]} for group in self.param_groups]
        state = {id(key) if isinstance(key, Variable) else key: value for key, value in self.state.items()}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: dict) -> None:
        """Take over a copy of what state_dict() gave: the state and all options of the groups.

        Parameters correspond by their order. ValueError where the number of groups or their sizes differ.
        """
        state_dict = deepcopy(state_dict)
        groups, saved = self.param_groups, state_dict["param_groups"]
        if len(groups) != len(saved):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if [len(group["params"]) for group in groups] != [len(group["params"]) for group in saved]:
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
            )
        here = chain.from_iterable(group["params"] for group in groups)
        there = chain.from_iterable(group["params"] for group in saved)
        param_of = dict(zip(there, here, strict=True))
        state = defaultdict(dict)
        for key, value in state_dict["state"].items():
            param = param_of.get(key)
            state[key if param is None else param] = value if param is None else _fitting(value, param.data)
        groups = [{**new, "params": group["params"]} for new, group in zip(saved, groups, strict=True)]
        self.__setstate__({"state": state, "param_groups": groups})

    def _gradients(self) -> Iterator[tuple[dict, Variable, Tensor, Tensor]]:
        """For each parameter that has a gradient: its group, the parameter, its tensor and the gradient's."""
        for group in self.param_groups:
            for param in group["params"]:
                grad = param.grad
                if grad is not None:
                    yield group, param, param.data, grad.data

    def _dense_gradients(self) -> Iterator[tuple[dict, Variable, Tensor, Tensor]]:
        """As _gradients; RuntimeError where a gradient is sparse."""
        for item in self._gradients():
            if item[3].is_sparse:
                raise RuntimeError(f"{type(self).__name__} does not support sparse gradients{self._instead}")
            yield item

    _instead = ""  # what to use for sparse gradients


def zeros_for(tensor: Tensor) -> Tensor:
    """Zeros of the same type and sizes: the beginning of a running average."""
    return tensor.clone().zero_()


def _fitting(value: Any, tensor: Tensor) -> Any:
    """State for a parameter, its tensors in the parameter's type: a model may have changed its type since."""
    if isinstance(value, Tensor):
        return value.type_as(tensor) if value.type() != tensor.type() and not value.is_sparse else value
    if isinstance(value, dict):
        return {key: _fitting(item, tensor) for key, item in value.items()}
    return value


def _typename(thing: object) -> str:
    from .. import typename

    return typename(thing)
