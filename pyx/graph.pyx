"""The two halves of the graph: Variables, whose history is recorded, and the nodes that are their history.

docs/internals/graph.md walks through it; what the functions promise stands in graph.pxd.
"""

cimport cython
from cpython.object cimport PyObject
from cpython.ref cimport Py_REFCNT

from .anomaly cimport any_watched, forget, watch
from .copy cimport clone
from .site cimport number_here, watched, watching
from .storage cimport BYTE, N_DTYPES
from .tensor cimport Tensor, is_contiguous, same_size, size_text, type_name
from .total cimport accumulate, summed, zeros_of
from .version cimport Version, new_version, release

from .. import graph_errors
from .tensor import class_of


# -- Variables ---------------------------------------------------------------------------------------------------------

cdef type _variable_class = None
cdef Tensor _no_data = None          # of a Variable that was made without its constructor


cdef int register_variable_class(type cls) except -1:
    global _variable_class, _no_data
    _variable_class = cls
    bytes_class = class_of(BYTE)
    _no_data = bytes_class.__new__(bytes_class)
    return 0


cdef class Tracked:
    def __cinit__(self):
        self.data_ = _no_data

    def __dealloc__(self):
        _leave_version(self)


cdef Tracked wrap(Tensor data, bint requires_grad, bint volatile):
    cdef Tracked v = _variable_class.__new__(_variable_class)
    v.data_ = data
    v.requires_grad_ = requires_grad
    v.volatile_ = volatile
    return v


cdef Tracked new_variable(Tensor data):
    return wrap(data, False, False)


cdef int give_history(Tracked v, Node node, int nr) except -1:
    v.node = node
    v.output_nr_ = nr
    v.requires_grad_ = True
    return 0


cdef Tracked rejoined(Tensor data, Node node, int nr, Version* version):
    cdef Tracked v
    if node is None:
        v = wrap(data, False, False)
    elif isinstance(node, AccumulateGrad):
        return (<AccumulateGrad>node).variable
    else:
        v = wrap(data, True, False)
        v.node = node
        v.output_nr_ = nr
    if version != NULL:
        version.refs += 1
        version.live += 1
        v.version = version
    return v


# -- their version counters --------------------------------------------------------------------------------------------

cdef Version* version_of(Tracked v) except NULL:
    if v.version == NULL:
        v.version = new_version()
    return v.version


cdef void _leave_version(Tracked v) noexcept:
    if v.version != NULL:
        v.version.live -= 1
        release(v.version)
        v.version = NULL


cdef int share_version(Tracked v, Tracked base) except -1:
    cdef Version* version = version_of(base)
    _leave_version(v)
    version.refs += 1
    version.live += 1
    v.version = version
    return 0


# -- nodes -------------------------------------------------------------------------------------------------------------

cdef Py_ssize_t _created = 0


