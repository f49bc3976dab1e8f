"""The nodes that users write: torch.autograd.Function in both its styles."""

from .anomaly cimport differs, note_saved, watch
from .copy cimport zero
from .graph cimport Node, Tracked, edge_of, new_variable, rejoined, version_of, wrap
from .inplace cimport changed, check_inplace
from .profile cimport clock, note, profiling
from .site cimport number_here, numbered_place, watched, watching
from .tensor cimport MAX_DIMS, Tensor, new_tensor, sizes_of
from .total cimport zeros_of
from .version cimport Version, changes_since, release

from .. import graph_errors


cdef class Saved:
    """A tensor that a Function saved, the Variable's version at that time, and where that Variable came from."""
    cdef Tensor tensor
    cdef Version* version
    cdef long at
    cdef Node node
    cdef int nr

    def __dealloc__(self):
        if self.version != NULL:
            release(self.version)

    cdef Tensor unpack(self, FunctionNode function, int place):
        if self.version.value != self.at or watching and watched() and differs(function, place, self.tensor):
            role = "a result" if self.node is None and self.nr >= 0 else "an argument"
            changes, made_at = changes_since(self.version, self.at), numbered_place(function.made)
            raise RuntimeError(
                graph_errors.changed(
                    function.name(), role, self.tensor, self.at, self.version.value, changes, made_at
                )
            )
        return self.tensor


cdef Saved _saved(Tracked v, Node node, int nr):
    cdef Saved saved = Saved.__new__(Saved)
    saved.tensor = v.data_
    saved.version = version_of(v)
    saved.version.refs += 1
    saved.at = saved.version.value
    saved.node, saved.nr = node, nr
    return saved


