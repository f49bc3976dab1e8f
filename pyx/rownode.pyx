"""The nodes of the table's rows: what they save, and how their gradients follow from the row's expressions.

See docs/internals/versions.md for the one, double_backward.md beside it for the other.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF, Py_XDECREF
from libc.string cimport memset

from .anomaly cimport differs, note_saved
from .broadcast cimport sum_to
from .copy cimport fill, zero
from .graph cimport Node, Tracked, ZeroGradient, new_variable, rejoined, wrap
from .operation cimport Gradient
from .pointwise cimport run
from .site cimport numbered_place, watched, watching
from .storage cimport N_DTYPES
from .tensor cimport Tensor, new_tensor, type_name
from .version cimport Version, changes_since, release

from .. import graph_errors
from . import rules

cdef extern from *:
    int popcount "__builtin_popcount"(unsigned int bits) noexcept


cdef Tracked _constant(int dtype, Tensor like, object number):
    cdef Tensor t = new_tensor(dtype, like.ndim, like.sizes)
    fill(t, number)
    return new_variable(t)


cdef class RowNode(Node):
    """A node of a row of the table."""

    cdef Tracked flat(self, Tracked gradient):
        """The gradient of the operand whose second derivative is zero, so that it is seen to depend on the operand."""
        cdef FlatBackward node
        cdef Tracked v
        cdef int k = self.op.zero_second
        if gradient.volatile_:
            return gradient
        node = FlatBackward.__new__(FlatBackward)
        node.constant = self.op.zero_second_constant
        node.add_edge(gradient)
        node.add_edge(rejoined(gradient.data_, self.next(k), self.next_nr(k), NULL))
        v = wrap(gradient.data_, True, False)
        v.node = node
        return v

    cdef bint has_gradient(self, Py_ssize_t result):
        return self.op.differentiable(result)

    cdef object refuse_freed(self):
        raise RuntimeError(graph_errors.freed(self.op.name, numbered_place(self.freed), numbered_place(self.made)))

    cdef object refuse_changed(self, int slot, object value, Version* version, long at):
        """slot: of an operand, or after those of a result."""
        role = graph_errors.role(self.op.row, slot)
        changes = changes_since(version, at)
        raise RuntimeError(
            graph_errors.changed(self.op.name, role, value, at, version.value, changes, numbered_place(self.made))
        )

    def __dealloc__(self):
        self.forget()

    cdef int reserve(self, unsigned int slots) except -1:
        """Room for what will be saved, each by `save`."""
        cdef int n = popcount(slots)
        self.slots = slots
        if n:
            self.saved = <Saved*>PyMem_Malloc(n * sizeof(Saved))
            if self.saved == NULL:
                raise MemoryError()
            memset(self.saved, 0, n * sizeof(Saved))
        return 0

    cdef int save(self, int slot, object value, Version* version) except -1:
        cdef Saved* saved = self.saved + popcount(self.slots & ((1u << slot) - 1))
        Py_INCREF(value)
        saved.value = <PyObject*>value
        if version != NULL:
            version.refs += 1
            saved.version = version
            saved.at = version.value
            if watching and watched():
                note_saved(self, slot, value)
        return 0

    cdef Saved* find(self, int slot) except NULL:
        """What was saved for an operand, or, from n_operands on, for a result."""
        cdef Saved* saved = self.saved + popcount(self.slots & ((1u << slot) - 1))
        if self.freed:
            self.refuse_freed()
        if saved.version != NULL:
            if saved.version.value != saved.at or watching and watched() and differs(self, slot, <object>saved.value):
                self.refuse_changed(slot, <object>saved.value, saved.version, saved.at)
        return saved

    cdef int forget(self) except -1:
        cdef Saved* saved = self.saved
        cdef int k, n = popcount(self.slots)
        if saved != NULL:
            self.saved = NULL
            for k in range(n):
                if saved[k].version != NULL:
                    release(saved[k].version)
                Py_XDECREF(saved[k].value)
            PyMem_Free(saved)
        return 0

    cdef int free_saved(self, int by) except -1:
        """Drop what was saved, and refuse to run again; a node that saved numbers alone runs as often as asked."""
        cdef int k, n = popcount(self.slots)
        if self.saved != NULL:
            for k in range(n):
                if self.saved[k].value != NULL and isinstance(<object>self.saved[k].value, (Tensor, tuple, list)):
                    self.freed = by
            if self.freed:
                self.forget()
        return 0


cdef class FlatBackward(Node):
    """The history of a gradient that depends on an operand with a slope of zero."""
    cdef bint constant

    def __cinit__(self):
        self.constants_made = True

    cdef list apply(self, list grads, bint graph):
        cdef ZeroGradient zeros = ZeroGradient.__new__(ZeroGradient)
        zeros.like = (<Tracked>grads[0]).data_ if graph else grads[0]
        zeros.constant = self.constant
        return [grads[0], zeros]


cdef class PointwiseNode(RowNode):
    cdef list apply(self, list grads, bint graph):
        if graph:
            return self.apply_recorded(grads[0])
        cdef Tensor grad = grads[0]
        cdef list results = []
        cdef list gradients = self.op.gradients
        cdef Gradient gradient
        cdef PyObject* values[8]
        cdef Tensor result
        cdef int k, i, dtype
        if grad is None:
            return [None] * self.n_edges
        dtype = grad.dtype
        for k in range(self.n_edges):
            if self.next(k) is None:
                results.append(None)
                continue
            gradient = gradients[k]
            if gradient is None:
                raise RuntimeError(
                    f"the derivative for '{self.op.name}' with respect to {self.op.row.operands[k]} is not "
                    "implemented"
                )
            if gradient.zero:
                result = new_tensor(self.dtype, grad.ndim, grad.sizes)
                zero(result)
            elif gradient.identity:
                result = grad
            elif dtype >= N_DTYPES:
                raise RuntimeError(f"{self.op.name} is not implemented for type {type_name(dtype)}")
            else:
                for i in range(gradient.n):
                    values[i] = <PyObject*>grad if gradient.slots[i] < 0 else self.find(gradient.slots[i]).value
                result = run(gradient.loops[dtype], gradient.extras[dtype], gradient.n, values, dtype, dtype, None)
            if self.sizes is not None:
                result = sum_to(result, self.sizes[k])
            if self.op.compares:
                self.constants_made = True
                results.append(new_variable(result))
            else:
                results.append(result)
        return results

    cdef list apply_recorded(self, Tracked grad):
        """The same on Variables, by the row's expressions: the gradients can be differentiated again."""
        cdef list results = []
        cdef int k
        if grad is None:
            return [None] * self.n_edges
        for k in range(self.n_edges):
            if self.next(k) is None:
                results.append(None)
                continue
            if self.op.gradients[k] is None:
                raise RuntimeError(f"the derivative for '{self.op.name}' is not implemented")
            names, rule = rules.pointwise(self.op.name, self.op.row.operands[k])
            result = rule(*[grad if name == "grad" else self.variable(self.op.n_operands if name == "out" else
                            self.op.row.operands.index(name)) for name in names])
            if not isinstance(result, Tracked):
                result = _constant(self.dtype, grad.data_, result)
            if self.sizes is not None:
                result = rules.ops.sum_to(result, self.sizes[k])
            results.append(self.flat(result) if k == self.op.zero_second else result)
        return results

    cdef object variable(self, int slot):
        """A saved value as a Variable that knows its history."""
        cdef Saved* saved = self.find(slot)
        value = <object>saved.value
        if not isinstance(value, Tensor):
            return value
        if slot == self.op.n_operands:
            return rejoined(value, self, 0, saved.version)
        return rejoined(value, self.next(slot), self.next_nr(slot), saved.version)


