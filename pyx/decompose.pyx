"""Decompositions of a matrix: QR, singular values, eigenvalues. Floats and doubles, by LAPACK, without the GIL."""

from libc.math cimport isfinite

from .copy cimport contiguous, zero
from .lapack cimport (
    COLUMN_MAJOR, check_info, check_matrix, check_types, clear_triangle, columns_of, deliver, new_columns, new_vector,
    outs, routine, workspace,
)
from .reduce cimport MAX, MIN, fold_all
from .storage cimport FLOAT
from .tensor cimport Tensor, data_of, new_empty, new_view, size_text

ctypedef int (*geqrf_t)(int, int, int, char*, int, char*, char*, int) noexcept nogil
ctypedef int (*orgqr_t)(int, int, int, int, char*, int, char*, char*, int) noexcept nogil
ctypedef int (*ormqr_t)(int, char, char, int, int, int, char*, int, char*, char*, int, char*, int) noexcept nogil
ctypedef int (*gesvd_t)(int, char, char, int, int, char*, int, char*, char*, int, char*, int, char*, int) noexcept nogil
ctypedef int (*syev_t)(int, char, char, int, char*, int, char*, char*, int) noexcept nogil
ctypedef int (*geev_t)(int, char, char, int, char*, int, char*, char*, char*, int, char*, int, char*, int) \
    noexcept nogil


cdef int check_finite(str op, Tensor a) except -1:
    """RuntimeError for nan and infinities, with which LAPACK's iterations may never end."""
    if not isfinite(fold_all(a, MAX, 0)) or not isfinite(fold_all(a, MIN, 0)):        # a nan is both
        raise RuntimeError(f"{op}: a matrix of size {size_text(a)} holds nan or infinities")
    return 0


