"""The backward walk: count what each node waits for, then run ready nodes, the latest made first."""

cimport cython
from cpython.ref cimport Py_REFCNT

from .copy cimport clone
from .graph cimport AccumulateGrad, Node, Tracked, accumulate, edge_of, run_hooks, wrap
from .profile cimport clock, note, profiling
from .storage cimport N_DTYPES
from .tensor cimport Tensor, is_contiguous, same_size


@cython.freelist(256)
cdef class Task:
    """What one run of the engine knows of a node."""
    cdef Run run
    cdef Node node
    cdef int waits                   # edges into the node whose gradients have not come yet
    cdef list grads                  # gathered for each result
    cdef list captures               # None, or (result, index) pairs: gradients that the caller asked for
    cdef bint needed                 # whether anything asked for lies behind the node


cdef class Run:
    """One backward pass."""
    cdef bint graph                  # gradients are Variables whose own history is recorded
    cdef bint keep                   # saved values stay for another pass
    cdef bint selective              # autograd.grad: only what leads to the inputs runs
    cdef dict foreign                # tasks of nodes that an enclosing pass is at work on
    cdef list tasks                  # all of them
    cdef list captured
    cdef list heap

    cdef Task find(self, Node node):
        cdef Task task = node.task
        if task is not None and task.run is self:
            return task
        return None if self.foreign is None else self.foreign.get(node)

    cdef Task enter(self, Node node):
        cdef Task task = self.find(node)
        if task is not None:
            return task
        task = Task.__new__(Task)
        task.run = self
        task.node = node
        task.grads = [None] * node.n_results
        if node.task is None:
            node.task = task
        else:
            if self.foreign is None:
                self.foreign = {}
            self.foreign[node] = task
        self.tasks.append(task)
        return task

    cdef int discover(self) except -1:
        """Find every node behind the roots, and count the edges into each."""
        cdef Py_ssize_t at = 0
        cdef Task task, behind
        cdef Node node, next
        cdef int k
        while at < len(self.tasks):
            task = <Task>self.tasks[at]
            node = task.node
            for k in range(node.n_edges):
                next = node.next(k)
                if next is not None:
                    behind = self.enter(next)
                    behind.waits += 1
            at += 1
        return 0

    cdef int mark_needed(self) except -1:
        """Behind which nodes the inputs lie: edges lead to nodes made earlier, so those come first."""
        cdef Task task, behind
        cdef Node next
        cdef int k
        ends = [task for task in self.tasks if isinstance(task.node, AccumulateGrad)]
        others = sorted([task for task in self.tasks if not isinstance(task.node, AccumulateGrad)], key=_sequence_of)
        for task in ends + others:
            task.needed = task.captures is not None
            for k in range(task.node.n_edges):
                next = task.node.next(k)
                if next is not None:
                    behind = self.find(next)
                    task.needed = task.needed or behind.needed
        return 0

    cdef int add(self, Task task, int nr, object grad) except -1:
        """Add a gradient to what a result has gathered; in place where nobody else can see the buffer."""
        old = task.grads[nr]
        if old is None:
            task.grads[nr] = grad
        elif self.graph:
            task.grads[nr] = old + grad
        else:
            task.grads[nr] = None
            # Never into one that is expanded: its elements share their memory.
            alone = Py_REFCNT(old) == 1 and (<Tensor>old).memory.refs == 1 and is_contiguous(<Tensor>old)
            if alone and same_size(<Tensor>old, <Tensor>grad):
                accumulate(<Tensor>old, <Tensor>grad)
                task.grads[nr] = old
            else:
                task.grads[nr] = _sum(<Tensor>old, <Tensor>grad)
        return 0

    cdef int push(self, Task task) except -1:
        heap_push(self.heap, task)
        return 0

    cdef int walk(self) except -1:
        cdef Task task, behind
        cdef Node node, next
        cdef list grads, results
        cdef int k
        while self.heap:
            task = heap_pop(self.heap)
            node = task.node
            grads = task.grads
            task.grads = None
            if node.result_hooks is not None:
                self.run_result_hooks(node, grads)
            if task.captures is not None:
                for nr, index in task.captures:
                    self.captured[index] = grads[nr]
            if self.selective and not self.leads_on(task):
                continue
            start = clock() if profiling else None
            if node.hooks is None:
                results = node.apply(grads, self.graph)
            else:
                results = self.apply_with_hooks(node, grads)
            if start is not None:
                note(type(node).__name__, start)
            if not self.keep:
                node.free_saved()
            grads = None
            for k in range(node.n_edges):
                next = node.next(k)
                if next is None:
                    continue
                behind = self.find(next)
                grad = results[k]
                if grad is not None:
                    results[k] = None
                    self.add(behind, node.next_nr(k), grad)
                    grad = None
                behind.waits -= 1
                if behind.waits == 0:
                    self.push(behind)
        return 0

    cdef bint leads_on(self, Task task) except -1:
        """Whether anything asked for lies behind the node; the edges of one where nothing does still count as done."""
        cdef Node next
        cdef bint on = False
        cdef int k
        if not isinstance(task.node, AccumulateGrad):
            for k in range(task.node.n_edges):
                next = task.node.next(k)
                if next is not None:
                    on = on or self.find(next).needed
        return on

    cdef int run_result_hooks(self, Node node, list grads) except -1:
        for nr, hooks in node.result_hooks.items():
            grad = grads[nr]
            if grad is not None and hooks:
                grads[nr] = run_hooks(hooks, grad, self.graph)
        return 0

    cdef list apply_with_hooks(self, Node node, list grads):
        given = tuple([self.as_variable(g) for g in grads])
        results = node.apply(grads, self.graph)
        for hook in list(node.hooks.values()):
            shown = tuple([self.as_variable(g) for g in results])
            replaced = hook(shown, given)
            if replaced is not None:
                if isinstance(replaced, Tracked):
                    replaced = (replaced,)
                if len(replaced) != len(results):
                    raise RuntimeError(
                        f"a hook gave {len(replaced)} gradients for the {len(results)} of "
                        f"{type(node).__name__}"
                    )
                results = [g if g is None or self.graph else (<Tracked>g).data_ for g in replaced]
        return results

    cdef object as_variable(self, object grad):
        return grad if grad is None or self.graph else wrap(grad, False, True)

    cdef int leave(self) except -1:
        """Take the tasks off the nodes, whatever happened."""
        cdef Task task
        for task in self.tasks:
            if task.node.task is task:
                task.node.task = None
            task.run = None
            task.node = None
        self.tasks = None
        return 0


