"""The backward walk: count what each node waits for, then run ready nodes, the latest made first.

docs/internals/backward.md tells it step by step. The entrance, run_backward, is at the end.
"""

from cpython.exc cimport PyErr_CheckSignals
from cpython.object cimport PyObject
from cpython.ref cimport Py_DECREF, Py_INCREF, Py_REFCNT, Py_XDECREF
from libcpp.algorithm cimport sort
from libcpp.deque cimport deque
from libcpp.unordered_map cimport unordered_map
from libcpp.utility cimport pair
from libcpp.vector cimport vector

from .graph cimport AccumulateGrad, Node, Tracked, ZeroGradient, added, edge_of, new_variable
from .observer cimport apply_watched, apply_with_hooks, as_variable, run_result_hooks
from .profile cimport clock, note, profiling
from .site cimport number_here, watched, watching
from .tensor cimport Tensor, is_contiguous, same_size
from .total cimport accumulate, summed, zeros_of

from .. import graph_errors

cdef extern from "task.h" namespace "al":
    cppclass Task:
        PyObject* run
        PyObject* node
        PyObject* grads
        Py_ssize_t sequence
        int waits
        bint wanted, needed, zero, zero_constant
        bint volatile "volatile_"

    cppclass Ready:
        void push(Task* task) except +
        Task* pop()
        bint empty()
        bint holds(Task* task)


