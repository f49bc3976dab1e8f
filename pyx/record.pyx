"""Computing on Variables: the result, and the node that remembers how it came about.

docs/internals/graph.md says when there is one, inplace.md beside it what becomes of a Variable that is changed.
"""

from cpython.object cimport PyObject

from .copy cimport clone, fill
from .graph cimport Node, Tracked, give_history, share_version, version_of, wrap
from .inplace cimport changed, check_inplace
from .operation cimport Gradient, Operation
from .pointwise cimport check_broadcast, compute_pointwise
from .profile cimport clock, note, profiling
from .rownode cimport KernelNode, Plan, PointwiseNode, plan_of, RowNode
from .tensor cimport Tensor, new_scalar, same_size, sizes_of

from . import nodes

cdef dict _node_types = nodes.types()
cdef bint _recording = True


def set_recording(bint recording):
    """Whether results remember how they came about; gives what was so before."""
    global _recording
    before = _recording
    _recording = recording
    return bool(before)


cdef object record(Operation op, list values, Tracked target):
    return record_pointwise(op, values, target) if op.pointwise else record_kernel(op, values, target)


cdef type _node_type(Operation op, int which):
    """The class of a row's nodes; of several the one that is said."""
    if op.node_types is None:
        op.node_types = _node_types[op.name]
    types = <tuple>op.node_types
    return <type>types[which] if which < len(types) else <type>types[0]


cdef type _kernel_type(Operation op, list values):
    return _node_type(op, len(values[1]) - 1 if op.by_dims else 0)


cdef Tracked record_pointwise(Operation op, list values, Tracked target):
    if profiling:
        start = clock()
        out = _record_pointwise(op, values, target)
        note(op.name, start)
        return out
    return _record_pointwise(op, values, target)


cdef Tracked _record_pointwise(Operation op, list values, Tracked target):
    cdef PyObject* slots[8]
    cdef Tensor data
    cdef Tracked v, out
    cdef PointwiseNode node
    cdef Gradient gradient
    cdef bint requires_grad = False, volatile = False, alike = True
    cdef int k, i, n = op.n_operands, n_variables = 0
    cdef unsigned int saved = 0
    if target is not None:
        check_inplace(target, op.name)
    for k in range(n):
        value = <object>(<PyObject*>values[k])
        if isinstance(value, Tracked):
            v = <Tracked>value
            slots[k] = <PyObject*>v.data_
            requires_grad = requires_grad or v.requires_grad_
            volatile = volatile or v.volatile_
            if n_variables == 0:
                data = v.data_
            else:
                alike = alike and same_size(data, v.data_)
            n_variables += 1
        else:
            slots[k] = <PyObject*>value
    if not alike:                        # tensors may be taken element by element; Variables may not
        check_broadcast(n, slots)
    if not requires_grad or volatile or not _recording or op.constant:
        data = compute_pointwise(op, n, slots, None if target is None else target.data_)
        if target is None:
            out = wrap(data, False, volatile)
            if op.leaves_node and not volatile:
                out.node = _node_of(op, values)
            return out
        changed(target, op.name)
        if op.gives_another:
            return wrap(data, False, volatile)
        if volatile:
            target.volatile_ = True
            target.requires_grad_ = False
        return target
    # Which operands (bit k) and whether the result (bit n) the wanted gradients mention.
    for k in range(n):
        value = <object>(<PyObject*>values[k])
        if isinstance(value, Tracked) and (<Tracked>value).requires_grad_:
            gradient = (<list>op.gradients)[k]
            if gradient is not None:
                for i in range(gradient.n):
                    if gradient.slots[i] >= 0:
                        saved |= 1u << gradient.slots[i]
    kind = _node_type(op, n_variables > 1)
    node = kind.__new__(kind)
    node.op = op
    node.reserve(saved)
    for k in range(n):
        if isinstance(<object>slots[k], Tensor):
            node.dtype = (<Tensor>slots[k]).dtype
            break
    for k in range(n):
        value = <object>(<PyObject*>values[k])
        if isinstance(value, Tracked):
            v = <Tracked>value
            node.add_edge(v)
            if saved & (1u << k):
                if v is target or k == op.copies:
                    node.save(k, clone(v.data_), NULL)       # its value before a change
                else:
                    node.save(k, v.data_, version_of(v))
        else:
            node.add_edge(None)
            if saved & (1u << k):
                node.save(k, value, NULL)
    node.hidden |= op.constant_operands
    data = compute_pointwise(op, n, slots, None if target is None else target.data_)
    for k in range(n):
        if isinstance(<object>slots[k], Tensor) and not same_size(<Tensor>slots[k], data):
            node.sizes = [_size(<object>slots[i]) for i in range(n)]
            break
    if target is not None:
        changed(target, op.name)
    out = wrap(data, True, False) if target is None or op.gives_another else target
    give_history(out, node, 0)
    if saved & (1u << n):
        node.save(n, out.data_, version_of(out))
    return out


