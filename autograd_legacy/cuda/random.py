"""The GPUs' generators. Seeding is accepted where there is no GPU, as in 0.3.1."""

from __future__ import annotations

from typing import Any

from .devices import device_count, refuse


def manual_seed(seed: int) -> None:
    """Seed the generator of the current GPU."""


def manual_seed_all(seed: int) -> None:
    """Seed the generators of all GPUs."""


def seed() -> None:
    """Seed the generator of the current GPU with a number that differs each time."""


def seed_all() -> None:
    """Seed the generators of all GPUs with a number that differs each time."""


def initial_seed() -> int:
    """The seed of the current GPU's generator. AssertionError: there is none."""
    return refuse("cuda.initial_seed()")


def get_rng_state(device: int = -1) -> Any:
    """The state of a GPU's generator. AssertionError: there is none."""
    return refuse("cuda.get_rng_state()")


def set_rng_state(new_state: Any, device: int = -1) -> None:
    """Let a GPU's generator go on from a state. AssertionError: there is none."""
    refuse("cuda.set_rng_state()")


def get_rng_state_all() -> list:
    """The states of all GPUs' generators."""
    return [get_rng_state(device) for device in range(device_count())]


def set_rng_state_all(new_states: list) -> None:
    """Let the GPUs' generators go on from these states."""
    for device, state in enumerate(new_states):
        set_rng_state(state, device)