cdef class Run:
    """One backward pass."""
    cdef bint graph                  # gradients are Variables whose own history is recorded
    cdef bint keep                   # saved values stay for another pass
    cdef bint selective              # autograd.grad: only what leads to the inputs runs
    cdef deque[Task] tasks           # all of them, in the order of their discovery; a deque moves none
    cdef Ready ready                 # the latest made node on top
    cdef unordered_map[void*, Task*] foreign     # node -> task, where another pass is at work on the node
    cdef bint hooked                 # some node has hooks, which want to see zeros, too
    cdef dict wanted                 # node -> [(result, index)]: gradients that the caller asked for
    cdef list inputs                 # the Variables whose gradients are asked for
    cdef list captured               # ... and those gradients
    cdef int number                  # of the line that called backward
    cdef bint watched                # inside detect_anomaly(): every gradient is looked at

    cdef Task* find(self, Node node) noexcept:
        """The task of a node; NULL where the pass does not come to it."""
        cdef Task* task = <Task*>node.task
        if task != NULL and task.run == <PyObject*>self:
            return task
        if self.foreign.count(<void*>node):
            return self.foreign[<void*>node]
        return NULL

    cdef Task* enter(self, Node node) except NULL:
        """The task of a node, made now if there is none."""
        cdef Task* task = self.find(node)
        cdef Task new
        if task != NULL:
            return task
        new.run, new.node = <PyObject*>self, <PyObject*>node
        new.sequence = node.sequence
        Py_INCREF(node)
        self.tasks.push_back(new)
        task = &self.tasks.back()
        if node.task == NULL:
            node.task = task
        else:
            self.foreign[<void*>node] = task
        return task

    # -- what lies behind the roots ------------------------------------------------------------------------------------

    cdef int discover(self) except -1:
        """Find every node behind the roots, and count the edges into each."""
        cdef size_t at = 0
        cdef Node node, next
        cdef int k
        while at < self.tasks.size():
            node = <Node>self.tasks[at].node
            self.hooked = self.hooked or node.hooks is not None or node.result_hooks is not None
            for k in range(node.n_edges):
                next = node.next(k)
                if next is not None:
                    self.enter(next).waits += 1
            at += 1
        return 0

    cdef int want(self, Node node, int nr, index) except -1:
        """Keep the gradient of a result of the node for the caller."""
        cdef Task* task = NULL
        if node is not None:
            task = self.find(node)
        if task != NULL:
            task.wanted = True
            self.wanted.setdefault(node, []).append((nr, index))
        return 0

    cdef int mark_needed(self) except -1:
        """Behind which nodes the inputs lie: edges lead to nodes made earlier, so those come first."""
        cdef vector[pair[Py_ssize_t, size_t]] order
        cdef Task* task
        cdef Node node, next
        cdef size_t at
        cdef int k
        for at in range(self.tasks.size()):
            node = <Node>self.tasks[at].node
            order.push_back(pair[Py_ssize_t, size_t](-1 if isinstance(node, AccumulateGrad) else node.sequence, at))
        sort(order.begin(), order.end())
        for at in range(order.size()):
            task = &self.tasks[order[at].second]
            node = <Node>task.node
            task.needed = task.wanted
            for k in range(node.n_edges):
                next = node.next(k)
                if next is not None:
                    task.needed = task.needed or self.find(next).needed
        return 0

    cdef bint leads_on(self, Node node) except -1:
        """Whether anything asked for lies behind the node; the edges of one where nothing does still count as done."""
        cdef Node next
        cdef bint on = False
        cdef int k
        if not isinstance(node, AccumulateGrad):
            for k in range(node.n_edges):
                next = node.next(k)
                if next is not None:
                    on = on or self.find(next).needed
        return on

    # -- the walk ------------------------------------------------------------------------------------------------------

    cdef int walk(self) except -1:
        """Run what is ready, until nothing is."""
        cdef Task* task
        cdef Task* behind
        cdef Node node, next
        cdef list grads, results
        cdef bint constant
        cdef unsigned int steps = 0
        cdef int k
        while not self.ready.empty():
            steps += 1
            if steps % 16 == 0:
                PyErr_CheckSignals()             # no Python code may run until the end, and Ctrl-C is to be heard
            task = self.ready.pop()
            node = <Node>task.node
            grads = self.take(task)
            constant = not (self.graph or task.volatile or task.zero and not task.zero_constant)
            if node.result_hooks is not None:
                constant = run_result_hooks(node, grads, self.graph, constant)
            if task.wanted:
                for nr, index in self.wanted[node]:
                    self.captured[index] = self.captive(task, grads[nr], index, constant)
            if self.selective and not self.leads_on(node):
                continue
            if task.zero and self.only_zeros(task, node, grads):
                self.finish(task)
                continue
            if constant and node.flagged:
                grads = [as_variable(g, False) for g in grads]
            results = self.run_node(node, grads, constant)
            if not self.keep:
                node.free_saved(self.number)
            grads = None
            for k in range(node.n_edges):
                next = node.next(k)
                if next is None:
                    continue
                behind = self.find(next)
                grad = results[k]
                if grad is not None:
                    results[k] = None
                    if node.constants_made:
                        self.add_flagged(behind, node.next_nr(k), grad, constant)
                    else:
                        self.add(behind, node.next_nr(k), grad)
                        behind.volatile = behind.volatile or not constant
                    grad = None
                behind.waits -= 1
                if behind.waits == 0:
                    self.ready.push(behind)
            self.finish(task)
        return 0

    cdef list run_node(self, Node node, list grads, bint constant):
        """The gradients of the node's operands."""
        cdef list results
        start = clock() if profiling else None
        if self.watched:
            results = apply_watched(node, grads, self.graph, constant)
        elif node.hooks is None:
            results = node.apply(grads, self.graph)
        else:
            results = apply_with_hooks(node, grads, self.graph, constant)
        if start is not None:
            note(type(node).__name__, start)
        return results

    cdef int finish(self, Task* task) except -1:
        """Take the task off its node."""
        cdef Node node = <Node>task.node
        if node.task == <void*>task:
            node.task = NULL
        else:
            self.foreign.erase(<void*>node)
        task.node = NULL
        Py_DECREF(node)
        Py_XDECREF(task.grads)
        task.grads = NULL
        return 0

    cdef int leave(self) except -1:
        """Take the tasks off the nodes that have not run, whatever happened."""
        cdef size_t at
        for at in range(self.tasks.size()):
            if self.tasks[at].node != NULL:
                self.finish(&self.tasks[at])
        self.tasks.clear()
        return 0

    # -- gradients on their way ----------------------------------------------------------------------------------------

    cdef int add(self, Task* task, int nr, object grad) except -1:
        """Add a gradient to what a result has gathered; in place where nobody else can see the buffer."""
        cdef list grads
        if task.grads == NULL:
            grads = [None] * (<Node>task.node).n_results
            Py_INCREF(grads)
            task.grads = <PyObject*>grads
        else:
            grads = <list>task.grads
        old = grads[nr]
        if old is None:
            grads[nr] = grad
        elif self.graph:
            grads[nr] = added(<Tracked>old, <Tracked>grad)
        else:
            grads[nr] = None
            # Never into one that is expanded: its elements share their memory.
            alone = Py_REFCNT(old) == 1 and (<Tensor>old).memory.refs == 1 and is_contiguous(<Tensor>old)
            if alone and same_size(<Tensor>old, <Tensor>grad):
                accumulate(<Tensor>old, <Tensor>grad)
                grads[nr] = old
            else:
                grads[nr] = summed(<Tensor>old, <Tensor>grad)
        return 0

    cdef int add_flagged(self, Task* task, int nr, object grad, bint constant) except -1:
        """Add a gradient that may be a constant, in a pass without graph a Variable, or zero everywhere."""
        if isinstance(grad, ZeroGradient):
            if not self.hooked:
                task.zero = True
                task.zero_constant = task.zero_constant or (<ZeroGradient>grad).constant
                return 0
            grad = (<ZeroGradient>grad).dense()
            if self.graph and not isinstance(grad, Tracked):
                grad = new_variable(grad)
        if not self.graph:
            if isinstance(grad, Tracked):
                grad = (<Tracked>grad).data_
            else:
                task.volatile = task.volatile or not constant
        return self.add(task, nr, grad)

    cdef list take(self, Task* task):
        """What the node's results have gathered."""
        cdef list grads
        if task.grads == NULL:
            return [None] * (<Node>task.node).n_results
        grads = <list>task.grads
        Py_DECREF(grads)
        task.grads = NULL
        return grads

    cdef bint only_zeros(self, Task* task, Node node, list grads) except -1:
        """Pass zeros on where nothing else came. Rows of the table are linear in their gradients, so that nothing need
        be computed; a leaf gets real zeros, and a user's Function sees them.
        """
        cdef Node next
        cdef Task* behind
        cdef int k
        for g in grads:
            if g is not None:
                return False
        if isinstance(node, AccumulateGrad):
            grads[0] = self.zeros((<Tracked>(<AccumulateGrad>node).variable).data_, task.zero_constant)
            return False
        if node.flagged:
            return False
        if not self.keep:
            node.free_saved(self.number)
        for k in range(node.n_edges):
            next = node.next(k)
            if next is not None:
                behind = self.find(next)
                behind.zero = True
                behind.zero_constant = behind.zero_constant or task.zero_constant
                behind.waits -= 1
                if behind.waits == 0:
                    self.ready.push(behind)
        return True

    cdef object zeros(self, Tensor like, bint constant):
        cdef Tensor zeros = zeros_of(like)
        return new_variable(zeros) if constant or self.graph else zeros

    cdef object captive(self, Task* task, object grad, Py_ssize_t index, bint constant):
        """A gradient that the caller asked for."""
        if grad is None and task.zero:
            grad = self.zeros((<Tracked>self.inputs[index]).data_, task.zero_constant)
        return as_variable(grad, not (constant or self.graph))


