"""Copies and other types."""

from .row import DTYPES, EVERY, TENSOR, VARIABLE, Composite, Kernel

METHODS = (TENSOR, VARIABLE)

ROWS = (
    Kernel(
        signature="clone(x)",
        impl="copy.cloned",
        doc="A contiguous copy.",
        calls=("clone(self)",),
        where=METHODS,
        grads=dict(x="grad"),
    ),
    Kernel(
        signature="convert(x, to, source)",
        impl="copy.converted",
        doc="x in the type of a code, `to`; source is the code of its own.",
        dtypes=EVERY,
        grads=dict(x="convert(grad, source, to)"),
        node="TypeBackward",
        leaves_node=True,
    ),
    Kernel(
        signature="zero_(x)",
        impl="copy.zero_",
        doc="All elements become 0.",
        calls=("zero_(self)",),
        where=METHODS,
        grads=dict(x="0 * grad"),
    ),
    Kernel(
        signature="fill_(x, value)",
        impl="copy.fill_",
        doc="All elements become value.",
        calls=("fill_(self, number value)",),
        where=METHODS,
        grads=dict(x="0 * grad"),
    ),
    Kernel(
        signature="assign_(x, source)",
        impl="copy.assign_",
        doc="The elements of source, of any type, broadcast or taken in order, are put into x.",
        dtypes=EVERY,
        grads=dict(x="0 * grad", source="convert(sum_to(grad, source_size), type_code(source), type_code(grad))"),
        node="CopyBackwards",
    ),
    *(
        Composite(
            signature=d.name.lower(),
            doc=f"x as a {d.name}Tensor; x itself where it is one.",
            dtypes=EVERY,
            where=METHODS,
            impl=f"conversion.{d.name.lower()}",
        )
        for d in DTYPES
    ),
    *(
        Composite(signature=name, doc=doc, dtypes=EVERY, where=(VARIABLE,), impl=f"conversion.{impl}")
        for name, impl, doc in (
            ("type", "type_of_variable", "x in another type: a class or its name."),
            ("type_as", "type_of_variable_as", "x in the type of another Variable."),
        )
    ),
    *(
        Composite(signature=name, doc=doc, dtypes=EVERY, where=where, impl=f"conversion.{name}")
        for name, where, doc in (
            ("type", (TENSOR,), "The name of x's type, or x in another type: a class or its name."),
            ("type_as", (TENSOR,), "x in the type of another tensor."),
            ("cpu", METHODS, "x in the memory of the CPU."),
            ("cuda", METHODS, "x in the memory of a GPU."),
            ("contiguous", METHODS, "x with its elements in row-major order without gaps."),
            ("numpy", METHODS, "A NumPy array on the same memory."),
            ("copy_", (TENSOR,), "The elements of source, of any type, are put into x."),
        )
    ),
)  # fmt: skip