cdef Node _node_of(Operation op, list values):
    """A node for a result that nothing flows back through, and which counts as no leaf all the same."""
    cdef type kind = _node_type(op, 0) if op.pointwise else _kernel_type(op, values)
    cdef RowNode node = kind.__new__(kind)
    node.op = op
    for value in values:
        node.add_edge(value if isinstance(value, Tracked) else None)
    return node


cdef Tensor _as_tensor(object result, Tensor like):
    """A full reduction's number as a tensor of one element, of the operand's type."""
    cdef Tensor t
    if isinstance(result, Tensor):
        return <Tensor>result
    t = new_scalar(like.dtype)
    fill(t, int(result) if isinstance(result, bool) else result)
    return t


cdef object record_kernel(Operation op, list values, Tracked target):
    if profiling:
        start = clock()
        out = _record_kernel(op, values, target)
        note(op.name, start)
        return out
    return _record_kernel(op, values, target)


cdef object _record_kernel(Operation op, list values, Tracked target):
    cdef Tracked v, like = None
    cdef KernelNode node = None
    cdef bint requires_grad = False, volatile = False, lists = False
    cdef unsigned int wanted = 0
    cdef int k, n = len(values)
    cdef list plain = [None] * n
    if target is not None:
        check_inplace(target, op.name)
    for k in range(n):
        value = values[k]
        if isinstance(value, Tracked):
            like = v = <Tracked>value
            plain[k] = v.data_
            if op.indices >> k & 1:
                continue
            volatile = volatile or v.volatile_
            if v.requires_grad_:
                requires_grad = True
                wanted |= 1u << k
        elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Tracked):
            lists = True
            plain[k] = []
            for v in value:
                like = v
                (<list>plain[k]).append(v.data_)
                volatile = volatile or v.volatile_
                if v.requires_grad_:
                    requires_grad = True
                    wanted |= 1u << k
        else:
            plain[k] = value
    if requires_grad and not volatile and _recording:
        node = _kernel_node(op, values, plain, target, wanted, lists)
    try:
        result = op.compute(plain, None if target is None or op.changes_first else target.data_)
    except TypeError as error:       # 0.3.1's Variables refuse by RuntimeError what its tensors refuse by TypeError
        raise RuntimeError(str(error)) from error
    if isinstance(result, bool):
        return result
    if target is not None:
        changed(target, op.name)
        if volatile:
            target.volatile_ = True
            target.requires_grad_ = False
    if not isinstance(result, (tuple, list)):
        return _outcome(op, values, node, result, 0, target, like.data_, volatile)
    if node is not None:
        node.n_results = len(result)
    return tuple([_outcome(op, values, node, part, k, target if k == 0 else None, like.data_, volatile)
                  for k, part in enumerate(result)])


cdef KernelNode _kernel_node(Operation op, list values, list plain, Tracked target, unsigned int wanted, bint lists):
    """The node, with its edges and what it saves of the operands."""
    cdef type kind = _kernel_type(op, values)
    cdef KernelNode node = kind.__new__(kind)
    cdef Plan plan = plan_of(op, wanted)
    cdef Tracked v
    cdef int k
    node.op = op
    node.reserve(plan.slots)
    if lists:
        node.spans = []
    for k in range(len(values)):
        value = values[k]
        if lists:
            node.spans.append(node.n_edges)
        if isinstance(value, Tracked):
            v = <Tracked>value
            node.add_edge(None if op.indices >> k & 1 else v)
            if plan.slots >> k & 1:
                if v is target:
                    node.save(k, clone(v.data_), NULL)       # its value before the change
                else:
                    node.save(k, v.data_, version_of(v))
            continue
        if plain[k] is value:
            node.add_edge(None)
            if value is None and not lists:
                node.hidden &= ~(1u << k)                    # left out, as a bias
        else:
            for v in value:
                node.add_edge(v)
        if plan.slots >> k & 1:
            node.save(k, plain[k], NULL)
    if not lists:
        node.hidden |= op.constant_operands
    if plan.sizes:
        node.sizes = [_size(value) if plan.sizes >> k & 1 else None for k, value in enumerate(plain)]
    return node


cdef Tracked _outcome(Operation op, list values, KernelNode node, object result, int k, Tracked target, Tensor like,
                      bint volatile):
    """Result k as a Variable: the target where that was changed in place."""
    cdef Tracked out = target
    if out is None:
        if result is None:
            return None
        out = wrap(_as_tensor(result, like), False, volatile and (op.constant or op.differentiable(k)))
        if op.is_view:
            share_version(out, <Tracked>values[0])
    if op.leaves_node and not volatile:
        out.node = _node_of(op, values)
    if node is not None:
        if op.differentiable(k):
            give_history(out, node, k)
        if k < op.n_results and node.slots >> (op.n_operands + k) & 1:
            node.save(op.n_operands + k, out.data_, version_of(out))
    return out


cdef object _size(object value):
    if isinstance(value, Tensor):
        return sizes_of(value)
    if isinstance(value, list):
        return [sizes_of(v) if isinstance(v, Tensor) else None for v in value]
    return None