cdef class Node:
    def __cinit__(self):
        global _created
        _created += 1
        self.sequence = _created
        self.n_results = 1
        self.made = number_here()
        if watching and watched():
            watch(self)

    cdef Node next(self, int k):
        if k == 0:
            return self.edge0
        if k == 1:
            return self.edge1
        if k == 2:
            return self.edge2
        return self.more_edges[k - 3][0]

    cdef int next_nr(self, int k):
        if k == 0:
            return self.nr0
        if k == 1:
            return self.nr1
        if k == 2:
            return self.nr2
        return self.more_edges[k - 3][1]

    cdef int add_edge(self, Tracked v) except -1:
        cdef Node node = None if v is None else edge_of(v)
        cdef int nr = 0 if node is None else v.output_nr_, k = self.n_edges
        if v is None and k < 32:
            self.hidden |= 1u << k
        self.n_edges += 1
        if k == 0:
            self.edge0 = node
            self.nr0 = nr
        elif k == 1:
            self.edge1 = node
            self.nr1 = nr
        elif k == 2:
            self.edge2 = node
            self.nr2 = nr
        else:
            if self.more_edges is None:
                self.more_edges = []
            self.more_edges.append((node, nr))
        return 0

    cdef int forget_edges(self) except -1:
        self.edge0 = self.edge1 = self.edge2 = self.more_edges = None
        self.n_edges = 0
        self.hidden = 0
        return 0

    cdef list apply(self, list grads, bint graph):
        raise NotImplementedError(f"{type(self).__name__} has no backward")

    cdef int free_saved(self, int by) except -1:
        return 0

    cdef bint has_gradient(self, Py_ssize_t result):
        return True

    cdef list shown(self):
        cdef int k
        return [k for k in range(self.n_edges) if k >= 32 or not self.hidden >> k & 1]

    @property
    def next_functions(self):
        """For each operand that can have a gradient the node that made it and which of its results it is; (None, 0)
        where none is wanted, or the operand is left out.
        """
        return tuple([(self.next(k), self.next_nr(k)) for k in self.shown()])

    @property
    def requires_grad(self):
        """True: a node stands only where gradients flow."""
        return True

    def register_hook(self, hook):
        """Call hook(grad_inputs, grad_outputs) after the node has run; what it returns replaces grad_inputs. Gives a
        removable handle.
        """
        if self.hooks is None:
            self.hooks = new_hooks()
        return add_hook(self.hooks, hook)

    def __dealloc__(self):
        global _burying
        if any_watched:
            forget(<void*>self)
        if self.edge0 is None and self.edge1 is None and self.edge2 is None and self.more_edges is None:
            return
        _bury(<PyObject*>self.edge0)
        _bury(<PyObject*>self.edge1)
        _bury(<PyObject*>self.edge2)
        if self.more_edges is not None:
            _doomed.extend(self.more_edges)
        self.edge0 = self.edge1 = self.edge2 = self.more_edges = None
        if not _burying:
            _burying = True
            while _doomed:
                _doomed.pop()
            _burying = False


# -- freeing a chain of them -------------------------------------------------------------------------------------------

cdef list _doomed = []
cdef bint _burying = False


cdef int _bury(PyObject* node) except -1:
    """Let go of a node behind one that is being freed, which nothing else holds. A chain of a million nodes is freed
    one after the other, not one inside the other.
    """
    if Py_REFCNT(<object>node) == 1:
        _doomed.append(<object>node)
    return 0


# -- the end of the graph at a leaf ------------------------------------------------------------------------------------

cdef Node edge_of(Tracked v):
    cdef AccumulateGrad end
    if v.node is not None:
        return v.node if v.requires_grad_ else None
    if not v.requires_grad_:
        return None
    if v.accumulator != NULL:
        return <AccumulateGrad>v.accumulator
    end = AccumulateGrad.__new__(AccumulateGrad)
    end.variable = v
    v.accumulator = <PyObject*>end
    return end


@cython.no_gc_clear
cdef class AccumulateGrad(Node):
    """The end of the graph at a leaf: the gradient goes into its .grad."""

    def __cinit__(self):
        self.sequence = (<Py_ssize_t>1) << 62            # runs as soon as its gradient is complete
        self.flagged = True

    def __dealloc__(self):
        if self.variable is not None:
            (<Tracked>self.variable).accumulator = NULL

    cdef list apply(self, list grads, bint graph):
        cdef Tracked leaf = self.variable, old = leaf.grad_
        cdef Tensor data
        grad = grads[0]
        grads[0] = None
        if grad is None or not leaf.requires_grad_:
            return []
        if leaf.hooks_ is not None:
            grad = run_hooks(leaf.hooks_, grad, graph)
            old = leaf.grad_
        if old is not None and not old.volatile_:
            leaf.grad_ = added(old, grad if isinstance(grad, Tracked) else wrap(grad, False, False))
        elif isinstance(grad, Tracked):
            if old is None:
                leaf.grad_ = _made_of(Identity, clone((<Tracked>grad).data_), grad, None)
            else:
                _add_into(leaf, (<Tracked>grad).data_)
        elif old is None:
            data = grad
            grad = None
            # Where nobody else holds the buffer, it becomes the gradient; else a copy does, for two leaves never
            # share one.
            # A gradient is contiguous: programs flatten it by view(-1).
            sole = Py_REFCNT(data) == 1 and data.memory.refs == 1
            sole = sole and data.memory.size == data.numel and is_contiguous(data)
            leaf.grad_ = wrap(data if sole else clone(data), False, True)
        else:
            _add_into(leaf, grad)
        return []


