"""Computing on Variables: the result, and the node that remembers how it came about."""

from cpython.object cimport PyObject

from .copy cimport clone, fill
from .graph cimport (
    Node, Tracked, changed, check_inplace, give_history, share_version, version_of,
    wrap,
)
from .operation cimport Gradient, Operation
from .pointwise cimport compute_pointwise
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


cdef type _node_type(Operation op, bint tensors):
    if op.node_types is None:
        op.node_types = _node_types[op.name]
    types = <tuple>op.node_types
    return <type>types[1] if tensors and len(types) > 1 else <type>types[0]


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
    cdef bint requires_grad = False, volatile = False
    cdef int k, i, n = op.n_operands, n_variables = 0
    cdef unsigned int saved = 0
    if target is not None:
        check_inplace(target)
    for k in range(n):
        value = <object>(<PyObject*>values[k])
        if isinstance(value, Tracked):
            v = <Tracked>value
            slots[k] = <PyObject*>v.data_
            requires_grad = requires_grad or v.requires_grad_
            volatile = volatile or v.volatile_
            n_variables += 1
        else:
            slots[k] = <PyObject*>value
    if not requires_grad or volatile or not _recording or op.constant:
        data = compute_pointwise(op, n, slots, None if target is None else target.data_)
        if target is None:
            out = wrap(data, False, volatile)
            if op.leaves_node and not volatile:
                out.node = _node_of(op, values)
            return out
        changed(target, op.name)
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
    data = compute_pointwise(op, n, slots, None if target is None else target.data_)
    for k in range(n):
        if isinstance(<object>slots[k], Tensor) and not same_size(<Tensor>slots[k], data):
            node.sizes = [_size(<object>slots[i]) for i in range(n)]
            break
    if target is None:
        out = wrap(data, True, False)
    else:
        out = target
        changed(out, op.name)
    give_history(out, node, 0)
    if saved & (1u << n):
        node.save(n, out.data_, version_of(out))
    return out


cdef Node _node_of(Operation op, list values):
    """A node for a result that nothing flows back through, and which counts as no leaf all the same."""
    cdef RowNode node = _node_type(op, False).__new__(_node_type(op, False))
    node.op = op
    for value in values:
        node.add_edge(value if isinstance(value, Tracked) else None)
    return node


cdef object _plain(object value):
    """What a Variable, or a list of them, holds."""
    if isinstance(value, Tracked):
        return (<Tracked>value).data_
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tracked):
        return [(<Tracked>v).data_ for v in value]
    return value


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
    cdef list plain = [_plain(value) for value in values]
    cdef list flat = [], spans = None, results, saved, versions
    cdef Tracked v, out, base
    cdef KernelNode node
    cdef bint requires_grad = False, volatile = False, single
    cdef int k, n = len(values), changes = -1        # the operand that is changed in place
    cdef unsigned long wanted = 0
    cdef Plan plan
    row = op.row
    inplace = target is not None
    if inplace:
        check_inplace(target)
        for k in range(n):
            if values[k] is target:
                changes = k
    for k in range(n):
        value = values[k]
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tracked):
            spans = [0] * n
            flat.extend(value)
        else:
            flat.append(value if isinstance(value, Tracked) else None)
    if spans is not None:
        at = 0
        for k in range(n):
            spans[k] = at
            at += len(values[k]) if isinstance(plain[k], list) and plain[k] and isinstance(plain[k][0], Tensor) else 1
    for v in flat:
        if v is not None:
            requires_grad = requires_grad or v.requires_grad_
            volatile = volatile or v.volatile_
            base = v
    record_it = requires_grad and not volatile and _recording
    if record_it:
        node = _node_type(op, False).__new__(_node_type(op, False))
        node.op = op
        node.spans = spans
        for v in flat:
            node.add_edge(v)
        for k in range(n):
            if _requires(values[k]):
                wanted |= 1ul << k
        plan = plan_of(op, wanted)
        saved = [plain[k] if plan.saved >> k & 1 else None for k in range(n)]
        if changes >= 0 and saved[changes] is not None:
            saved[changes] = clone(target.data_)     # its value before the change
        if plan.sizes:
            node.sizes = [_size(value) for value in plain]
    try:
        result = op.compute(plain, target.data_ if inplace and not op.name.endswith("_") else None)
    except TypeError as error:       # 0.3.1's Variables refuse by RuntimeError what its tensors refuse by TypeError
        raise RuntimeError(str(error)) from error
    if isinstance(result, bool):
        return result
    single = not isinstance(result, (tuple, list))
    results = [result] if single else list(result)
    outs = []
    for k, result in enumerate(results):
        if inplace and k == 0:
            outs.append(target)
        elif result is None:
            outs.append(None)
        else:
            apart = _result(row, k) in row.constants and not op.constant       # indices beside values
            outs.append(wrap(_as_tensor(result, base.data_), False, volatile and not apart))
    if op.is_view and not inplace:
        for out in outs:
            share_version(out, <Tracked>values[0])
    if op.leaves_node and not volatile:
        for out in outs:
            out.node = _node_of(op, values)
    if inplace:
        changed(target, op.name)
        if volatile:
            target.volatile_ = True
            target.requires_grad_ = False
    if record_it:
        node.n_results = len(outs)
        for k, out in enumerate(outs):
            if out is not None and _result(row, k) not in row.constants:
                give_history(out, node, k)
        versions = []
        for k in range(n):
            versioned = plan.saved >> k & 1 and isinstance(values[k], Tracked) and k != changes
            versions.append(<size_t>version_of(<Tracked>values[k]) if versioned else 0)
        for k, out in enumerate(outs):
            needed = out is not None and plan.saved >> (n + min(k, len(row.results) - 1)) & 1
            saved.append(out.data_ if needed else None)
            versions.append(<size_t>version_of(out) if needed else 0)
        node.keep(saved, versions)
    return outs[0] if single else tuple(outs)


cdef str _result(object row, Py_ssize_t k):
    """The name of a result; the last one is that of all the rest."""
    names = row.results
    return names[min(k, len(names) - 1)]


cdef bint _requires(object value) except -1:
    if isinstance(value, Tracked):
        return (<Tracked>value).requires_grad_
    if isinstance(value, (list, tuple)):
        for v in value:
            if isinstance(v, Tracked) and (<Tracked>v).requires_grad_:
                return True
    return False


cdef object _size(object value):
    if isinstance(value, Tensor):
        return sizes_of(value)
    if isinstance(value, list):
        return [sizes_of(v) if isinstance(v, Tensor) else None for v in value]
    return None