cdef enum:
    SAVED, GRADIENT, SIZE, NEEDS, GRADIENTS      # what a rule can ask for: see Row


cdef class Recipe:
    def __init__(self, row, keys, names, rule):
        self.rule = rule
        self.operands = [row.operands.index(key) for key in keys]
        self.operand = self.operands[0] if len(keys) == 1 else -1
        for name in names:
            kind, place = self._place(row, name)
            self.kinds.push_back(kind)
            self.places.push_back(place)

    def _place(self, row, str name):
        if name in row.operands:
            return SAVED, row.operands.index(name)
        if name in row.results:
            return SAVED, len(row.operands) + row.results.index(name)
        if name == "needs" or name == "grads":
            return NEEDS if name == "needs" else GRADIENTS, 0
        if name.endswith("_size"):
            return SIZE, row.operands.index(name.removesuffix("_size"))
        return GRADIENT, 0 if name == "grad" else row.results.index(name.removeprefix("grad_"))


cdef class Plan:
    pass


cdef list recipes_of(Operation op):
    if op.recipes is None:
        op.recipes = [Recipe(op.row, keys, names, rule) for keys, names, rule in rules.kernel(op.name)]
    return op.recipes


cdef Plan plan_of(Operation op, unsigned int wanted):
    cdef Plan plan = None
    cdef Recipe recipe
    cdef size_t k
    if op.plans is None:
        op.plans = {}
    else:
        plan = op.plans.get(wanted)
    if plan is None:
        plan = op.plans[wanted] = Plan.__new__(Plan)
        for recipe in recipes_of(op):
            if any([wanted >> operand & 1 for operand in recipe.operands]):
                for k in range(recipe.kinds.size()):
                    if recipe.kinds[k] == SAVED:
                        plan.slots |= 1u << recipe.places[k]
                    elif recipe.kinds[k] == SIZE:
                        plan.sizes |= 1u << recipe.places[k]
    return plan


