"""The CPU backend: pickled modules of 0.3 name it, old modules call its functions, `_backend.Embedding.apply`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from .backend import FunctionBackend


def _get_thnn_function_backend() -> FunctionBackend:
    return backend


class THNNFunctionBackend(FunctionBackend):
    """One object for the whole process: copies and pickles of it are itself."""

    def __getattr__(self, name: str) -> Any:
        if not self.__dict__.get("function_classes", True):
            self.function_classes.update(_functions())
        return super().__getattr__(name)

    def __reduce__(self):
        return _get_thnn_function_backend, ()

    def __deepcopy__(self, memo: dict) -> THNNFunctionBackend:
        memo[id(self)] = self
        return self

    def __copy__(self) -> THNNFunctionBackend:
        return self


class Applied:
    """A function that is called by `apply`, as 0.3's Function classes were."""

    def __init__(self, function: Callable) -> None:
        self.apply = function


def _functions() -> dict[str, Any]:
    """Those that modules outside of torch are known to call. They are gathered late, since they need modules."""
    from .._functions import dropout, rnn, sparse

    cells = {
        "RNNTanhCell": rnn.rnn_tanh_step,
        "RNNReLUCell": rnn.rnn_relu_step,
        "LSTMCell": rnn.lstm_step,
        "GRUCell": rnn.gru_step,
    }
    applied = {"Embedding": sparse.lookup, "Dropout": dropout.dropout}
    made = {name: partial(rnn.cell, step) for name, step in cells.items()}
    return made | {name: Applied(function) for name, function in applied.items()}


backend = THNNFunctionBackend()
