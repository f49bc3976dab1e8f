"""Products and linear algebra against NumPy: every layout, LAPACK's identities, gradients, threads and forks."""

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest

import autograd_legacy as torch
from autograd_legacy.autograd import Variable
from autograd_legacy.autograd.gradcheck import gradcheck, gradgradcheck

FLOATING = ("float32", "float64")
DTYPES = (*FLOATING, "uint8", "int16", "int32", "int64")
SIZES = [(1, 1, 1), (2, 3, 4), (1, 30, 40), (30, 1, 40), (30, 40, 1), (1, 1, 700), (9, 8, 8), (33, 17, 65)]


def draw(dtype, *sizes, seed=0):
    random = np.random.RandomState(seed)
    return (random.randn(*sizes) if dtype in FLOATING else random.randint(-9, 9, size=sizes)).astype(dtype)


def close(result, expected, dtype):
    given = result.numpy() if hasattr(result, "numpy") else result
    np.testing.assert_allclose(
        given, expected, **({"rtol": 1e-3, "atol": 1e-3} if dtype == "float32" else {"rtol": 1e-9, "atol": 1e-9})
    )


def layouts(array):
    """Tensors of the array's values that lie in memory in all the ways that views can."""
    yield torch.from_numpy(array.copy())
    yield torch.from_numpy(array.swapaxes(-1, -2).copy("C")).transpose(-1, -2)
    room = np.zeros([2 * n + 1 for n in array.shape], array.dtype)
    part = tuple(slice(1, None, 2) for _ in array.shape)
    room[part] = array
    yield torch.from_numpy(room)[part]
    wide = np.zeros((*array.shape[:-1], array.shape[-1] + 3), array.dtype)
    wide[..., 3:] = array
    yield torch.from_numpy(wide)[..., 3:]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("m", "n", "k"), SIZES)
def test_mm(dtype, m, n, k):
    a, b, c = draw(dtype, m, k), draw(dtype, k, n, seed=1), draw(dtype, m, n, seed=2)
    for x, y in itertools.product(layouts(a), layouts(b)):
        close(x.mm(y), a @ b, dtype)
    for out in layouts(c):
        close(torch.addmm(2, out, 3, torch.from_numpy(a), torch.from_numpy(b)), 2 * c + 3 * (a @ b), dtype)
        out.addmm_(-1, 2, torch.from_numpy(a), torch.from_numpy(b))
        close(out, (2 * (a @ b) - c).astype(dtype), dtype)
        assert torch.mm(torch.from_numpy(a), torch.from_numpy(b), out=out) is out
        close(out, a @ b, dtype)


@pytest.mark.parametrize("dtype", FLOATING)
@pytest.mark.parametrize(("m", "n", "k"), [(40, 70, 1100), (64, 64, 512), (33, 100, 300), (100, 17, 2100)])
def test_mm_of_several_tiles(dtype, m, n, k):
    test_mm(dtype, m, n, k)


@pytest.mark.parametrize("dtype", FLOATING)
def test_mm_of_every_tile(dtype):
    k = 37
    for m, n in itertools.product((2, 3, 4, 5, 6, 7), range(16, 82)):
        a, b, c = draw(dtype, m, k), draw(dtype, k, n, seed=1), draw(dtype, m + 1, n + 3, seed=2)
        x, y, room = torch.from_numpy(a), torch.from_numpy(b), torch.from_numpy(c.copy())
        close(x.mm(y), a @ b, dtype)
        room[:m, :n].addmm_(x, y)
        c[:m, :n] += a @ b
        close(room, c, dtype)  # and nothing beside it is written


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("m", "k"), [(1, 1), (2, 3), (1, 900), (900, 1), (40, 50)])
def test_vectors(dtype, m, k):
    a, x, y, c = draw(dtype, m, k), draw(dtype, k, seed=1), draw(dtype, m, seed=2), draw(dtype, m, k, seed=3)
    spread = torch.from_numpy(np.repeat(x, 3))[::3]
    for t in layouts(a):
        close(t.mv(torch.from_numpy(x)), a @ x, dtype)
        close(t.mv(spread), a @ x, dtype)
        close(torch.addmv(2, torch.from_numpy(y), -1, t, spread), 2 * y - a @ x, dtype)
    close(torch.from_numpy(y).ger(spread), np.outer(y, x), dtype)
    close(torch.addr(2, torch.from_numpy(c), 3, torch.from_numpy(y), spread), 2 * c + 3 * np.outer(y, x), dtype)
    close(np.array(spread.dot(torch.from_numpy(x)), dtype), np.dot(x, x), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("batch", "m", "n", "k"), [(1, 2, 2, 2), (3, 2, 4, 3), (3, 20, 1, 30), (2, 20, 30, 40)])
