"""The CPU backend: pickled modules of 0.3 name it, old modules call its functions, `_backend.Embedding.apply`."""

from __future__ import annotations

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


def _functions() -> dict[str, Any]:
    """Those that modules outside of torch are known to call. They are gathered late, since they need modules."""
    from .._functions import dropout, linear, loss, rnn, thnn

    channels = dict.fromkeys(("Dropout2d", "Dropout3d"), dropout.FeatureDropout)
    recurrent = {name: getattr(rnn, name) for name in ("RNN", "RNNTanhCell", "RNNReLUCell", "LSTMCell", "GRUCell")}
    others = [linear.Linear, linear.Bilinear, loss.CosineEmbeddingLoss, loss.HingeEmbeddingLoss, loss.MarginRankingLoss]
    classes = [dropout.Dropout, *others, *thnn._all_functions]
    return recurrent | channels | {cls.__name__: cls for cls in classes}


backend = THNNFunctionBackend()
