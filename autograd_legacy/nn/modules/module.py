"""Module: what all networks and layers derive from."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Iterator

from ...autograd import Variable
from ...utils.hooks import RemovableHandle
from .._tensors import torch, type_name
from ..backends.thnn import backend as thnn_backend
from ..parameter import Parameter


def _addindent(text: str, width: int) -> str:
    """text with every line but the first moved to the right."""
    return text.replace("\n", "\n" + width * " ")


class Module:
    """A part of a network: parameters, buffers and child modules under the names of attributes, and a forward function.

    Assigning a Parameter, a Module, or a Tensor over an existing buffer to an attribute registers it. A subclass calls
    `super().__init__()` first, and defines `forward`; it is called through `module(input)`, which runs the hooks too.
    """

    dump_patches = False

    def __init__(self):
        self._backend = thnn_backend
        self._parameters = OrderedDict()
        self._buffers = OrderedDict()
        self._backward_hooks = OrderedDict()
        self._forward_hooks = OrderedDict()
        self._forward_pre_hooks = OrderedDict()
        self._modules = OrderedDict()
        self.training = True

    def forward(self, *input):
        """The computation; every subclass defines it."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    # ---- what belongs to the module ----

    def register_buffer(self, name: str, tensor) -> None:
        """Add a value that is part of the state but not trained, such as running statistics.

        KeyError where `name` is another attribute.
        """
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"attribute '{name}' already exists")
        self._buffers[name] = tensor

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a Parameter, or None for one that is not used.

        KeyError where `name` is another attribute, TypeError for other values.
        """
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameters before Module.__init__() call")
        if hasattr(self, name) and name not in self._parameters:
            raise KeyError(f"attribute '{name}' already exists")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{type_name(param)}' object to parameter '{name}' (torch.nn.Parameter or None required)"
            )
        if param is not None and param.grad_fn is not None:
            raise ValueError(
                f"cannot assign a Variable with a history to parameter '{name}': parameters are leaves; "
                "compute the value in forward instead"
            )
        self._parameters[name] = param

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a child. KeyError where `name` is another attribute, TypeError for what is not a Module."""
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f"{_name_of(module)} is not a Module subclass")
        self._modules[name] = module

    def __getattr__(self, name: str):
        attributes = self.__dict__
        for registry in ("_parameters", "_modules", "_buffers"):
            registered = attributes.get(registry)
            if registered is not None and name in registered:
                return registered[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value) -> None:
        attributes = self.__dict__
        parameters, modules, buffers = (attributes.get(r) for r in ("_parameters", "_modules", "_buffers"))
        if isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            _forget(name, attributes, modules, buffers)
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_full_name(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)"
                )
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if modules is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            _forget(name, attributes, buffers)
            modules[name] = value
        elif modules is not None and name in modules:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_full_name(value)}' as child module '{name}' (torch.nn.Module or None expected)"
                )
            modules[name] = value
        elif buffers is not None and name in buffers:
            if value is not None and (isinstance(value, Variable) or not torch.is_tensor(value)):
                raise TypeError(
                    f"cannot assign '{_full_name(value)}' as buffer '{name}' (torch.Tensor or None expected)"
                )
            buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        for registered in (self._parameters, self._buffers, self._modules):
            if name in registered:
                del registered[name]
                return
        object.__delattr__(self, name)

    def __dir__(self) -> list[str]:
        registered = [*self._parameters, *self._modules, *self._buffers]
        names = {*dir(type(self)), *self.__dict__, *registered}
        return sorted(name for name in names if not name[:1].isdigit())

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.__dict__.setdefault("_forward_pre_hooks", OrderedDict())  # older files lack them

    # ---- calling ----

    def __call__(self, *input, **kwargs):
        """forward(*input, **kwargs) between its hooks."""
        if not (self._forward_pre_hooks or self._forward_hooks or self._backward_hooks):
            return self.forward(*input, **kwargs)
        for hook in self._forward_pre_hooks.values():
            hook(self, input)
        result = self.forward(*input, **kwargs)
        for hook in self._forward_hooks.values():
            if hook(self, input, result) is not None:
                raise RuntimeError(f"forward hooks should never return any values, but {hook!r} did")
        if self._backward_hooks:
            grad_fn = _first_variable(result).grad_fn
            if grad_fn is not None:
                for hook in self._backward_hooks.values():
                    grad_fn.register_hook(functools.wraps(hook)(functools.partial(hook, self)))
        return result

    def register_forward_pre_hook(self, hook: Callable) -> RemovableHandle:
        """Call hook(module, input) before each forward.

        `input` is the tuple of arguments, and what the hook returns is ignored.
        """
        return _register(self._forward_pre_hooks, hook)

    def register_forward_hook(self, hook: Callable) -> RemovableHandle:
        """Call hook(module, input, output) after each forward; it must return None."""
        return _register(self._forward_hooks, hook)

    def register_backward_hook(self, hook: Callable) -> RemovableHandle:
        """Call hook(module, grad_input, grad_output) when the last function that forward used runs backward.

        The gradients are those of that function's inputs and outputs; a returned tuple replaces the gradients of its
        inputs.
        """
        return _register(self._backward_hooks, hook)

    # ---- the tree ----

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """(name, child) of the direct children, each once."""
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self) -> Iterator[Module]:
        """The direct children, each once."""
        for _, module in self.named_children():
            yield module

    def named_modules(self, memo: set | None = None, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """(dotted name, module) of this module and all below it, each once; `memo` holds those already given."""
        memo = set() if memo is None else memo
        if self in memo:
            return
        memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, f"{prefix}.{name}" if prefix else name)

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        for _, module in self.named_modules():
            yield module

    def named_parameters(self, memo: set | None = None, prefix: str = "") -> Iterator[tuple[str, Parameter]]:
        """(dotted name, parameter) of this module and all below it, each once; `memo` holds those already given."""
        memo = set() if memo is None else memo
        for name, param in self._parameters.items():
            if param is not None and param not in memo:
                memo.add(param)
                yield f"{prefix}.{name}" if prefix else name, param
        for name, module in self.named_children():
            yield from module.named_parameters(memo, f"{prefix}.{name}" if prefix else name)

    def parameters(self) -> Iterator[Parameter]:
        """The parameters of this module and all below it, each once: what an optimizer is given."""
        for _, param in self.named_parameters():
            yield param

    def _all_buffers(self, memo: set | None = None) -> Iterator:
        memo = set() if memo is None else memo
        for buffer in self._buffers.values():
            if buffer is not None and buffer not in memo:
                memo.add(buffer)
                yield buffer
        for module in self.children():
            yield from module._all_buffers(memo)

    def apply(self, fn: Callable) -> Module:
        """Call fn on every module below this one, then on this one; gives the module itself."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    # ---- state ----

    def state_dict(self, destination: dict | None = None, prefix: str = "", keep_vars: bool = False) -> dict:
        """Parameters and buffers under their dotted names.

        The tensors are the module's own, not copies; with keep_vars, the Parameters themselves.
        """
        destination = OrderedDict() if destination is None else destination
        for name, param in self._parameters.items():
            if param is not None:
                destination[prefix + name] = param if keep_vars else param.data
        for name, buffer in self._buffers.items():
            if buffer is not None:
                destination[prefix + name] = buffer
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination, f"{prefix}{name}.", keep_vars=keep_vars)
        return destination

    def load_state_dict(self, state_dict: dict, strict: bool = True) -> None:
        """Copy the values of state_dict into this module's parameters and buffers.

        KeyError, if strict, for names that the module lacks and then for those that state_dict lacks; RuntimeError for
        another number of elements.
        """
        own = self.state_dict()
        for name, value in state_dict.items():
            if name in own:
                value = value.data if isinstance(value, Parameter) else value
                try:
                    own[name].copy_(value)
                except Exception as error:
                    raise RuntimeError(
                        f"While copying the parameter named {name}, whose dimensions in the model are "
                        f"{own[name].size()} and whose dimensions in the checkpoint are {value.size()}."
                    ) from error
            elif strict:
                raise KeyError(f'unexpected key "{name}" in state_dict')
        missing = [name for name in own if name not in state_dict]
        if strict and missing:
            raise KeyError(f"missing keys in state_dict: {', '.join(missing)}")

    def train(self, mode: bool = True) -> Module:
        """Set training mode here and below; it matters to dropout and batch normalization. Gives the module itself."""
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self) -> Module:
        """Leave training mode: train(False)."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to zero; those that are part of a graph are replaced."""
        for param in self.parameters():
            grad = param.grad
            if grad is None:
                continue
            if grad.volatile:
                grad.data.zero_()
            else:
                param.grad = Variable(grad.data.new().resize_as_(grad.data).zero_())

    # ---- types and devices ----

    def _apply(self, fn: Callable) -> Module:
        """Replace every parameter's data, every gradient's data and every buffer by fn of it."""
        for module in self.children():
            module._apply(fn)
        for param in self._parameters.values():
            if param is not None:
                param.data = fn(param.data)
                if param.grad is not None:
                    param.grad.data = fn(param.grad.data)
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def type(self, dst_type) -> Module:
        """Convert parameters and buffers to a tensor type, given as its class or name; gives the module itself."""
        return self._apply(lambda t: t.type(dst_type))

    def float(self) -> Module:
        """Convert to FloatTensors."""
        return self._apply(lambda t: t.float())

    def double(self) -> Module:
        """Convert to DoubleTensors."""
        return self._apply(lambda t: t.double())

    def half(self) -> Module:
        """Convert to HalfTensors."""
        return self._apply(lambda t: t.half())

    def cuda(self, device: int | None = None) -> Module:
        """Move to a GPU, the current one by default."""
        return self._apply(lambda t: t.cuda(device))

    def cpu(self) -> Module:
        """Move to the CPU."""
        return self._apply(lambda t: t.cpu())

    def share_memory(self) -> Module:
        """Move parameters and buffers to memory that processes share."""
        return self._apply(lambda t: t.share_memory_())

    def __repr__(self) -> str:
        lines = [f"  ({name}): {_addindent(repr(module), 2)}\n" for name, module in self._modules.items()]
        return f"{type(self).__name__}(\n{''.join(lines)})"


def _register(hooks: dict, hook: Callable) -> RemovableHandle:
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


def _forget(name: str, *registries: dict | None) -> None:
    """Remove an attribute that another kind of value is about to replace."""
    for registry in registries:
        if registry is not None and name in registry:
            del registry[name]


def _first_variable(result) -> Variable:
    """The Variable whose function gets the backward hooks: the result, or the first one in it."""
    while not isinstance(result, Variable):
        result = next(iter(result.values())) if isinstance(result, dict) else result[0]
    return result


def _name_of(value) -> str:
    """What a message calls something that is no Module: a function by its name, else the name of its type."""
    if hasattr(value, "__name__"):
        return f"{value.__module__}.{value.__name__}"
    return type_name(value)


def _full_name(value) -> str:
    """The type of value with the module it comes from."""
    if isinstance(value, Variable) or torch.is_tensor(value):
        return type_name(value)
    return f"{type(value).__module__}.{type(value).__name__}"
