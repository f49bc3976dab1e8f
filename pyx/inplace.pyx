"""What may be changed in place, and that it was. See docs/internals/inplace.md."""

import gc

from .graph cimport Node, Tracked, version_of
from .site cimport numbered_place
from .version cimport move

from .. import graph_errors


cdef int check_inplace(Tracked v, str what) except -1:
    if v.requires_grad_ and v.node is None:
        raise RuntimeError(graph_errors.leaf_changed(v, what))
    if v.version != NULL and v.version.live > 1:
        raise RuntimeError(graph_errors.shared(v, what, v.version.live, _sharing(v)))
    return 0


cdef list _sharing(Tracked v):
    """The other Variables of v's family of views, each with the line that made it, a Place or None."""
    cdef list found = []
    cdef Node node
    for other in gc.get_objects():
        if isinstance(other, Tracked) and (<Tracked>other).version == v.version and other is not v:
            node = (<Tracked>other).node
            found.append((other, None if node is None else numbered_place(node.made)))
    return found


cdef int changed(Tracked v, str what) except -1:
    return move(version_of(v), what)
