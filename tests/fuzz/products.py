"""NumPy's answers to products of matrices and to linear algebra.

A decomposition is not the only one: CHECKS hold what its parts have to give when they are put together again, as pairs
of what was got and what was wanted.
"""

from __future__ import annotations

import numpy

from .movement import wide


def _product(x, y):
    """Exact for integers, in doubles else."""
    return (wide(x) @ wide(y)).astype(x.dtype)


def _plus(product):
    return lambda beta, m, alpha, x, y: (beta * m + alpha * product(x, y)).astype(x.dtype)


def _solved(a, b):
    return numpy.linalg.solve(wide(a), wide(b))


def _triangle(a, upper):
    return numpy.triu(a) if upper else numpy.tril(a)


def _composed(factor, upper):
    """The matrix whose Cholesky factor this is."""
    half = _triangle(wide(factor), upper)
    return half.T @ half if upper else half @ half.T


def _triangular(b, a, upper, transposed, ones):
    a = _triangle(wide(a), upper)
    a = a - numpy.diag(numpy.diag(a)) + numpy.eye(len(a)) if ones else a
    return _solved(a.T if transposed else a, b)


def _reflected(x, tau):
    """The square Q that reflectors below x's diagonal and their factors make."""
    x, q = wide(x), numpy.eye(len(x))
    for k, factor in enumerate(wide(tau)):
        v = numpy.concatenate([numpy.zeros(k), [1], x[k + 1 :, k]])
        q = q - factor * numpy.outer(q @ v, v)
    return q


def _applied(x, tau, c, left, transposed):
    q = _reflected(x, tau).T if transposed else _reflected(x, tau)
    return q @ wide(c) if left else wide(c) @ q


def _multiplied(lu, pivots):
    """The matrices of LU factors, whose rows were exchanged with those that the pivots, counted from 1, name."""
    products = []
    for factors, exchanged in zip(wide(lu), pivots, strict=True):
        a = (numpy.tril(factors, -1) + numpy.eye(len(factors))) @ numpy.triu(factors)
        for k in reversed(range(len(a))):
            a[[k, exchanged[k] - 1]] = a[[exchanged[k] - 1, k]]
        products.append(a)
    return numpy.stack(products)


def _orthonormal(q):
    return q.T @ q, numpy.eye(q.shape[1])


def _svd_checks(x, some, u, s, v):
    k = len(s)
    sides = (k, k) if some else x.shape
    return [
        ((u[:, :k] * s) @ v[:, :k].T, x),
        (s, numpy.linalg.svd(x, compute_uv=False)),
        _orthonormal(u), _orthonormal(v),
        (numpy.array([u.shape[1], v.shape[1]]), numpy.array(sides)),
    ]  # fmt: skip


def _symeig_checks(x, wanted, upper, values, vectors):
    half = _triangle(x, upper)
    x = half + half.T - numpy.diag(numpy.diag(x))
    vectors_checks = [(x @ vectors, vectors * values), _orthonormal(vectors)]
    return [(values, numpy.linalg.eigvalsh(x)), *(vectors_checks if wanted else [(vectors, 0 * vectors)])]


def _eig_checks(x, wanted, values, vectors):
    values = values[:, 0] + 1j * values[:, 1]
    checks = [(numpy.sort_complex(values), numpy.sort_complex(numpy.linalg.eigvals(x)))]
    if wanted:
        columns = vectors.astype(complex)
        for k in numpy.flatnonzero(values[:-1].imag > 0):
            columns[:, k] += 1j * vectors[:, k + 1]
            columns[:, k + 1] = columns[:, k].conj()
        checks.append((x @ columns, columns * values))
    return checks


TWINS = {
    "mm": _product, "mv": _product, "bmm": _product, "dot": lambda x, y: _product(x, y).item(),
    "ger": numpy.outer, "addmm": _plus(_product), "addmv": _plus(_product), "baddbmm": _plus(_product),
    "addr": _plus(numpy.outer), "addbmm": _plus(lambda x, y: wide(_product(x, y)).sum(0)),
    "linear": lambda bias, x, weight: bias + _product(x, weight.T),
    "cross": lambda x, y, dim: numpy.cross(x, y, axis=dim),
    # linear algebra
    "inverse": lambda x: numpy.linalg.inv(wide(x)),
    "potrf": lambda x, upper: numpy.linalg.cholesky(wide(x), upper=upper),
    "potri": lambda x, upper: numpy.linalg.inv(_composed(x, upper)),
}  # fmt: skip

CHECKS = {
    "gesv": lambda b, a, solution, lu: [(solution, _solved(a, b))],
    "trtrs": lambda b, a, *how: [(how[-2], _triangular(b, a, *how[:-2]))],
    "potrs": lambda b, x, upper, solution: [(solution, _solved(_composed(x, upper), b))],
    "btrisolve": lambda b, lu, pivots, x: [(x, _solved(_multiplied(lu, pivots), b[:, :, None])[:, :, 0])],
    "gels": lambda b, a, solution, factors: [(solution[: a.shape[1]], numpy.linalg.lstsq(a, b)[0])],
    "pstrf": lambda x, upper, tol, factor, order: [(_composed(factor, upper), x[order][:, order])],
    "geqrf": lambda x, factors, tau: [(_reflected(factors, tau) @ numpy.triu(factors), x)],
    "orgqr": lambda x, tau, q, _: [(q, _reflected(x, tau)[:, : x.shape[1]])],
    "ormqr": lambda x, tau, c, left, transposed, product, _: [(product, _applied(x, tau, c, left, transposed))],
    "qr": lambda x, q, r: [(q @ r, x), _orthonormal(q), (numpy.tril(r, -1), 0 * r)],
    "svd": _svd_checks,
    "symeig": _symeig_checks,
    "eig": _eig_checks,
    "btrifact": lambda x, info, pivot, lu, pivots: [(_multiplied(lu, pivots), x)],
}  # fmt: skip


def checked(name: str, values: list, results) -> list:
    """The row's checks in doubles, each pair over its largest number; none where an operand has no number."""
    arrays = [wide(a) for a in values if isinstance(a, numpy.ndarray)]
    if not all(numpy.isfinite(a).all() for a in arrays):
        return []
    values = [wide(a) if isinstance(a, numpy.ndarray) else a for a in values]
    return [
        _scaled(*pair)
        for pair in CHECKS[name](*values, *map(wide, results if isinstance(results, list) else [results]))
    ]


def _scaled(got, wanted):
    scale = max(1, numpy.abs(got).max(initial=0), numpy.abs(wanted).max(initial=0))
    return got / scale, wanted / scale
