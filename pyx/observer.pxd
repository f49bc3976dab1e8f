# Who looks at gradients on their way: hooks, and detect_anomaly(). graph: the pass records its own history.
from .graph cimport Node

cdef object as_variable(object grad, bint volatile)           # a gradient as hooks and callers see it
# Hooks on a node's results may replace their gradients; whether these are constant then.
cdef bint run_result_hooks(Node node, list grads, bint graph, bint constant) except -1
cdef list apply_with_hooks(Node node, list grads, bint graph, bint constant)
cdef list apply_watched(Node node, list grads, bint graph, bint constant)
