# Places in the program that runs: the line of the user's code that called the library.
from cpython.object cimport PyObject

cdef extern from "site.h" namespace "al":
    cdef cppclass Site:              # pointers are NULL where no Python code runs
        PyObject* code
        PyObject* through            # the library's function that the code called, or NULL
        int instruction

    void keep_site(const Site& site)
    void drop_site(Site& site)
    bint same_site(const Site& a, const Site& b)

cdef bint watching                   # asked at each new node; what follows is called only where it is true
cdef bint watched() noexcept         # whether this thread's nodes and gradients are watched
cdef Site here() noexcept            # the line that runs now; to be given to drop_site()
cdef object place(Site& site)        # as a Place, None where it is not known
cdef int number_here() noexcept      # the same for the same line; never 0
cdef object numbered_place(int number)               # its Place; None where it is not known any more
