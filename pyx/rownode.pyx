"""The nodes of the table's rows: what they save, and how their gradients follow from the row's expressions."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject
from libc.string cimport memset

from .broadcast cimport sum_to
from .copy cimport fill, zero
from .graph cimport Node, Tracked, new_variable, rejoined, version_release
from .operation cimport Gradient
from .pointwise cimport run
from .tensor cimport Tensor, new_tensor

from . import rules

FREED = (
    "Trying to backward through the graph a second time, but the buffers have already been freed. Specify retain_graph=True when calling "
    "backward the first time."
)
CHANGED = "one of the variables needed for gradient computation has been modified by an inplace operation"


cdef Tracked _constant(int dtype, Tensor like, object number):
    cdef Tensor t = new_tensor(dtype, like.ndim, like.sizes)
    fill(t, number)
    return new_variable(t)


cdef class RowNode(Node):
    """A node of a row of the table."""


cdef class PointwiseNode(RowNode):
    def __dealloc__(self):
        cdef int k
        for k in range(5):
            if self.versions[k] != NULL:
                version_release(self.versions[k])

    cdef int save(self, int slot, object value, Version* version) except -1:
        if slot == 0:
            self.value0 = value
        elif slot == 1:
            self.value1 = value
        elif slot == 2:
            self.value2 = value
        elif slot == 3:
            self.value3 = value
        else:
            self.value4 = value
        if version != NULL:
            version.refs += 1
            self.versions[slot] = version
            self.at[slot] = version.value
        return 0

    cdef PyObject* value(self, int slot) except NULL:
        """What was saved for an operand, or, at n_operands, for the result."""
        if self.freed:
            raise RuntimeError(FREED)
        if self.versions[slot] != NULL and self.versions[slot].value != self.at[slot]:
            raise RuntimeError(CHANGED)
        if slot == 0:
            return <PyObject*>self.value0
        if slot == 1:
            return <PyObject*>self.value1
        if slot == 2:
            return <PyObject*>self.value2
        return <PyObject*>self.value3 if slot == 3 else <PyObject*>self.value4

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
                raise RuntimeError(f"the derivative for '{self.op.name}' with respect to {self.op.row.operands[k]} is not implemented")
            if gradient.zero:
                result = new_tensor(self.dtype, grad.ndim, grad.sizes)
                zero(result)
            elif gradient.identity:
                result = grad
            else:
                for i in range(gradient.n):
                    values[i] = <PyObject*>grad if gradient.slots[i] < 0 else self.value(gradient.slots[i])
                result = run(gradient.loops[dtype], gradient.extras[dtype], gradient.n, values, dtype, dtype, None)
            if self.sizes is not None:
                result = sum_to(result, self.sizes[k])
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
            results.append(result)
        return results

    cdef object variable(self, int slot):
        """A saved value as a Variable that knows its history."""
        value = <object>self.value(slot)
        if not isinstance(value, Tensor):
            return value
        if slot == self.op.n_operands:
            return rejoined(value, self, 0, self.versions[slot])
        return rejoined(value, self.next(slot), self.next_nr(slot), self.versions[slot])

    cdef int free_saved(self) except -1:
        if self.value0 is not None or self.value1 is not None or self.value2 is not None or self.value3 is not None or self.value4 is not None:
            self.freed = True
            self.value0 = self.value1 = self.value2 = self.value3 = self.value4 = None
        return 0


cdef class KernelNode(RowNode):
    """A node of a hand-written op: its gradients are the row's expressions, on Tensors or on Variables."""

    def __dealloc__(self):
        self.forget()

    cdef int forget(self) except -1:
        cdef int k
        for k in range(self.n_values):
            if self.versions[k] != NULL:
                version_release(self.versions[k])
        if self.versions != NULL:
            PyMem_Free(self.versions)
            PyMem_Free(self.at)
            self.versions = NULL
        self.n_values = 0
        return 0

    cdef int keep(self, list values, list versions) except -1:
        """Save values (None: not needed), each with the address of its version counter or 0."""
        cdef int k, n = len(values)
        self.values = values
        self.versions = <Version**>PyMem_Malloc(n * sizeof(Version*) or 1)
        self.at = <long*>PyMem_Malloc(n * sizeof(long) or 1)
        if self.versions == NULL or self.at == NULL:
            raise MemoryError()
        memset(self.versions, 0, n * sizeof(Version*))
        self.n_values = n
        for k in range(n):
            self.versions[k] = <Version*><size_t>versions[k]
            if self.versions[k] != NULL:
                self.versions[k].refs += 1
                self.at[k] = self.versions[k].value
        return 0

    cdef object value(self, int k, bint graph):
        """A saved operand or result, checked; as a Variable where the gradients are recorded."""
        cdef int edge, i
        if self.freed:
            raise RuntimeError(FREED)
        value = self.values[k]
        if self.versions[k] != NULL and self.versions[k].value != self.at[k]:
            raise RuntimeError(CHANGED)
        if not graph:
            return value
        edge = self.first_edge(k)
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Tensor):
            return [rejoined(t, self.next(edge + i), self.next_nr(edge + i), NULL) for i, t in enumerate(value)]
        if not isinstance(value, Tensor):
            return value
        if k >= self.op.n_operands:
            k -= self.op.n_operands
            if self.op.row.results[k] in self.op.row.constants:
                return new_variable(value)
            return rejoined(value, self, k, self.versions[k + self.op.n_operands])
        return rejoined(value, self.next(edge), self.next_nr(edge), self.versions[k])

    cdef int first_edge(self, int operand):
        return operand if self.spans is None else (self.spans[operand] if operand < len(self.spans) else 0)

    cdef list apply(self, list grads, bint graph):
        cdef list results = [None] * self.n_edges
        cdef int k, first
        for g in grads:
            if g is not None:
                break
        else:
            return results
        operands = self.op.row.operands
        for keys, names, rule in rules.kernel(self.op.name):
            spans = [self.span(operands.index(key)) for key in keys]
            wanted = tuple([any([self.next(k) is not None for k in span]) for span in spans])
            if not any(wanted):
                continue
            if rule is None:
                raise RuntimeError(f"the derivative for '{self.op.name}' is not implemented")
            values = [self.argument(name, grads, graph, wanted) for name in names]
            result = rule(*values)
            if len(keys) == 1:
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

    cdef object span(self, int operand):
        """The edges of an operand: one, or one for each tensor of a list."""
        cdef int first = self.first_edge(operand)
        if self.spans is None:
            return range(first, first + 1)
        end = self.spans[operand + 1] if operand + 1 < len(self.spans) else self.n_edges
        return range(first, end)

    cdef object argument(self, str name, list grads, bint graph, tuple wanted):
        """What a rule asks for: a gradient, an operand, a result, an operand's sizes, or which gradients are wanted."""
        row = self.op.row
        if name == "needs":
            return wanted
        if name == "grad":
            return grads[0]
        if name == "grads":
            return grads
        if name in row.operands:
            return self.value(row.operands.index(name), graph)
        if name.startswith("grad_"):
            g = grads[row.results.index(name.removeprefix("grad_"))]
            return g
        if name.endswith("_size"):
            return self.sizes[row.operands.index(name.removesuffix("_size"))]
        return self.value(self.op.n_operands + row.results.index(name), graph)

    cdef int free_saved(self) except -1:
        if self.values is not None and any([isinstance(v, (Tensor, tuple, list)) for v in self.values]):
            self.freed = True
            self.forget()
            self.values = None
        return 0
