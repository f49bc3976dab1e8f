"""Order along a dimension. A nan counts as larger than all numbers; equal elements keep their order."""

from .reduction import SELECTED
from .row import Kernel

# What is selected goes back where it came from.
ORDERED = "zeros_sized(grad_values, x_size).scatter_(dim, indices, grad_values)"


def selection(signature, doc, calls, grad, **row):
    name = signature.partition("(")[0]
    return Kernel(
        signature=signature,
        impl=f"sort.{name}",
        doc=doc,
        calls=calls,
        grads=dict(x=grad),
        outputs="values, indices",
        constant="indices",
        **row,
    )


ROWS = (
    selection(
        "sort(x, dim, descending)",
        "The elements in order along dim, and where each stood.",
        ("sort(self, dim dim, bool descending=False)", "sort(self, dim dim=-1, *, bool descending=False)"),
        ORDERED,
    ),
    selection(
        "topk(x, k, dim, largest, sorted)",
        "The k largest (or smallest) elements along dim, in order, and where each stood.",
        ("topk(self, int k, dim dim=-1, bool largest=True, bool sorted=True)",),
        ORDERED,
    ),
    selection(
        "kthvalue(x, k, dim, keepdim)",
        "The k-th smallest elements along dim, counted from 1, and where they stand.",
        ("kthvalue(self, int k, dim dim=-1, bool keepdim=False)",),
        SELECTED,
    ),
    Kernel(
        signature="median(x)",
        impl="sort.median",
        doc="The median of all elements; of an even number, the lower one of the two in the middle.",
        calls=("median(self)",),
        grads=dict(x="where_equal(grad, x, out)"),
        node="MedianBackward0",
        out=False,
    ),
    selection(
        "median_dim(x, dim, keepdim)",
        "The medians along dim (of an even number, the lower one of the two in the middle), and where they stand.",
        ("median(self, dim dim=-1, bool keepdim=False)",),
        SELECTED,
        node="MedianBackward1",
    ),
    selection(
        "mode(x, dim, keepdim)",
        "The most frequent elements along dim, of equally frequent ones the smallest, and where they stand first.",
        ("mode(self, dim dim=-1, bool keepdim=False)",),
        SELECTED,
    ),
)
