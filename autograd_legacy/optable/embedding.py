"""Rows of a table, found by number."""

from .row import FLOATING, Kernel

ROWS = (
    Kernel(
        signature="embedding(weight, indices, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse)",
        leaves_node=True,
        impl="embedding.embedding",
        doc="out[...] = weight[indices[...]]. Rows in use whose norm_type-norm exceeds max_norm (or None) are first "
        "shortened to it, in place. The gradient passes by row padding_idx (-1: none); with scale_grad_by_freq a row's "
        "is divided by the number of its uses.",
        dtypes=FLOATING,
        grads=dict(weight="embedding_grad(grad, weight_size, indices, padding_idx, scale_grad_by_freq)"),
    ),
    Kernel(
        signature="embedding_grad(delta, size, indices, padding_idx, scale_grad_by_freq)",
        impl="embedding.embedding_grad",
        doc="The gradient of embedding's weight, of the given size, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(delta="embedding_share(grad, indices, padding_idx, scale_grad_by_freq)"),
    ),
    Kernel(
        signature="embedding_share(weight, indices, padding_idx, scale_grad_by_freq)",
        impl="embedding.embedding_share",
        doc="The transpose of embedding_grad: weight[indices[...]], 0 for row padding_idx, divided by the row's uses "
        "with scale_grad_by_freq.",
        dtypes=FLOATING,
        grads=dict(weight="embedding_grad(grad, weight_size, indices, padding_idx, scale_grad_by_freq)"),
    ),
    Kernel(
        signature="embedding_bag(weight, indices, offsets, max_norm, norm_type, scale_grad_by_freq, mode)",
        impl="embedding.embedding_bag",
        doc="For each bag, which begins at its offset among the indices, the sum or (mode) mean of the rows that they "
        "name. max_norm and scale_grad_by_freq as in embedding.",
        dtypes=FLOATING,
        grads=dict(weight="embedding_bag_grad(grad, weight_size, indices, offsets, scale_grad_by_freq, mode)"),
    ),
    Kernel(
        signature="embedding_bag_grad(delta, size, indices, offsets, scale_grad_by_freq, mode)",
        impl="embedding.embedding_bag_grad",
        doc="The gradient of embedding_bag's weight, of the given size, where delta is that of its result.",
        dtypes=FLOATING,
        grads=dict(
            delta="embedding_bag(embedding_share(grad, indices, -1, scale_grad_by_freq), places(indices), offsets, "
            "None, 2.0, False, mode)"
        ),
    ),
)
