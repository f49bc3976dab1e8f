"""Linear systems and decompositions by LAPACK. Results are stored by columns; those with several parts are tuples."""

from .row import FLOATING, Kernel


def lapack(signature: str, doc: str, call: str, **row) -> Kernel:
    name = signature.partition("(")[0]
    module = "decompose" if name in ("geqrf", "qr", "orgqr", "ormqr", "svd", "symeig", "eig") else "solve"
    return Kernel(signature=signature, impl=f"{module}.{name}", doc=doc, calls=(call,), dtypes=FLOATING, **row)


# The gradient of a Cholesky factor L of A, after I. Murray, arXiv:1602.07527: with P = lower_half(L' G), the lower half
# of L'^-1 (P + P') L^-1. That of the upper factor L' is its transpose.
LOWER = "lower_half((i := out.inverse()).t().mm((p := lower_half(out.t().mm(grad))) + p.t()).mm(i))"
UPPER = "lower_half((i := out.inverse()).mm((p := lower_half(out.mm(grad.t()))) + p.t()).mm(i.t())).t()"

ROWS = (
    lapack(
        "gesv(b, a)",
        "The solution x of a @ x = b, and the LU factors of a in one matrix.",
        "gesv(self, Tensor A)",
        outputs="solution, lu",
        constant="lu",
        grads={
            ("b", "a"): "((g := gesv(grad_solution, a.t())[0]).contiguous().view(*b_size), -g.mm(solution.t()))",
        },
    ),
    lapack(
        "gels(b, a)",
        "The x that makes a @ x closest to b (of a wide a: the shortest x), and the QR or LQ factors of a.",
        "gels(self, Tensor A)",
        outputs="solution, qr",
        constant="qr",
    ),
    lapack(
        "trtrs(b, a, upper, transpose, unitriangular)",
        "The solution x of a @ x = b for a triangular a, and a copy of a.",
        "trtrs(self, Tensor A, bool upper=True, bool transpose=False, bool unitriangular=False)",
        outputs="solution, matrix",
        constant="matrix",
        grads={("b", "a"): "trtrs_slopes(grad_solution, a, solution, upper, transpose, unitriangular)"},
    ),
    lapack(
        "inverse(x)",
        "The inverse of a square matrix.",
        "inverse(self)",
        grads=dict(x="-out.t().mm(grad).mm(out.t())"),
    ),
    lapack(
        "potrf(x, upper)",
        "The Cholesky factor of a positive definite matrix, read from a triangle: x = U.t() @ U, or L @ L.t().",
        "potrf(self, bool upper=True)",
        grads=dict(x=f"{UPPER} if upper else {LOWER}"),
    ),
    Kernel(
        signature="lower_half(x)",
        impl="solve.lower_half",
        doc="The lower triangle of a square matrix, with half of its diagonal.",
        dtypes=FLOATING,
        grads=dict(x="lower_half(grad)"),
    ),
    lapack(
        "potri(x, upper)",
        "The inverse of the matrix whose Cholesky factor is x.",
        "potri(self, bool upper=True)",
        grads=dict(x="potri_slope(grad, x, out, upper)"),
    ),
    lapack(
        "potrs(b, x, upper)",
        "The solution of a @ y = b for the matrix a whose Cholesky factor is x.",
        "potrs(self, Tensor input2, bool upper=True)",
        grads={("b", "x"): "potrs_slopes(grad, x, out, upper)"},
    ),
    lapack(
        "pstrf(x, upper, tol)",
        "The Cholesky factor with pivoting of a positive definite matrix, and the order of its rows, counted from 0.",
        "pstrf(self, bool upper=True, real tol=-1)",
        outputs="factor, pivots",
        constant="pivots",
    ),
    lapack(
        "geqrf(x)",
        "The QR factors of a matrix as LAPACK stores them: R over the reflectors that make Q, and their factors.",
        "geqrf(self)",
        outputs="factors, tau",
        constant="tau",
    ),
    lapack(
        "qr(x)",
        "x = Q @ R, Q with orthonormal columns, R upper triangular.",
        "qr(self)",
        outputs="q, r",
        grads=dict(x="qr_slope(grad_q, grad_r, q, r)"),
    ),
    lapack(
        "orgqr(x, tau)",
        "The Q that geqrf has stored, and x.",
        "orgqr(self, Tensor input2)",
        outputs="q, factors",
        constant="factors",
    ),
    lapack(
        "ormqr(x, tau, c, left, transpose)",
        "Q @ c for the Q that geqrf has stored (c @ Q if not left, Q.t() where transpose), and x.",
        "ormqr(self, Tensor input2, Tensor input3, bool left=True, bool transpose=False)",
        outputs="product, factors",
        constant="factors",
    ),
    lapack(
        "svd(x, some)",
        "x = U @ diag(S) @ V.t(): orthonormal U and V (square, if not some), descending S.",
        "svd(self, bool some=True)",
        outputs="u, s, v",
        grads=dict(x="svd_slope(grad_u, grad_s, grad_v, u, s, v)"),
    ),
    lapack(
        "symeig(x, eigenvectors, upper)",
        "The eigenvalues, ascending, and eigenvectors (zeros, if not wanted) of a symmetric matrix, from a triangle.",
        "symeig(self, bool eigenvectors=False, bool upper=True)",
        outputs="values, vectors",
        grads=dict(x="symeig_slope(grad_values, grad_vectors, values, vectors, x, eigenvectors, upper)"),
    ),
    lapack(
        "eig(x, eigenvectors)",
        "The eigenvalues, n x 2 (real, imaginary), and eigenvectors; a complex pair's are u + iv, u - iv, in columns.",
        "eig(self, bool eigenvectors=False)",
        outputs="values, vectors",
        constant="vectors",
    ),
    lapack(
        "btrifact(x, info, pivot)",
        "The LU factors of a batch of square matrices, and their pivots, counted from 1.",
        "btrifact(self, *, IntTensor? info=None, bool pivot=True)",
        outputs="lu, pivots",
        constant="pivots",
    ),
    lapack(
        "btrisolve(b, lu, pivots)",
        "The solutions of a[i] @ x[i] = b[i] for the matrices that btrifact has factorized.",
        "btrisolve(self, Tensor LU_data, IntTensor LU_pivots)",
    ),
)
