"""torch.onnx: to be imported by what also exports; exporting itself is not part of this library."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ._six import string_classes

__all__ = ["export", "set_training", "string_classes"]


def export(
    model: Any, args: Any, f: Any, export_params: bool = True, verbose: bool = False, training: bool = False
) -> None:
    """NotImplementedError."""
    raise NotImplementedError(
        "ONNX export is not part of this library. Save model.state_dict(), load it into the same network in current "
        "PyTorch and export it there"
    )


@contextlib.contextmanager
def set_training(model: Any, mode: bool) -> Iterator[None]:
    """In the `with` block model is in training mode, or with mode False in evaluation mode; then as it was before."""
    before = model.training
    if before != mode:
        model.train(mode)
    try:
        yield
    finally:
        if before != mode:
            model.train(before)
