"""torch.cuda: what programs ask and name also where they use no GPU, and the kernels' texts.

Nothing runs on a GPU yet, so no device is ever available: what needs one raises an AssertionError, as 0.3.1 built
without CUDA did.
"""

from __future__ import annotations

from . import comm, nccl, nvtx, random, types
from .devices import (
    current_device,
    device,
    device_count,
    device_of,
    empty_cache,
    get_device_capability,
    get_device_name,
    init,
    is_available,
    set_device,
    synchronize,
)
from .random import (
    get_rng_state,
    get_rng_state_all,
    initial_seed,
    manual_seed,
    manual_seed_all,
    seed,
    seed_all,
    set_rng_state,
    set_rng_state_all,
)
from .streams import Event, Stream, current_blas_handle, current_stream, stream
from .types import *
