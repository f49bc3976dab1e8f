"""Functions on tables: tensors, or nested lists of tensors."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...cuda.devices import refuse

torch = import_module("...", __package__)  # whose default tensor type may change at any time


def new_tensor(*size: int) -> Any:
    """A tensor of the default type, not initialised."""
    return torch.Tensor(*size)


def recursive_map(function, *tables: Any) -> Any:
    """function of the tensors at each place of tables that are built alike."""
    if isinstance(tables[0], (list, tuple)):
        return [recursive_map(function, *parts) for parts in zip(*tables, strict=True)]
    return function(*tables)


def flat(table: Any) -> list:
    """The leaves of a table, in order."""
    if isinstance(table, (list, tuple)):
        return [leaf for part in table for leaf in flat(part)]
    return [table]


def rebuilt(table: Any, leaves: Any) -> Any:
    """A table built like `table` of an iterator's leaves: undoes flat."""
    return recursive_map(lambda _: next(leaves), table)


def type_name(type: Any) -> str:
    """A tensor class or its name as "torch.FloatTensor". AssertionError for the GPU's: there is none."""
    name = type if isinstance(type, str) else f"{type.__module__}.{type.__name__}"
    if ".cuda." in name:
        refuse(f"a {name}")
    return "torch." + name.rpartition(".")[2]


def recursiveType(param: Any, type: str, tensorCache: dict | None = None) -> Any:
    """Everything in a list, dict, module or criterion as tensors of a type.

    Tensors that share memory do so afterwards as well; tensorCache keeps them over several calls.
    """
    from .criterion import Criterion
    from .module import Module

    cache = {} if tensorCache is None else tensorCache
    if isinstance(param, list):
        param[:] = [recursiveType(part, type, cache) for part in param]
    elif isinstance(param, dict):
        param.update({key: recursiveType(part, type, cache) for key, part in param.items()})
    elif isinstance(param, (Module, Criterion)):
        param.type(type, cache)
    elif torch.is_tensor(param) and param.type() != type:
        return _converted(param, type, cache)
    return param


def _converted(tensor: Any, type: str, cache: dict) -> Any:
    if id(tensor) in cache:
        return cache[id(tensor)][1]
    made = torch.Tensor().type(type)
    if tensor.numel():
        memory = tensor.storage()
        if memory.data_ptr() not in cache:
            whole = tensor.new().set_(memory)
            cache[memory.data_ptr()] = memory, whole.type(type).storage()
        made.set_(cache[memory.data_ptr()][1], tensor.storage_offset(), tensor.size(), tensor.stride())
    cache[id(tensor)] = tensor, made  # the key is the address, so the old tensor has to live as long as the cache
    return made


def recursiveResizeAs(t1: Any, t2: Any) -> tuple:
    """(t1, t2), t1 made of the sizes of t2; what t1 lacks is made."""
    if isinstance(t2, (list, tuple)):
        t1 = list(t1) if isinstance(t1, (list, tuple)) else [t1]
        kept = t1[: len(t2)] + [None] * (len(t2) - len(t1))
        return [recursiveResizeAs(a, b)[0] for a, b in zip(kept, t2, strict=True)], t2
    t1 = t1 if torch.is_tensor(t1) else t2.new()
    return t1.resize_(t2.size()), t2


def recursiveFill(t2: Any, val: float) -> Any:
    """t2 with val everywhere."""
    return recursive_map(lambda tensor: tensor.fill_(val), t2)


def recursiveAdd(t1: Any, val: Any = 1, t2: Any = None) -> tuple:
    """(t1 + val * t2, t2), in place; recursiveAdd(t1, t2) adds t2 itself."""
    if t2 is None:
        val, t2 = 1, val
    recursive_map(lambda a, b: a.add_(val, b), t1, t2)
    return t1, t2


def recursiveCopy(t1: Any, t2: Any) -> tuple:
    """(t1, t2), t1 made of the sizes and the values of t2."""
    t1, t2 = recursiveResizeAs(t1, t2)
    recursive_map(lambda a, b: a.copy_(b), t1, t2)
    return t1, t2


def addSingletondimension(*args: Any) -> Any:
    """A view of a tensor with a dimension of size 1 before dim: (tensor, dim), or (result, tensor, dim)."""
    *result, tensor, dim = args
    view = tensor.unsqueeze(dim)
    return result[0].set_(view) if result else view


def contiguousView(output: Any, input: Any, *args: Any) -> Any:
    """output, made a view of input of a size; of a copy where input is not contiguous."""
    return output.set_(input.contiguous().view(*args))


def clear(self: Any, *args: Any) -> Any:
    """Empty the attributes of the given names (or of a list of names): tensors, lists, dicts; None for all else."""
    names = args[0] if args and isinstance(args[0], (list, tuple)) else args
    for name in names:
        value = getattr(self, name, None)
        if torch.is_tensor(value):
            value.set_()
        elif value is not None:
            setattr(self, name, type(value)() if isinstance(value, (list, dict)) else None)
    return self
