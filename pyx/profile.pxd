# What ran and when, while a profiler asks for it.

cdef bint profiling              # asked at each operation; what follows is called only where it is true
cdef object clock()              # nanoseconds
cdef int note(str name, object start) except -1        # an operation ends now
