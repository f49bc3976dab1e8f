"""Reductions: to one number, and along one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .expression import Expression
from .row import ALL, FLOATING, TENSOR, TORCH, Kernel, Op

# What a fold accumulates in. WIDE: double for real numbers, 64 bits for integers. OWN: the type of the elements.
# MOMENTS: the mean and the sum `a` of squared deviations from it (Welford); map and combine are then built in.
WIDE, OWN, MOMENTS = "wide", "own", "moments"


@dataclass(frozen=True)
class Fold:
    """How many elements become one: expressions (see expression.py) from which all loops of a reduction are made.

    map       of an element x: what it contributes
    combine   of two contributions a and b
    identity  the contribution of nothing
    finish    of what was accumulated, a, and the number of elements, n
    better    instead of combine: whether b replaces a; then the position of the chosen element is known too
    Each may use p, the call's parameter. map and combine are computed in the accumulator's type, finish in that of
    the result: a double (a 64-bit integer) where everything becomes a number, the elements' type along a dimension.
    empty     whether no elements at all have an answer
    special   other folds that compute the same faster for some values of p: {value: fold}
    """

    name: str
    map: str = "x"
    combine: str = ""
    identity: str = "0"
    finish: str = "a"
    better: str = ""
    dtypes: str = ALL
    accumulate: str = WIDE
    empty: bool = True
    special: tuple = ()

    @cached_property
    def functions(self) -> list[str]:
        """The C++ functions that the loops call."""
        texts = {
            "map": ("xp", self.map),
            "combine": ("abp", self.combine or f"where({self.better}, b, a)"),
            "identity": ("", self.identity),
            "finish": ("anp", self.finish),
            "better": ("ab", self.better or "0"),
        }
        return [
            f"template <typename T> static inline {'bool' if name == 'better' else 'T'} "
            f"{name}({', '.join(f'T {operand}' for operand in operands)}) "
            f"{{ return {Expression(text, tuple(operands)).cpp}; }}"
            for name, (operands, text) in texts.items()
        ]


SUM = Fold("sum", combine="plus(a, b)")
PROD = Fold("prod", combine="a * b", identity="1")
MEAN = Fold("mean", combine="plus(a, b)", finish="a / n", dtypes=FLOATING, empty=False)
ANY = Fold("any", map="where(x != 0, 1, 0)", combine="a | b", dtypes="B", accumulate=OWN)
EVERY_ONE = Fold("all", map="where(x != 0, 1, 0)", combine="a & b", identity="1", dtypes="B", accumulate=OWN)
# A nan wins, the first of equals stays.
MAX = Fold("max", better="b > a or (b != b and a == a)", identity="lowest()", accumulate=OWN, empty=False)
MIN = Fold("min", better="b < a or (b != b and a == a)", identity="highest()", accumulate=OWN, empty=False)
VAR = Fold("var", combine="a", finish="a / (n - p)", dtypes=FLOATING, accumulate=MOMENTS, empty=False)
STD = Fold("std", combine="a", finish="sqrt(a / (n - p))", dtypes=FLOATING, accumulate=MOMENTS, empty=False)
NORM_0 = Fold("norm_0", map="where(x != 0, 1, 0)", combine="plus(a, b)", dtypes=FLOATING)
NORM_1 = Fold("norm_1", map="abs(x)", combine="plus(a, b)", dtypes=FLOATING)
NORM_2 = Fold("norm_2", map="x * x", combine="plus(a, b)", finish="sqrt(a)", dtypes=FLOATING)
DIST = Fold(
    "dist",
    map="abs(x) ** p",
    combine="plus(a, b)",
    finish="a ** (1 / p)",
    dtypes=FLOATING,
    special=((1, NORM_1), (2, NORM_2)),
)
NORM = Fold("norm", DIST.map, DIST.combine, finish=DIST.finish, dtypes=FLOATING, special=((0, NORM_0), *DIST.special))

FOLDS = (SUM, PROD, MEAN, ANY, EVERY_ONE, MAX, MIN, VAR, STD, NORM_0, NORM_1, NORM_2, NORM, DIST)


@dataclass(frozen=True, kw_only=True)
class Reduction(Kernel):
    """A reduction by `fold`: along the operand `dim` where there is one, else to a Python number.

    `parameter` names the operand that is the fold's p. With `picks`, the result is the values and their positions.
    """

    fold: Fold
    parameter: str = ""
    picks: bool = False

    @cached_property
    def along(self) -> bool:
        return "dim" in self.operands


def kept(name: str) -> str:
    """The gradient (or indices) of that name with the reduced dimension still there, of size 1."""
    return f"({name} if keepdim else {name}.unsqueeze(dim) if x_size[1:] else {name})"


# The gradient of values that were selected along dim, back at the places they came from.
SELECTED = f"zeros_sized(grad_values, x_size).scatter_(dim, {kept('indices')}, {kept('grad_values')})"


def over_all(fold: Fold, signature: str, doc: str, grad: str = "", **row) -> Reduction:
    name = signature.partition("(")[0]
    row.setdefault("calls", (f"{name}(self)",))
    return Reduction(
        signature=signature,
        impl=f"reduce.{name}",
        fold=fold,
        doc=doc,
        dtypes=fold.dtypes,
        grads=dict(x=grad) if grad else {},
        out=False,
        **row,
    )


def along_dim(fold: Fold, signature: str, doc: str, grad: str, **row) -> Reduction:
    name = signature.partition("(")[0]
    row.setdefault("calls", (f"{name.removesuffix('_dim')}(self, dim dim, bool keepdim=False)",))
    return Reduction(
        signature=signature, impl=f"reduce.{name}", fold=fold, doc=doc, dtypes=fold.dtypes, grads=dict(x=grad), **row
    )


def extreme(fold: Fold, adjective: str) -> tuple:
    """max() or min(): a nan counts as more extreme than all numbers; of equal elements the first is taken."""
    name = fold.name
    return (
        along_dim(
            fold,
            f"{name}_dim(x, dim, keepdim)",
            f"The {adjective} elements along dim, and where they stand; a nan wins, the first of equals is taken.",
            SELECTED,
            node=f"{name.title()}Backward0",
            outputs="values, indices",
            constant="indices",
            picks=True,
        ),
        over_all(
            fold,
            f"{name}(x)",
            f"The {adjective} element; a nan wins.",
            "where_equal(grad, x, out)",
            node=f"{name.title()}Backward1",
        ),
    )


def spread(fold: Fold, what: str, grad: str) -> tuple:
    """var() or std(): grad is an expression in the mean and the numbers of elements and of degrees of freedom."""
    name = fold.name
    doc = f"The {what}{{}}; the sum of squared deviations is divided by n - 1, or by n where not unbiased."
    node = f"{name.title()}Backward"
    whole = dict(mean="x.mean()", n="(x.nelement() - unbiased)", std="x.std(unbiased)", g="grad")
    along = dict(
        mean="x.mean(dim, True)",
        n="(x_size[dim] - unbiased)",
        std="x.std(dim, keepdim=True, unbiased=unbiased)",
        g=kept("grad"),
    )
    dim = along_dim(
        fold,
        f"{name}_dim(x, dim, keepdim, unbiased)",
        doc.format(" along dim"),
        grad.format(**along),
        calls=(
            f"variable: {name}(self, dim dim, bool keepdim=False, bool unbiased=True)",
            f"{name}(self, dim dim, bool keepdim=False, *, bool unbiased=True)",
        ),
        node=node,
        parameter="unbiased",
    )
    return (
        over_all(
            fold,
            f"{name}(x, unbiased)",
            doc.format(""),
            grad.format(**whole),
            calls=(f"{name}(self, bool unbiased=True)",),
            node=node,
            parameter="unbiased",
        ),
        dim,
        # Tensors take three arguments in this order, Variables in that of the row before.
        along_dim(
            fold,
            f"{name}_dim_unbiased(x, dim, unbiased, keepdim)",
            dim.doc,
            dim.grads["x"],
            calls=(f"{name}(self, dim dim, bool unbiased, bool keepdim)",),
            where=(TORCH, TENSOR),
            node=node,
            parameter="unbiased",
        ),
    )


def norm_gradient(x: str, out: str, grad: str) -> str:
    """Of (sum |x|^p)^(1/p): sign(x) |x|^(p-1) out^(1-p); where the norm is 0, the subgradient 0 is taken."""
    return (
        f"not_volatile(zeros_sized({x}, {x}.size())) if p == 0 else "
        f"{x}.sign() * {grad} if p == 1 else "
        f"{x} * where({out}, {grad} / {out}, 0) if p == 2 else "
        f"{x}.sign() * {x}.abs() ** (p - 1) * where({out}, {grad} / {out} ** (p - 1), 0)"
    )


def products_of_others(x: str, dim: str) -> str:
    """For each element along dim the product of those before times that of those behind it: right at zeros, too."""
    last = f"shift(zeros_sized({x}, {x}.size()), {dim}, -1, 1)"
    behind = f"recurrence({last}, shift({x}, {dim}, -1, 0), {dim}, True)"
    return f"{behind} * shift(cumprod({x}, {dim}), {dim}, 1, 1)"


DIFFERENCE = "(x - y)"
# The product rule for x * limiting(norms(x, p, dim), maxnorm).
NORMS = "norms(x, p, dim)"
LIMITED = f"limiting_slope({NORMS}, maxnorm) * sum_to(grad * x, {NORMS}.size())"
RENORMED = f"grad * limiting({NORMS}, maxnorm) + ({norm_gradient('x', NORMS, f'({LIMITED})')})"

ROWS = (
    over_all(SUM, "sum(x)", "The sum of all elements.", "grad.expand(x_size)", node="SumBackward0"),
    along_dim(
        SUM, "sum_dim(x, dim, keepdim)", "The sums along dim.", f"{kept('grad')}.expand(x_size)", node="SumBackward1"
    ),
    over_all(
        PROD,
        "prod(x)",
        "The product of all elements.",
        f"({products_of_others('x.contiguous().view(-1)', '0')}).view(x_size) * grad",
        leaves_node=True,
    ),
    along_dim(
        PROD,
        "prod_dim(x, dim, keepdim)",
        "The products along dim.",
        f"{kept('grad')} * {products_of_others('x', 'dim')}",
        node="ProdBackward",
        leaves_node=True,
    ),
    along_dim(
        MEAN,
        "mean_dim(x, dim, keepdim)",
        "The means along dim.",
        f"({kept('grad')} / x_size[dim]).expand(x_size)",
        node="MeanBackward0",
    ),
    over_all(
        MEAN, "mean(x)", "The mean of all elements.", "(grad / x.nelement()).expand(x.size())", node="MeanBackward1"
    ),
    *spread(VAR, "variance", "(x - {mean}) * ({g} * 2 / {n})"),
    *spread(STD, "standard deviation", "(x - {mean}) * ({g} / ({std} * {n}))"),
    over_all(
        NORM,
        "norm(x, p)",
        "The p-norm of all elements: (sum |x|^p)^(1/p). norm(0) is the number of elements that are not 0.",
        norm_gradient("x", "out", "grad"),
        node="NormBackward0",
        calls=("norm(self, real p=2)",),
        parameter="p",
    ),
    along_dim(
        NORM,
        "norm_dim(x, p, dim, keepdim)",
        "The p-norms along dim: (sum |x|^p)^(1/p). norm(0) is the number of elements that are not 0.",
        norm_gradient("x", kept("out"), kept("grad")),
        node="NormBackward1",
        calls=(
            "norm(self, real p, dim dim, bool keepdim=False)",
            "variable: norm(self, real p=2, *, dim dim, bool keepdim=False)",
        ),
        parameter="p",
    ),
    Kernel(
        signature="dist(x, y, p)",
        impl="measure.dist",
        doc="The p-norm of x - y: (sum |x - y|^p)^(1/p).",
        calls=("dist(self, Tensor other, real p=2)",),
        dtypes=FLOATING,
        grads=dict(
            x=f"sum_to({norm_gradient(DIFFERENCE, 'out', 'grad')}, x_size)",
            y=f"-sum_to({norm_gradient(DIFFERENCE, 'out', 'grad')}, y_size)",
        ),
        out=False,
    ),
    *extreme(MAX, "largest"),
    *extreme(MIN, "smallest"),
    over_all(ANY, "any(x)", "Whether an element is not 0."),
    over_all(EVERY_ONE, "all(x)", "Whether all elements are not 0."),
    Op(
        signature="where_equal(x, y, value)",
        value="where(y == value, x, 0)",
        doc="x where y equals value, else 0: the gradient of an extreme of all elements, shared by all that attain it.",
        grads=dict(x="where(y == value, grad, 0)", y="0", value="0"),
    ),
    Kernel(
        signature="equal(x, y)",
        impl="measure.equal",
        doc="Whether both have the same size and the same elements; a nan equals nothing.",
        calls=("equal(self, Tensor other)",),
        out=False,
    ),
    Kernel(
        signature="trace(x)",
        impl="measure.trace",
        doc="The sum of a matrix's diagonal.",
        calls=("trace(self)",),
        grads=dict(x="not_volatile(on_diagonal(grad, x_size))"),
        out=False,
    ),
    Kernel(
        signature="on_diagonal(x, size)",
        impl="measure.on_diagonal",
        doc="A matrix with x, of one element, on its diagonal and 0 elsewhere.",
        dtypes=ALL,
        grads=dict(x="grad.diag().sum(0)"),
    ),
    Kernel(
        signature="histc(x, bins, low, high)",
        impl="measure.histc",
        doc="The numbers of elements in `bins` equal intervals from low to high (if equal: over the range of x).",
        calls=("histc(self, int bins, real min=0, real max=0)", "histc(self, *, int bins=100, real min=0, real max=0)"),
        dtypes=FLOATING,
    ),
    Kernel(
        signature="renorm(x, p, dim, maxnorm)",
        impl="measure.renorm",
        doc="x with slices along dim of a p-norm above maxnorm scaled down to it: times maxnorm / (norm + 1e-7).",
        calls=("renorm(self, real p, dim dim, real maxnorm)",),
        dtypes=FLOATING,
        inplace=True,
        grads=dict(x=RENORMED),
    ),
    Kernel(
        signature="norms(x, p, dim)",
        impl="measure.norms",
        doc="The p-norm of each slice along dim; all other dimensions have size 1.",
        dtypes=FLOATING,
        grads=dict(x=norm_gradient("x", "out", "grad")),
    ),
    Op(
        signature="limiting(x, limit)",
        value="where(x > limit, limit / (x + 1e-7), 1)",
        doc="The factor that brings a norm x down to the limit.",
        dtypes=FLOATING,
        grads=dict(x="where(x > limit, -grad * limit / ((x + 1e-7) * (x + 1e-7)), 0)"),
    ),
    Op(
        signature="limiting_slope(x, limit)",
        value="where(x > limit, -limit / ((x + 1e-7) * (x + 1e-7)), 0)",
        doc="The derivative of limiting.",
        dtypes=FLOATING,
        grads=dict(x="where(x > limit, 2 * grad * limit / ((x + 1e-7) * (x + 1e-7) * (x + 1e-7)), 0)"),
    ),
)

REDUCTIONS = tuple(row for row in ROWS if isinstance(row, Reduction))
