# Matrix products of floats and doubles: by our own tiles where they are faster, else by OpenBLAS, found and opened when
# the core is imported.

cdef enum:
    TINY = 512                       # products of fewer multiplications are done by plain loops before BLAS has begun
    GRAIN = 1 << 18                  # multiplications that a thread takes at least
    DIVISIBLE = 2 * GRAIN            # multiplications from which on gemm divides a product among the threads

# In all of these dtype is FLOAT or DOUBLE, matrices are row-major, and beta = 0 writes the result without reading it.

# C = alpha op(A) op(B) + beta C; op(A) is m x k, op(B) k x n; ta and tb say that A and B lie in memory transposed.
cdef void gemm(int dtype, bint ta, bint tb, Py_ssize_t m, Py_ssize_t n, Py_ssize_t k, double alpha, char* a,
               Py_ssize_t lda, char* b, Py_ssize_t ldb, double beta, char* c, Py_ssize_t ldc) noexcept nogil
# y = alpha op(A) x + beta y; A lies in memory as m x n, op(A) is its transpose where ta; incx and incy are positive.
cdef void gemv(int dtype, bint ta, Py_ssize_t m, Py_ssize_t n, double alpha, char* a, Py_ssize_t lda,
               char* x, Py_ssize_t incx, double beta, char* y, Py_ssize_t incy) noexcept nogil
cdef double dot(int dtype, Py_ssize_t n, char* x, Py_ssize_t incx, char* y, Py_ssize_t incy) noexcept nogil

# How many threads OpenBLAS may use by itself from now on: LAPACK's routines all, products, which set it, one.
cdef void allow_threads(int n) noexcept nogil

cdef void* symbol(const char* name) except NULL      # a function of the library by its name, "LAPACKE_dgesv_work"