cdef class FunctionNode(Node):
    """What both styles share: running forward on Tensors, saving, and giving the results their history."""
    cdef public object to_save, dirty_tensors, non_differentiable, shared_pairs
    cdef public tuple needs_input_grad
    cdef readonly bint requires_grad
    cdef list saved                  # Saved or None, in the order of save_for_backward
    cdef list inputs                 # whether each argument is a Variable
    cdef list kinds                  # (dtype, sizes) of each result
    cdef dict __dict__

    def __cinit__(self):
        self.flagged = self.constants_made = True

    def save_for_backward(self, *tensors):
        """Save tensors that are arguments or results; call it in forward, at most once."""
        self.to_save = tensors

    def mark_dirty(self, *tensors):
        """Say which arguments forward changes in place."""
        self.dirty_tensors = tensors

    def mark_non_differentiable(self, *tensors):
        """Say which results have no gradient."""
        self.non_differentiable = tensors

    def mark_shared_storage(self, *pairs):
        """Say which results share memory with which arguments."""
        self.shared_pairs = pairs

    @property
    def saved_tensors(self):
        """The saved tensors. RuntimeError where one was changed in place since, or the graph has been freed."""
        self._check_saved()
        return tuple([None if s is None else (<Saved>s).unpack(self, k) for k, s in enumerate(self.saved or ())])

    @property
    def saved_variables(self):
        """The same as Variables that know their history."""
        cdef Saved s
        self._check_saved()
        made = []
        for k, saved in enumerate(self.saved or ()):
            if saved is None:
                made.append(None)
                continue
            s = saved
            s.unpack(self, k)
            made.append(_another(s, self if s.node is None and s.nr >= 0 else s.node))
        return tuple(made)

    cdef str name(self):
        """Of the user's class."""
        return getattr(type(self), "_forward_cls", type(self)).__name__

    def _check_saved(self):
        if self.freed:
            raise RuntimeError(graph_errors.freed(self.name(), numbered_place(self.freed), numbered_place(self.made)))

    cdef int free_saved(self, int by) except -1:
        if self.saved:
            self.freed = by
            self.saved = None
        return 0

    def run_forward(self, forward, tuple args):
        """Call forward on the Tensors of the arguments; the results as Variables with this node as their history."""
        if not profiling:
            return self._run_forward(forward, args)
        start = clock()
        results = self._run_forward(forward, args)
        note(self.name(), start)
        return results

    cdef object _run_forward(self, forward, tuple args):
        cdef Tracked v
        cdef bint volatile = False
        self.made = number_here()        # a later line than the one that made an old-style instance
        if watching and watched():
            watch(self)
        self.forget_edges()              # an old-style instance that is called again forgets its first call
        self.inputs = []
        self.requires_grad = False
        needs = []
        for arg in args:
            known = isinstance(arg, Tracked)
            self.inputs.append(known)
            if known:
                v = arg
                volatile = volatile or v.volatile_
                self.requires_grad = self.requires_grad or v.requires_grad_
                needs.append(bool(v.requires_grad_))
            else:
                needs.append(False)
        self.requires_grad = self.requires_grad and not volatile
        self.needs_input_grad = tuple(needs)
        if not volatile:
            for arg in args:
                self.add_edge(arg if isinstance(arg, Tracked) else None)
        plain = [(<Tracked>arg).data_ if isinstance(arg, Tracked) else arg for arg in args]
        results = forward(*plain)
        single = not isinstance(results, tuple)
        if single:
            results = (results,)
        outputs = self._wrap(args, results, volatile)
        if not volatile:
            self._save(args, outputs)
        self.to_save = self.dirty_tensors = self.non_differentiable = None
        return outputs[0] if single else tuple(outputs)

    cdef list _wrap(self, tuple args, tuple results, bint volatile):
        cdef Tracked v, out
        cdef int k = 0
        owners = {id((<Tracked>arg).data_): arg for arg in args if isinstance(arg, Tracked)}
        dirty = {id(t) for t in self.dirty_tensors or ()}
        for t in self.non_differentiable or ():
            if not isinstance(t, Tensor):
                raise RuntimeError(f"mark_non_differentiable only accepts tensor arguments, but got {type(t).__name__}")
        fixed = {id(t) for t in self.non_differentiable or ()}
        for t in self.dirty_tensors or ():
            if id(t) not in owners:
                raise RuntimeError("mark_dirty only accepts input tensors, but an argument of it is none")
            v = owners[id(t)]
            check_inplace(v, self.name())
            if not any([t is r for r in results]):
                changed(v, self.name())
        outputs, self.kinds = [], []
        self.n_results = max(len(results), 1)
        for result in results:
            if not isinstance(result, Tensor):
                raise RuntimeError(
                    f"data must be a Tensor: forward of {type(self).__name__} must give tensors, got "
                    f"{type(result).__name__} as result {k}"
                )
            self.kinds.append(((<Tensor>result).dtype, sizes_of(result)))
            v = owners.get(id(result))
            if v is not None and id(result) in dirty:
                changed(v, self.name())
                out = v
                if volatile:
                    out.volatile_, out.requires_grad_, out.node = True, False, None
            elif v is not None and v.node is not None and not volatile:
                outputs.append(v)
                k += 1
                continue
            else:
                out = wrap(result, False, volatile)
            if not volatile:
                differentiable = self.requires_grad and id(result) not in fixed
                out.node = self
                out.output_nr_ = k
                out.requires_grad_ = differentiable
            outputs.append(out)
            k += 1
        return outputs

    cdef int _save(self, tuple args, list outputs) except -1:
        cdef Tracked v
        if self.to_save is None:
            return 0
        self.saved = []
        for t in self.to_save:
            if t is None:
                self.saved.append(None)
                continue
            if isinstance(t, Tracked):
                raise TypeError(
                    "save_for_backward can only save tensors, but got a Variable: forward sees tensors, "
                    "save those"
                )
            for k, out in enumerate(outputs):
                if (<Tracked>out).data_ is t:
                    self.saved.append(_saved(out, None, k))
                    break
            else:
                for arg in args:
                    if isinstance(arg, Tracked) and (<Tracked>arg).data_ is t:
                        v = arg
                        node = edge_of(v)
                        self.saved.append(_saved(v, node, v.output_nr_ if node is not None else -1))
                        break
                else:
                    raise RuntimeError(
                        "save_for_backward can only save input or output tensors, "
                        f"but argument {len(self.saved)} doesn't satisfy this condition"
                    )
            if watching and watched():
                note_saved(self, len(self.saved) - 1, t)
        return 0

    cdef list completed(self, list grads):
        """The gradients, zeros where there is none."""
        return [self.zeros(k) if g is None else g for k, g in enumerate(grads)]

    cdef Tensor zeros(self, int k):
        cdef Py_ssize_t numbers[MAX_DIMS]
        cdef Tensor t
        dtype, sizes = self.kinds[k]
        for i in range(len(sizes)):
            numbers[i] = sizes[i]
        t = new_tensor(dtype, len(sizes), numbers)
        zero(t)
        return t

    cdef list checked(self, object results):
        """What backward gave, one for each argument."""
        cdef int n = len(self.inputs)
        results = list(results) if isinstance(results, tuple) else [results]
        if len(results) > n and all([r is None for r in results[n:]]):
            results = results[:n]
        if len(results) != n:
            raise RuntimeError(
                f"function {type(self).__name__} returned an incorrect number of gradients "
                f"(expected {n}, got {len(results)})"
            )
        for k, result in enumerate(results):
            if result is not None and not self.inputs[k]:
                raise RuntimeError(
                    f"function {type(self).__name__} returned a gradient different from None at position {k}, "
                    "but the corresponding forward input was not a Variable"
                )
        return results


