"""OpenBLAS from the package scipy-openblas32, the build that NumPy and SciPy ship with."""

# The library is opened at run time, from where the import system says the package lies. Linking would want an rpath,
# and none suits a wheel, an editable install (built in an environment that is gone afterwards) and a build in place
# alike. The package itself is not imported: it loads ctypes and more, 50 ms, where finding and opening the file take 2.
# SciPy's own BLAS would cost 150 ms, and its number of threads cannot be set.
import os
from importlib.util import find_spec

from libc.limits cimport INT_MAX
from posix.dlfcn cimport RTLD_LAZY, RTLD_LOCAL, dlerror, dlopen, dlsym

from .storage cimport FLOAT, ITEMSIZE
from .threads cimport threads
from .tile cimport MatrixProduct, double_tiles, float_tiles


cdef extern from "matrix.h" namespace "al" nogil:
    void product[T, S](Py_ssize_t m, Py_ssize_t n, Py_ssize_t k, S alpha,
                       const T* a, Py_ssize_t a_row, Py_ssize_t a_column,
                       const T* b, Py_ssize_t b_row, Py_ssize_t b_column,
                       S beta, T* c, Py_ssize_t c_row, Py_ssize_t c_column)
    T inner_product[T](Py_ssize_t n, const T* x, Py_ssize_t x_step, const T* y, Py_ssize_t y_step)

cdef enum:
    ROW_MAJOR = 101, NO_TRANS = 111, TRANS = 112     # cblas.h
    VECTOR_GRAIN = 1 << 15           # the same for a vector, where they wait for memory
    MOST_PIECES = 256                # of a vector
    ALIGNED = 32                     # rows and columns that a thread takes are multiples: OpenBLAS has whole tiles
    NARROW = 16                      # columns; fewer leave too much of our tiles empty

# The package's 32 in its name says that its integers are C ints.
ctypedef void (*sgemm_t)(int, int, int, int, int, int, float, char*, int, char*, int, float, char*, int) noexcept nogil
ctypedef void (*dgemm_t)(int, int, int, int, int, int, double, char*, int, char*, int, double, char*, int) \
    noexcept nogil
ctypedef void (*sgemv_t)(int, int, int, int, float, char*, int, char*, int, float, char*, int) noexcept nogil
ctypedef void (*dgemv_t)(int, int, int, int, double, char*, int, char*, int, double, char*, int) noexcept nogil
ctypedef float (*sdot_t)(int, char*, int, char*, int) noexcept nogil
ctypedef double (*ddot_t)(int, char*, int, char*, int) noexcept nogil
ctypedef void (*set_threads_t)(int) noexcept nogil


THREADS = "OPENBLAS_NUM_THREADS"     # what the library reads when it is loaded


cdef void* open_library() except NULL:
    spec = find_spec("scipy_openblas32")
    if spec is None:
        raise ImportError("BLAS and LAPACK come from scipy-openblas32, which is missing: pip install scipy-openblas32")
    folder = os.path.join(spec.submodule_search_locations[0], "lib")
    names = [name for name in os.listdir(folder) if name.startswith("libscipy_openblas")]
    if not names:
        raise ImportError(f"no libscipy_openblas in {folder}: reinstall scipy-openblas32")
    path = os.fsencode(os.path.join(folder, names[0]))
    # OpenBLAS's own threads wait in loops for the next product, and keep others from the processors meanwhile: it shall
    # start none before LAPACK wants them. Products are divided here.
    cdef void* handle
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL)
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before
    if handle == NULL:
        raise ImportError(dlerror().decode())
    return handle


cdef void* symbol(const char* name) except NULL:
    cdef bytes full = b"scipy_" + name               # the package's names carry a prefix, lest they meet another BLAS
    cdef void* found = dlsym(library, full)
    if found == NULL:
        raise ImportError(f"this scipy-openblas32 has no {full.decode()}: install a newer one")
    return found


cdef void* library = open_library()
cdef sgemm_t sgemm = <sgemm_t>symbol(b"cblas_sgemm")
cdef dgemm_t dgemm = <dgemm_t>symbol(b"cblas_dgemm")
cdef sgemv_t sgemv = <sgemv_t>symbol(b"cblas_sgemv")
cdef dgemv_t dgemv = <dgemv_t>symbol(b"cblas_dgemv")
cdef sdot_t sdot = <sdot_t>symbol(b"cblas_sdot")
cdef ddot_t ddot = <ddot_t>symbol(b"cblas_ddot")
cdef set_threads_t blas_set_threads = <set_threads_t>symbol(b"openblas_set_num_threads")