cdef int _add_into(Tracked leaf, Tensor data) except -1:
    """Add to the leaf's gradient in place."""
    cdef Tracked old = leaf.grad_
    if old.data_.dtype >= N_DTYPES and data.dtype < N_DTYPES:
        data, old.data_ = old.data_, clone(data)     # dense and sparse make dense
    try:
        return accumulate(old.data_, data)
    except RuntimeError as error:
        raise RuntimeError(graph_errors.unlike(str(error), leaf, data, old.data_)) from None


# -- hooks -------------------------------------------------------------------------------------------------------------

cdef object new_hooks():
    from collections import OrderedDict

    return OrderedDict()


cdef object add_hook(object hooks, object hook):
    from ..utils.hooks import RemovableHandle

    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


cdef object run_hooks(object hooks, object grad, bint graph):
    """Each hook in turn sees the gradient as a Variable and may replace it. Gives a Tensor where the last one is
    volatile and no graph is recorded.
    """
    cdef Tracked v = grad if isinstance(grad, Tracked) else wrap(grad, False, True)
    for hook in list(hooks.values()):
        result = hook(v)
        if result is None:
            continue
        if not isinstance(result, Tracked):
            raise TypeError(f"a gradient hook must return None or a Variable, got {type(result).__name__}")
        _check_replacement(v.data_, (<Tracked>result).data_)
        v = result
    return v if graph or not v.volatile_ else v.data_


cdef int _check_replacement(Tensor old, Tensor new) except -1:
    if old.dtype != new.dtype:
        raise RuntimeError(
            f"hook has changed the type of value (was {type_name(old.dtype)} got {type_name(new.dtype)})"
        )
    if not same_size(old, new):
        raise RuntimeError(f"hook has changed the size of value (was {size_text(old)} got {size_text(new)})")
    return 0


# -- gradients with a history ------------------------------------------------------------------------------------------

cdef class ZeroGradient:
    cdef object dense(self):
        cdef Tensor zeros = zeros_of(self.like)
        return new_variable(zeros) if self.constant else zeros


cdef class Identity(Node):
    """The history of a gradient that was put into .grad."""

    cdef list apply(self, list grads, bint graph):
        return [grads[0]] * self.n_edges


cdef class AddBackward_Deprecated(Identity):
    """The history of a sum of gradients, by 0.3.1's name."""


cdef Tracked _made_of(type kind, Tensor data, Tracked a, Tracked b):
    """A gradient made of others: it has a node, as in 0.3.1, even where none of these requires a gradient."""
    cdef Node node
    cdef Tracked v = wrap(data, a.requires_grad_, a.volatile_)
    if b is not None:
        v.requires_grad_, v.volatile_ = v.requires_grad_ or b.requires_grad_, v.volatile_ or b.volatile_
    if v.volatile_:
        v.requires_grad_ = False
        return v
    node = kind.__new__(kind)
    node.add_edge(a)
    if b is not None:
        node.add_edge(b)
    v.node = node
    return v


cdef Tracked added(Tracked a, Tracked b):
    if not same_size(a.data_, b.data_):
        return a + b
    return _made_of(AddBackward_Deprecated, summed(a.data_, b.data_), a, b)
