"""Who looks at gradients on their way through the backward walk: hooks, and the watch of detect_anomaly()."""

from .graph cimport Node, Tracked, ZeroGradient, run_hooks, wrap
from .site cimport numbered_place
from .tensor cimport Tensor

from .. import graph_errors


cdef object as_variable(object grad, bint volatile):
    if isinstance(grad, ZeroGradient):
        grad = (<ZeroGradient>grad).dense()
    return grad if grad is None or isinstance(grad, Tracked) else wrap(grad, False, volatile)


cdef bint run_result_hooks(Node node, list grads, bint graph, bint constant) except -1:
    for nr, hooks in list(node.result_hooks.items()):
        grad = grads[nr]
        if grad is not None and hooks:
            grad = run_hooks(hooks, as_variable(grad, not (constant or graph)), graph)
            if not graph:
                constant = isinstance(grad, Tracked)
                grad = (<Tracked>grad).data_ if constant else grad
            grads[nr] = grad
    return constant


cdef list apply_with_hooks(Node node, list grads, bint graph, bint constant):
    """What the node gives, unless a hook on the node replaces it."""
    cdef bint volatile = not (constant or graph)
    given = tuple([as_variable(g, volatile) for k, g in enumerate(grads) if node.has_gradient(k)])
    results = node.apply(grads, graph)
    edges = node.shown()
    for hook in list(node.hooks.values()):
        replaced = hook(tuple([as_variable(results[k], volatile) for k in edges]), given)
        if replaced is not None:
            if isinstance(replaced, Tracked):
                replaced = (replaced,)
            if len(replaced) != len(edges):
                raise RuntimeError(
                    f"hook {getattr(hook, '__name__', hook)!r} has returned an incorrect number of values "
                    f"(got {len(replaced)}, but expected {len(edges)})"
                )
            for k, g in zip(edges, replaced):
                results[k] = g if g is None or graph or not (<Tracked>g).volatile_ else (<Tracked>g).data_
            node.constants_made = True
    return results


cdef list apply_watched(Node node, list grads, bint graph, bint constant):
    """The same; says where the node was made if it raises, or gives what is not finite."""
    cdef list results
    cdef int k
    try:
        if node.hooks is None:
            results = node.apply(grads, graph)
        else:
            results = apply_with_hooks(node, grads, graph, constant)
    except Exception as error:
        graph_errors.note_origin(error, type(node).__name__, numbered_place(node.made))
        raise
    for k in range(len(results)):
        result = results[k]
        if node.next(k) is not None and isinstance(result, (Tensor, Tracked)):
            values = (<Tracked>result).data_ if isinstance(result, Tracked) else result
            graph_errors.check_finite(values, type(node).__name__, k, numbered_place(node.made))
    return results
