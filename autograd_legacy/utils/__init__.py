"""torch.utils: the switches of backcompat and the handles of hooks; utils.data is imported by its own name."""

from . import backcompat, hooks

__all__ = ["backcompat", "hooks"]
