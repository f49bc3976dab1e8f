"""Operands that differ in more than their sizes: other dimensions, exponents, flags, and layers' geometry at random."""

from __future__ import annotations

from types import MappingProxyType

import numpy

from autograd_legacy import optable
from autograd_legacy._core import ops

from ..operands import EXAMPLES, NUMBERS, Draw, array, each, tensor

PADS = "between(0, 2)"
ALONG = "*one_of((t(n, m), 0, below(n, k{0}){1}), (t(n, m), 1, below(m, {2}){3}))"  # along either dimension
ELEMENTS, SLICES = (", m", "", "n, k", ""), ("", "", "k", "")
LABELS = "one_of(None, chances(c)), flag(), one_of(-100, which(c))"
VARIED = {
    # views and indices
    "select": "t(n, m), 1, which(m)",
    "slice": "t(n, m), 0, which(n), n, between(1, 3)",
    "permute": "t(n, m, k), order(3)",
    "sum_to": "t(n, k, m), one_of((k, 1), (m,), (1, 1, m), (n, 1, 1), (1,), (n, k, m))",
    "unfold": "t(n + 2, m), 0, between(1, 3), between(1, 3)",
    "shift": "t(n, m), which(2), between(-4, 4), 2",
    "gather": ALONG.format(*ELEMENTS),
    "scatter_": ALONG.format(", m", ", t(k, m)", "n, k", ", t(n, k)"),
    "scatter_fill_": ALONG.format(", m", ", 3", "n, k", ", 3"),
    "scatter_add_": ALONG.format(", m", ", t(k, m)", "n, k", ", t(n, k)"),
    "index_select": ALONG.format(*SLICES),
    "index_add_": ALONG.format("", ", t(k, m)", "k", ", t(n, k)"),
    "index_copy_": ALONG.format("", ", t(k, m)", "k", ", t(n, k)"),
    "index_fill_": ALONG.format("", ", 3", "k", ", 3"),
    "tril": "t(n, m), between(-3, 3)",
    "triu": "t(n, m), between(-3, 3)",
    "diag": "t(n, m), between(-3, 3)",
    # linear algebra
    "gels": "*one_of((t(n + k, m), t(n + k, n)), (t(n, m), t(n, n + k)))",
    "trtrs": "t(n, k), square(n), flag(), flag(), flag()",
    "potrf": "definite(n), flag()",
    "potri": "square(n), flag()",
    "potrs": "t(n, k), square(n), flag()",
    "pstrf": "definite(n), flag(), -1.0",
    "ormqr": "t(n + m, m), t(m), *one_of((t(n + m, k), True), (t(k, n + m), False)), flag()",
    "svd": "t(n, m), flag()",
    "symeig": "definite(n), flag(), flag()",
    "eig": "square(n), flag()",
    # reductions
    "histc": "t(n, m), between(1, 12), *one_of((0.0, 0.0), (-1.0, 1.0))",
    "renorm": "t(n, m, k), one_of(0.5, 1.0, 2.0, 3.0), which(3), 1.0",
    "norms": "t(n, m, k), one_of(0.5, 1.0, 2.0, 3.0), which(3)",
    # layers
    "conv_nd": "*convolution('input', 'weight', 'bias')",
    "conv_input_grad": "*convolution('output', 'weight', 'input_size')",
    "conv_weight_grad": "*convolution('output', 'input', 'weight_size')",
    "max_pool_nd": "t(n, c, *(s := spatial(4))), *windows(s), spread(s), flag()",
    "avg_pool_nd": "t(n, c, *(s := spatial(4))), *windows(s), flag(), flag()",
    "avg_pool_nd_grad": "*average_pool_grad(n, c)",
    "adaptive_max_pool_nd": "t(n, c, *(s := spatial())), spatial(like=s)",
    "adaptive_avg_pool_nd": "t(n, c, *(s := spatial())), spatial(like=s)",
    "adaptive_avg_pool_nd_grad": "t(n, c, *(s := spatial())), s, (n, c, *spatial(like=s))",
    "upsample_nearest": "t(n, c, *(s := spatial())), spatial(like=s)",
    "upsample_nearest_grad": "t(n, c, *(s := spatial())), (n, c, *spatial(like=s))",
    "upsample_linear": "t(n, c, *(s := spatial())), spatial(like=s)",
    "upsample_linear_grad": "t(n, c, *(s := spatial())), (n, c, *spatial(like=s))",
    "grid_sample": "t(n, c, h, w), t(n, k, m, 2), flag()",
    "grid_sample_grad": "t(n, c, k, m), t(n, c, h, w), t(n, k, m, 2), flag()",
    "batch_norm": "t(n + 1, c, *spatial()), t(c), t(c), t(c), chances(c), flag(), 0.1, 1e-5",
    "batch_norm_grad": "t(n, c, m), t(n, c, m), t(c), t(c), chances(c), flag(), (True, flag(), flag())",
    "batch_norm_grad_grad": "t(n, c, m), t(c), t(c), t(n, c, m), t(n, c, m), t(c), t(c), chances(c), flag()",
    "softmax": "t(n, k, m), which(3)",
    "softmax_grad": "t(n, k, m), t(n, k, m), which(3)",
    "log_softmax": "t(n, k, m), which(3)",
    "log_softmax_grad": "t(n, k, m), t(n, k, m), which(3)",
    "nll_loss": f"*one_of((t(n, c), below(c, n)), (t(n, c, h, w), below(c, n, h, w))), {LABELS}, flag()",
    "nll_loss_grad": f"t(1 if (all := flag()) else n), (n, c), below(c, n), {LABELS}, all",
    "cross_entropy": f"t(n, c), below(c, n), {LABELS}, flag()",
    "cross_entropy_grad": f"t(1), t(n, c), t(n, 2), below(c, n), {LABELS}, True",
    "recurrent": "*recurrence()",
    "recurrent_grad": "*recurrence_back()",
    "lstm_cell_grad": "t(n, m), one_of(t(n, m), None), t(n, 4 * m), t(n, 4 * m), t(n, m)",
    "embedding_grad": "t(k, 2, m), (n, m), below(n, k, 2), one_of(-1, which(n)), flag()",
    "embedding_share": "t(n, m), below(n, k, 2), one_of(-1, which(n)), flag()",
    "embedding_bag": "t(n, m), below(n, k + 2), bags(k + 2), None, 2.0, False, one_of('sum', 'mean')",
    "embedding_bag_grad": "t(len(o := bags(k + 2)), m), (n, m), below(n, k + 2), o, flag(), one_of('sum', 'mean')",
    "pad_constant": "t(n + 2, c, m + 2), (between(-1, 2), between(-1, 2), 0, 0, between(-1, 2), 0), 3",
    "pad_reflect": f"t(n, c, h + 2, w + 2), ({PADS}, {PADS}, {PADS}, {PADS})",
    "pad_reflect_grad": f"t(n, c, h + 2 + (a := {PADS}), w + 3 + (b := {PADS})), (n, c, h + 2, w + 2), (1, b, a, 0)",
    "pad_replicate": f"t(n, c, h + 2, w + 2), ({PADS}, 3, {PADS}, 3)",
    "pad_replicate_grad": f"t(n, c, h + 2 + (a := {PADS}), w + 5 + (b := {PADS})), (n, c, h + 2, w + 2), (3, b, a, 0)",
}
GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}