def test_batches(dtype, batch, m, n, k):
    a, b, c = draw(dtype, batch, m, k), draw(dtype, batch, k, n, seed=1), draw(dtype, batch, m, n, seed=2)
    for x, y in itertools.product(layouts(a), layouts(b)):
        close(x.bmm(y), a @ b, dtype)
    x, y = torch.from_numpy(a), torch.from_numpy(b)
    close(torch.baddbmm(2, torch.from_numpy(c), -1, x, y), 2 * c - a @ b, dtype)
    close(torch.addbmm(2, torch.from_numpy(c[0]), -1, x, y), 2 * c[0] - (a @ b).sum(0, dtype=dtype), dtype)
    close(x[:1].expand(batch, m, k).bmm(y), a[:1] @ b, dtype)


def test_result_over_an_operand():
    a, b = draw("float64", 20, 20), draw("float64", 20, 20, seed=1)
    x, y = torch.from_numpy(a.copy()), torch.from_numpy(b.copy())
    close(torch.mm(x, y, out=x), a @ b, "float64")
    close(y.addmm_(y, y.t()), b + b @ b.T, "float64")


def test_zero_beta_leaves_the_summand_unread():
    for size in (2, 30):
        x = torch.from_numpy(draw("float32", size, size))
        assert torch.addmm(0, x * float("nan"), 1, x, x).numpy() == pytest.approx(x.mm(x).numpy())
        assert torch.addmv(0, x[0] * float("nan"), 1, x, x[0]).numpy() == pytest.approx(x.mv(x[0]).numpy())


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x, y: x.mm(x), "size mismatch"),
        (lambda x, y: x.mm(y[0]), "matrix and matrix expected"),
        (lambda x, y: x.mv(y[0]), "size mismatch"),
        (lambda x, y: torch.ger(x, y[0]), "vector and vector expected"),
        (lambda x, y: x[:1].addmm_(x, y), "in place"),
        (lambda x, y: torch.addmm(y, x, y), "does not fit"),
        (lambda x, y: torch.inverse(x), "square"),
        (lambda x, y: torch.gesv(x, y.mm(x)), "incompatible"),
        (lambda x, y: torch.potrf(-y.mm(x)), "positive definite"),
        (lambda x, y: torch.inverse(x.t().mm(x) * 0), "singular"),
        (lambda x, y: x.matmul(x), "size mismatch"),
    ],
)
def test_refusals(call, error):
    with pytest.raises(RuntimeError, match=error):
        call(torch.from_numpy(draw("float64", 2, 3)), torch.from_numpy(draw("float64", 3, 2, seed=1)))


SHAPES = ["3 3", "2,3 3", "3 3,4", "5,2,3 3", "3 5,3,4", "2,3 5,3,4", "5,2,3 1,3,4", "2,1,2,3 5,3,4", "5,2,3 3,4"]


@pytest.mark.parametrize("shapes", SHAPES)
def test_matmul(shapes):
    sizes = [tuple(map(int, shape.split(","))) for shape in shapes.split()]
    a, b = draw("float64", *sizes[0]), draw("float64", *sizes[1], seed=1)
    x, y = torch.from_numpy(a), torch.from_numpy(b)
    close(np.array(x.matmul(y)) if len(sizes[0]) == len(sizes[1]) == 1 else x.matmul(y), a @ b, "float64")
    assert gradcheck(lambda x, y: x @ y, [Variable(x, requires_grad=True), Variable(y, requires_grad=True)])


@pytest.mark.parametrize("dtype", FLOATING)
@pytest.mark.parametrize("n", [1, 3, 40])
def test_systems(dtype, n):
    a, b = draw(dtype, n, n) + 2 * n**0.5 * np.eye(n, dtype=dtype), draw(dtype, n, 2, seed=1)
    positive = a @ a.T
    for A, S in zip(layouts(a), layouts(positive), strict=True):
        close(A.mm(torch.gesv(torch.from_numpy(b), A)[0]), b, dtype)
        close(A.mm(torch.gesv(torch.from_numpy(b[:, 0].copy()), A)[0]), b[:, :1], dtype)
        close(A.inverse(), np.linalg.inv(a), dtype)
        close(A.tril().mm(torch.trtrs(torch.from_numpy(b), A, upper=False)[0]), b, dtype)
        close(A.triu().t().mm(torch.trtrs(torch.from_numpy(b), A, True, True)[0]), b, dtype)
        for upper in (True, False):
            factor = S.potrf(upper)
            close(factor, np.linalg.cholesky(positive).T if upper else np.linalg.cholesky(positive), dtype)
            close(factor.potri(upper), np.linalg.inv(positive), dtype)
            close(S.mm(torch.potrs(torch.from_numpy(b), factor, upper)), b, dtype)
            factor, order = S.pstrf(upper)
            order = order.numpy()
            square = factor.t().mm(factor) if upper else factor.mm(factor.t())
            close(square, positive[order][:, order], dtype)
        close(A.t().inverse(), np.linalg.inv(a).T, dtype)
    assert A.inverse().stride() == (1, n)