cdef int allowed = 0                 # threads of OpenBLAS; 0: not said yet, and another package may have loaded it


cdef void allow_threads(int n) noexcept nogil:
    global allowed
    if n != allowed:
        allowed = n
        blas_set_threads(n)


cdef void multiply_by_loops(
    int dtype, bint ta, Py_ssize_t m, Py_ssize_t n, Py_ssize_t k, double alpha, char* a, Py_ssize_t lda,
    char* b, Py_ssize_t b_row, Py_ssize_t b_column, double beta, char* c, Py_ssize_t ldc
) noexcept nogil:
    cdef Py_ssize_t a_row = 1 if ta else lda, a_column = lda if ta else 1
    if dtype == FLOAT:
        product[float, double](m, n, k, alpha, <float*>a, a_row, a_column, <float*>b, b_row, b_column, beta,
                               <float*>c, ldc, 1)
    else:
        product[double, double](m, n, k, alpha, <double*>a, a_row, a_column, <double*>b, b_row, b_column, beta,
                                <double*>c, ldc, 1)


cdef struct Product:                 # c = alpha op(a) op(b) + beta c, as for gemm
    int dtype, ta, tb
    bint tiled                       # by our own tiles
    Py_ssize_t m, n, k, lda, ldb, ldc
    double alpha, beta
    char* a
    char* b
    char* c


cdef bint suits_tiles(Product* p) noexcept nogil:
    """Whether our own tiles (gemm.h) are faster than OpenBLAS."""
    cdef bint far = p.lda * ITEMSIZE[p.dtype] % 2048 == 0 and p.k > 256      # its columns leave the cache one by one
    if float_tiles.multiply == NULL or p.alpha == 0 or p.n < NARROW or p.ta and far:
        return False
    return not p.tb or p.m >= 2 * NARROW and p.m * p.n * p.k >= DIVISIBLE    # else laying b out anew costs too much


cdef bint multiply_by_tiles(Product* p) noexcept nogil:
    cdef MatrixProduct t
    t.m, t.n, t.k, t.alpha, t.beta = p.m, p.n, p.k, p.alpha, p.beta
    t.a, t.a_row, t.a_column = p.a, 1 if p.ta else p.lda, p.lda if p.ta else 1
    t.b, t.b_row, t.b_column = p.b, 1 if p.tb else p.ldb, p.ldb if p.tb else 1
    t.c, t.c_row = p.c, p.ldc
    return float_tiles.multiply(t) if p.dtype == FLOAT else double_tiles.multiply(t)


cdef void multiply(Product* p) noexcept nogil:
    """The product, in this thread."""
    cdef int ta = TRANS if p.ta else NO_TRANS, tb = TRANS if p.tb else NO_TRANS
    if p.tiled and multiply_by_tiles(p):
        return
    if p.dtype == FLOAT:
        sgemm(ROW_MAJOR, ta, tb, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc)
    else:
        dgemm(ROW_MAJOR, ta, tb, p.m, p.n, p.k, p.alpha, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc)


