# A row of the table at run time: how it is computed on Tensors.
from .strided cimport inner_loop
from .tensor cimport Tensor

cdef enum:
    MAX_SLOTS = 6                    # operands and result of a pointwise op

cdef class Gradient:                 # of one operand of a pointwise op, as a loop over saved values
    cdef inner_loop loops[8]
    cdef void* extras[8]
    cdef int n
    # what each operand of the loop is: -1 the gradient, k an operand, n_operands the result
    cdef int slots[MAX_SLOTS]
    cdef bint zero                   # the gradient is 0 everywhere
    cdef bint identity               # the gradient is that of the result

cdef class Operation:
    cdef readonly str name
    cdef readonly object row
    cdef readonly int n_operands
    cdef bint pointwise
    cdef bint is_view
    cdef bint constant               # the result carries no gradient
    cdef unsigned int types          # bit k: the row knows type k
    cdef bint leaves_node
    cdef bint gives_another          # in place, another Variable of the same memory
    cdef bint changes_first          # the row's name ends in "_": it works in place whoever calls it
    cdef int n_results               # that have names; the last name is that of all the rest
    cdef unsigned int constants      # bit k: result k carries no gradient
    cdef int copies                  # the operand that is saved as a copy, or -1
    cdef unsigned int constant_operands  # bit k: operand k has no gradient
    cdef unsigned long indices       # bit k: operand k is an index or a mask
    cdef bint by_dims                # the node is named by the number of spatial dimensions
    cdef int zero_second             # the operand whose second derivative is zeros, or -1: see Row
    cdef bint zero_second_constant
    cdef inner_loop loops[8]         # of a pointwise op, by type
    cdef void* extras[8]
    cdef inner_loop byte_loops[8]    # of a comparison
    cdef bint compares
    cdef int divisor                 # the operand that must not be 0 for integers, or -1
    cdef list gradients              # of a pointwise op: Gradient or None for each operand
    cdef object impl                 # of a kernel
    cdef bint resolved
    cdef object resolve(self)
    # rules and node classes, filled in by rules.pyx when a gradient is first needed
    cdef list recipes
    cdef dict plans
    cdef object node_types

    cdef object compute(self, list values, object out)
    cdef bint differentiable(self, Py_ssize_t result) noexcept

cdef Operation operation(str name)   # the row of that name
cdef bint any_sparse(object values) except -1        # whether a sparse tensor is among values, or in a list among them
