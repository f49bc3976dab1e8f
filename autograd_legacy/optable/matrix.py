"""Products of matrices and vectors, with and without a summand; where beta is 0 the summand is not read."""

from .row import EVERY, TENSOR, VARIABLE, Composite, Kernel


def scaled(expression: str, factor: str) -> str:
    """An expression times a factor that mostly is 1."""
    return f"({expression} if {factor} == 1 else {expression} * {factor})"


def summed(expression: str, size: str) -> str:
    """The gradient of an operand that was broadcast from a size; mostly it was not."""
    return f"(g if (g := {expression}).size() == {size} else sum_to(g, {size}))"


def plus(name: str, operands: str, doc: str, x: str, y: str) -> Kernel:
    """The form of a product that adds it to a summand."""
    return Kernel(
        signature=f"{name}(beta, m, alpha, x, y)",
        impl=f"matrix.{name}",
        doc=doc,
        calls=(f"{name}(number beta=1, self, number alpha=1, {operands})",),
        grads=dict(m=summed(scaled("grad", "beta"), "m_size"), x=scaled(x, "alpha"), y=scaled(y, "alpha")),
        inplace=True,
    )


# The gradients hand BLAS transposed views, which it reads as they lie.
MM = dict(x="grad.mm(y.t())", y="x.t().mm(grad)")
MV = dict(x="grad.ger(y)", y="x.t().mv(grad)")
GER = dict(x="grad.mv(y)", y="grad.t().mv(x)")
BMM = dict(x="grad.bmm(y.transpose(1, 2))", y="x.transpose(1, 2).bmm(grad)")
BMM_SUM = dict(
    x="grad.expand(x_size[0], *grad.size()).bmm(y.transpose(1, 2))",
    y="x.transpose(1, 2).bmm(grad.expand(x_size[0], *grad.size()))",
)

ROWS = (
    Kernel(
        signature="mm(x, y)",
        impl="matrix.mm",
        doc="The product of two matrices, n x k by k x m.",
        calls=("mm(self, Tensor mat2)",),
        grads=MM,
    ),
    plus(
        "addmm", "Tensor mat1, Tensor mat2", "beta * m + alpha * mat1 @ mat2; m is broadcast, but not in place.", **MM
    ),
    Kernel(
        signature="linear(bias, x, weight)",
        impl="matrix.linear",
        doc="x @ weight.t() + bias, of matrices x and weight and a bias that is broadcast.",
        grads=dict(bias=summed("grad", "bias_size"), x="grad.mm(weight)", weight="grad.t().mm(x)"),
        node="AddmmBackward",
    ),
    Kernel(
        signature="mv(x, y)",
        impl="matrix.mv",
        doc="The product of a matrix, n x k, and a vector.",
        calls=("mv(self, Tensor vec)",),
        grads=MV,
    ),
    plus("addmv", "Tensor mat, Tensor vec", "beta * m + alpha * mat @ vec; m is broadcast, but not in place.", **MV),
    Kernel(
        signature="ger(x, y)",
        impl="matrix.ger",
        doc="The outer product of two vectors: out[i][j] = x[i] * y[j].",
        calls=("ger(self, Tensor vec2)",),
        grads=GER,
    ),
    plus(
        "addr",
        "Tensor vec1, Tensor vec2",
        "beta * m + alpha * vec1[i] * vec2[j]; m is broadcast, but not in place.",
        **GER,
    ),
    Kernel(
        signature="bmm(x, y)",
        impl="matrix.bmm",
        doc="The products of two batches of matrices: out[i] = x[i] @ y[i].",
        calls=("bmm(self, Tensor mat2)",),
        grads=BMM,
    ),
    plus(
        "baddbmm",
        "Tensor batch1, Tensor batch2",
        "beta * m[i] + alpha * batch1[i] @ batch2[i]; m is broadcast, but not in place.",
        **BMM,
    ),
    plus(
        "addbmm",
        "Tensor batch1, Tensor batch2",
        "beta * m + alpha * the sum of batch1[i] @ batch2[i]; m is broadcast, but not in place.",
        **BMM_SUM,
    ),
    Kernel(
        signature="dot(x, y)",
        impl="matrix.dot",
        doc="The inner product of two vectors: the sum of x[i] * y[i].",
        calls=("dot(self, Tensor tensor)",),
        grads=dict(x="grad * y", y="grad * x"),
        out=False,
    ),
    Composite(
        signature="matmul(x, y)",
        impl="functional.matmul_method",
        doc="The product of vectors, matrices or batches of matrices, whichever the numbers of dimensions call for.",
        dtypes=EVERY,
        where=(TENSOR, VARIABLE),
    ),
)
