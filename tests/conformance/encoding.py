"""Answers as JSON: each value is a dict whose key says what it is."""

import numpy as np

DEEPEST = 8


def encode(value: object, torch: object, depth: int = 0) -> dict:
    """The encoded value: tensors with type, size and elements, Variables with their flags. Numbers become text that
    reads back exactly."""

    def inner(part: object) -> dict:
        return encode(part, torch, depth + 1)

    if depth > DEEPEST:
        return {"deep": type(value).__name__}
    if value is None:
        return {"none": True}
    for kind, key in ((bool, "bool"), (int, "int"), (str, "str")):
        if isinstance(value, kind):
            return {key: value}
    if isinstance(value, float):
        return {"float": repr(float(value))}
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin1")}
    if isinstance(value, torch.autograd.Variable):
        return {
            "variable": inner(value.data),
            "requires_grad": bool(value.requires_grad),
            "volatile": bool(value.volatile),
            "leaf": bool(value.is_leaf),
            "grad_fn": None if value.grad_fn is None else type(value.grad_fn).__name__,
        }
    if torch.is_tensor(value):
        kind, size = value.type(), list(value.size())
        if "sparse" in kind:
            return {"sparse": kind, "size": size, "dense": elements(value.to_dense())}
        return {"tensor": kind, "size": size, "data": elements(value.float() if "Half" in kind else value)}
    if torch.is_storage(value):
        return {"storage": type(value).__name__, "data": [repr(v) for v in value.tolist()]}
    if isinstance(value, torch.Size):
        return {"Size": [int(v) for v in value]}
    if isinstance(value, (tuple, list)):
        return {"tuple" if isinstance(value, tuple) else "list": [inner(v) for v in value]}
    if isinstance(value, dict):
        return {"dict": [[str(k), inner(v)] for k, v in value.items()]}
    if isinstance(value, (set, frozenset)):
        return {"set": sorted(str(v) for v in value)}
    if isinstance(value, np.ndarray) and value.shape:
        return {
            "ndarray": str(value.dtype),
            "size": list(value.shape),
            "data": [repr(v) for v in value.ravel().tolist()],
        }
    if type(value).__module__ == "numpy":
        return {"numpy_scalar": str(value.dtype), "value": repr(value.item())}
    if isinstance(value, type):
        return {"class": value.__name__}
    if callable(value):
        return {"callable": getattr(value, "__name__", "?")}
    return {"object": type(value).__name__}


def elements(tensor: object) -> list[str]:
    """The elements of a dense tensor in row-major order."""
    return [repr(v) for v in tensor.contiguous().view(-1).tolist()] if tensor.dim() and tensor.numel() else []
