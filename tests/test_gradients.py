"""First and second derivatives of every row of the table that has a gradient, against differences; none is named here.

Operands lie contiguous, in steps, and are broadcast; so do the gradients that come in.
"""

import pytest

import autograd_legacy as torch
from autograd_legacy import optable
from autograd_legacy._core import ops
from autograd_legacy.autograd import Variable
from autograd_legacy.autograd.gradcheck import gradcheck, gradgradcheck

from . import samples
from .samples import Real, calls

ROWS = {row.name: row for row in optable.ROWS if row.grads and not isinstance(row, optable.Composite)}
LAYOUTS = ("contiguous", "strided", "broadcast")

# Rows whose gradient is a row that has none itself.
ONCE = {"grid_sample", "batch_norm_grad", "lstm_cell_grad", "gru_cell_grad"}

# Equal slices make these singular, or their choice ambiguous.
NEVER_BROADCAST = {
    "gesv", "trtrs", "inverse", "potrf", "potri", "potrs", "qr", "svd", "symeig", "max", "min", "max_dim", "min_dim",
    "sort", "topk", "kthvalue", "median", "median_dim", "mode", "max_pool_nd", "adaptive_max_pool_nd", "batch_norm",
}  # fmt: skip


ONLY_CONTIGUOUS = {"view", "resized"}


def strided(array):
    """A leaf whose elements stand two apart."""
    tensor = torch.from_numpy(array)
    return torch.stack([tensor, tensor * 0], tensor.dim()).select(tensor.dim(), 0)


class Call:
    """One call of a row as a function of its leaves."""

    def __init__(self, row, operands, layout):
        self.row, self.operands, self.layout = row, operands, layout
        self.leaves, self.sizes = [], []
        known = row.differentiable
        for name, operand in zip(row.operands, operands, strict=True):
            for value in operand if isinstance(operand, list) else [operand]:
                if isinstance(value, Real):
                    self.leaves.append(self.leaf(value, name in known))
                    self.sizes.append(value.sizes)

    def leaf(self, value, wanted):
        sizes = value.sizes
        if self.layout == "broadcast":
            wide = next((k for k, size in enumerate(sizes) if size > 1), 0)
            sizes = tuple(1 if k == wide else size for k, size in enumerate(sizes))
        array = value.array(self.row, len(self.leaves), sizes)
        made = strided(array) if self.layout == "strided" else torch.from_numpy(array)
        return Variable(made, requires_grad=wanted)

    def __call__(self, *leaves):
        values = iter(
            v.expand(*sizes) if self.layout == "broadcast" else v for v, sizes in zip(leaves, self.sizes, strict=True)
        )
        operands = [self.filled(operand, values) for operand in self.operands]
        if self.row.name.endswith("_"):
            operands[0] = operands[0].clone()
        results = getattr(ops, self.row.name)(*operands)
        results = results if isinstance(results, tuple) else (results,)
        return tuple(self.seen(r) for r in results if r is not None and r.requires_grad and "Double" in r.data.type())

    def filled(self, operand, values):
        if isinstance(operand, list) and any(isinstance(value, Real) for value in operand):
            return [self.filled(value, values) for value in operand]
        if isinstance(operand, Real):
            return next(values)
        return Variable(operand) if torch.is_tensor(operand) else operand

    def seen(self, result):
        """The result as another sees it, so that the gradient comes in turned, or expanded."""
        if self.layout == "strided" and result.dim() > 1:
            return result.transpose(0, result.dim() - 1)
        return result.sum(0) * 0.7 if self.layout == "broadcast" else result


def cases():
    for name, row in ROWS.items():
        if row.constants == row.results or getattr(row, "result", ""):
            continue  # bytes and indices have no slope
        for layout in LAYOUTS[:1] if name in ONLY_CONTIGUOUS else LAYOUTS:
            if layout != "broadcast" or name not in NEVER_BROADCAST:
                yield pytest.param(name, layout, id=f"{name}-{layout}")


@pytest.mark.parametrize(("name", "layout"), list(cases()))
def test_derivatives(name, layout):
    row = ROWS[name]
    for operands in calls(row):
        call = Call(row, operands, layout)
        results = call(*call.leaves)
        assert results, "nothing to differentiate: every result of the sample is constant"
        assert gradcheck(call, tuple(call.leaves), eps=1e-6, atol=1e-5)
        if name in ONCE:
            with pytest.raises(RuntimeError, match="not implemented"):
                gradgradcheck(call, list(call.leaves))
        elif any(text not in ("0", "grad") for text in row.grads.values()):
            assert gradgradcheck(call, list(call.leaves), eps=1e-6, atol=1e-4)


def test_samples_are_of_rows():
    names = {row.name for row in optable.ROWS}
    assert set(samples.ROWS) | ONCE | NEVER_BROADCAST | ONLY_CONTIGUOUS <= names
