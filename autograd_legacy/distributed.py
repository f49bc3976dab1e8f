"""torch.distributed: to be imported by programs that can do without it; this library trains in one process.

Hogwild training, several processes on shared memory, is in torch.multiprocessing.
"""

from __future__ import annotations

from typing import Any, NoReturn


def is_available() -> bool:
    """False: programs that ask go on alone."""
    return False


def init_process_group(backend: str, init_method: str = "env://", **kwargs: Any) -> NoReturn:
    """NotImplementedError."""
    raise NotImplementedError(
        f"torch.distributed is not part of this library, so there is no process group over {backend!r}: train in one "
        "process, or in several on shared memory with torch.multiprocessing"
    )


def get_rank() -> NoReturn:
    """RuntimeError: there is no process group."""
    raise RuntimeError("get_rank: torch.distributed is not part of this library, there is no process group")


def get_world_size() -> NoReturn:
    """RuntimeError: there is no process group."""
    raise RuntimeError("get_world_size: torch.distributed is not part of this library, there is no process group")


def __getattr__(name: str) -> NoReturn:
    raise AttributeError(f"torch.distributed is not part of this library, so it has no {name}")
