"""Modules that hold others."""

from __future__ import annotations

import operator
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Iterator

from .._tensors import type_name
from ..parameter import Parameter
from .module import Module


def _key(index: int, length: int) -> str:
    """The name of an element by its position, which may count from the end; IndexError outside."""
    index = operator.index(index)
    if not -length <= index < length:
        raise IndexError(f"index {index} is out of range")
    return str(index % length)


def _check_list(values, container: str) -> None:
    if not isinstance(values, list):
        raise TypeError(f"{container}.extend should be called with a list, but got {type_name(values)}")


class Container(Module):
    """The old base of containers: its children are given by keyword. Deprecated; derive from Module."""

    def __init__(self, **kwargs):
        super().__init__()
        warnings.warn(
            "nn.Container is deprecated. All of its functionality is now in nn.Module: derive from that.", stacklevel=2
        )
        for name, module in kwargs.items():
            self.add_module(name, module)


class Sequential(Module):
    """Modules called one after another, each with the result of the one before.

    They are given as arguments, and named by their position, or in an OrderedDict.
    """

    def __init__(self, *args: Module):
        super().__init__()
        given = args[0].items() if len(args) == 1 and isinstance(args[0], OrderedDict) else enumerate(args)
        for name, module in given:
            self.add_module(str(name), module)

    def __getitem__(self, index: int) -> Module:
        length = len(self)
        if not -length <= index < length:
            raise IndexError(f"index {index} is out of range")
        return list(self._modules.values())[index]

    def __len__(self) -> int:
        return len(self._modules)

    def forward(self, input):
        for module in self._modules.values():
            input = module(input)
        return input


class ModuleList(Module):
    """A list of modules that are registered, named by their position."""

    def __init__(self, modules: Iterable[Module] | None = None):
        super().__init__()
        if modules is not None:
            self += modules

    def __getitem__(self, index: int) -> Module:
        return self._modules[_key(index, len(self))]

    def __setitem__(self, index: int, module: Module) -> None:
        setattr(self, str(index), module)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    def __iadd__(self, modules: list[Module]) -> ModuleList:
        return self.extend(modules)

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end; gives the list itself."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules: list[Module]) -> ModuleList:
        """Add the modules of a list at the end; gives the list itself."""
        _check_list(modules, "ModuleList")
        for module in modules:
            self.append(module)
        return self


class ParameterList(Module):
    """A list of parameters that are registered, named by their position."""

    def __init__(self, parameters: Iterable[Parameter] | None = None):
        super().__init__()
        if parameters is not None:
            self += parameters

    def __getitem__(self, index: int) -> Parameter:
        return self._parameters[_key(index, len(self))]

    def __setitem__(self, index: int, param: Parameter) -> None:
        self.register_parameter(str(index), param)

    def __len__(self) -> int:
        return len(self._parameters)

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._parameters.values())

    def __iadd__(self, parameters: list[Parameter]) -> ParameterList:
        return self.extend(parameters)

    def append(self, parameter: Parameter) -> ParameterList:
        """Add a parameter at the end; gives the list itself."""
        self.register_parameter(str(len(self)), parameter)
        return self

    def extend(self, parameters: list[Parameter]) -> ParameterList:
        """Add the parameters of a list at the end; gives the list itself."""
        _check_list(parameters, "ParameterList")
        for parameter in parameters:
            self.append(parameter)
        return self
