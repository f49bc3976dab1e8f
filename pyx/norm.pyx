"""Batch normalization, its gradients and their gradients."""

from .copy cimport clone, contiguous
from .operands cimport Address, at, check_floating, check_same_size, check_type, check_vector, dense, sizes_text
from .storage cimport FLOAT
from .tensor cimport Tensor, is_contiguous, new_like, new_tensor
from .threads cimport Threads, threads

cdef extern from "norm.h" namespace "al" nogil:
    cppclass Batch:
        Py_ssize_t batch, channels, plane
    void normalize[T](
        Threads& threads, const Batch& b, Address x, bint training, Address mean, Address invstd, Address running_mean,
        Address running_var, double momentum, double eps, Address weight, Address bias, Address out)
    void normalize_grad[T](
        Threads& threads, const Batch& b, Address d, Address x, Address weight, Address mean, Address invstd,
        bint training, Address dx, Address dweight, Address dbias)
    void run_grad_grad "al::batch_norm_grad_grad"[T](
        const Batch& b, Address gx, Address gweight, Address gbias, Address d, Address x, Address weight, Address mean,
        Address invstd, bint training, Address to_d, Address to_x, Address to_weight)


cdef Batch batch_of(Tensor x) except *:
    cdef Batch b
    if x.ndim < 2:
        raise RuntimeError(f"batch_norm expected an input of two dimensions or more, got one of size {sizes_text(x)}")
    b.batch, b.channels = x.sizes[0], x.sizes[1]
    b.plane = x.numel // (b.batch * b.channels)
    return b


cdef int check_channels(Tensor x, str name, Tensor t) except -1:
    check_type("batch_norm", name, t, x.dtype)
    check_vector("batch_norm", name, t, x.sizes[1])
    return 0


def batch_norm(
    Tensor input not None, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var, bint training,
    double momentum, double eps
):
    check_floating("batch_norm", input)
    cdef Batch b = batch_of(input)
    for name, t in (("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias)):
        check_channels(input, name, t)
    if not training and (running_mean is None or running_var is None):
        raise RuntimeError("batch_norm needs running_mean and running_var where it is not training")
    for name, t in (("running_mean", running_mean), ("running_var", running_var)):
        if training and t is not None and not is_contiguous(t):
            raise RuntimeError(f"batch_norm: {name} is written to, so it must be contiguous")
    input, weight, bias = contiguous(input), dense(weight), dense(bias)
    running_mean, running_var = dense(running_mean), dense(running_var)
    cdef Tensor out = new_like(input)
    cdef Tensor mean = new_tensor(input.dtype, 1, &b.channels) if training else running_mean
    cdef Tensor invstd = new_tensor(input.dtype, 1, &b.channels)
    with nogil:
        if input.dtype == FLOAT:
            normalize[float](threads[0], b, at(input), training, at(mean), at(invstd), at(running_mean),
                             at(running_var), momentum, eps, at(weight), at(bias), at(out))
        else:
            normalize[double](threads[0], b, at(input), training, at(mean), at(invstd), at(running_mean),
                              at(running_var), momentum, eps, at(weight), at(bias), at(out))
    if not training:
        mean = clone(mean)                   # the running one will move on
    return out, mean, invstd


def batch_norm_grad(
    Tensor delta not None, Tensor input not None, Tensor weight, Tensor mean not None, Tensor invstd not None,
    bint training, needs
):
    check_same_size("batch_norm", delta, input)
    check_type("batch_norm", "the gradient", delta, input.dtype)
    cdef Batch b = batch_of(input)
    for name, t in (("weight", weight), ("mean", mean), ("invstd", invstd)):
        check_channels(input, name, t)
    delta, input, weight = contiguous(delta), contiguous(input), dense(weight)
    mean, invstd = contiguous(mean), contiguous(invstd)
    cdef Tensor dx = new_like(input) if needs[0] else None
    cdef Tensor dweight = new_tensor(input.dtype, 1, &b.channels) if needs[1] else None
    cdef Tensor dbias = new_tensor(input.dtype, 1, &b.channels) if needs[2] else None
    with nogil:
        if input.dtype == FLOAT:
            normalize_grad[float](threads[0], b, at(delta), at(input), at(weight), at(mean), at(invstd), training,
                                  at(dx), at(dweight), at(dbias))
        else:
            normalize_grad[double](threads[0], b, at(delta), at(input), at(weight), at(mean), at(invstd), training,
                                   at(dx), at(dweight), at(dbias))
    return dx, dweight, dbias


def batch_norm_grad_grad(
    Tensor gx, Tensor gweight, Tensor gbias, Tensor delta not None, Tensor input not None, Tensor weight,
    Tensor mean not None, Tensor invstd not None, bint training
):
    check_same_size("batch_norm", delta, input)
    cdef Batch b = batch_of(input)
    for name, t in (("weight", weight), ("mean", mean), ("invstd", invstd), ("gweight", gweight), ("gbias", gbias)):
        check_channels(input, name, t)
    for t in (gx, delta):
        if t is not None:
            check_type("batch_norm", "the gradient", t, input.dtype)
            check_same_size("batch_norm", t, input)
    gx, gweight, gbias = dense(gx), dense(gweight), dense(gbias)
    mean, invstd = contiguous(mean), contiguous(invstd)
    delta, input, weight = contiguous(delta), contiguous(input), dense(weight)
    cdef Tensor to_delta = new_like(input), to_input = new_like(input)
    cdef Tensor to_weight = None if weight is None else new_like(weight)
    with nogil:
        if input.dtype == FLOAT:
            run_grad_grad[float](
                b, at(gx), at(gweight), at(gbias), at(delta), at(input), at(weight), at(mean), at(invstd), training,
                at(to_delta), at(to_input), at(to_weight))
        else:
            run_grad_grad[double](
                b, at(gx), at(gweight), at(gbias), at(delta), at(input), at(weight), at(mean), at(invstd), training,
                at(to_delta), at(to_input), at(to_weight))
    return to_delta, to_input, to_weight
