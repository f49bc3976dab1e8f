# How 0.3.1 spelled its calls: overloads matched against the arguments given.

from .operation cimport Operation

cdef class Call:                     # one overload of one row
    cdef readonly str row_name       # the row that it leads to
    cdef Operation row
    cdef readonly str text           # as the table has it
    cdef bint of_tensors, of_variables, of_torch      # whether it is one of their methods, or of torch.name
    cdef str name
    cdef bint changes                # whether the row can change self in place
    cdef bint on_tensors, on_variables     # whether the row is
    cdef list parameters             # None until the call is first tried
    cdef int parse(self) except -1
    cdef str mismatch(self, object owner, tuple args, dict kwargs, bint variables)
    cdef int self_at                 # which parameter is self; -1: none
    cdef object _owner(self, tuple args, dict kwargs, bint variables)
    cdef bint bind(self, object owner, tuple args, dict kwargs, bint variables, list values) except -1

cdef class Overloads:                # all calls of one public name
    cdef readonly str name
    cdef readonly list calls
    cdef int add_text(self, str row, str text, tuple where) except -1
    cdef Call find(self, object owner, tuple args, dict kwargs, bint variables, list bound)
