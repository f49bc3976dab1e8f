"""Tensors filled by a rule: zeros, ones, the identity, evenly spaced numbers."""

from libc.math cimport fmod, isfinite, pow
from libc.stdint cimport INTPTR_MAX, int64_t

from .construct cimport size_list
from .copy cimport convert, copy_into, fill, zero
from .storage cimport DOUBLE, FLOAT, HALF, LONG
from .tensor cimport MAX_DIMS, Tensor, data_of, new_tensor, new_view, prepare, type_name

cdef extern from "math.h" nogil:
    float powf(float x, float y)


def filled(sizes, value, int dtype, Tensor out=None):
    """value everywhere, in sizes; out, if given, decides the type and is resized."""
    cdef Py_ssize_t numbers[MAX_DIMS]
    cdef int ndim = size_list(sizes, numbers)
    out = prepare(out, dtype if out is None else out.dtype, ndim, numbers)
    if value == 0:
        zero(out)
    elif out.numel:
        fill(out, value)
    return out


def eye(Py_ssize_t rows, Py_ssize_t columns, int dtype, Tensor out=None):
    """Ones on the main diagonal, zeros elsewhere."""
    cdef Py_ssize_t sizes[2]
    cdef Py_ssize_t n, step
    if rows <= 0:
        raise RuntimeError(f"eye takes a positive number of rows, got {rows}")
    sizes[0] = rows
    sizes[1] = columns if columns > 0 else rows
    out = prepare(out, dtype if out is None else out.dtype, 2, sizes)
    zero(out)
    n = min(sizes[0], sizes[1])
    step = out.strides[0] + out.strides[1]
    fill(new_view(out, 1, &n, &step, out.offset), 1)
    return out


cdef Py_ssize_t _count(double start, double stop, double step) except -1:
    """How many numbers from start to stop (both included) are step apart."""
    cdef double n
    if step == 0:
        raise RuntimeError("the step must not be 0")
    if not (step > 0 and stop >= start or step < 0 and stop <= start):
        raise RuntimeError(f"upper bound and lower bound incoherent with step sign: from {start} to {stop} by {step}")
    n = (stop - start) / step + 1
    if not isfinite(n) or n > <double>(INTPTR_MAX // 16):
        raise RuntimeError(f"too many numbers from {start} to {stop} by {step}")
    return <Py_ssize_t>n


cdef Tensor _sequence(object start, object step, Py_ssize_t n, int dtype, Tensor out):
    """start + i * step, computed in double or, for integers, in 64 bits, and then converted."""
    cdef Tensor numbers
    cdef Py_ssize_t i
    cdef double first, by
    cdef int64_t whole, by_whole
    cdef double* reals
    cdef int64_t* integers
    if dtype < HALF:
        numbers = new_tensor(LONG, 1, &n)
        integers = <int64_t*>data_of(numbers)
        whole, by_whole = start, step
        for i in range(n):
            integers[i] = whole + i * by_whole
    else:
        numbers = new_tensor(DOUBLE, 1, &n)
        reals = <double*>data_of(numbers)
        first, by = start, step
        for i in range(n):
            reals[i] = first + i * by
    if out is None:
        return convert(numbers, dtype)
    out = prepare(out, dtype, 1, &n)
    copy_into(out, numbers)
    return out


def range_(start, stop, step, int dtype, Tensor out=None):
    """start, start + step, ... up to stop, which is included: int((stop - start) / step + 1) numbers."""
    return _sequence(start, step, _count(start, stop, step), dtype, out)


def arange(start, stop, step, int dtype, Tensor out=None):
    """start, start + step, ... below stop. Stop is left out only where fmod(stop - start, step) is exactly 0."""
    cdef double width = stop - start, by = step
    if by != 0 and fmod(width, by) == 0:
        stop = stop - step
    return _sequence(start, step, _count(start, stop, step), dtype, out)


def linspace(double start, double stop, Py_ssize_t steps, bint logarithmic, int dtype, Tensor out=None):
    """steps numbers from start to stop, evenly spaced, computed in the type; logarithmic: 10 to the power of those."""
    cdef Tensor numbers
    cdef Py_ssize_t i
    cdef float start_f = <float>start, width_f = <float>stop - <float>start, by_f
    cdef double width = stop - start
    cdef float* floats
    cdef double* doubles
    if dtype != FLOAT and dtype != DOUBLE:
        raise TypeError(f"Type {type_name(dtype)} doesn't implement {'logspace' if logarithmic else 'linspace'}")
    if steps < 1 or steps == 1 and start != stop:
        raise RuntimeError(f"invalid number of points: {steps} from {start} to {stop}")
    numbers = new_tensor(dtype, 1, &steps)
    if dtype == FLOAT:
        floats = <float*>data_of(numbers)
        for i in range(steps):
            by_f = start_f + (i * width_f / <float>(steps - 1) if steps > 1 else 0)
            floats[i] = powf(10, by_f) if logarithmic else by_f
    else:
        doubles = <double*>data_of(numbers)
        for i in range(steps):
            doubles[i] = start + (i * width / (steps - 1) if steps > 1 else 0)
            if logarithmic:
                doubles[i] = pow(10, doubles[i])
    if out is None:
        return numbers
    out = prepare(out, dtype, 1, &steps)
    copy_into(out, numbers)
    return out