@pytest.mark.parametrize("dtype", FLOATING)
@pytest.mark.parametrize(("m", "n"), [(3, 3), (5, 2), (2, 5), (40, 30)])
def test_decompositions(dtype, m, n):
    a = draw(dtype, m, n)
    k = min(m, n)
    for A in layouts(a):
        Q, R = A.qr()
        close(Q.mm(R), a, dtype)
        close(Q.t().mm(Q), np.eye(k), dtype)
        close(R.triu(), R.numpy(), dtype)
        factors, tau = A.geqrf()
        close(torch.orgqr(factors, tau)[0][:, :k], Q.numpy(), dtype)
        close(torch.ormqr(factors, tau, A, True, True)[0][:k], R.numpy(), dtype)
        for some in (True, False):
            U, S, V = A.svd(some)
            assert U.size() == ((m, k) if some else (m, m)) and V.size() == ((n, k) if some else (n, n))
            close(U[:, :k].mm(torch.diag(S)).mm(V[:, :k].t()), a, dtype)
        X, _ = torch.gels(torch.from_numpy(draw(dtype, m, 2, seed=1)), A)
        close(X[:n], np.linalg.lstsq(a, draw(dtype, m, 2, seed=1), rcond=None)[0], dtype)


@pytest.mark.parametrize("dtype", FLOATING)
def test_eigenvalues(dtype):
    a = draw(dtype, 6, 6)
    symmetric = a + a.T
    values, vectors = torch.from_numpy(symmetric).symeig(True)
    close(values, np.linalg.eigvalsh(symmetric), dtype)
    close(torch.from_numpy(symmetric).mm(vectors), vectors.numpy() * values.numpy(), dtype)
    values, vectors = torch.from_numpy(a).eig(True)
    found = values.numpy()[:, 0] + 1j * values.numpy()[:, 1]
    close(np.sort_complex(found), np.sort_complex(np.linalg.eigvals(a)), dtype)
    v = vectors.numpy()
    for i, value in enumerate(found):
        if value.imag > 0:
            pair = v[:, i] + 1j * v[:, i + 1]
            close(a @ pair, value * pair, dtype)


def test_batched_factors():
    a = draw("float64", 4, 5, 5)
    A = torch.from_numpy(a)
    LU, pivots = A.btrifact()
    P, L, U = torch.btriunpack(LU, pivots)
    close(P.bmm(L).bmm(U), a, "float64")
    for b in (draw("float64", 4, 5), draw("float64", 4, 5, 2)):
        x = torch.from_numpy(b).btrisolve(LU, pivots)
        close(A.bmm(x.view(4, 5, -1)).view(*b.shape), b, "float64")


def leaf(*sizes, seed=0):
    return Variable(torch.from_numpy(draw("float64", *sizes, seed=seed)), requires_grad=True)


@pytest.mark.parametrize(
    ("function", "sizes"),
    [
        (lambda x, y: x.mm(y), [(2, 3), (3, 4)]),
        (lambda x, y: x.t().mm(y.t()), [(3, 2), (4, 3)]),
        (lambda m, x, y: torch.addmm(0.5, m, 2, x, y), [(2, 4), (2, 3), (3, 4)]),
        (lambda m, x, y: m.addmm(x, y), [(4,), (2, 3), (3, 4)]),
        (lambda m, x, y: torch.addmv(0.5, m, 2, x, y), [(2,), (2, 3), (3,)]),
        (lambda m, x, y: torch.addr(0.5, m, 2, x, y), [(2, 3), (2,), (3,)]),
        (lambda m, x, y: torch.baddbmm(0.5, m, 2, x, y), [(2, 2, 4), (2, 2, 3), (2, 3, 4)]),
        (lambda m, x, y: torch.addbmm(0.5, m, 2, x, y), [(2, 4), (2, 2, 3), (2, 3, 4)]),
        (lambda x, y: x.dot(y), [(3,), (3,)]),
        (lambda x: (x + 3 * Variable(torch.eye(3).double())).inverse(), [(3, 3)]),
        (lambda b, x: torch.gesv(b, x + 3 * Variable(torch.eye(3).double()))[0], [(3, 2), (3, 3)]),
        (lambda b, x: torch.gesv(b, x + 3 * Variable(torch.eye(3).double()))[0], [(3,), (3, 3)]),
        (lambda x: (x.mm(x.t()) + Variable(torch.eye(3).double())).potrf(), [(3, 3)]),
        (lambda x: (x.mm(x.t()) + Variable(torch.eye(3).double())).potrf(False), [(3, 3)]),
    ],
)
def test_gradients(function, sizes):
    leaves = [leaf(*size, seed=k) for k, size in enumerate(sizes)]
    assert gradcheck(function, leaves)
    assert gradgradcheck(function, leaves)


PROGRAM = """
import os, sys
import autograd_legacy as torch
assert not {"scipy", "scipy_openblas32"} & set(sys.modules)
x = torch.ones(300, 300)
assert x.mm(x)[0, 0] == 300
(torch.eye(300) * 2).inverse()       # OpenBLAS has its threads now
child = os.fork()
if not child:
    ok = x.mm(x)[0, 0] == 300 and (torch.eye(300) * 2).inverse()[0, 0] == 0.5
    os._exit(0 if ok else 1)
assert os.waitpid(child, 0)[1] == 0
assert x.mm(x)[0, 0] == 300
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_forks():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=60)
