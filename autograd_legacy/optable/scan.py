"""Running sums and products along a dimension, and the recurrence that their gradients are made of."""

from dataclasses import dataclass

from .reduction import PROD, SUM, Fold
from .row import ALL, FLOATING, Kernel


@dataclass(frozen=True, kw_only=True)
class Scan(Kernel):
    """All the stages of a fold along `dim`, from its start or, with `back`, from its end."""

    fold: Fold
    back: bool = False


ROWS = (
    Scan(
        fold=SUM,
        signature="cumsum(x, dim)",
        impl="scan.cumsum",
        leaves_node=True,
        doc="out[i] = x[0] + ... + x[i] along dim.",
        calls=("cumsum(self, dim dim)",),
        grads=dict(x="cumsum_back(grad, dim)"),
    ),
    Scan(
        fold=SUM,
        back=True,
        signature="cumsum_back(x, dim)",
        impl="scan.cumsum_back",
        doc="out[i] = x[i] + ... + x[n - 1] along dim.",
        grads=dict(x="cumsum(grad, dim)"),
    ),
    Scan(
        fold=PROD,
        signature="cumprod(x, dim)",
        impl="scan.cumprod",
        leaves_node=True,
        doc="out[i] = x[0] * ... * x[i] along dim.",
        calls=("cumprod(self, dim dim)",),
        grads=dict(x="recurrence(grad, shift(x, dim, -1, 0), dim, True) * shift(cumprod(x, dim), dim, 1, 1)"),
    ),
    Kernel(
        signature="recurrence(x, factor, dim, back)",
        impl="scan.recurrence",
        doc="out[i] = x[i] + factor[i] * out[i - 1] along dim, with out[-1] = 0; with back, out[i + 1] for out[i - 1].",
        dtypes=FLOATING,
        grads=dict(
            x="recurrence(grad, shift(factor, dim, 1 if back else -1, 0), dim, not back)",
            factor="recurrence(grad, shift(factor, dim, 1 if back else -1, 0), dim, not back)"
            " * shift(out, dim, -1 if back else 1, 0)",
        ),
    ),
    Kernel(
        signature="shift(x, dim, by, fill)",
        impl="scan.shift",
        doc="out[i] = x[i - by] along dim, and fill where there is no such element.",
        dtypes=ALL,
        grads=dict(x="shift(grad, dim, -by, 0)"),
    ),
)

SCANS = tuple(row for row in ROWS if isinstance(row, Scan))
