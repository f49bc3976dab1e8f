"""Tensors from tensors: joined, cut up, and matrices' triangles and diagonals."""

from .row import EVERY, TENSOR, VARIABLE, Composite, Kernel

METHODS = (TENSOR, VARIABLE)

ROWS = (
    Kernel(
        signature="cat(tensors, dim)",
        impl="join.cat",
        doc="The tensors one after the other along dim; those without dimensions do not count.",
        calls=("cat(tensors seq, int dim=0)",),
        grads=dict(tensors="parts(grad, tensors_size, dim)"),
    ),
    Kernel(
        signature="split_evenly(x, split_size, dim)",
        impl="join.split_evenly",
        doc="x cut along dim into equal pieces, on x's memory.",
        dtypes=EVERY,
        outputs="pieces",
        grads=dict(x="joined(grads, x_size, split_size, dim)"),
        out=False,
        node="SplitBackward",
    ),
    Composite(
        signature="split",
        doc="x cut along a dimension into pieces of a size, the last of which may be smaller.",
        dtypes=EVERY,
        where=METHODS,
        impl="functional.split",
    ),
    Composite(
        signature="chunk",
        doc="x cut along a dimension into at most so many pieces of equal size, the last of which may be smaller.",
        dtypes=EVERY,
        where=(TENSOR,),
        impl="functional.chunk_of_tensor",
    ),
    Composite(
        signature="chunk",
        doc="x cut along a dimension into at most so many pieces of equal size, the last of which may be smaller.",
        dtypes=EVERY,
        where=(VARIABLE,),
        impl="functional.chunk",
    ),
    Kernel(
        signature="tril(x, diagonal)",
        impl="join.tril",
        doc="The elements on and below a diagonal (0: the main one, 1: that above it); zeros elsewhere.",
        calls=("tril(self, int diagonal=0)",),
        inplace=True,
        grads=dict(x="grad.tril(diagonal)"),
    ),
    Kernel(
        signature="triu(x, diagonal)",
        impl="join.triu",
        doc="The elements on and above a diagonal (0: the main one, 1: that above it); zeros elsewhere.",
        calls=("triu(self, int diagonal=0)",),
        inplace=True,
        grads=dict(x="grad.triu(diagonal)"),
    ),
    Kernel(
        signature="diag(x, diagonal)",
        impl="join.diag",
        doc="A diagonal of a matrix as a vector; of a vector, the square matrix that has it as that diagonal.",
        calls=("diag(self, int diagonal=0)",),
        grads=dict(x="diag_back(grad, x_size, diagonal)"),
    ),
    Kernel(
        signature="diag_back(values, size, diagonal)",
        impl="join.diag_back",
        doc="What diag undone gives in size: a matrix of zeros with that diagonal, or the diagonal of a matrix.",
        grads=dict(values="grad.diag(diagonal)"),
    ),
    Kernel(
        signature="cross(x, y, dim)",
        impl="join.cross",
        doc="The vector product of the vectors of three that lie along dim; -1: the first dimension of size 3.",
        calls=("cross(self, Tensor other, int dim=-1)",),
        grads=dict(x="y.cross(grad, dim)", y="grad.cross(x, dim)"),
    ),
)
