"""torch._thnn: 0.3.1's kernels in C, by the types of tensors. They are no part of this library, but can be imported."""

from __future__ import annotations

from typing import Any, NoReturn


class _Backends:
    def __getitem__(self, kind: Any) -> NoReturn:
        raise NotImplementedError(
            f"torch._thnn.type2backend[{kind!r}]: 0.3.1's C kernels are not part of this library: call what "
            "torch.nn.functional or torch.nn._functions.thnn has instead"
        )


type2backend = _Backends()
