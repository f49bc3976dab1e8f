# From a call as 0.3.1 spelled it to a row, on Tensors or on Variables.
from .calls cimport Overloads

cdef object call_tensor(Overloads overloads, object owner, tuple args, dict kwargs)
cdef object call_tensor_inplace(Overloads overloads, object owner, tuple args, dict kwargs)
cdef object call_variable(Overloads overloads, object owner, tuple args, dict kwargs)
cdef object call_variable_inplace(Overloads overloads, object owner, tuple args, dict kwargs)
cdef Overloads overloads(str name)
