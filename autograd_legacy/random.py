"""The state of the default generator: seeding, saving, restoring. Named as torch.random was in 0.3."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from ._core.generator import Generator, default_generator

__all__ = ["default_generator", "fork_rng", "get_rng_state", "initial_seed", "manual_seed", "set_rng_state"]


def manual_seed(seed: int) -> Generator:
    """Start the default generator's stream again at `seed`, on every device, and return that generator.

    An int in [-2**63, 2**63), else RuntimeError; on the CPU its low 32 bits choose the stream.
    """
    generator = default_generator.manual_seed(seed)
    cuda = _loaded_cuda()
    if cuda is not None:
        cuda.manual_seed_all(seed)
    return generator


def _loaded_cuda() -> Any:
    """The cuda package, if the program uses it. If not, its generators begin at initial_seed() when it first does."""
    return sys.modules.get(f"{__package__}.cuda")


def initial_seed() -> int:
    """The seed that the default generator's stream started at, as an unsigned 64-bit number."""
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """The default generator's state, as a ByteTensor of 5048 elements."""
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Let the default generator go on from what get_rng_state() gave; RuntimeError for anything else."""
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(devices: Iterable[int] | None = None, enabled: bool = True) -> Iterator[None]:
    """On leaving the `with` block, also by an error, every generator goes on from where it was on entering.

    devices     the CUDA devices to do so for; by default all
    enabled     False: nothing is restored
    """
    if not enabled:
        yield
        return
    cuda = _loaded_cuda()
    if devices is None:
        devices = range(cuda.device_count()) if cuda else ()
    state = get_rng_state()
    cuda_states = [(device, cuda.get_rng_state(device)) for device in devices]
    try:
        yield
    finally:
        set_rng_state(state)
        for device, cuda_state in cuda_states:
            cuda.set_rng_state(cuda_state, device)
