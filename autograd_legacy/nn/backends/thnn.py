"""The CPU backend, which pickled modules of 0.3 name."""

from __future__ import annotations

from .backend import FunctionBackend


def _get_thnn_function_backend() -> FunctionBackend:
    return backend


class THNNFunctionBackend(FunctionBackend):
    """One object for the whole process: copies and pickles of it are itself."""

    def __reduce__(self):
        return _get_thnn_function_backend, ()

    def __deepcopy__(self, memo: dict) -> THNNFunctionBackend:
        memo[id(self)] = self
        return self

    def __copy__(self) -> THNNFunctionBackend:
        return self


backend = THNNFunctionBackend()
