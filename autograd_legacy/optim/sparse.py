"""What a sparse gradient touches."""

from __future__ import annotations

from .._core.tensor import Tensor


class Rows:
    """The rows of a dense tensor that a sparse gradient names, each once.

    values      the gradient's value for each row, summed where a row was named more than once
    """

    def __init__(self, grad: Tensor) -> None:
        grad = grad.coalesce()
        indices = grad._indices()
        self.values = grad._values()
        self._dims = indices.size(0) if indices.dim() else 0
        if self._dims:  # several sparse dimensions are walked as one
            self._index = indices[0]
            for k in range(1, self._dims):
                self._index = self._index * grad.size(k) + indices[k]

    def of(self, dense: Tensor) -> Tensor:
        """A copy of these rows of `dense`."""
        return self._rows(dense).index_select(0, self._index) if self._dims else self.values.clone()

    def add_to(self, dense: Tensor, values: Tensor) -> None:
        """Add `values` to these rows of `dense`."""
        if self._dims:
            self._rows(dense).index_add_(0, self._index, values)

    def _rows(self, dense: Tensor) -> Tensor:
        return dense if self._dims == 1 else dense.view(-1, *dense.size()[self._dims :])
