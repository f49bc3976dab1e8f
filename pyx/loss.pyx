"""The negative log-likelihood loss, whose targets are class numbers; alone and of a softmax (cross entropy)."""

from libc.stdint cimport int64_t

from .copy cimport contiguous, zero
from .operands cimport Address, at, check_floating, check_type, check_vector, dense, new_sized, sizes_text
from .storage cimport FLOAT, LONG
from .tensor cimport Tensor, data_of, new_like, new_scalar, sizes_of
from .threads cimport Threads, threads

cdef extern from "loss.h" namespace "al" nogil:
    cppclass Classes:
        Py_ssize_t batch, classes, plane
        int64_t ignored
        Py_ssize_t stray(const int64_t* target)
    void nll_each[T](const Classes& c, Address x, Address target, Address weight, Address out)
    void nll_sum[T](const Classes& c, Address x, Address target, Address weight, bint average, Address out)
    void nll_grad[T](
        const Classes& c, Address delta, Address target, Address weight, bint average, bint each, Address out)
    void run_cross "al::cross_entropy"[T](
        const Classes& c, Threads& threads, Address x, Address target, Address weight, bint average, bint each,
        Address sums, Address likelihoods, Address out)
    void run_cross_grad "al::cross_entropy_grad"[T](
        const Classes& c, Threads& threads, Address delta, Address x, Address sums, Address target, Address weight,
        bint average, bint each, Address out)


cdef Classes classes_of(sizes, Tensor target, Tensor weight, int dtype, int64_t ignore_index) except *:
    """The layout of N x C [x d ...]; RuntimeError unless target is N [x d ...] of classes and weight has C elements."""
    cdef Classes c
    check_type("nll_loss", "target", target, LONG)
    check_type("nll_loss", "weight", weight, dtype)
    if len(sizes) < 2 or target.ndim != len(sizes) - 1 or tuple(sizes[:1] + sizes[2:]) != tuple(sizes_of(target)):
        raise RuntimeError(f"nll_loss expected a target of size {list(sizes[:1] + sizes[2:])} for an input of size "
                           f"{list(sizes)}, got {sizes_text(target)}")
    c.batch, c.classes, c.ignored = sizes[0], sizes[1], ignore_index
    c.plane = target.numel // c.batch
    if weight is not None and weight.numel != c.classes:
        raise RuntimeError(f"nll_loss: weight should have an element for each of {c.classes} classes, got one of size "
                           f"{sizes_text(weight)}")
    cdef int64_t* targets = <int64_t*>data_of(target)
    cdef Py_ssize_t stray = c.stray(targets)
    if stray >= 0:
        raise RuntimeError(f"nll_loss: target {targets[stray]} at position {stray} is not a class: there are "
                           f"{c.classes}, counted from 0")
    return c


def nll_loss(
    Tensor input not None, Tensor target not None, Tensor weight, bint size_average, int64_t ignore_index, bint reduce
):
    check_floating("nll_loss", input)
    input, target, weight = contiguous(input), contiguous(target), dense(weight)
    cdef Classes c = classes_of(sizes_of(input), target, weight, input.dtype, ignore_index)
    cdef Tensor out = new_scalar(input.dtype) if reduce else new_sized(input.dtype, sizes_of(target))
    with nogil:
        if input.dtype == FLOAT:
            if reduce:
                nll_sum[float](c, at(input), at(target), at(weight), size_average, at(out))
            else:
                nll_each[float](c, at(input), at(target), at(weight), at(out))
        elif reduce:
            nll_sum[double](c, at(input), at(target), at(weight), size_average, at(out))
        else:
            nll_each[double](c, at(input), at(target), at(weight), at(out))
    return out


def nll_loss_grad(
    Tensor delta not None, size, Tensor target not None, Tensor weight, bint size_average, int64_t ignore_index,
    bint reduce
):
    check_floating("nll_loss", delta)
    delta, target, weight = contiguous(delta), contiguous(target), dense(weight)
    cdef Classes c = classes_of(size, target, weight, delta.dtype, ignore_index)
    check_vector("nll_loss", "the gradient", delta, 1 if reduce else target.numel)
    cdef Tensor out = new_sized(delta.dtype, size)
    zero(out)
    with nogil:
        if delta.dtype == FLOAT:
            nll_grad[float](c, at(delta), at(target), at(weight), size_average, not reduce, at(out))
        else:
            nll_grad[double](c, at(delta), at(target), at(weight), size_average, not reduce, at(out))
    return out


def cross_entropy(
    Tensor input not None, Tensor target not None, Tensor weight, bint size_average, int64_t ignore_index, bint reduce
):
    check_floating("cross_entropy", input)
    if input.ndim != 2:
        raise RuntimeError(f"cross_entropy expected an input of two dimensions, got {sizes_text(input)}")
    input, target, weight = contiguous(input), contiguous(target), dense(weight)
    cdef Classes c = classes_of(sizes_of(input), target, weight, input.dtype, ignore_index)
    cdef Tensor sums = new_sized(input.dtype, (c.batch, 2)), likelihoods = new_sized(input.dtype, (c.batch,))
    cdef Tensor out = new_scalar(input.dtype) if reduce else new_like(likelihoods)
    with nogil:
        if input.dtype == FLOAT:
            run_cross[float](c, threads[0], at(input), at(target), at(weight), size_average, not reduce, at(sums),
                             at(likelihoods), at(out))
        else:
            run_cross[double](c, threads[0], at(input), at(target), at(weight), size_average, not reduce, at(sums),
                              at(likelihoods), at(out))
    return out, sums


def cross_entropy_grad(
    Tensor delta not None, Tensor input not None, Tensor sums not None, Tensor target not None, Tensor weight,
    bint size_average, int64_t ignore_index, bint reduce
):
    input, target, weight, delta = contiguous(input), contiguous(target), dense(weight), contiguous(delta)
    cdef Classes c = classes_of(sizes_of(input), target, weight, input.dtype, ignore_index)
    check_type("cross_entropy", "the gradient", delta, input.dtype)
    check_vector("cross_entropy", "the gradient", delta, 1 if reduce else c.batch)
    check_type("cross_entropy", "the sums", sums, input.dtype)
    check_vector("cross_entropy", "the sums", sums, 2 * c.batch)
    sums = contiguous(sums)
    cdef Tensor out = new_like(input)
    with nogil:
        if input.dtype == FLOAT:
            run_cross_grad[float](c, threads[0], at(delta), at(input), at(sums), at(target), at(weight), size_average,
                                  not reduce, at(out))
        else:
            run_cross_grad[double](c, threads[0], at(delta), at(input), at(sums), at(target), at(weight), size_average,
                                   not reduce, at(out))
    return out
