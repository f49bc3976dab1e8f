"""Linear systems: LU and Cholesky factors, and what they solve. Floats and doubles, by LAPACK, without the GIL."""

from .copy cimport clone, contiguous, copy_into
from .lapack cimport (
    COLUMN_MAJOR, ROW_MAJOR, as_matrix, check_info, check_matrix, check_types, clear_triangle, columns_of, deliver,
    new_columns, new_vector, outs, routine, workspace,
)
from .storage cimport FLOAT, INT, ITEMSIZE
from .tensor cimport Tensor, data_of, new_tensor, new_view, size_text, type_name

ctypedef int (*gesv_t)(int, int, int, char*, int, int*, char*, int) noexcept nogil
ctypedef int (*gels_t)(int, char, int, int, int, char*, int, char*, int, char*, int) noexcept nogil
ctypedef int (*trtrs_t)(int, char, char, char, int, int, char*, int, char*, int) noexcept nogil
ctypedef int (*getrf_t)(int, int, int, char*, int, int*) noexcept nogil
ctypedef int (*getri_t)(int, int, char*, int, int*, char*, int) noexcept nogil
ctypedef int (*getrs_t)(int, char, int, int, char*, int, int*, char*, int) noexcept nogil
ctypedef int (*potrf_t)(int, char, int, char*, int) noexcept nogil
ctypedef int (*potrs_t)(int, char, int, int, char*, int, char*, int) noexcept nogil
ctypedef int (*spstrf_t)(int, char, int, char*, int, int*, int*, float, char*) noexcept nogil
ctypedef int (*dpstrf_t)(int, char, int, char*, int, int*, int*, double, char*) noexcept nogil


cdef int check_system(str op, Tensor a, Tensor b, bint square) except -1:
    check_types(op, b, a)
    check_matrix(op, a, square)
    if a.sizes[0] != b.sizes[0]:
        raise RuntimeError(f"{op}: A,B size incompatible - A has {a.sizes[0]} rows, B has {b.sizes[0]}")
    return 0


def gesv(Tensor b not None, Tensor a not None, out=None):
    cdef Tensor x = as_matrix("gesv", b), lu, pivots
    solution, factors = outs("gesv", out, 2)
    check_system("gesv", a, x, True)
    x = columns_of(x)
    lu = columns_of(a)
    cdef int n = a.sizes[0], k = x.sizes[1], info
    pivots = new_vector(INT, n)
    cdef gesv_t solve = <gesv_t>routine(a.dtype, "gesv")
    with nogil:
        info = solve(COLUMN_MAJOR, n, k, data_of(lu), n, <int*>data_of(pivots), data_of(x), n)
    check_info("gesv", info, "U({info},{info}) is zero, singular U.")
    return deliver(x, solution), deliver(lu, factors)


