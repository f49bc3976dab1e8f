"""A module that deals its batch to several devices."""

from __future__ import annotations

from collections.abc import Sequence

from .._tensors import torch
from ..modules.module import Module
from .parallel_apply import parallel_apply
from .replicate import replicate
from .scatter_gather import gather, scatter_kwargs


class DataParallel(Module):
    """Calls `module` on chunks of the batch (along dim), one for each device, and joins the results on output_device.

    device_ids: all GPUs by default; without any the module is called directly.
    """

    def __init__(
        self, module: Module, device_ids: Sequence[int] | None = None, output_device: int | None = None, dim: int = 0
    ):
        super().__init__()
        self.module = module
        self.dim = dim
        if not torch.cuda.is_available():
            self.device_ids = []
            return
        self.device_ids = list(range(torch.cuda.device_count())) if device_ids is None else list(device_ids)
        self.output_device = self.device_ids[0] if output_device is None else output_device
        if len(self.device_ids) == 1:
            self.module.cuda(self.device_ids[0])

    def forward(self, *inputs, **kwargs):
        if not self.device_ids:
            return self.module(*inputs, **kwargs)
        inputs, kwargs = self.scatter(inputs, kwargs, self.device_ids)
        if len(self.device_ids) == 1:
            return self.module(*inputs[0], **kwargs[0])
        replicas = self.replicate(self.module, self.device_ids[: len(inputs)])
        outputs = self.parallel_apply(replicas, inputs, kwargs)
        return self.gather(outputs, self.output_device)

    def replicate(self, module: Module, device_ids: Sequence[int]) -> list[Module]:
        """A copy of the module for each device."""
        return replicate(module, device_ids)

    def scatter(self, inputs: tuple, kwargs: dict, device_ids: Sequence[int]) -> tuple[tuple, tuple]:
        """The arguments for each device."""
        return scatter_kwargs(inputs, kwargs, device_ids, self.dim)

    def parallel_apply(self, replicas: Sequence[Module], inputs: Sequence, kwargs: Sequence[dict]) -> list:
        """The results of the copies."""
        return parallel_apply(replicas, inputs, kwargs, self.device_ids[: len(replicas)])

    def gather(self, outputs: Sequence, output_device: int):
        """The results joined on one device."""
        return gather(outputs, output_device, self.dim)


def data_parallel(
    module: Module,
    inputs,
    device_ids: Sequence[int] | None = None,
    output_device: int | None = None,
    dim: int = 0,
    module_kwargs: dict | None = None,
):
    """module(*inputs, **module_kwargs) on chunks of the batch (along dim).

    There is one chunk for each of device_ids (all GPUs by default); the results are joined on output_device. IndexError
    where there is no device.
    """
    inputs = inputs if isinstance(inputs, tuple) else (inputs,)
    device_ids = list(range(torch.cuda.device_count())) if device_ids is None else list(device_ids)
    if not device_ids:
        raise IndexError("data_parallel wants at least one device")
    output_device = device_ids[0] if output_device is None else output_device
    inputs, kwargs = scatter_kwargs(inputs, module_kwargs, device_ids, dim)
    if len(device_ids) == 1:
        return module(*inputs[0], **kwargs[0])
    devices = device_ids[: len(inputs)]
    return gather(parallel_apply(replicate(module, devices), inputs, kwargs, devices), output_device, dim)
