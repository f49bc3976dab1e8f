"""The gradients of LAPACK's solutions and decompositions that are too long for a row; on Tensors or on Variables.

A matrix of which only one triangle is read gets its gradient there. The vectors of decompositions are defined where
the values differ: where two are equal, the gradient of the vectors is infinite.
"""

from . import ops


def trtrs_slopes(grad, a, x, upper, transpose, unitriangular):
    """Of b and a, where op(a) @ x = b for a triangular a."""
    to_b = ops.trtrs(grad, a, upper, not transpose, unitriangular)[0]
    to_a = -(x.mm(to_b.t()) if transpose else to_b.mm(x.t()))
    beside = int(unitriangular)  # the diagonal is not read then
    return to_b, to_a.triu(beside) if upper else to_a.tril(-beside)


def _to_factor(factor, to_product, upper):
    """Of a Cholesky factor, from the gradient of its product."""
    both = to_product + to_product.t()
    return factor.triu().mm(both).triu() if upper else both.mm(factor.tril()).tril()


def potrs_slopes(grad, factor, x, upper):
    """Of b and the factor, where (factor's product) @ x = b."""
    to_b = ops.potrs(grad, factor, upper)
    return to_b, _to_factor(factor, -to_b.mm(x.t()), upper)


def potri_slope(grad, factor, inverse, upper):
    """Of the factor whose product has that inverse."""
    return _to_factor(factor, -inverse.mm(grad).mm(inverse), upper)


def _over_differences(values):
    """1 / (values[j] - values[i]) at [i][j], 0 on the diagonal."""
    n = values.size(0)
    eye = ops.ones_like(values).diag()
    return (1 - eye) / (values.unsqueeze(0).expand(n, n) - values.unsqueeze(1).expand(n, n) + eye)


def symeig_slope(grad_values, grad_vectors, values, vectors, x, eigenvectors, upper):
    """Of a symmetric matrix, of which a triangle is read."""
    if not eigenvectors:
        vectors, grad_vectors = ops.symeig(x, True, upper)[1], None
    inner = ops.zeros_sized(values, vectors.size()) if grad_values is None else grad_values.diag()
    if grad_vectors is not None:
        inner = inner + vectors.t().mm(grad_vectors) * _over_differences(values)
    whole = vectors.mm(inner).mm(vectors.t())
    half = ops.lower_half(whole + whole.t())
    return half.t() if upper else half


def svd_slope(grad_u, grad_s, grad_v, u, s, v):
    """Of u @ diag(s) @ v.t(); u and v must have as many columns as there are singular values."""
    if u.size(1) != s.size(0) or v.size(1) != s.size(0):
        raise RuntimeError("svd is differentiable where some=True, or for a square matrix: the other columns are any")
    inner = ops.zeros_sized(s, (s.size(0), s.size(0))) if grad_s is None else grad_s.diag()
    beside = []
    if grad_u is not None or grad_v is not None:
        gaps = _over_differences(s * s)
    if grad_u is not None:
        turn = u.t().mm(grad_u)
        inner = inner + ((turn - turn.t()) * gaps).mm(s.diag())
        if u.size(0) > s.size(0):
            beside.append((grad_u - u.mm(turn)).mm((1 / s).diag()).mm(v.t()))
    if grad_v is not None:
        turn = v.t().mm(grad_v)
        inner = inner + s.diag().mm((turn - turn.t()) * gaps)
        if v.size(0) > s.size(0):
            beside.append(u.mm((1 / s).diag()).mm((grad_v - v.mm(turn)).t()))
    return sum(beside, u.mm(inner).mm(v.t()))


def qr_slope(grad_q, grad_r, q, r):
    """Of q @ r. The columns of a wide matrix beyond the square are those of q @ r there, which q's gradient feels."""
    k, n = r.size()
    grad_q = ops.zeros_like(q) if grad_q is None else grad_q
    grad_r = ops.zeros_like(r) if grad_r is None else grad_r
    wide = n > k
    if wide:
        rest, grad_rest = r.narrow(1, k, n - k), grad_r.narrow(1, k, n - k)
        grad_q = grad_q + q.mm(rest.mm(grad_rest.t()))
        r, grad_r = r.narrow(1, 0, k), grad_r.narrow(1, 0, k)
    half = ops.lower_half(r.mm(grad_r.triu().t()) - grad_q.t().mm(q))
    whole = grad_q + q.mm(half + half.t())
    to_square = ops.trtrs(whole.t(), r, True, False, False)[0].t()
    return ops.cat([to_square, q.mm(grad_rest)], 1) if wide else to_square
