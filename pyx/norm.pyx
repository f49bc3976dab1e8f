"""Batch normalization, its gradients and their gradients."""

from .copy cimport clone, contiguous
from .operands cimport address, check_floating, check_same_size, check_type, check_vector, dense, sizes_text
from .storage cimport FLOAT
from .tensor cimport Tensor, data_of, is_contiguous, new_like, new_tensor

cdef extern from "norm.h" namespace "al" nogil:
    cppclass Batch:
        Py_ssize_t batch, channels, plane
    void batch_statistics[T](const Batch& b, const T* x, T* mean, T* invstd, T* running_mean, T* running_var, double momentum, double eps)
    void batch_normalize[T](const Batch& b, const T* x, const T* mean, const T* invstd, const T* weight, const T* bias, T* out)
    void run_grad "al::batch_norm_grad"[T](
        const Batch& b, const T* d, const T* x, const T* weight, const T* mean, const T* invstd, bint training, T* dx, T* dweight, T* dbias)
    void run_grad_grad "al::batch_norm_grad_grad"[T](
        const Batch& b, const T* gx, const T* gweight, const T* gbias, const T* d, const T* x, const T* weight, const T* mean,
        const T* invstd, bint training, T* to_d, T* to_x, T* to_weight)
    void invert_std[T](const T* var, T* invstd, Py_ssize_t n, double eps)


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


def batch_norm(Tensor input not None, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var, bint training, double momentum,
               double eps):
    check_floating("batch_norm", input)
    cdef Batch b = batch_of(input)
    for name, t in (("running_mean", running_mean), ("running_var", running_var), ("weight", weight), ("bias", bias)):
        check_channels(input, name, t)
    if not training and (running_mean is None or running_var is None):
        raise RuntimeError("batch_norm needs running_mean and running_var where it is not training")
    for name, t in (("running_mean", running_mean), ("running_var", running_var)):
        if training and t is not None and not is_contiguous(t):
            raise RuntimeError(f"batch_norm: {name} is written to, so it must be contiguous")
    input, weight, bias, running_mean, running_var = contiguous(input), dense(weight), dense(bias), dense(running_mean), dense(running_var)
    cdef Tensor out = new_like(input)
    cdef Tensor mean = new_tensor(input.dtype, 1, &b.channels) if training else running_mean
    cdef Tensor invstd = new_tensor(input.dtype, 1, &b.channels)
    cdef char* x = data_of(input)
    cdef char* w = address(weight)
    cdef char* c = address(bias)
    cdef char* m = data_of(mean)
    cdef char* s = data_of(invstd)
    cdef char* rm = address(running_mean)
    cdef char* rv = address(running_var)
    cdef char* to = data_of(out)
    with nogil:
        if input.dtype == FLOAT:
            if training:
                batch_statistics[float](b, <float*>x, <float*>m, <float*>s, <float*>rm, <float*>rv, momentum, eps)
            else:
                invert_std[float](<float*>rv, <float*>s, b.channels, eps)
            batch_normalize[float](b, <float*>x, <float*>m, <float*>s, <float*>w, <float*>c, <float*>to)
        else:
            if training:
                batch_statistics[double](b, <double*>x, <double*>m, <double*>s, <double*>rm, <double*>rv, momentum, eps)
            else:
                invert_std[double](<double*>rv, <double*>s, b.channels, eps)
            batch_normalize[double](b, <double*>x, <double*>m, <double*>s, <double*>w, <double*>c, <double*>to)
    if not training:
        mean = clone(mean)                   # the running one will move on
    return out, mean, invstd


def batch_norm_grad(Tensor delta not None, Tensor input not None, Tensor weight, Tensor mean not None, Tensor invstd not None, bint training,
                    needs):
    check_same_size("batch_norm", delta, input)
    check_type("batch_norm", "the gradient", delta, input.dtype)
    cdef Batch b = batch_of(input)
    delta, input, weight = contiguous(delta), contiguous(input), dense(weight)
    cdef Tensor dx = new_like(input) if needs[0] else None
    cdef Tensor dweight = new_tensor(input.dtype, 1, &b.channels) if needs[1] else None
    cdef Tensor dbias = new_tensor(input.dtype, 1, &b.channels) if needs[2] else None
    cdef char* d = data_of(delta)
    cdef char* x = data_of(input)
    cdef char* w = address(weight)
    cdef char* m = data_of(mean)
    cdef char* s = data_of(invstd)
    cdef char* to_x = address(dx)
    cdef char* to_w = address(dweight)
    cdef char* to_b = address(dbias)
    with nogil:
        if input.dtype == FLOAT:
            run_grad[float](b, <float*>d, <float*>x, <float*>w, <float*>m, <float*>s, training, <float*>to_x, <float*>to_w, <float*>to_b)
        else:
            run_grad[double](
                b, <double*>d, <double*>x, <double*>w, <double*>m, <double*>s, training, <double*>to_x, <double*>to_w, <double*>to_b)
    return dx, dweight, dbias


def batch_norm_grad_grad(Tensor gx, Tensor gweight, Tensor gbias, Tensor delta not None, Tensor input not None, Tensor weight,
                         Tensor mean not None, Tensor invstd not None, bint training):
    check_same_size("batch_norm", delta, input)
    cdef Batch b = batch_of(input)
    gx, gweight, gbias, delta, input, weight = dense(gx), dense(gweight), dense(gbias), contiguous(delta), contiguous(input), dense(weight)
    cdef Tensor to_delta = new_like(input), to_input = new_like(input)
    cdef Tensor to_weight = None if weight is None else new_like(weight)
    cdef char* g = address(gx)
    cdef char* gw = address(gweight)
    cdef char* gb = address(gbias)
    cdef char* d = data_of(delta)
    cdef char* x = data_of(input)
    cdef char* w = address(weight)
    cdef char* m = data_of(mean)
    cdef char* s = data_of(invstd)
    cdef char* td = data_of(to_delta)
    cdef char* tx = data_of(to_input)
    cdef char* tw = address(to_weight)
    with nogil:
        if input.dtype == FLOAT:
            run_grad_grad[float](b, <float*>g, <float*>gw, <float*>gb, <float*>d, <float*>x, <float*>w, <float*>m, <float*>s, training,
                                 <float*>td, <float*>tx, <float*>tw)
        else:
            run_grad_grad[double](b, <double*>g, <double*>gw, <double*>gb, <double*>d, <double*>x, <double*>w, <double*>m, <double*>s,
                                  training, <double*>td, <double*>tx, <double*>tw)
    return to_delta, to_input, to_weight
