"""torch.multiprocessing: Python's multiprocessing, whose queues and pipes hand tensors over through shared memory."""

from __future__ import annotations

import multiprocessing
from multiprocessing import *

from . import reductions
from .reductions import init_reductions
from .strategies import get_all_sharing_strategies, get_sharing_strategy, set_sharing_strategy

__all__ = [
    *multiprocessing.__all__,
    "get_all_sharing_strategies",
    "get_sharing_strategy",
    "init_reductions",
    "reductions",
    "set_sharing_strategy",
]

init_reductions()