cdef void rows(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """The rows of c from begin to end."""
    cdef Product p = (<Product*>context)[0]
    p.a += begin * (1 if p.ta else p.lda) * ITEMSIZE[p.dtype]
    p.c += begin * p.ldc * ITEMSIZE[p.dtype]
    p.m = end - begin
    multiply(&p)


cdef void columns(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """The columns of c from begin to end."""
    cdef Product p = (<Product*>context)[0]
    p.b += begin * (p.ldb if p.tb else 1) * ITEMSIZE[p.dtype]
    p.c += begin * ITEMSIZE[p.dtype]
    p.n = end - begin
    multiply(&p)


cdef Py_ssize_t share(Py_ssize_t size, Py_ssize_t each, Py_ssize_t grain) noexcept nogil:
    """The rows or columns that one thread takes; each of them stands for so many multiplications."""
    cdef Py_ssize_t equal = size // threads.get_limit() + 1
    return (max(equal, grain // each + 1) + ALIGNED - 1) // ALIGNED * ALIGNED


cdef void gemm(int dtype, bint ta, bint tb, Py_ssize_t m, Py_ssize_t n, Py_ssize_t k, double alpha, char* a,
               Py_ssize_t lda, char* b, Py_ssize_t ldb, double beta, char* c, Py_ssize_t ldc) noexcept nogil:
    cdef Product p
    if m * n * k < TINY or max(max(m, n, k), max(lda, ldb, ldc)) > INT_MAX:
        multiply_by_loops(dtype, ta, m, n, k, alpha, a, lda, b, 1 if tb else ldb, ldb if tb else 1, beta, c, ldc)
        return
    p.dtype, p.ta, p.tb, p.m, p.n, p.k, p.lda, p.ldb, p.ldc = dtype, ta, tb, m, n, k, lda, ldb, ldc
    p.alpha, p.beta, p.a, p.b, p.c = alpha, beta, a, b, c
    p.tiled = suits_tiles(&p)        # all of it or nothing, lest the number of threads decide how sums are rounded
    allow_threads(1)
    if m * n * k < DIVISIBLE:
        multiply(&p)
    elif m >= n:
        threads.run(m, share(m, n * k, GRAIN), rows, &p)
    else:
        threads.run(n, share(n, m * k, GRAIN), columns, &p)


cdef struct VectorProduct:           # y = alpha op(a) x + beta y, as for gemv
    int dtype, ta
    Py_ssize_t m, n, lda, incx, incy
    double alpha, beta
    char* a
    char* x
    char* y


cdef void elements(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    """The elements of y from begin to end."""
    cdef VectorProduct p = (<VectorProduct*>context)[0]
    cdef int ta = TRANS if p.ta else NO_TRANS
    p.a += begin * (1 if p.ta else p.lda) * ITEMSIZE[p.dtype]
    p.y += begin * p.incy * ITEMSIZE[p.dtype]
    if p.ta:
        p.n = end - begin
    else:
        p.m = end - begin
    if p.dtype == FLOAT:
        sgemv(ROW_MAJOR, ta, p.m, p.n, p.alpha, p.a, p.lda, p.x, p.incx, p.beta, p.y, p.incy)
    else:
        dgemv(ROW_MAJOR, ta, p.m, p.n, p.alpha, p.a, p.lda, p.x, p.incx, p.beta, p.y, p.incy)


cdef void gemv(int dtype, bint ta, Py_ssize_t m, Py_ssize_t n, double alpha, char* a, Py_ssize_t lda,
               char* x, Py_ssize_t incx, double beta, char* y, Py_ssize_t incy) noexcept nogil:
    cdef Py_ssize_t size = n if ta else m, each = m if ta else n
    cdef VectorProduct p
    if m * n < TINY or max(max(m, n, lda), max(incx, incy)) > INT_MAX:
        multiply_by_loops(dtype, ta, size, 1, each, alpha, a, lda, x, incx, 1, beta, y, incy)
        return
    p.dtype, p.ta, p.m, p.n, p.lda, p.incx, p.incy = dtype, ta, m, n, lda, incx, incy
    p.alpha, p.beta, p.a, p.x, p.y = alpha, beta, a, x, y
    allow_threads(1)
    if m * n < 2 * VECTOR_GRAIN:
        elements(&p, 0, size)
    else:
        threads.run(size, share(size, each, VECTOR_GRAIN), elements, &p)


cdef struct Dot:                     # the inner product of x and y, as for dot, in pieces
    int dtype
    Py_ssize_t n, incx, incy, piece
    char* x
    char* y
    double sums[MOST_PIECES]


cdef void sum_pieces(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil:
    cdef Dot* p = <Dot*>context
    cdef Py_ssize_t k, i, n
    cdef char* x
    cdef char* y
    for k in range(begin, end):
        i, n = k * p.piece, min(p.piece, p.n - k * p.piece)
        x, y = p.x + i * p.incx * ITEMSIZE[p.dtype], p.y + i * p.incy * ITEMSIZE[p.dtype]
        p.sums[k] = sdot(n, x, p.incx, y, p.incy) if p.dtype == FLOAT else ddot(n, x, p.incx, y, p.incy)


cdef double dot(int dtype, Py_ssize_t n, char* x, Py_ssize_t incx, char* y, Py_ssize_t incy) noexcept nogil:
    cdef Dot p
    cdef Py_ssize_t k, pieces
    cdef double sum = 0
    if n < TINY or max(n, incx, incy) > INT_MAX:
        if dtype == FLOAT:
            return inner_product[float](n, <float*>x, incx, <float*>y, incy)
        return inner_product[double](n, <double*>x, incx, <double*>y, incy)
    p.dtype, p.n, p.x, p.incx, p.y, p.incy = dtype, n, x, incx, y, incy
    p.piece = max(VECTOR_GRAIN, n // MOST_PIECES + 1)   # whatever the number of threads: the sum is the same
    pieces = (n + p.piece - 1) // p.piece
    allow_threads(1)
    threads.run(pieces, 1, sum_pieces, &p)
    for k in range(pieces):
        sum += p.sums[k]
    return sum
