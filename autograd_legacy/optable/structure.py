"""Sizes, storages and element-by-element calls of Python functions: methods in plain Python."""

from .row import ALL, EVERY, TENSOR, VARIABLE, Composite, Kernel

METHODS = (TENSOR, VARIABLE)

ROWS = (
    Kernel(
        signature="tile(x, times)",
        impl="view.tile",
        doc="x copied times[k] times along dimension k; more numbers than dimensions add dimensions in front.",
        dtypes=EVERY,
        grads=dict(x="tile_backward(grad, x_size, times)"),
        node="RepeatBackward",
        leaves_node=True,
    ),
    Kernel(
        signature="tile_backward(g, size, times)",
        impl="view.tile_backward",
        doc="The copies of g summed.",
        grads=dict(g="tile(grad, times)"),
    ),
    *(
        Composite(signature=name, doc=doc, dtypes=dtypes, where=where, impl=f"structure.{name}")
        for name, dtypes, where, doc in (
            (
                "repeat",
                EVERY,
                METHODS,
                "x copied so many times along each dimension; more numbers add dimensions in front.",
            ),
            ("select", EVERY, (TENSOR,), "The slice at an index along a dimension; of a vector, a number."),
            ("permute", EVERY, (TENSOR,), "x with its dimensions in another order."),
            ("new", EVERY, METHODS, "A new tensor of the same type, from the arguments of its class."),
            ("numel", EVERY, METHODS, "The number of elements."),
            ("expand_as", EVERY, METHODS, "x expanded to the sizes of another tensor."),
            ("view_as", EVERY, METHODS, "x viewed in the sizes of another tensor."),
            ("resize_", EVERY, (TENSOR,), "Other sizes over the same storage, which grows where it is too small."),
            ("resize_as_", EVERY, (TENSOR,), "The sizes of another tensor over the same storage."),
            ("resize", ALL, (VARIABLE,), "The elements in other sizes."),
            ("resize_as", ALL, (VARIABLE,), "The elements in the sizes of another Variable."),
            ("set_", EVERY, (TENSOR,), "Another storage, offset, size and stride."),
            ("apply_", EVERY, (TENSOR,), "Each element replaced by a Python function's value of it."),
            ("map_", EVERY, (TENSOR,), "Each element replaced by a Python function of it and another tensor's."),
            ("map2_", EVERY, (TENSOR,), "Each element replaced by a Python function of it and two other tensors'."),
            ("is_signed", EVERY, METHODS, "Whether the type has negative numbers."),
            ("is_pinned", EVERY, (TENSOR,), "Whether the memory is locked in place: never on the CPU."),
            ("pin_memory", EVERY, (TENSOR,), "A copy in memory locked in place for transfers to a GPU."),
            ("share_memory_", EVERY, (TENSOR,), "The storage moved to memory that other processes can map; x itself."),
            ("is_shared", EVERY, (TENSOR,), "Whether the storage lies in memory that other processes can map."),
            ("get_device", EVERY, METHODS, "The number of the GPU that holds x."),
            ("reinforce", ALL, (VARIABLE,), "Removed in 0.3: torch.distributions took its place."),
        )
    ),
)
