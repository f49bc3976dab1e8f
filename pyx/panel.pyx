"""The lines along one dimension of a few tensors, side by side in panels of two dimensions."""

from cpython.object cimport PyObject

from .storage cimport ITEMSIZE
from .tensor cimport Tensor, data_of


cdef void begin_lines(Lines* lines, int dim, int n_tensors, PyObject** tensors) noexcept:
    cdef Tensor first = <Tensor>tensors[0], t
    cdef Panel* panel
    cdef int i, k, ndim = 0, closest = -1
    for k in range(first.ndim):
        if k == dim or first.sizes[k] == 1:
            continue
        lines.sizes[ndim] = first.sizes[k]
        lines.counter[ndim] = 0
        for i in range(n_tensors):
            t = <Tensor>tensors[i]
            lines.steps[ndim][i] = t.strides[k] * ITEMSIZE[t.dtype]
        if closest < 0 or abs(lines.steps[ndim][0]) <= abs(lines.steps[closest][0]):
            closest = ndim
        ndim += 1
    lines.n_tensors = n_tensors
    lines.ndim = ndim - 1 if ndim else 0
    for i in range(n_tensors):
        t = <Tensor>tensors[i]
        panel = &lines.panels[i]
        panel.data = data_of(t)
        panel.n, panel.down = t.sizes[dim], t.strides[dim] * ITEMSIZE[t.dtype]
        panel.m, panel.across = 1, 0
        if ndim:                     # neighbouring lines make up the panel; the last dimension takes their place
            panel.m, panel.across = lines.sizes[closest], lines.steps[closest][i]
            lines.steps[closest][i] = lines.steps[lines.ndim][i]
    if ndim:
        lines.sizes[closest] = lines.sizes[lines.ndim]


cdef bint next_lines(Lines* lines) noexcept nogil:
    """To the next panels, or False after the last."""
    cdef int i, k = lines.ndim - 1
    while k >= 0:
        lines.counter[k] += 1
        for i in range(lines.n_tensors):
            lines.panels[i].data += lines.steps[k][i]
        if lines.counter[k] < lines.sizes[k]:
            return True
        for i in range(lines.n_tensors):
            lines.panels[i].data -= lines.steps[k][i] * lines.sizes[k]
        lines.counter[k] = 0
        k -= 1
    return False
