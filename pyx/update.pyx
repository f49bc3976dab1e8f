"""The optimizers' updates: one pass over each parameter, its gradient and its state."""

from cpython.object cimport PyObject

from .storage cimport DOUBLE, FLOAT
from .strided cimport MAX_OPERANDS, inner_loop, iterate
from .tensor cimport Tensor, same_size, size_text, type_name

cdef extern from "update.h" nogil:
    inner_loop sgd_float "(al::update<float, al::SGD, 3>)"
    inner_loop sgd_double "(al::update<double, al::SGD, 3>)"
    inner_loop adam_float "(al::update<float, al::Adam, 4>)"
    inner_loop adam_double "(al::update<double, al::Adam, 4>)"
    inner_loop adamax_float "(al::update<float, al::Adamax, 4>)"
    inner_loop adamax_double "(al::update<double, al::Adamax, 4>)"
    inner_loop adagrad_float "(al::update<float, al::Adagrad, 3>)"
    inner_loop adagrad_double "(al::update<double, al::Adagrad, 3>)"
    inner_loop adadelta_float "(al::update<float, al::Adadelta, 4>)"
    inner_loop adadelta_double "(al::update<double, al::Adadelta, 4>)"
    inner_loop rmsprop_float "(al::update<float, al::RMSprop, 5>)"
    inner_loop rmsprop_double "(al::update<double, al::RMSprop, 5>)"
    inner_loop rprop_float "(al::update<float, al::Rprop, 4>)"
    inner_loop rprop_double "(al::update<double, al::Rprop, 4>)"
    inner_loop asgd_float "(al::update<float, al::ASGD, 3>)"
    inner_loop asgd_double "(al::update<double, al::ASGD, 3>)"


cdef int _update(inner_loop loop_float, inner_loop loop_double, double* coefficients, tuple operands) except -1:
    """Run a rule over its operands, the parameter standing last; None is an operand that the rule does not touch."""
    cdef PyObject* pointers[MAX_OPERANDS]
    cdef int n = len(operands), k
    cdef Tensor param = operands[n - 1], t
    if param.dtype != FLOAT and param.dtype != DOUBLE:
        raise TypeError(f"an optimizer updates FloatTensors and DoubleTensors, got a {type_name(param.dtype)}")
    for k in range(n):
        t = param if operands[k] is None else operands[k]
        if t.dtype != param.dtype:
            raise TypeError(f"gradient and state of a {type_name(param.dtype)} have its type, got {type_name(t.dtype)}")
        if not same_size(t, param):
            raise RuntimeError(f"gradient and state of a {size_text(param)} tensor have its size, got {size_text(t)}")
        pointers[k] = <PyObject*>t
    return iterate(loop_float if param.dtype == FLOAT else loop_double, coefficients, n, pointers)


def sgd(Tensor param not None, Tensor grad not None, Tensor velocity, double lr, double momentum, double dampening,
        double weight_decay, bint nesterov):
    cdef double[5] k = [lr, momentum, 1 - dampening, weight_decay, nesterov]
    _update(sgd_float, sgd_double, k, (grad, velocity, param))


def adam(Tensor param not None, Tensor grad not None, Tensor mean not None, Tensor square not None, double size,
         double beta1, double beta2, double eps, double weight_decay):
    cdef double[5] k = [size, beta1, beta2, eps, weight_decay]
    _update(adam_float, adam_double, k, (grad, mean, square, param))


def adamax(Tensor param not None, Tensor grad not None, Tensor mean not None, Tensor norm not None, double size,
           double beta1, double beta2, double eps, double weight_decay):
    cdef double[5] k = [size, beta1, beta2, eps, weight_decay]
    _update(adamax_float, adamax_double, k, (grad, mean, norm, param))


def adagrad(Tensor param not None, Tensor grad not None, Tensor sum not None, double size, double eps,
            double weight_decay):
    cdef double[3] k = [size, eps, weight_decay]
    _update(adagrad_float, adagrad_double, k, (grad, sum, param))


def adadelta(Tensor param not None, Tensor grad not None, Tensor square not None, Tensor moved not None, double lr,
             double rho, double eps, double weight_decay):
    cdef double[4] k = [lr, rho, eps, weight_decay]
    _update(adadelta_float, adadelta_double, k, (grad, square, moved, param))


def rmsprop(Tensor param not None, Tensor grad not None, Tensor square not None, Tensor mean, Tensor velocity,
            double lr, double alpha, double eps, double weight_decay, double momentum):
    cdef double[6] k = [lr, alpha, eps, weight_decay, momentum, mean is not None]
    _update(rmsprop_float, rmsprop_double, k, (grad, square, mean, velocity, param))


def rprop(Tensor param not None, Tensor grad not None, Tensor previous not None, Tensor size not None, double shrink,
          double grow, double smallest, double largest):
    cdef double[4] k = [shrink, grow, smallest, largest]
    _update(rprop_float, rprop_double, k, (grad, previous, size, param))


def asgd(Tensor param not None, Tensor grad not None, Tensor average not None, double eta, double shrink, double mu,
         double weight_decay):
    cdef double[4] k = [eta, shrink, mu, weight_decay]
    _update(asgd_float, asgd_double, k, (grad, average, param))
