"""Elements by index, mask or subscript."""

from .row import ALL, EVERY, TENSOR, VARIABLE, Composite, Kernel, View

METHODS = (TENSOR, VARIABLE)


def change(signature, impl, doc, *calls, **row):
    """A row that changes elements of x in place; Variables have it out of place too."""
    return Kernel(signature=signature, impl=impl, doc=doc, calls=calls, where=METHODS, functional=True, **row)


ROWS = (
    Kernel(
        signature="gather(x, dim, index)",
        impl="index.gather",
        doc="out[i][j] = x[index[i][j]][j] for dim 0, x[i][index[i][j]] for dim 1, and so on.",
        calls=("gather(self, dim dim, LongTensor index)",),
        grads=dict(x="zeros_sized(grad, x_size).scatter_add_(dim, index, grad)"),
    ),
    change(
        "scatter_(x, dim, index, src)",
        "index.scatter_",
        "x[index[i][j]][j] = src[i][j] for dim 0, and so on; the last of several wins.",
        "scatter_(self, dim dim, LongTensor index, Tensor src)",
        node="ScatterBackward0",
        grads=dict(x="scatter_fill_(grad.clone(), dim, index, 0)", src="grad.gather(dim, index)"),
    ),
    change(
        "scatter_fill_(x, dim, index, value)",
        "index.scatter_fill_",
        "x[index[i][j]][j] = value for dim 0, and so on.",
        "scatter_(self, dim dim, LongTensor index, number value)",
        node="ScatterBackward1",
        grads=dict(x="scatter_fill_(grad.clone(), dim, index, 0)"),
    ),
    change(
        "scatter_add_(x, dim, index, src)",
        "index.scatter_add_",
        "x[index[i][j]][j] += src[i][j] for dim 0, and so on.",
        "scatter_add_(self, dim dim, LongTensor index, Tensor src)",
        grads=dict(x="grad", src="grad.gather(dim, index)"),
    ),
    Kernel(
        signature="index_select(x, dim, index)",
        impl="index.index_select",
        doc="The slices of x along dim that index, a vector, names, in its order.",
        calls=("index_select(self, dim dim, LongTensor index)",),
        grads=dict(x="zeros_sized(grad, x_size).index_add_(dim, index, grad)"),
    ),
    change(
        "index_add_(x, dim, index, source)",
        "index.index_add_",
        "The slices of source are added to those of x along dim that index names.",
        "index_add_(self, dim dim, LongTensor index, Tensor source)",
        grads=dict(x="grad", source="grad.index_select(dim, index)"),
    ),
    change(
        "index_copy_(x, dim, index, source)",
        "index.index_copy_",
        "The slices of x along dim that index names become those of source.",
        "index_copy_(self, dim dim, LongTensor index, Tensor source)",
        grads=dict(x="index_fill_(grad.clone(), dim, index, 0)", source="grad.index_select(dim, index)"),
    ),
    change(
        "index_fill_(x, dim, index, value)",
        "index.index_fill_",
        "The elements of the slices of x along dim that index names become value.",
        "index_fill_(self, dim dim, LongTensor index, number value)",
        grads=dict(x="index_fill_(grad.clone(), dim, index, 0)"),
    ),
    Kernel(
        signature="take(x, index)",
        impl="index.take",
        doc="The elements of x, counted in row-major order, that index names (negative: from the end).",
        calls=("take(self, LongTensor index)",),
        grads=dict(x="zeros_sized(grad, x_size).put_(index, grad, True)"),
    ),
    change(
        "put_(x, index, source, accumulate)",
        "index.put_",
        "The elements of x, counted in row-major order, that index names become those of source, or grow by them.",
        "put_(self, LongTensor index, Tensor source, bool accumulate=False)",
        grads=dict(
            x="grad if accumulate else grad.clone().put_(index, zeros_sized(grad, source_size), False)",
            source="grad.take(index).view(source_size)",
        ),
    ),
    Kernel(
        signature="masked_select(x, mask)",
        impl="mask.masked_select",
        doc="The elements of x where mask is 1, as a vector; x and mask broadcast to each other.",
        calls=("masked_select(self, ByteTensor mask)",),
        grads=dict(x="masked_spread(grad, mask, x_size)"),
    ),
    Kernel(
        signature="masked_spread(values, mask, size)",
        impl="mask.masked_spread",
        doc="What masked_select undone gives: values in order where mask is 1, 0 elsewhere, summed to size.",
        grads=dict(values="grad.masked_select(mask)"),
    ),
    change(
        "masked_fill_(x, mask, value)",
        "mask.masked_fill_",
        "The elements of x where mask, which broadcasts to x, is 1 become value.",
        "masked_fill_(self, ByteTensor mask, number value)",
        grads=dict(x="masked_fill_(grad.clone(), mask, 0)"),
    ),
    change(
        "masked_scatter_(x, mask, source)",
        "mask.masked_scatter_",
        "The elements of x where mask, which broadcasts to x, is 1 become the elements of source, in order.",
        "masked_scatter_(self, ByteTensor mask, Tensor source)",
        grads=dict(x="masked_fill_(grad.clone(), mask, 0)", source="masked_part(grad, mask, source_size)"),
    ),
    *(
        Composite(
            signature=name, doc=f"{newer}, by its older name.", dtypes=EVERY, where=where, impl=f"functional.{impl}"
        )
        for name, newer, where, impl in (
            ("masked_copy_", "masked_scatter_", (TENSOR,), "masked_copy_"),
            ("masked_copy_", "masked_scatter_", (VARIABLE,), "masked_copy_of_variable_"),
            ("masked_copy", "masked_scatter", (VARIABLE,), "masked_copy_of_variable"),
        )
    ),
    Kernel(
        signature="masked_part(x, mask, size)",
        impl="mask.masked_part",
        doc="What masked_scatter_ undone gives: the elements of x where mask is 1, in order, then zeros, in size.",
        grads=dict(x="zeros_sized(grad, x_size).masked_scatter_(mask, grad)"),
    ),
    Kernel(
        signature="nonzero(x)",
        impl="mask.nonzero",
        doc="The coordinates of the elements that are not 0, one row each; nothing found: no dimension.",
        calls=("nonzero(self)",),
    ),
    View(
        signature="index(x, key)",
        leaves_node=True,
        impl="subscript.index",
        doc="The part of x that ints, slices, None and Ellipsis name.",
        dtypes=EVERY,
        grads=dict(x="taken_back(grad, key, x_size)"),
    ),
    Kernel(
        signature="taken(x, key)",
        leaves_node=True,
        impl="subscript.taken",
        doc="The elements of x that a subscript names, copied.",
        dtypes=EVERY,
        grads=dict(x="taken_back(grad, key, x_size)"),
        node="IndexBackward",
    ),
    Kernel(
        signature="taken_back(values, key, size)",
        impl="subscript.taken_back",
        doc="Zeros in size, with values added at the places that a subscript names.",
        grads=dict(values="picked(grad, key)"),
    ),
    Kernel(
        signature="picked(x, key)",
        impl="subscript.taken",
        doc="taken, in gradients: the result is a leaf where nothing requires gradients.",
        dtypes=EVERY,
        grads=dict(x="taken_back(grad, key, x_size)"),
    ),
    Kernel(
        signature="set_part_(x, key, source)",
        leaves_node=True,
        impl="subscript.set_part_",
        doc="The elements of x that a subscript names become those of source, in order.",
        dtypes=ALL,
        grads=dict(x="set_number_(grad.clone(), key, 0)", source="picked(grad, key).view(source_size)"),
        node="SetItemBackward",
    ),
    Kernel(
        signature="set_number_(x, key, value)",
        leaves_node=True,
        impl="subscript.set_number_",
        doc="The elements of x that a subscript names become value.",
        dtypes=ALL,
        grads=dict(x="set_number_(grad.clone(), key, 0)"),
        node="SetItemBackward",
    ),
)
