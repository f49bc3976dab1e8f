# The nodes of the table's rows.
from cpython.object cimport PyObject

from .graph cimport Node, Tracked, Version
from .operation cimport Operation
from .tensor cimport Tensor

cdef class RowNode(Node):
    cdef Operation op
    cdef int dtype                        # of the operands
    cdef list sizes                       # of each operand, where they were broadcast or a rule asks for them

cdef class PointwiseNode(RowNode):
    cdef object value0, value1, value2, value3, value4       # Tensors or numbers; the result has the slot after the operands
    cdef Version* versions[5]
    cdef long at[5]
    cdef int save(self, int slot, object value, Version* version) except -1
    cdef PyObject* value(self, int slot) except NULL
    cdef object variable(self, int slot)
    cdef list apply_recorded(self, Tracked grad)

cdef class KernelNode(RowNode):
    cdef list values                      # operands and results, None where not saved
    cdef Version** versions
    cdef long* at
    cdef int n_values
    cdef list spans                       # the first edge of each operand, where one operand is a list of tensors
    cdef int keep(self, list values, list versions) except -1
    cdef int forget(self) except -1
    cdef object value(self, int k, bint graph)
    cdef int first_edge(self, int operand)
    cdef object span(self, int operand)
    cdef object argument(self, str name, list grads, bint graph, tuple wanted)