# -- the entrance -----------------------------------------------------------------------------------------------------

def run_backward(list roots, list grads, bint keep, bint graph, inputs=None):
    """Walk back from the root Variables with the gradients given for them (Variables, or None for ones).

    With `inputs` the gradients of those Variables are returned and nothing is accumulated; else they go into the
    leaves' .grad.
    """
    cdef Run run = Run.__new__(Run)
    cdef vector[Task*] starts
    cdef Task* task
    cdef Tracked root, v
    cdef Node node
    cdef int k
    run.graph, run.keep = graph, keep
    run.selective = inputs is not None
    run.number = number_here()
    run.watched = watching and watched()
    try:
        for k in range(len(roots)):
            root = roots[k]
            node = edge_of(root)
            if node is None:
                raise RuntimeError(graph_errors.no_graph(k, root))
            task = run.enter(node)
            starts.push_back(task)
            grad = grads[k]
            if run.watched:
                graph_errors.check_finite((<Tracked>grad).data_, "", k, None)
            run.add(task, root.output_nr_ if root.node is not None else 0, grad if graph else (<Tracked>grad).data_)
            task.volatile = task.volatile or (<Tracked>grad).volatile_
            grad = None
        run.discover()
        if inputs is not None:
            run.inputs, run.captured, run.wanted = list(inputs), [None] * len(inputs), {}
            for k in range(len(inputs)):
                v = inputs[k]
                node = v.node if v.node is not None else (<Node>v.accumulator if v.accumulator != NULL else None)
                run.want(node, v.output_nr_ if v.node is not None else 0, k)
            run.mark_needed()
        for task in starts:
            if task.waits == 0 and not run.ready.holds(task):
                run.ready.push(task)
        run.walk()
        if inputs is None:
            return None
        return tuple(run.captured)
    finally:
        run.leave()
