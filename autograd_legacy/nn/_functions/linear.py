"""Linear and bilinear maps."""

from __future__ import annotations

from ..._core import ops
from ...autograd import Variable
from .applied import applied


def linear(input: Variable, weight: Variable, bias: Variable | None = None) -> Variable:
    """input . weight^T + bias over the last dimension: (..., in) and (out, in) give (..., out)."""
    if not isinstance(input, Variable):
        raise RuntimeError(f"linear: the input must be a Variable, not {type(input).__name__}")
    if input.dim() == 2 and bias is not None:
        return ops.linear(bias, input, weight)
    output = input.matmul(weight.t())
    return output if bias is None else output + bias


def bilinear(input1: Variable, input2: Variable, weight: Variable, bias: Variable | None = None) -> Variable:
    """out[n][k] = input1[n] . weight[k] . input2[n] + bias[k]: (N, A), (N, B) and (K, A, B) give (N, K)."""
    (batch, first), (batch2, second), (outputs, rows, columns) = input1.size(), input2.size(), weight.size()
    if batch != batch2 or first != rows or second != columns:
        raise RuntimeError(
            f"bilinear: inputs of sizes {batch}x{first} and {batch2}x{second} do not fit a weight of size "
            f"{outputs}x{rows}x{columns}"
        )
    left = input1.mm(weight.transpose(0, 1).contiguous().view(rows, outputs * columns)).view(batch, outputs, columns)
    output = left.bmm(input2.unsqueeze(2)).squeeze(2)
    return output if bias is None else output + bias


Linear, Bilinear = applied("Linear", linear), applied("Bilinear", bilinear)