def gels(Tensor b not None, Tensor a not None, out=None):
    cdef Tensor given = as_matrix("gels", b), qr, x, work
    solution, factors = outs("gels", out, 2)
    check_system("gels", a, given, False)
    cdef int m = a.sizes[0], n = a.sizes[1], k = given.sizes[1], rows = max(m, n), lwork = -1, info
    cdef Py_ssize_t[2] sizes
    cdef double answer = 0
    qr = columns_of(a)
    x = new_columns(a.dtype, rows, k)    # holds B, then the solution: as many rows as the larger of the two wants
    sizes[0], sizes[1] = m, k
    copy_into(new_view(x, 2, sizes, x.strides, x.offset), given)
    cdef gels_t solve = <gels_t>routine(a.dtype, "gels")
    solve(COLUMN_MAJOR, b"N", m, n, k, data_of(qr), m, data_of(x), rows, <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = solve(COLUMN_MAJOR, b"N", m, n, k, data_of(qr), m, data_of(x), rows, data_of(work), lwork)
    check_info("gels", info, "the diagonal element {info} of the triangular factor of A is zero")
    return deliver(x, solution), deliver(qr, factors)


def trtrs(Tensor b not None, Tensor a not None, bint upper, bint transpose, bint unitriangular, out=None):
    cdef Tensor x = as_matrix("trtrs", b), matrix
    solution, copy = outs("trtrs", out, 2)
    check_system("trtrs", a, x, True)
    x = columns_of(x)
    matrix = columns_of(a)
    cdef int n = a.sizes[0], k = x.sizes[1], info
    cdef char uplo = b"U" if upper else b"L", trans = b"T" if transpose else b"N"
    cdef char diag = b"U" if unitriangular else b"N"
    cdef trtrs_t solve = <trtrs_t>routine(a.dtype, "trtrs")
    with nogil:
        info = solve(COLUMN_MAJOR, uplo, trans, diag, n, k, data_of(matrix), n, data_of(x), n)
    check_info("trtrs", info, "A({info},{info}) is zero, singular A")
    return deliver(x, solution), deliver(matrix, copy)


def inverse(Tensor a not None, Tensor out=None):
    cdef Tensor x, pivots, work
    check_matrix("inverse", a, True)
    cdef int n = a.sizes[0], lwork = -1, info
    cdef double answer = 0
    cdef getrf_t factor = <getrf_t>routine(a.dtype, "getrf")
    cdef getri_t invert = <getri_t>routine(a.dtype, "getri")
    x = columns_of(a)
    pivots = new_vector(INT, n)
    with nogil:
        info = factor(COLUMN_MAJOR, n, n, data_of(x), n, <int*>data_of(pivots))
    check_info("getrf", info, "U({info},{info}) is 0, U is singular")
    invert(COLUMN_MAJOR, n, data_of(x), n, <int*>data_of(pivots), <char*>&answer, lwork)
    work = workspace(a.dtype, &answer)
    lwork = work.numel
    with nogil:
        info = invert(COLUMN_MAJOR, n, data_of(x), n, <int*>data_of(pivots), data_of(work), lwork)
    check_info("getri", info, "U({info},{info}) is 0, U is singular")
    return deliver(x, out)


def potrf(Tensor a not None, bint upper, Tensor out=None):
    cdef Tensor x
    check_matrix("potrf", a, True)
    x = columns_of(a)
    cdef int n = a.sizes[0], info
    cdef char uplo = b"U" if upper else b"L"
    cdef potrf_t factor = <potrf_t>routine(a.dtype, "potrf")
    with nogil:
        info = factor(COLUMN_MAJOR, uplo, n, data_of(x), n)
    check_info("potrf", info, "the leading minor of order {info} is not positive definite")
    clear_triangle(x, not upper)
    return deliver(x, out)


def potri(Tensor a not None, bint upper, Tensor out=None):
    cdef Tensor x
    check_matrix("potri", a, True)
    x = columns_of(a)
    cdef int n = a.sizes[0], info
    cdef char uplo = b"U" if upper else b"L"
    cdef potrf_t invert = <potrf_t>routine(a.dtype, "potri")
    with nogil:
        info = invert(COLUMN_MAJOR, uplo, n, data_of(x), n)
    check_info("potri", info, "A({info},{info}) is 0, A cannot be factorized")
    mirror_triangle(x, upper)
    return deliver(x, out)


cdef int mirror_triangle(Tensor a, bint upper) except -1:
    """Copy the upper (lower) triangle of a matrix stored by columns onto the other."""
    cdef Py_ssize_t n = a.sizes[0], i, j
    cdef float* single = <float*>data_of(a)
    cdef double* real = <double*>data_of(a)
    for j in range(n):
        for i in range(j):
            if a.dtype == FLOAT and upper:
                single[i * n + j] = single[j * n + i]
            elif a.dtype == FLOAT:
                single[j * n + i] = single[i * n + j]
            elif upper:
                real[i * n + j] = real[j * n + i]
            else:
                real[j * n + i] = real[i * n + j]
    return 0


def lower_half(Tensor a not None, Tensor out=None):
    cdef Tensor x
    cdef Py_ssize_t i, n
    check_matrix("lower_half", a, True)
    x = columns_of(a)
    n = a.sizes[0]
    clear_triangle(x, True)
    for i in range(n):
        if x.dtype == FLOAT:
            (<float*>data_of(x))[i * n + i] *= 0.5
        else:
            (<double*>data_of(x))[i * n + i] *= 0.5
    return deliver(x, out)


def potrs(Tensor b not None, Tensor a not None, bint upper, Tensor out=None):
    cdef Tensor x = as_matrix("potrs", b), factor
    check_system("potrs", a, x, True)
    x = columns_of(x)
    factor = columns_of(a)
    cdef int n = a.sizes[0], k = x.sizes[1], info
    cdef char uplo = b"U" if upper else b"L"
    cdef potrs_t solve = <potrs_t>routine(a.dtype, "potrs")
    with nogil:
        info = solve(COLUMN_MAJOR, uplo, n, k, data_of(factor), n, data_of(x), n)
    check_info("potrs", info, "A({info},{info}) is zero, singular A")
    return deliver(x, out)


def pstrf(Tensor a not None, bint upper, double tol, out=None):
    cdef Tensor x, pivots, work
    factor, order = outs("pstrf", out, 2)
    check_matrix("pstrf", a, True)
    x = columns_of(a)
    cdef int n = a.sizes[0], rank = 0, info, i
    cdef char uplo = b"U" if upper else b"L"
    cdef void* found = routine(a.dtype, "pstrf")
    pivots = new_vector(INT, n)
    work = new_vector(a.dtype, 2 * n)
    cdef int* p = <int*>data_of(pivots)
    with nogil:
        if x.dtype == FLOAT:
            info = (<spstrf_t>found)(COLUMN_MAJOR, uplo, n, data_of(x), n, p, &rank, <float>tol, data_of(work))
        else:
            info = (<dpstrf_t>found)(COLUMN_MAJOR, uplo, n, data_of(x), n, p, &rank, tol, data_of(work))
    check_info("pstrf", info, "the matrix is rank deficient or not positive semidefinite")
    for i in range(n):
        p[i] -= 1                        # counted from 0
    clear_triangle(x, not upper)
    return deliver(x, factor), deliver(pivots, order)


def btrifact(Tensor a not None, Tensor info, bint pivot, out=None):
    cdef Tensor lu, pivots, infos
    factors, order = outs("btrifact", out, 2)
    if a.ndim != 3:
        raise RuntimeError(f"btrifact: a batch of matrices expected, of 3 dimensions, got {size_text(a)}")
    if a.sizes[1] != a.sizes[2]:
        raise RuntimeError(f"btrifact is only implemented for square matrices, got {size_text(a)}")
    if not pivot:
        raise RuntimeError("btrifact without pivoting is not implemented for CPU tensors")
    lu = clone(a)
    pivots = new_tensor(INT, 2, a.sizes)
    infos = new_vector(INT, a.sizes[0])
    cdef Py_ssize_t i, batch = a.sizes[0]
    cdef int n = a.sizes[1]
    cdef char* data = data_of(lu)
    cdef int* p = <int*>data_of(pivots)
    cdef int* told = <int*>data_of(infos)
    cdef getrf_t factor = <getrf_t>routine(a.dtype, "getrf")
    with nogil:
        for i in range(batch):
            told[i] = factor(ROW_MAJOR, n, n, data + i * n * n * ITEMSIZE[lu.dtype], n, p + i * n)
    if info is None:
        for i in range(batch):
            if told[i]:
                raise RuntimeError(f"failed to factorize batch element {i} (info == {told[i]})")
    else:
        deliver(infos, info)
    return deliver(lu, factors), deliver(pivots, order)


def btrisolve(Tensor b not None, Tensor lu not None, Tensor pivots not None, Tensor out=None):
    check_types("btrisolve", b, lu)
    if pivots.dtype != INT:
        raise TypeError(f"btrisolve takes its pivots as a torch.IntTensor, got {type_name(pivots.dtype)}")
    if lu.ndim != 3 or lu.sizes[1] != lu.sizes[2] or (b.ndim != 2 and b.ndim != 3):
        raise RuntimeError(
            f"btrisolve: a batch of vectors or matrices and one of square matrices expected, "
            f"got {size_text(b)}, {size_text(lu)}"
        )
    if b.sizes[0] != lu.sizes[0] or pivots.ndim != 2 or pivots.sizes[0] != lu.sizes[0]:
        raise RuntimeError(f"btrisolve: number of batches must be equal, got {size_text(b)}, {size_text(lu)}")
    if b.sizes[1] != lu.sizes[1] or pivots.sizes[1] != lu.sizes[1]:
        raise RuntimeError(f"btrisolve: dimensions of A and b must be equal, got {size_text(b)}, {size_text(lu)}")
    cdef Tensor x = clone(b), factors = contiguous(lu), order = contiguous(pivots)
    cdef Py_ssize_t i, batch = b.sizes[0], item = ITEMSIZE[b.dtype]
    for i in range(order.numel):
        if not 1 <= (<int*>data_of(order))[i] <= lu.sizes[1]:
            raise RuntimeError(f"btrisolve: pivots run from 1 to {lu.sizes[1]}, got {(<int*>data_of(order))[i]}")
    cdef int n = b.sizes[1], k = b.sizes[2] if b.ndim == 3 else 1, info = 0
    cdef getrs_t solve = <getrs_t>routine(b.dtype, "getrs")
    with nogil:
        for i in range(batch):
            info = solve(ROW_MAJOR, b"N", n, k, data_of(factors) + i * n * n * item, n, <int*>data_of(order) + i * n,
                         data_of(x) + i * n * k * item, k)
            if info:
                break
    check_info("btrisolve", info, "cannot be solved")
    return deliver(x, out)
