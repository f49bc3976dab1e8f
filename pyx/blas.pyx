"""OpenBLAS from the package scipy-openblas32, the build that NumPy and SciPy ship with."""

# The library is opened at run time, from where the import system says the package lies. Linking would want an rpath,
# and none suits a wheel, an editable install (built in an environment that is gone afterwards) and a build in place
# alike. The package itself is not imported: it loads ctypes and more, 50 ms, where finding and opening the file take 2.
# SciPy's own BLAS would cost 150 ms, and its number of threads cannot be set.
import os
from importlib.util import find_spec

from libc.limits cimport INT_MAX
from posix.dlfcn cimport RTLD_LAZY, RTLD_LOCAL, dlerror, dlopen, dlsym

from .storage cimport FLOAT


cdef extern from "matrix.h" namespace "al" nogil:
    void product[T, S](Py_ssize_t m, Py_ssize_t n, Py_ssize_t k, S alpha,
                       const T* a, Py_ssize_t a_row, Py_ssize_t a_column,
                       const T* b, Py_ssize_t b_row, Py_ssize_t b_column,
                       S beta, T* c, Py_ssize_t c_row, Py_ssize_t c_column)
    T inner_product[T](Py_ssize_t n, const T* x, Py_ssize_t x_step, const T* y, Py_ssize_t y_step)

cdef enum:
    ROW_MAJOR = 101, NO_TRANS = 111, TRANS = 112     # cblas.h

# The package's 32 in its name says that its integers are C ints.
ctypedef void (*sgemm_t)(int, int, int, int, int, int, float, char*, int, char*, int, float, char*, int) noexcept nogil
ctypedef void (*dgemm_t)(int, int, int, int, int, int, double, char*, int, char*, int, double, char*, int) \
    noexcept nogil
ctypedef void (*sgemv_t)(int, int, int, int, float, char*, int, char*, int, float, char*, int) noexcept nogil
ctypedef void (*dgemv_t)(int, int, int, int, double, char*, int, char*, int, double, char*, int) noexcept nogil
ctypedef float (*sdot_t)(int, char*, int, char*, int) noexcept nogil
ctypedef double (*ddot_t)(int, char*, int, char*, int) noexcept nogil
ctypedef void (*set_threads_t)(int) noexcept nogil
ctypedef int (*get_threads_t)() noexcept nogil


cdef void* open_library() except NULL:
    spec = find_spec("scipy_openblas32")
    if spec is None:
        raise ImportError("BLAS and LAPACK come from scipy-openblas32, which is missing: pip install scipy-openblas32")
    folder = os.path.join(spec.submodule_search_locations[0], "lib")
    names = [name for name in os.listdir(folder) if name.startswith("libscipy_openblas")]
    if not names:
        raise ImportError(f"no libscipy_openblas in {folder}: reinstall scipy-openblas32")
    path = os.fsencode(os.path.join(folder, names[0]))
    cdef void* handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL)
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
cdef get_threads_t blas_get_threads = <get_threads_t>symbol(b"openblas_get_num_threads")


cdef void gemm(int dtype, bint ta, bint tb, Py_ssize_t m, Py_ssize_t n, Py_ssize_t k, double alpha, char* a,
               Py_ssize_t lda, char* b, Py_ssize_t ldb, double beta, char* c, Py_ssize_t ldc) noexcept nogil:
    cdef int trans_a = TRANS if ta else NO_TRANS, trans_b = TRANS if tb else NO_TRANS
    if m * n * k < TINY or max(max(m, n, k), max(lda, ldb, ldc)) > INT_MAX:
        if dtype == FLOAT:
            product[float, double](m, n, k, alpha, <float*>a, 1 if ta else lda, lda if ta else 1,
                                   <float*>b, 1 if tb else ldb, ldb if tb else 1, beta, <float*>c, ldc, 1)
        else:
            product[double, double](m, n, k, alpha, <double*>a, 1 if ta else lda, lda if ta else 1,
                                    <double*>b, 1 if tb else ldb, ldb if tb else 1, beta, <double*>c, ldc, 1)
    elif dtype == FLOAT:
        sgemm(ROW_MAJOR, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)
    else:
        dgemm(ROW_MAJOR, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)


cdef void gemv(int dtype, bint ta, Py_ssize_t m, Py_ssize_t n, double alpha, char* a, Py_ssize_t lda,
               char* x, Py_ssize_t incx, double beta, char* y, Py_ssize_t incy) noexcept nogil:
    cdef Py_ssize_t rows = n if ta else m, columns = m if ta else n
    if m * n < TINY or max(max(m, n, lda), max(incx, incy)) > INT_MAX:
        if dtype == FLOAT:
            product[float, double](rows, 1, columns, alpha, <float*>a, 1 if ta else lda, lda if ta else 1,
                                   <float*>x, incx, 1, beta, <float*>y, incy, 1)
        else:
            product[double, double](rows, 1, columns, alpha, <double*>a, 1 if ta else lda, lda if ta else 1,
                                    <double*>x, incx, 1, beta, <double*>y, incy, 1)
    elif dtype == FLOAT:
        sgemv(ROW_MAJOR, TRANS if ta else NO_TRANS, m, n, alpha, a, lda, x, incx, beta, y, incy)
    else:
        dgemv(ROW_MAJOR, TRANS if ta else NO_TRANS, m, n, alpha, a, lda, x, incx, beta, y, incy)


cdef double dot(int dtype, Py_ssize_t n, char* x, Py_ssize_t incx, char* y, Py_ssize_t incy) noexcept nogil:
    if dtype == FLOAT:
        if n < TINY or max(n, incx, incy) > INT_MAX:
            return inner_product[float](n, <float*>x, incx, <float*>y, incy)
        return sdot(n, x, incx, y, incy)
    if n < TINY or max(n, incx, incy) > INT_MAX:
        return inner_product[double](n, <double*>x, incx, <double*>y, incy)
    return ddot(n, x, incx, y, incy)


def set_num_threads(int n):
    """Let OpenBLAS use n threads for a large product; n must be positive."""
    if n < 1:
        raise ValueError(f"the number of threads must be positive, got {n}")
    blas_set_threads(n)


def get_num_threads():
    """The number of threads that OpenBLAS uses for a large product; at first that of the cores."""
    return blas_get_threads()
