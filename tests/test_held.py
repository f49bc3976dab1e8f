"""Bytes that ops hold: at their peak no more than operands, results and a megabyte; after a thousand calls, nothing.

Derived from the table: a new row is measured without being named.
"""

from __future__ import annotations

import gc
import sys
import warnings

import pytest
from autograd_legacy._core.storage import bytes_held, peak_bytes

import autograd_legacy as torch
from autograd_legacy import optable
from autograd_legacy._core import ops
from autograd_legacy.autograd import Variable

from .operands import LETTERS, Draw, each, is_array, tensor
from .operands import ROWS as ALL_ROWS

ROWS = {name: row for name, row in ALL_ROWS.items() if name != "clamp_unbounded"}  # which is there to be refused

MEGABYTE = 1 << 20
AIM = 8 * MEGABYTE  # of operands
SMALL = dict(b=4, c=4, k=4)

# Rows whose algorithm needs more, in multiples of what operands and results take together, and why.
LAPACK = "LAPACK works on copies by columns, in a workspace"
DOUBLES = "the elements are taken in doubles"
PACKED = "operands are packed, and partial sums kept, for each thread"
MORE: dict[str, tuple[float, str]] = {
    "qr": (1.0, LAPACK),
    "svd": (1.0, LAPACK),
    "eig": (1.0, LAPACK),
    "multinomial": (2.0, DOUBLES),
    "histc": (2.0, DOUBLES),
    "median": (4.0, "all elements are put in order beside their places"),
    "dist": (1.0, "the difference is a tensor of its own"),
    "conv_nd": (1.0, PACKED),
    "conv_input_grad": (1.0, PACKED),
    "conv_weight_grad": (1.5, PACKED),
    "recurrent_grad": (1.0, "the states before each step, and what reaches the gates"),
}
BACKWARD = 3.0  # rules of several steps hold their intermediate results, in the same multiples


def bytes_of(thing) -> int:
    """What a tensor, or all those in a list or tuple, take."""
    if isinstance(thing, (tuple, list)):
        return sum(map(bytes_of, thing))
    if hasattr(thing, "volatile"):
        thing = thing.data
    return thing.nelement() * thing.element_size() if hasattr(thing, "element_size") else 0


def large(row: optable.Row, code: str) -> list:
    """Operands of about 8 MB together, as arrays; half a megabyte where the work grows faster than the operands."""
    aim = AIM / 16 if getattr(row, "impl", "").partition(".")[0] in ("solve", "decompose") else AIM
    low, high = 1, 1500  # of most letters; some stay small, so that no result is much larger than its operands
    while low < high:
        middle = (low + high + 1) // 2
        if estimate(row, code, dict.fromkeys(LETTERS, middle) | SMALL) <= aim:
            low = middle
        else:
            high = middle - 1
    return Draw(0, code, dict.fromkeys(LETTERS, low) | SMALL).operands(row)


def estimate(row: optable.Row, code: str, sizes: dict) -> int:
    """The bytes of the operands, counted without drawing them."""
    return Counted(code, sizes).total(row)


class Counted(Draw):
    """Adds up what it is asked to draw."""

    def __init__(self, code: str, sizes: dict):
        super().__init__(0, code, sizes)
        self.bytes = 0

    def total(self, row: optable.Row) -> int:
        self.operands(row)
        return self.bytes

    def names(self, row: optable.Row) -> dict:
        def count(width):
            def counted(*sizes):
                n = width
                for size in sizes:
                    n *= size
                self.bytes += n

            return counted

        item = optable.DTYPE[self.code].size
        return self.sizes | dict(
            t=count(item), chances=count(item), mask=count(1), squares=lambda b, n: count(item)(b, n, n),
            below=lambda limit, *sizes: count(8)(*sizes), pivots=count(4), flag=lambda: False, code=0,
            square=lambda n: count(item)(n, n), definite=lambda n: count(item)(n, n),
        )  # fmt: skip


def measured(function) -> tuple:
    """What the function gives, and the most bytes that were held meanwhile beyond those held before."""
    gc.collect()
    before = bytes_held()
    peak_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = function()
    return result, peak_bytes() - before


def walks(row: optable.Row) -> bool:
    """Whether the row's loops go by strides, whatever lies in memory."""
    return isinstance(row, optable.Op) or hasattr(row, "fold")


def strided(array):
    """A tensor in which the elements of the array stand in another order of the dimensions."""
    return tensor(array.T).permute(*range(array.ndim)[::-1]) if array.ndim > 1 else tensor(array.repeat(2))[::2]