cdef Tensor _sum(Tensor a, Tensor b):
    cdef Tensor out
    if a.dtype >= N_DTYPES:
        a, b = b, a                  # dense and sparse make dense
    out = clone(a)
    accumulate(out, b)
    return out


cdef object _sequence_of(Task task):
    return task.node.sequence


# -- a heap of tasks, the latest made node on top ----------------------------------------------------------------------

cdef int heap_push(list heap, Task task) except -1:
    cdef Py_ssize_t at = len(heap), parent
    cdef Py_ssize_t sequence = task.node.sequence
    heap.append(task)
    while at > 0:
        parent = (at - 1) >> 1
        if (<Task>heap[parent]).node.sequence >= sequence:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = task
    return 0


cdef Task heap_pop(list heap):
    cdef Task top = heap[0], last = heap.pop()
    cdef Py_ssize_t n = len(heap), at = 0, child
    cdef Py_ssize_t sequence
    if n == 0:
        return last
    sequence = last.node.sequence
    while True:
        child = 2 * at + 1
        if child >= n:
            break
        if child + 1 < n and (<Task>heap[child + 1]).node.sequence > (<Task>heap[child]).node.sequence:
            child += 1
        if (<Task>heap[child]).node.sequence <= sequence:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
    return top


# -- the entrance
# -------------------------------------------------------------------------------------------------------

def run_backward(list roots, list grads, bint keep, bint graph, inputs=None):
    """Walk back from the root Variables with the gradients given for them (Variables, or None for ones).

    With `inputs` the gradients of those Variables are returned and nothing is accumulated; else they go into the
    leaves' .grad.
    """
    cdef Run run = Run.__new__(Run)
    cdef Task task
    cdef Tracked root, v
    cdef Node node
    cdef int k
    run.graph, run.keep = graph, keep
    run.selective = inputs is not None
    run.tasks, run.heap = [], []
    try:
        starts = []
        for k in range(len(roots)):
            root = roots[k]
            node = edge_of(root)
            if node is None:
                why = "is volatile" if root.volatile_ else "does not require grad and does not have a grad_fn"
                raise RuntimeError(f"element {k} of variables {why}")
            task = run.enter(node)
            starts.append(task)
            grad = grads[k]
            run.add(task, root.output_nr_ if root.node is not None else 0, grad if graph else (<Tracked>grad).data_)
            grad = None
        run.discover()
        if inputs is not None:
            run.captured = [None] * len(inputs)
            for k in range(len(inputs)):
                v = inputs[k]
                node = v.node if v.node is not None else (<Node>v.accumulator if v.accumulator != NULL else None)
                task = None if node is None else run.find(node)
                if task is not None:
                    if task.captures is None:
                        task.captures = []
                    task.captures.append((v.output_nr_ if v.node is not None else 0, k))
            run.mark_needed()
        for task in starts:
            if task.waits == 0 and task.grads is not None and task not in run.heap:
                run.push(task)
        starts = None
        run.walk()
        if inputs is None:
            return None
        return tuple([None if g is None else g if graph else wrap(g, False, True) for g in run.captured])
    finally:
        run.leave()
