"""torch.jit: the tracer of 0.3.1, an experiment of its time, is not part of this library. It can be imported."""

from typing import NoReturn


def __getattr__(name: str) -> NoReturn:
    raise AttributeError(f"torch.jit is not part of this library, so it has no {name}: call the module itself")