@pytest.mark.parametrize("name", ROWS)
def test_peak(name):
    row = ROWS[name]
    code = "f" if "f" in row.dtypes else row.dtypes[0]
    arrays = large(row, code)
    for layout in (tensor, strided):
        operands = [each(value, layout) for value in arrays]
        try:
            result, peak = measured(lambda operands=operands: getattr(ops, name)(*operands))
        except RuntimeError:
            assert layout is strided  # a few need contiguous operands, and say so
            continue
        share = MORE.get(name, (0, ""))[0] * (bytes_of(operands) + bytes_of(result))
        if layout is strided and not walks(row):  # kernels that want rows copy an operand that has none
            share += bytes_of(operands)
        extra = peak - (0 if name.endswith("_") else bytes_of(result)) - share
        assert extra <= MEGABYTE, f"{extra / MEGABYTE:.1f} MB too many, {layout.__name__}"


def variables(row: optable.Row, arrays: list) -> list:
    """The operands as Variables, of which those require gradients that the row has a rule for."""
    wanted = row.differentiable
    return [
        each(value, lambda a, yes=operand in wanted: Variable(tensor(a), requires_grad=yes))
        for operand, value in zip(row.operands, arrays, strict=True)
    ]


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.grads and not getattr(row, "result", "")])
def test_peak_of_backward(name):
    row = ROWS[name]
    arrays = large(row, "f")
    operands = variables(row, arrays)
    if name.endswith("_"):
        operands[0] = operands[0] * 1
    result = getattr(ops, name)(*operands)
    first = result[0] if isinstance(result, tuple) else result
    if not first.requires_grad:
        pytest.skip("an op without gradients")
    grad = first.data.clone().fill_(1)
    del result
    _, peak = measured(lambda: first.backward(grad))
    leaves = [o for o in operands if hasattr(o, "grad") and o.grad is not None]
    share = 0 if isinstance(row, optable.Op) else BACKWARD * (bytes_of(operands) + bytes_of(grad))
    extra = peak - sum(bytes_of(o.grad) for o in leaves) - share
    assert extra <= MEGABYTE, f"{extra / MEGABYTE:.1f} MB too many"


def held_after(function, times: int) -> tuple[int, int]:
    for _ in range(times):
        function()
    return bytes_held(), sys.getallocatedblocks()


@pytest.mark.parametrize("name", ROWS)
def test_nothing_is_left(name):
    """A thousand calls, and a thousand that are refused, hold no more bytes and no more objects than ten."""
    row = ROWS[name]
    code = "f" if "f" in row.dtypes else row.dtypes[0]
    arrays = Draw(3, code, dict.fromkeys(LETTERS, 3)).operands(row)
    operands = [each(value, tensor) for value in arrays]
    at = next((k for k, value in enumerate(arrays) if is_array(value) or isinstance(value, list)), 0)
    wrong = [*operands[:at], object(), *operands[at + 1 :]]

    def answered():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            getattr(ops, name)(*operands)

    def refused():
        with pytest.raises((RuntimeError, TypeError, ValueError, AttributeError)):
            getattr(ops, name)(*wrong)

    for call, times in ((answered, 990), (refused, 200)):
        bytes_before, blocks_before = held_after(call, 10)
        bytes_after, blocks_after = held_after(call, times)
        assert (
            bytes_after <= bytes_before + 4096 and blocks_after < blocks_before + 100 + 2 * (call is refused) * times
        )  # tracebacks are kept for a while


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.grads and not getattr(row, "result", "")])
def test_nothing_is_left_by_backward(name):
    row = ROWS[name]
    arrays = Draw(3, "f", dict.fromkeys(LETTERS, 3)).operands(row)

    def backward():
        operands = variables(row, arrays)
        if name.endswith("_"):
            operands[0] = operands[0] * 1
        result = getattr(ops, name)(*operands)
        first = result[0] if isinstance(result, tuple) else result
        if first.requires_grad:
            first.backward(first.data.clone().fill_(1))

    bytes_before, blocks_before = held_after(backward, 10)
    bytes_after, blocks_after = held_after(backward, 200)
    assert bytes_after <= bytes_before + 4096 and blocks_after < blocks_before + 100


def test_the_count_is_right():
    """A tensor's bytes are held while it lives; what is gone is part of the peak."""
    _, peak = measured(lambda: torch.zeros(MEGABYTE) + 1)
    assert 8 * MEGABYTE <= peak <= 9 * MEGABYTE
    before = bytes_held()
    x = torch.zeros(MEGABYTE)
    assert bytes_held() - before >= 4 * MEGABYTE
    del x
    assert bytes_held() == before