class Varied(Draw):
    """Draws by the examples above, and where there is none by those that all tests share."""

    examples = MappingProxyType(EXAMPLES | VARIED)
    numbers = MappingProxyType(
        NUMBERS
        | {
            "dim": "which(3)",
            "dim0": "which(3)",
            "dim1": "which(3)",
            "k": "1 + which(n, m, k)",
            "p": "one_of(0.0, 0.5, 1.0, 2.0, 3.0)",
        }
    )

    def names(self, row: optable.Row) -> dict:
        shared = super().names(row)
        self.t, self.flag = shared["t"], shared["flag"]
        own = ("between", "which", "one_of", "order", "bags", "spatial", "windows", "spread", "average_pool_grad",
               "convolution", "recurrence", "recurrence_back")  # fmt: skip
        return shared | {name: getattr(self, name) for name in own} | {"len": len}

    def values(self, row: optable.Row, *sizes: int) -> numpy.ndarray:
        """Integers of either sign, now and then of any size, and 0 but where it divides; real numbers as ever."""
        if self.code in "fd":
            return super().values(row, *sizes)
        ends = numpy.iinfo(self.code)
        low, high = (ends.min, ends.max) if self.special else (0 if self.code == "B" else -9, 10)
        drawn = self.random.randint(low, high, sizes, self.code)
        return numpy.where(drawn == 0, 7, drawn).astype(self.code) if getattr(row, "divisor", "") else drawn

    def between(self, low: int, high: int) -> int:
        return int(self.random.randint(low, high + 1))

    def which(self, *limits: int) -> int:
        """An index that is below all limits."""
        return self.between(0, min(limits) - 1)

    def one_of(self, *options):
        return options[self.which(len(options))]

    def order(self, n: int) -> tuple:
        return tuple(int(k) for k in self.random.permutation(n))

    def bags(self, total: int) -> numpy.ndarray:
        """Where parts of so many begin, none of them empty."""
        return numpy.unique([0, *self.random.randint(0, total, self.which(total))]).astype("l")

    def spatial(self, least: int = 1, like: tuple = ()) -> tuple:
        """Sizes of one to three dimensions."""
        dims = len(like) or self.between(1, 3)
        return tuple(self.between(least, least + 9 // dims) for _ in range(dims))

    def windows(self, sizes: tuple) -> tuple:
        """Kernel, stride and padding, of at most half a kernel."""
        kernel = tuple(self.between(1, 3) for _ in sizes)
        return kernel, tuple(self.between(1, 3) for _ in sizes), tuple(self.between(0, n // 2) for n in kernel)

    def spread(self, sizes: tuple) -> tuple:
        """A dilation under which three elements still fit into four and more."""
        return tuple(1 if n < 5 else self.between(1, 2) for n in sizes)

    def average_pool_grad(self, n: int, c: int) -> tuple:
        sizes = (n, c, *self.spatial(4))
        how = (*self.windows(sizes[2:]), self.flag(), self.flag())
        pooled = ops.avg_pool_nd(tensor(self.t(*sizes)), *how)
        return self.t(*pooled.size()), sizes, *how

    def convolution(self, *wanted: str) -> tuple:
        """Operands by name, then a geometry that fits them."""
        dims, groups, transposed = self.between(1, 3), self.between(1, 2), self.flag()
        kernel, stride, dilation = (tuple(self.between(1, 3) for _ in range(dims)) for _ in range(3))
        reach = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
        padding = tuple(self.between(0, r // 2) for r in reach)
        more = tuple(self.which(max(s, d)) if transposed else 0 for s, d in zip(stride, dilation, strict=True))
        narrow = [self.between(1, 3) for _ in range(dims)]
        if transposed:
            sizes = (
                narrow,
                [
                    (n - 1) * s - 2 * p + r + 1 + m
                    for n, s, p, r, m in zip(narrow, stride, padding, reach, more, strict=True)
                ],
            )
        else:
            wide = [n + r for n, r in zip(narrow, reach, strict=True)]
            sizes = (
                wide,
                [(n + 2 * p - r - 1) // s + 1 for n, s, p, r in zip(wide, stride, padding, reach, strict=True)],
            )
        c, m, batch = self.sizes["c"] % 5 + 1, self.sizes["m"] % 5 + 1, self.sizes["n"] % 3 + 1
        shapes = {
            "input": (batch, groups * c, *sizes[0]),
            "output": (batch, groups * m, *sizes[1]),
            "weight": (groups * c, m, *kernel) if transposed else (groups * m, c, *kernel),
            "bias": (groups * m,),
        }
        operands = [shapes[n[:-5]] if n.endswith("_size") else self.t(*shapes[n]) for n in wanted]
        return *operands, stride, padding, dilation, transposed, more, groups

    def recurrence(self) -> tuple:
        """The operands of a layer over steps of fewer and fewer rows."""
        n, m, mode = self.sizes["n"], self.sizes["m"], self.one_of(*GATES)
        steps = sorted((self.between(1, n) for _ in range(self.between(0, 3))), reverse=True)
        gates = GATES[mode] * m
        return (
            self.t(n + sum(steps), gates), self.t(gates, m), self.one_of(None, self.t(gates)), self.t(n, m),
            self.t(n, m) if mode == "LSTM" else None, [n, *steps], self.flag(), mode,
        )  # fmt: skip

    def recurrence_back(self) -> tuple:
        """The operands of its gradient, what the layer saves among them."""
        operands = self.recurrence()
        found = array(ops.recurrent(*[each(o, tensor) for o in operands]))
        delta = self.t(*found[0].shape)
        return delta, None if found[1] is None else self.t(*delta.shape), *operands[:5], *found, *operands[5:]