cdef Tracked _another(Saved s, Node node):
    """A Variable of its own on a saved tensor, with the saved one's history."""
    cdef Tracked v = rejoined(s.tensor, node, max(s.nr, 0), s.version)
    cdef Tracked twin
    if v.node is not None or not v.requires_grad_:
        return v
    twin = wrap(s.tensor, True, False)               # of a leaf: another Variable whose gradients reach the same end
    twin.node = node
    return twin


cdef class StaticNode(FunctionNode):
    """The node of a new-style Function: its class has backward(ctx, *gradients) on Variables."""

    cdef list apply(self, list grads, bint graph):
        cdef list given = []
        cdef int k
        for k in range(len(grads)):
            if grads[k] is None:
                given.append(new_variable(self.zeros(k)))
            else:
                given.append(grads[k] if isinstance(grads[k], Tracked) else wrap(grads[k], False, True))
        results = self.checked(type(self)._forward_cls.backward(self, *given))
        for k in range(len(results)):
            result = results[k]
            if result is None:
                if self.inputs[k] and self.next(k) is not None:
                    results[k] = new_variable(zeros_of((<Tracked>given[0]).data_))
                continue
            if not isinstance(result, Tracked):
                raise RuntimeError(
                    f"expected Variable or None: backward of {type(self).__name__} must give Variables or "
                    f"None, got {type(result).__name__}"
                )
            if not graph and (<Tracked>result).volatile_:
                results[k] = (<Tracked>result).data_
        return results


cdef class InstanceNode(FunctionNode):
    """An old-style Function: the instance is the node; forward and backward are its methods and see tensors."""

    cdef list apply(self, list grads, bint graph):
        cdef list given = self.completed(grads)
        cdef int k
        given = [(<Tracked>g).data_ if isinstance(g, Tracked) else g for g in given]
        results = self.checked(self.backward(*given))
        for k in range(len(results)):
            if results[k] is None:
                continue
            if not isinstance(results[k], Tensor):
                raise RuntimeError(
                    f"expected Tensor: backward of {type(self).__name__} must give tensors or None, got "
                    f"{type(results[k]).__name__}"
                )
            if graph:
                why = f"{type(self).__name__}LegacyBackward is not differentiable twice"
                results[k] = undifferentiable(results[k], grads, why)
        return results


cdef class Error(Node):
    """The history of gradients that cannot be differentiated themselves."""
    cdef str why

    cdef list apply(self, list grads, bint graph):
        raise RuntimeError(self.why)


def undifferentiable(Tensor data not None, list grads, str why):
    """A gradient computed from `grads`, Variables or None; where these require gradients, backward raises why."""
    cdef Tracked v
    cdef Tracked result = new_variable(data)
    cdef Error error = Error.__new__(Error)
    error.why = why
    for v in grads:
        if v is not None:
            error.add_edge(v)
            result.requires_grad_ = result.requires_grad_ or v.requires_grad_
    result.node = error
    return result
