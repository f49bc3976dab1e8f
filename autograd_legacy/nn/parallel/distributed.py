"""Training in several processes, which this library does not have."""

from __future__ import annotations

from ..modules.module import Module


class DistributedDataParallel(Module):
    """Refuses to be made: there is no torch.distributed here."""

    def __init__(self, module: Module, device_ids=None, output_device: int | None = None, dim: int = 0):
        raise NotImplementedError(
            "torch.distributed is not part of this library; use nn.DataParallel, or the module itself"
        )
