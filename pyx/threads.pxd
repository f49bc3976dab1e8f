# Threads that share the work of one large loop.

# Works on the elements from begin to end.
ctypedef void (*range_work)(void* context, Py_ssize_t begin, Py_ssize_t end) noexcept nogil

cdef extern from "threads.h" namespace "al" nogil:
    # A kernel in C++ takes the object and calls threads->run(n, grain, [&](ptrdiff_t begin, ptrdiff_t end) { ... });
    # declare it `except +` if the work may throw.
    cppclass Threads:
        void run(Py_ssize_t n, Py_ssize_t grain, range_work work, void* context)
        void set_limit(int threads)
        int get_limit()

# threads.run(n, grain, work, context): the work for all of 0..n, in pieces of at least `grain`, at once in as many
# threads as set_num_threads allows; for n <= grain in this one. Release the GIL around it: no piece may need it.
cdef Threads* threads
