"""The typed classes of sparse tensors. HalfTensor has no sparse twin."""

from __future__ import annotations

import sys

from .. import optable
from .._core.sparse import DENSE_TYPES
from .._core.tensor import class_of, register_class
from .tensor import SparseTensor


def _typed(code: int, name: str) -> type:
    doc = f"A sparse tensor whose values are a {name}."
    names = {"_code": code, "_dense": class_of(code), "__doc__": doc, "__module__": "torch.sparse"}
    made = type(SparseTensor)(name, (SparseTensor,), names)
    register_class(DENSE_TYPES + code, made)
    return made


for _code, _dtype in enumerate(optable.DTYPES):
    if _dtype.name != "Half":
        setattr(sys.modules[__name__], f"{_dtype.name}Tensor", _typed(_code, f"{_dtype.name}Tensor"))
