# The two halves of the graph: Variables, whose history is recorded, and the nodes that are their history.
from cpython.object cimport PyObject

from .tensor cimport Tensor
from .version cimport Version

cdef class Tracked:                  # the state of a Variable (variable.pyx.tp adds the methods)
    cdef Tensor data_
    cdef Version* version            # made when first needed; shared with views
    cdef Node node                   # grad_fn; None for a leaf
    cdef PyObject* accumulator       # the AccumulateGrad of a leaf in use, which owns this Variable
    cdef object grad_
    cdef object hooks_               # an OrderedDict of hooks on a leaf's gradient, or None
    cdef int output_nr_
    cdef bint requires_grad_
    cdef bint volatile_
    cdef bint retains_grad
    cdef dict __dict__
    cdef object __weakref__

cdef class Node:
    """A step of the backward graph: it turns gradients of its results into those of its operands."""
    cdef readonly Py_ssize_t sequence     # in order of creation
    cdef Node edge0, edge1, edge2         # the nodes that made the operands; None where no gradient is wanted
    cdef int nr0, nr1, nr2                # which result of that node the operand is
    cdef int n_edges                      # one for each operand
    cdef int n_results
    cdef unsigned int hidden              # bit k: operand k has no gradient ever, as numbers: nobody is shown its edge
    cdef int made                         # the number of the line that made it
    cdef int freed                        # 0, or the number of the line whose backward freed what was saved
    cdef list more_edges                  # beyond three: (node, nr) pairs
    cdef object hooks                     # an OrderedDict, or None: run after the node, hook(grad_inputs, grad_outputs)
    cdef dict result_hooks                # result -> OrderedDict of the hooks on its gradient, or None
    cdef void* task                       # the engine's, while it works on the node
    cdef unsigned char flagged            # sees gradients with flags: constant ones reach it as Variables in any pass
    cdef unsigned char constants_made     # its gradients may be constant (Variables in any pass), or a ZeroGradient
    cdef object __weakref__

    cdef Node next(self, int k)                           # behind edge k
    cdef int next_nr(self, int k)
    cdef int add_edge(self, Tracked v) except -1          # v None: an operand that is no Variable
    cdef bint has_gradient(self, Py_ssize_t result)       # not if it is an index, say
    cdef list shown(self)                                 # the numbers of the edges that are not hidden
    cdef int forget_edges(self) except -1
    # The gradients of the operands, a list with None where there is none. grads: one for each result, or None.
    # graph False: Tensors; True: Variables, and what is computed on them is recorded.
    cdef list apply(self, list grads, bint graph)
    cdef int free_saved(self, int by) except -1           # by: the number of the line that asked for it

cdef class AccumulateGrad(Node):     # the end of the graph at a leaf
    cdef readonly object variable

cdef class ZeroGradient:             # given where a gradient is zero everywhere, so that nothing need be computed
    cdef Tensor like                 # of the gradient's type and sizes
    cdef bint constant
    cdef object dense(self)          # zeros: a Tensor, or a Variable if constant

cdef int register_variable_class(type cls) except -1
cdef Tracked wrap(Tensor data, bint requires_grad, bint volatile)
cdef Tracked new_variable(Tensor data)                        # a constant
cdef Version* version_of(Tracked v) except NULL
cdef int share_version(Tracked v, Tracked base) except -1     # v becomes a view of base
# grad_fn or AccumulateGrad; None where no gradient is required
cdef Node edge_of(Tracked v)
cdef int give_history(Tracked v, Node node, int nr) except -1  # node made v
cdef Tracked rejoined(Tensor data, Node node, int nr, Version* version)   # a saved value as a Variable with its history
cdef Tracked added(Tracked a, Tracked b)                      # the sum of two gradients
cdef object run_hooks(object hooks, object grad, bint graph)
cdef object new_hooks()
cdef object add_hook(object hooks, object hook)
