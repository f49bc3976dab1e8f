# The nodes of the table's rows.
from cpython.object cimport PyObject
from libcpp.vector cimport vector

from .graph cimport Node, Tracked
from .operation cimport Operation
from .tensor cimport Tensor
from .version cimport Version

cdef struct Saved:
    PyObject* value                       # a Tensor, a number, a list of them..., owned; NULL: None
    Version* version                      # NULL: the value is nobody else's
    long at                               # the version when it was saved

cdef class RowNode(Node):
    cdef int dtype                        # of the operands
    cdef unsigned int slots               # bit k: operand k is saved; n_operands + k: result k
    cdef Saved* saved                     # in the order of the slots
    cdef Operation op
    cdef list sizes                       # of each operand, where they were broadcast or a rule asks for them
    cdef int reserve(self, unsigned int slots) except -1
    cdef int save(self, int slot, object value, Version* version) except -1
    cdef Saved* find(self, int slot) except NULL
    cdef int forget(self) except -1
    cdef Tracked flat(self, Tracked gradient)
    cdef object refuse_freed(self)
    cdef object refuse_changed(self, int slot, object value, Version* version, long at)

cdef class PointwiseNode(RowNode):
    cdef object variable(self, int slot)
    cdef list apply_recorded(self, Tracked grad)

cdef class Recipe:                        # a gradient rule of a row, with what it mentions looked up once
    cdef object rule
    cdef list operands                    # those whose gradients it gives
    cdef int operand                      # the only one of them, or -1
    cdef vector[int] kinds, places        # of what it asks for

cdef class Plan:                          # what must be saved for the gradients that a set of operands wants
    cdef unsigned int slots               # as a node's
    cdef unsigned int sizes               # bit k: the sizes of operand k

cdef Plan plan_of(Operation op, unsigned int wanted)          # bit k: operand k wants its gradient

cdef class KernelNode(RowNode):
    cdef list spans                       # the first edge of each operand, where one operand is a list of tensors
    cdef object value(self, int k, bint graph)
    cdef int first_edge(self, int operand)
    cdef object span(self, int operand)
    cdef bint any_edge(self, object span) except -1
    cdef object gradient(self, Recipe recipe, list grads, bint graph, tuple wanted)
