"""Operands for any row of the table, drawn at random: what the fuzzer, the memory tests and the leak tests are fed.

Most rows need nothing said: their operands' names tell what they are. The others have an example here, in letters
that stand for sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy
from autograd_legacy._core.tensor import Tensor

import autograd_legacy as torch
from autograd_legacy import optable

NUMBERS = {
    "dim": "1", "dim0": "0", "dim1": "2", "keepdim": "flag()", "p": "2.0", "unbiased": "flag()", "descending": "flag()",
    "k": "1", "largest": "flag()", "sorted": "True", "diagonal": "0", "upper": "True", "back": "flag()",
    "generator": "None",
}  # fmt: skip
GEOMETRY = "(1, 2), (1, 0), (1, 1), False, (0, 0), 2"
WINDOWS = "(3, 2), (1, 2), (1, 1)"
EXAMPLES = {
    # views
    "select": "t(n, m), 1, 0",
    "select_backward": "t(n, m), (n, k, m), 1, 0",
    "narrow": "t(n + 1, m), 0, 1, n",
    "slice": "t(n, m), 0, 0, n, 2",
    "slice_backward": "t((n + 1) // 2, m), (n, m), 0, 0, 2",
    "t": "t(n, m)",
    "permute": "t(n, m, k), (2, 0, 1)",
    "view": "t(n, m), (m, n)",
    "expand": "t(n, 1, m), (2, n, 3, m)",
    "sum_to": "t(n, k, m), (k, 1)",
    "squeeze": "t(n, 1, m)",
    "unfold": "t(n + 2, m), 0, 3, 1",
    "unfold_backward": "t(n, m, 3), (n + 2, m), 0, 3, 1",
    "convert": "t(n, m), 6, code",
    "fill_": "t(n, m), 3",
    "assign_": "t(n, m), t(m)",
    "tile": "t(n, m), (2, 3)",
    "tile_backward": "t(2 * n, 3 * m), (n, m), (2, 3)",
    # elements by index
    "gather": "t(n, m), 0, below(n, k, m)",
    "scatter_": "t(n, m), 0, below(n, k, m), t(k, m)",
    "scatter_fill_": "t(n, m), 0, below(n, k, m), 1",
    "scatter_add_": "t(n, m), 0, below(n, k, m), t(k, m)",
    "index_select": "t(n, m), 0, below(n, k)",
    "index_add_": "t(n, m), 0, below(n, k), t(k, m)",
    "index_copy_": "t(n, m), 0, below(n, k), t(k, m)",
    "index_fill_": "t(n, m), 0, below(n, k), 1",
    "take": "t(n, m), below(n * m, k, 2)",
    "put_": "t(n, m), below(n * m, k), t(k), flag()",
    "masked_select": "t(n, m), mask(n, m)",
    "masked_spread": "t(n * m), mask(n, m), (n, m)",
    "masked_fill_": "t(n, m), mask(n, m), 1",
    "masked_scatter_": "t(n, m), mask(n, m), t(n, m)",
    "masked_part": "t(n, m), mask(n, m), (n * m,)",
    "nonzero": "t(n, m)",
    "index": "t(n, m), (slice(0, 1), None, Ellipsis)",
    "taken": "t(n, m), (0, slice(None))",
    "resized": "t(n, m), (m, n)",
    "picked": "t(n, m), (0, slice(None))",
    "taken_back": "t(m), (0, slice(None)), (n, m)",
    "set_part_": "t(n, m), (0,), t(m)",
    "set_number_": "t(n, m), (0,), 1",
    # joined and cut
    "cat": "[t(n, m), t(k, m)], 0",
    "split_evenly": "t(2 * n, m), n, 0",
    "tril": "t(n, m), 0",
    "triu": "t(n, m), 1",
    "diag": "t(n, m), 0",
    "diag_back": "t(n), (n, n), 0",
    "cross": "t(n, 3), t(n, 3), 1",
    "trace": "t(n, m)",
    "on_diagonal": "t(1), (n, m)",
    "shift": "t(n, m), 0, 1, 0",
    # products
    "mm": "t(n, k), t(k, m)",
    "addmm": "2, t(n, m), 3, t(n, k), t(k, m)",
    "linear": "t(m), t(n, k), t(m, k)",
    "mv": "t(n, m), t(m)",
    "addmv": "2, t(n), 3, t(n, m), t(m)",
    "ger": "t(n), t(m)",
    "addr": "2, t(n, m), 3, t(n), t(m)",
    "bmm": "t(b, n, k), t(b, k, m)",
    "baddbmm": "2, t(b, n, m), 3, t(b, n, k), t(b, k, m)",
    "addbmm": "2, t(n, m), 3, t(b, n, k), t(b, k, m)",
    "dot": "t(n), t(n)",
    # linear algebra
    "gesv": "t(n, k), square(n)",
    "gels": "t(n + k, m), t(n + k, n)",
    "trtrs": "t(n, k), square(n), True, False, False",
    "inverse": "square(n)",
    "potrf": "definite(n), True",
    "lower_half": "t(n, n)",
    "potri": "square(n), True",
    "potrs": "t(n, k), square(n), True",
    "pstrf": "definite(n), True, -1.0",
    "geqrf": "t(n, m)",
    "qr": "t(n, m)",
    "orgqr": "t(n + m, m), t(m)",
    "ormqr": "t(n + m, m), t(m), t(n + m, k), True, False",
    "svd": "t(n, m), True",
    "symeig": "definite(n), True, True",
    "eig": "square(n), True",
    "btrifact": "t(b, n, n), None, True",
    "btrisolve": "t(b, n), squares(b, n), pivots(b, n)",
    # random numbers
    "uniform_": "t(n, m), 0.0, 1.0, None",
    "normal_": "t(n, m), 0.0, 1.0, None",
    "exponential_": "t(n, m), 1.0, None",
    "cauchy_": "t(n, m), 0.0, 1.0, None",
    "log_normal_": "t(n, m), 1.0, 2.0, None",
    "geometric_": "t(n, m), 0.5, None",
    "bernoulli_": "t(n, m), 0.5, None",
    "bernoulli": "chances(n, m), None",
    "random_": "t(n, m), None",
    "random_below_": "t(n, m), 9, None",
    "random_between_": "t(n, m), 3, 9, None",
    "normal": "t(n, m), chances(n, m), None",
    "multinomial": "chances(n, m), 1, flag(), None",
    "rand": "(n, m), None",
    "randn": "(n, m), None",
    "randperm": "n, None",
    # reductions
    "histc": "t(n, m), 10, 0.0, 0.0",
    "renorm": "t(n, m, k), 2.0, 1, 1.0",
    "norms": "t(n, m, k), 2.0, 1",
    # layers
    "conv_nd": f"t(2, 2 * c, h + 3, w + 3), t(2 * m, c, 3, 2), t(2 * m), {GEOMETRY}",
    "conv_input_grad": "t(2, 2 * m, h + 3, (w + 1) // 2 + 1), t(2 * m, c, 3, 2), (2, 2 * c, h + 3, w + 3), " + GEOMETRY,
    "conv_weight_grad": "t(2, 2 * m, h + 3, (w + 1) // 2 + 1), t(2, 2 * c, h + 3, w + 3), (2 * m, c, 3, 2), "
    + GEOMETRY,
    "channel_sum": "t(n, c, m)",
    "channel_fill": "t(c), (n, c, m)",
    "max_pool_nd": f"t(n, c, h + 2, w + 2), {WINDOWS}, (1, 1), False",
    "adaptive_max_pool_nd": "t(n, c, h + 2, w + 2), (2, 3)",
    "scatter_planes": "t(n, c, h, w), below(h * w, n, c, h, w), (n, c, h, w), 2",
    "gather_planes": "t(n, c, h, w), below(h * w, n, c, h, w), 2",
    "max_unpool_nd": "t(n, c, h, w), below(h * w, n, c, h, w), (h, w)",
    "avg_pool_nd": f"t(n, c, h + 2, w + 2), {WINDOWS}, False, True",
    "avg_pool_nd_grad": f"t(n, c, h + 2, (w + 2) // 2 + 1), (n, c, h + 2, w + 2), {WINDOWS}, False, True",
    "adaptive_avg_pool_nd": "t(n, c, h + 2, w + 2), (2, 3)",
    "adaptive_avg_pool_nd_grad": "t(2, c, 2, 3), (2, 3), (2, c, h + 2, w + 2)",
    "batch_norm": "t(n + 1, c, m), t(c), t(c), t(c), chances(c), True, 0.1, 1e-5",
    "batch_norm_grad": "t(n, c, m), t(n, c, m), t(c), t(c), chances(c), True, (True, True, True)",
    "batch_norm_grad_grad": "t(n, c, m), t(c), t(c), t(n, c, m), t(n, c, m), t(c), t(c), chances(c), True",
    "softmax": "t(n, k, m), 1",
    "softmax_grad": "t(n, k, m), t(n, k, m), 1",
    "log_softmax": "t(n, k, m), 1",
    "log_softmax_grad": "t(n, k, m), t(n, k, m), 1",
    "nll_loss": "t(n, c), below(c, n), chances(c), True, -100, flag()",
    "nll_loss_grad": "t(1), (n, c), below(c, n), chances(c), True, -100, True",
    "recurrent": "t(2 * n, 4 * m), t(4 * m, m), t(4 * m), t(n, m), t(n, m), [n, n], flag(), 'LSTM'",
    "recurrent_grad": "t(2 * n, m), t(2 * n, m), t(2 * n, m), t(m, m), t(m), t(n, m), None, t(2 * n, m), None, None, "
    "[n, n], flag(), 'RNN_TANH'",
    "cross_entropy": "t(n, c), below(c, n), chances(c), True, -100, True",
    "cross_entropy_grad": "t(1), t(n, c), t(n, 2), below(c, n), chances(c), True, -100, True",
    "lstm_cell": "t(n, 4 * m), t(n, 4 * m), t(n, m)",
    "lstm_cell_grad": "t(n, m), t(n, m), t(n, 4 * m), t(n, 4 * m), t(n, m)",
    "lstm_cell_grad_grad": "t(n, 4 * m), t(n, 4 * m), t(n, m), t(n, m), t(n, m), t(n, 4 * m), t(n, 4 * m), t(n, m)",
    "gru_cell": "t(n, 3 * m), t(n, 3 * m), t(n, m)",
    "gru_cell_grad": "t(n, m), t(n, 3 * m), t(n, 3 * m), t(n, m)",
    "gru_cell_grad_grad": "t(n, 3 * m), t(n, 3 * m), t(n, m), t(n, m), t(n, 3 * m), t(n, 3 * m), t(n, m)",
    "embedding": "t(n, m), below(n, k, 2), -1, None, 2.0, False, False",
    "embedding_grad": "t(k, 2, m), (n, m), below(n, k, 2), -1, flag()",
    "embedding_share": "t(n, m), below(n, k, 2), -1, flag()",
    "embedding_bag": "t(n, m), below(n, k + 1), below(1, 1), None, 2.0, False, 'mean'",
    "embedding_bag_grad": "t(1, m), (n, m), below(n, k + 1), below(1, 1), flag(), 'mean'",
    "upsample_nearest": "t(n, c, h, w), (2 * h, 3 * w)",
    "upsample_nearest_grad": "t(n, c, 2 * h, 3 * w), (n, c, h, w)",
    "upsample_linear": "t(n, c, h, w), (2 * h, 3 * w)",
    "upsample_linear_grad": "t(n, c, 2 * h, 3 * w), (n, c, h, w)",
    "grid_sample": "t(n, c, h, w), t(n, h, w, 2), flag()",
    "grid_sample_grad": "t(n, c, h, w), t(n, c, h, w), t(n, h, w, 2), flag()",
    "pad_constant": "t(n, c, m), (1, 2), 0",
    "pad_reflect": "t(n, c, h + 2, w + 2), (1, 1, 2, 1)",
    "pad_reflect_grad": "t(n, c, h + 5, w + 4), (n, c, h + 2, w + 2), (1, 1, 2, 1)",
    "pad_replicate": "t(n, c, h + 2, w + 2), (1, 1, 2, 1)",
    "pad_replicate_grad": "t(n, c, h + 5, w + 4), (n, c, h + 2, w + 2), (1, 1, 2, 1)",
}
NAMES = {dtype.code: f"{dtype.name}Tensor" for dtype in optable.DTYPES}
LETTERS = "bchkmnw"
ROWS = {row.name: row for row in optable.ROWS if not isinstance(row, optable.Composite)}


class Draw:
    """Draws operands as arrays of one type; `sizes` says what the letters stand for."""

    examples: Mapping[str, str] = MappingProxyType(EXAMPLES)
    numbers: Mapping[str, str] = MappingProxyType(NUMBERS)

    def __init__(self, seed: int, code: str, sizes: dict[str, int], special: bool = False):
        self.random, self.code, self.sizes = numpy.random.RandomState(seed), code, sizes
        self.special = special  # whether real numbers may be nan or infinite

    def values(self, row: optable.Row, *sizes: int) -> numpy.ndarray:
        """Numbers from where the row says its tests draw."""
        low, high = row.sample
        if self.code not in "fd":
            return self.random.randint(1, 6, sizes).astype(self.code)
        drawn = self.random.uniform(low, high, sizes).astype(self.code)
        if self.special and drawn.size:
            places = self.random.randint(0, drawn.size, 1 + drawn.size // 8)
            drawn.flat[places] = self.random.choice([numpy.nan, numpy.inf, -numpy.inf, 0.0, -0.0], len(places))
        return drawn

    def names(self, row: optable.Row) -> dict:
        """What an example may name."""

        def t(*sizes: int) -> numpy.ndarray:
            return self.values(row, *sizes)

        def square(n: int) -> numpy.ndarray:
            return self.random.uniform(-1, 1, (n, n)).astype(self.code) + n * numpy.eye(n, dtype=self.code)

        def definite(n: int) -> numpy.ndarray:
            half = square(n)
            return half @ half.T

        return self.sizes | dict(
            t=t,
            square=square,
            definite=definite,
            squares=lambda b, n: numpy.stack([square(n)] * b),
            chances=lambda *sizes: self.random.uniform(0.1, 0.9, sizes).astype(self.code),
            below=lambda limit, *sizes: self.random.randint(0, limit, sizes),
            pivots=lambda b, n: numpy.tile(numpy.arange(1, n + 1, dtype="i"), (b, 1)),
            mask=lambda *sizes: self.random.randint(0, 2, sizes).astype("B"),
            flag=lambda: bool(self.random.randint(2)),
            code=[d.code for d in optable.DTYPES].index(self.code),
        )

    def operands(self, row: optable.Row) -> list:
        """An operand for each of the row's: arrays, where they are tensors."""
        names = self.names(row)
        text = self.examples.get(row.name)
        if text is None:
            pointwise = isinstance(row, optable.Op)
            text = ", ".join(
                self.numbers[operand] if operand in self.numbers and not pointwise else "t(n, m, k)"
                for operand in row.operands
            )
        return list(eval(f"({text},)", {"__builtins__": {"slice": slice, "Ellipsis": Ellipsis}}, names))


def is_array(value: object) -> bool:
    """Whether the value becomes a tensor."""
    return isinstance(value, numpy.ndarray)


def each(value, change):
    """The operand with every array in it changed."""
    if isinstance(value, list):
        return [each(item, change) for item in value]
    return change(value) if is_array(value) else value


def tensor(array: numpy.ndarray):
    """A tensor of its own memory with the array's elements."""
    kind = getattr(torch, NAMES[{"q": "l"}.get(array.dtype.char, array.dtype.char)])
    storage = kind().storage_type().from_buffer(array.tobytes(), "native")
    return kind(storage).view(*array.shape)


def array(value):
    """The elements of a tensor as an array; numbers stay, tuples of tensors become lists of arrays."""
    if isinstance(value, (tuple, list)):
        return [array(item) for item in value]
    if not isinstance(value, Tensor):
        return value
    code = {name: code for code, name in NAMES.items()}[type(value).__name__]
    return numpy.array(value.tolist(), code)