cdef tuple factor_qr(str op, Tensor a):
    """R above the diagonal with the reflectors that make Q below it, and their factors tau."""
    cdef Tensor x, tau, work
    check_matrix(op, a, False)
    x = columns_of(a)
    cdef int m = a.sizes[0], n = a.sizes[1], lwork = -1, info
    cdef double answer = 0
    tau = new_vector(a.dtype, min(m, n))
    cdef geqrf_t factor = <geqrf_t>routine(a.dtype, "geqrf")
    factor(COLUMN_MAJOR, m, n, data_of(x), m, data_of(tau), <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = factor(COLUMN_MAJOR, m, n, data_of(x), m, data_of(tau), data_of(work), lwork)
    check_info(op, info, "failed")
    return x, tau


cdef int expand_q(str op, Tensor x, Tensor tau, int columns) except -1:
    """The reflectors below x's diagonal become the first columns of Q, in place."""
    cdef Tensor work
    cdef int m = x.sizes[0], k = tau.numel, lwork = -1, info
    cdef double answer = 0
    cdef orgqr_t expand = <orgqr_t>routine(x.dtype, "orgqr")
    expand(COLUMN_MAJOR, m, columns, k, data_of(x), m, data_of(tau), <char*>&answer, lwork)
    work = workspace(x.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = expand(COLUMN_MAJOR, m, columns, k, data_of(x), m, data_of(tau), data_of(work), lwork)
    return check_info(op, info, "failed")


def geqrf(Tensor a not None, out=None):
    factors, scales = outs("geqrf", out, 2)
    x, tau = factor_qr("geqrf", a)
    return deliver(x, factors), deliver(tau, scales)


def qr(Tensor a not None, out=None):
    cdef Tensor x, tau, q, r
    cdef Py_ssize_t[2] sizes
    cdef Py_ssize_t k
    q_out, r_out = outs("qr", out, 2)
    x, tau = factor_qr("qr", a)
    k = tau.numel
    sizes[0], sizes[1] = k, a.sizes[1]
    r = columns_of(new_view(x, 2, sizes, x.strides, x.offset))
    sizes[1] = k
    clear_below(r)
    sizes[0] = a.sizes[0]
    q = columns_of(new_view(x, 2, sizes, x.strides, x.offset))
    expand_q("qr", q, tau, k)
    return deliver(q, q_out), deliver(r, r_out)


cdef int clear_below(Tensor r) except -1:
    """Zero what lies below the diagonal of a matrix with no more rows than columns, stored by columns."""
    cdef Py_ssize_t k = r.sizes[0]
    cdef Py_ssize_t[2] sizes
    sizes[0] = sizes[1] = k
    return clear_triangle(new_view(r, 2, sizes, r.strides, r.offset), False)


def orgqr(Tensor a not None, Tensor tau not None, Tensor out=None):
    cdef Tensor q
    check_types("orgqr", a, tau)
    tau = contiguous(tau)
    check_matrix("orgqr", a, False)
    cdef int m = a.sizes[0], n = a.sizes[1]
    if tau.ndim != 1 or tau.numel > min(m, n):
        raise RuntimeError(f"orgqr: at most {min(m, n)} factors fit reflectors of {size_text(a)}, got {size_text(tau)}")
    q = columns_of(a)
    expand_q("orgqr", q, tau, min(m, n))
    return deliver(q, out), a


def ormqr(Tensor a not None, Tensor tau not None, Tensor c not None, bint left, bint transpose, Tensor out=None):
    cdef Tensor x, result, work
    check_types("ormqr", a, tau)
    tau = contiguous(tau)
    check_types("ormqr", a, c)
    check_matrix("ormqr", a, False)
    check_matrix("ormqr", c, False)
    cdef int m = c.sizes[0], n = c.sizes[1], k = tau.numel, rows = a.sizes[0], lwork = -1, info
    if tau.ndim != 1 or k > min(rows, a.sizes[1]) or rows != (m if left else n):
        raise RuntimeError(
            f"ormqr: reflectors of {size_text(a)} with {size_text(tau)} factors do not fit a matrix of {size_text(c)}"
        )
    cdef char side = b"L" if left else b"R", trans = b"T" if transpose else b"N"
    cdef double answer = 0
    cdef ormqr_t apply = <ormqr_t>routine(a.dtype, "ormqr")
    x = columns_of(a)
    result = columns_of(c)
    apply(COLUMN_MAJOR, side, trans, m, n, k, data_of(x), rows, data_of(tau), data_of(result), m, <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = apply(COLUMN_MAJOR, side, trans, m, n, k, data_of(x), rows, data_of(tau), data_of(result), m,
                     data_of(work), lwork)
    check_info("ormqr", info, "failed")
    return deliver(result, out), a


def svd(Tensor a not None, bint some, out=None):
    # gesvd, not the faster gesdd: the signs of the vectors are then those of 0.3.1.
    cdef Tensor x, u, s, vt, work
    cdef Py_ssize_t[2] sizes, strides
    u_out, s_out, v_out = outs("svd", out, 3)
    check_matrix("svd", a, False)
    cdef int m = a.sizes[0], n = a.sizes[1], k = min(m, n), rows = k if some else n, lwork = -1, info
    cdef char job = b"S" if some else b"A"
    cdef double answer = 0
    cdef gesvd_t solve = <gesvd_t>routine(a.dtype, "gesvd")
    check_finite("svd", a)
    x = columns_of(a)
    u = new_columns(a.dtype, m, k if some else m)
    s = new_vector(a.dtype, k)
    vt = new_columns(a.dtype, rows, n)
    solve(COLUMN_MAJOR, job, job, m, n, data_of(x), m, data_of(s), data_of(u), m, data_of(vt), rows,
          <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = solve(COLUMN_MAJOR, job, job, m, n, data_of(x), m, data_of(s), data_of(u), m, data_of(vt), rows,
                     data_of(work), lwork)
    check_info("gesvd", info, "{info} superdiagonals failed to converge.")
    sizes[0], sizes[1] = n, rows
    strides[0], strides[1] = rows, 1
    return deliver(u, u_out), deliver(s, s_out), deliver(new_view(vt, 2, sizes, strides, vt.offset), v_out)


def symeig(Tensor a not None, bint eigenvectors, bint upper, out=None):
    cdef Tensor x, values, work
    values_out, vectors_out = outs("symeig", out, 2)
    check_matrix("symeig", a, True)
    cdef int n = a.sizes[0], lwork = -1, info
    cdef char job = b"V" if eigenvectors else b"N", uplo = b"U" if upper else b"L"
    cdef double answer = 0
    cdef syev_t solve = <syev_t>routine(a.dtype, "syev")
    x = columns_of(a)
    clear_triangle(x, not upper)         # whatever stands there is not looked at
    check_finite("symeig", x)
    values = new_vector(a.dtype, n)
    solve(COLUMN_MAJOR, job, uplo, n, data_of(x), n, data_of(values), <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = solve(COLUMN_MAJOR, job, uplo, n, data_of(x), n, data_of(values), data_of(work), lwork)
    check_info("syev", info, "{info} off-diagonal elements did not converge to zero")
    if not eigenvectors:
        zero(x)
    return deliver(values, values_out), deliver(x, vectors_out)


def eig(Tensor a not None, bint eigenvectors, out=None):
    cdef Tensor x, values, vectors, work
    values_out, vectors_out = outs("eig", out, 2)
    check_matrix("eig", a, True)
    cdef int n = a.sizes[0], lwork = -1, info
    cdef char job = b"V" if eigenvectors else b"N"
    cdef double answer = 0
    cdef char* re
    cdef char* im
    cdef char* v
    cdef geev_t solve = <geev_t>routine(a.dtype, "geev")
    check_finite("eig", a)
    x = columns_of(a)
    values = new_columns(a.dtype, n, 2)  # the real parts, then the imaginary ones
    re = data_of(values)
    im = re + n * (sizeof(float) if a.dtype == FLOAT else sizeof(double))
    vectors = new_columns(a.dtype, n, n) if eigenvectors else new_empty(a.dtype)
    v = data_of(vectors) if eigenvectors else re
    solve(COLUMN_MAJOR, b"N", job, n, data_of(x), n, re, im, re, n, v, n, <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = solve(COLUMN_MAJOR, b"N", job, n, data_of(x), n, re, im, re, n, v, n, data_of(work), lwork)
    check_info("geev", info, "{info} off-diagonal elements did not converge to zero")
    return deliver(values, values_out), deliver(vectors, vectors_out)