cdef class KernelNode(RowNode):
    """A node of a hand-written op: its gradients are the row's expressions, on Tensors or on Variables."""

    cdef object value(self, int k, bint graph):
        """A saved operand or result, checked; as a Variable where the gradients are recorded."""
        cdef Saved* saved = self.find(k)
        cdef int edge, i
        if saved.value == NULL:
            return None
        value = <object>saved.value
        if not graph:
            return value
        edge = self.first_edge(k)
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tensor):
            return [rejoined(t, self.next(edge + i), self.next_nr(edge + i), NULL) for i, t in enumerate(value)]
        if not isinstance(value, Tensor):
            return value
        if k >= self.op.n_operands:
            if not self.op.differentiable(k - self.op.n_operands):
                return new_variable(value)
            return rejoined(value, self, k - self.op.n_operands, saved.version)
        return rejoined(value, self.next(edge), self.next_nr(edge), saved.version)

    cdef int first_edge(self, int operand):
        return operand if self.spans is None else (self.spans[operand] if operand < len(self.spans) else 0)

    cdef list apply(self, list grads, bint graph):
        cdef list results = [None] * self.n_edges
        cdef Recipe recipe
        cdef int k
        for g in grads:
            if g is not None:
                break
        else:
            return results
        for recipe in recipes_of(self.op):
            if recipe.operand >= 0 and self.spans is None:         # the common case: the gradient of one tensor
                if self.next(recipe.operand) is not None:
                    results[recipe.operand] = self.gradient(recipe, grads, graph, (True,))
                continue
            spans = [self.span(operand) for operand in recipe.operands]
            wanted = tuple([self.any_edge(span) for span in spans])
            if True not in wanted:
                continue
            result = self.gradient(recipe, grads, graph, wanted)
            if len(spans) == 1:
                result = (result,)
            for span, gradient in zip(spans, result):
                if gradient is None:
                    continue
                if isinstance(gradient, (tuple, list)):
                    for k, g in zip(span, gradient):
                        results[k] = g if self.next(k) is not None else None
                elif self.next(span[0]) is not None:
                    results[span[0]] = gradient
        return results

    cdef object gradient(self, Recipe recipe, list grads, bint graph, tuple wanted):
        """What the recipe's rule gives for what it asks for."""
        cdef list values = []
        cdef size_t k
        cdef int kind, place
        if recipe.rule is None:
            raise RuntimeError(f"the derivative for '{self.op.name}' is not implemented")
        for k in range(recipe.kinds.size()):
            kind, place = recipe.kinds[k], recipe.places[k]
            if kind == SAVED:
                values.append(self.value(place, graph))
            elif kind == GRADIENT:
                values.append(grads[place])
            elif kind == SIZE:
                values.append(self.sizes[place])
            else:
                values.append(wanted if kind == NEEDS else grads)
        found = recipe.rule(*values)
        if graph:
            return self.flat(found) if recipe.operand >= 0 and recipe.operand == self.op.zero_second else found
        if isinstance(found, Tracked):
            self.constants_made = True
        return found

    cdef bint any_edge(self, object span) except -1:
        cdef int k
        for k in span:
            if self.next(k) is not None:
                return True
        return False

    cdef object span(self, int operand):
        """The edges of an operand: one, or one for each tensor of a list."""
        cdef int first = self.first_edge(operand)
        if self.spans is None:
            return range(first, first + 1)
        end = self.spans[operand + 1] if operand + 1 < len(self.spans) else self.n_edges
        return range(first, end)
