"""Rows of a table, found by number (embedding), also summed or averaged by bags."""

from libc.stdint cimport int64_t

from .copy cimport contiguous, zero
from .operands cimport Address, at, check_floating, check_indices, check_type, new_sized, sizes_text
from .storage cimport FLOAT, LONG
from .tensor cimport Tensor, data_of, is_contiguous, sizes_of

cdef extern from "embedding.h" namespace "al" nogil:
    void lookup_rows[T](Address table, Py_ssize_t width, Address indices, Py_ssize_t n, Address out)
    void shorten_rows[T](Address table, Py_ssize_t rows, Py_ssize_t width, Address indices, Py_ssize_t n,
                         double max_norm, double norm_type) except +
    void add_rows[T](Address delta, Address indices, Py_ssize_t n, Address table, Py_ssize_t rows, Py_ssize_t width,
                     int64_t padding, bint by_count) except +
    void share_rows[T](Address table, Py_ssize_t rows, Py_ssize_t width, Address indices, Py_ssize_t n, int64_t padding,
                       bint by_count, Address out) except +
    cppclass Bags:
        const int64_t* offsets
        const int64_t* indices
        Py_ssize_t bags, n
        bint mean
        bint in_order()
    void sum_bags[T](const Bags& b, Address table, Py_ssize_t width, Address out)
    void add_bags[T](const Bags& b, Address delta, Address table, Py_ssize_t rows, Py_ssize_t width,
                     bint by_count) except +


cdef int check_table(str op, Tensor table, Tensor indices) except -1:
    check_floating(op, table)
    if table.ndim != 2:
        raise RuntimeError(f"{op} expected a table of two dimensions, got one of size {sizes_text(table)}")
    return check_indices(op, indices, table.sizes[0])


cdef int shorten(Tensor table, Tensor indices, max_norm, double norm_type) except -1:
    """Apply max_norm, if there is one, to the rows in use."""
    cdef Py_ssize_t width = table.sizes[1]
    cdef double longest
    if max_norm is None:
        return 0
    longest = max_norm
    if not is_contiguous(table):
        raise RuntimeError("embedding: max_norm changes the table in place, so it must be contiguous")
    with nogil:
        if table.dtype == FLOAT:
            shorten_rows[float](at(table), table.sizes[0], width, at(indices), indices.numel, longest, norm_type)
        else:
            shorten_rows[double](at(table), table.sizes[0], width, at(indices), indices.numel, longest, norm_type)
    return 0


cdef tuple result_size(Tensor indices, Py_ssize_t width):
    return tuple(sizes_of(indices)) + (width,)


def embedding(
    Tensor weight not None, Tensor indices not None, int64_t padding_idx, max_norm, double norm_type,
    bint scale_grad_by_freq, bint sparse
):
    indices = contiguous(indices)
    check_table("embedding", weight, indices)
    shorten(weight, indices, max_norm, norm_type)
    weight = contiguous(weight)
    cdef Tensor out = new_sized(weight.dtype, result_size(indices, weight.sizes[1]))
    with nogil:
        if weight.dtype == FLOAT:
            lookup_rows[float](at(weight), weight.sizes[1], at(indices), indices.numel, at(out))
        else:
            lookup_rows[double](at(weight), weight.sizes[1], at(indices), indices.numel, at(out))
    return out


def embedding_grad(Tensor delta not None, size, Tensor indices not None, int64_t padding_idx, bint scale_grad_by_freq):
    check_floating("embedding", delta)
    delta, indices = contiguous(delta), contiguous(indices)
    cdef Tensor out = new_sized(delta.dtype, size)
    check_indices("embedding", indices, out.sizes[0])
    if delta.numel != indices.numel * out.sizes[1]:
        raise RuntimeError(f"embedding: a gradient of size {sizes_text(delta)} does not fit indices of size "
                           f"{sizes_text(indices)}")
    cdef Py_ssize_t n = indices.numel, rows = out.sizes[0], width = out.sizes[1]
    zero(out)
    with nogil:
        if delta.dtype == FLOAT:
            add_rows[float](at(delta), at(indices), n, at(out), rows, width, padding_idx, scale_grad_by_freq)
        else:
            add_rows[double](at(delta), at(indices), n, at(out), rows, width, padding_idx, scale_grad_by_freq)
    return out


def embedding_share(Tensor weight not None, Tensor indices not None, int64_t padding_idx, bint scale_grad_by_freq):
    indices = contiguous(indices)
    check_table("embedding", weight, indices)
    weight = contiguous(weight)
    cdef Py_ssize_t n = indices.numel, rows = weight.sizes[0], width = weight.sizes[1]
    cdef Tensor out = new_sized(weight.dtype, result_size(indices, width))
    with nogil:
        if weight.dtype == FLOAT:
            share_rows[float](at(weight), rows, width, at(indices), n, padding_idx, scale_grad_by_freq, at(out))
        else:
            share_rows[double](at(weight), rows, width, at(indices), n, padding_idx, scale_grad_by_freq, at(out))
    return out


cdef Bags bags_of(Tensor indices, Tensor offsets, mode) except *:
    """The bags of contiguous indices and offsets; RuntimeError unless the offsets ascend from 0."""
    cdef Bags bags
    check_type("embedding_bag", "indices", indices, LONG)
    check_type("embedding_bag", "offsets", offsets, LONG)
    if mode not in ("sum", "mean"):
        raise RuntimeError(f"embedding_bag: mode must be 'sum' or 'mean', got {mode!r}")
    bags.indices, bags.offsets = <int64_t*>data_of(indices), <int64_t*>data_of(offsets)
    bags.n, bags.bags, bags.mean = indices.numel, offsets.numel, mode == "mean"
    if not bags.in_order():
        raise RuntimeError(f"embedding_bag: offsets must ascend from 0 to at most {indices.numel}, got "
                           f"{offsets.tolist()}")
    return bags


def embedding_bag(
    Tensor weight not None, Tensor indices not None, Tensor offsets not None, max_norm, double norm_type,
    bint scale_grad_by_freq, mode
):
    indices, offsets = contiguous(indices), contiguous(offsets)
    cdef Bags bags = bags_of(indices, offsets, mode)
    check_table("embedding_bag", weight, indices)
    shorten(weight, indices, max_norm, norm_type)
    weight = contiguous(weight)
    cdef Tensor out = new_sized(weight.dtype, (bags.bags, weight.sizes[1]))
    with nogil:
        if weight.dtype == FLOAT:
            sum_bags[float](bags, at(weight), weight.sizes[1], at(out))
        else:
            sum_bags[double](bags, at(weight), weight.sizes[1], at(out))
    return out


def embedding_bag_grad(
    Tensor delta not None, size, Tensor indices not None, Tensor offsets not None, bint scale_grad_by_freq, mode
):
    check_floating("embedding_bag", delta)
    delta, indices, offsets = contiguous(delta), contiguous(indices), contiguous(offsets)
    cdef Bags bags = bags_of(indices, offsets, mode)
    cdef Tensor out = new_sized(delta.dtype, size)
    check_indices("embedding_bag", indices, out.sizes[0])
    if delta.numel != bags.bags * out.sizes[1]:
        raise RuntimeError(f"embedding_bag: a gradient of size {sizes_text(delta)} does not fit {bags.bags} bags")
    zero(out)
    with nogil:
        if delta.dtype == FLOAT:
            add_bags[float](bags, at(delta), at(out), out.sizes[0], out.sizes[1], scale_grad_by_freq)
        else:
            add_bags[double](bags, at(delta), at(out), out.sizes[0], out.sizes[1], scale_grad_by_freq)
    return out
