"""Tensors filled with random numbers, in the streams of 0.3.1: elements are drawn in row-major order of the view."""

from libc.stdint cimport int64_t, uint64_t
from libc.string cimport memcpy

from .copy cimport contiguous, copy_into, unmixed
from .generator cimport Generator, Twister, twister_of
from .operands cimport check_floating
from .storage cimport DOUBLE, FLOAT, ITEMSIZE, LONG
from .tensor cimport (
    MAX_DIMS, Tensor, data_of, get_item, is_contiguous, new_like, new_tensor, new_view, prepare, resize,
    size_text, type_name,
)
from .threads cimport Threads, threads

from .._default import dtype_code


cdef extern from "laws.h" namespace "al_random" nogil:
    enum Law:
        UNIFORM, NORMAL, EXPONENTIAL, CAUCHY, LOG_NORMAL, GEOMETRIC, BERNOULLI

    void fill(Twister& twister, Law law, int dtype, void* out, int64_t n, double a, double b, Threads* threads)
    int64_t bernoulli_each(Twister& twister, int dtype, void* out, int p_dtype, const void* p, int64_t n,
                           Threads* threads)
    void whole(Twister& twister, int dtype, void* out, int64_t n, int64_t low, uint64_t width)
    uint64_t width_of(int dtype)
    void permutation(Twister& twister, int64_t* order, int64_t n)

    enum Weights:
        FINE, NEGATIVE, NOTHING

    Weights categories(Twister& twister, double* weights, int64_t n, int64_t* out, int64_t count, bint replacement)
    void scale_and_shift(int dtype, void* z, int64_t n, const void* std, const void* mean, double number)


cdef void _place(Tensor x, Tensor drawn, Py_ssize_t count) noexcept nogil:
    """Copy the first elements of `drawn` to x in row-major order: the last one stays of those that share memory."""
    cdef Py_ssize_t index[MAX_DIMS]
    cdef Py_ssize_t i, position = 0, size = ITEMSIZE[x.dtype]
    cdef char* source = data_of(drawn)
    cdef char* target = data_of(x)
    cdef int k
    for k in range(x.ndim):
        index[k] = 0
    for i in range(count):
        memcpy(target + position * size, source + i * size, size)
        for k in range(x.ndim - 1, -1, -1):
            index[k] += 1
            position += x.strides[k]
            if index[k] < x.sizes[k]:
                break
            index[k] = 0
            position -= x.strides[k] * x.sizes[k]


cdef Tensor _fill(Tensor x, Law law, double a, double b, Generator generator):
    cdef Tensor target = x if is_contiguous(x) else new_like(x)
    cdef Twister* twister = twister_of(generator)
    with nogil:
        fill(twister[0], law, target.dtype, data_of(target), target.numel, a, b, threads)
        if target is not x:
            _place(x, target, x.numel)
    return x


cdef int _check_std(double std) except -1:
    if not std > 0:
        raise RuntimeError(f"standard deviation must be strictly positive, got {std}")
    return 0


cdef int _check_chance(double p) except -1:
    if not 0 <= p <= 1:
        raise RuntimeError(f"a probability must be >= 0 and <= 1, got {p}")
    return 0


def uniform_(Tensor x not None, double low, double high, Generator generator=None):
    return _fill(x, UNIFORM, low, high, generator)


def normal_(Tensor x not None, double mean, double std, Generator generator=None):
    _check_std(std)
    return _fill(x, NORMAL, mean, std, generator)


def exponential_(Tensor x not None, double rate, Generator generator=None):
    return _fill(x, EXPONENTIAL, rate, 0, generator)


def cauchy_(Tensor x not None, double median, double sigma, Generator generator=None):
    return _fill(x, CAUCHY, median, sigma, generator)


def log_normal_(Tensor x not None, double mean, double std, Generator generator=None):
    _check_std(std)
    return _fill(x, LOG_NORMAL, mean, std, generator)


def geometric_(Tensor x not None, double p, Generator generator=None):
    if not 0 < p < 1:
        raise RuntimeError(f"the chance to go on must be > 0 and < 1, got {p}")
    return _fill(x, GEOMETRIC, p, 0, generator)


def bernoulli_(Tensor x not None, p, Generator generator=None):
    if isinstance(p, Tensor):
        return _bernoulli_each(x, p, generator)
    _check_chance(p)
    return _fill(x, BERNOULLI, p, 0, generator)


cdef Tensor _bernoulli_each(Tensor x, Tensor p, Generator generator):
    """1 with the chance p[i] each. The elements before a p outside [0, 1] are drawn and written, then it is refused."""
    cdef Tensor target, chance
    cdef Twister* twister = twister_of(generator)
    cdef Py_ssize_t count
    check_floating("bernoulli with chances", p)
    if p.numel != x.numel:
        raise RuntimeError(
            f"inconsistent tensor size: self [{size_text(x)}] and p [{size_text(p)}] must have as many elements"
        )
    chance = contiguous(p)
    target = x if is_contiguous(x) else new_like(x)
    with nogil:
        count = bernoulli_each(
            twister[0], target.dtype, data_of(target), chance.dtype, data_of(chance), x.numel, threads
        )
        if target is not x:
            _place(x, target, count)
    if count < x.numel:
        _check_chance(get_item(chance, count))
    return x


def bernoulli(Tensor p not None, Generator generator=None, Tensor out=None):
    p = unmixed(p, out)
    cdef Tensor result = new_like(p) if out is None else prepare(out, p.dtype, p.ndim, p.sizes)
    return _bernoulli_each(result, p, generator)


def random_(Tensor x not None, Generator generator=None):
    return _fill_whole(x, 0, width_of(x.dtype), generator)


def random_below_(Tensor x not None, int64_t high, Generator generator=None):
    if high <= 0:
        raise RuntimeError(f"max must be positive, but got: max = {high}")
    return _fill_whole(x, 0, high, generator)


def random_between_(Tensor x not None, int64_t low, int64_t high, Generator generator=None):
    if high <= low:
        raise RuntimeError(f"max must be greater than min, but got: min = {low}, max = {high}")
    return _fill_whole(x, low, <uint64_t>high - <uint64_t>low, generator)


cdef Tensor _fill_whole(Tensor x, int64_t low, uint64_t width, Generator generator):
    cdef Tensor target = x if is_contiguous(x) else new_like(x)
    cdef Twister* twister = twister_of(generator)
    with nogil:
        whole(twister[0], target.dtype, data_of(target), target.numel, low, width)
        if target is not x:
            _place(x, target, x.numel)
    return x


def normal(means, std, Generator generator=None, Tensor out=None):
    """Means and deviations of equal count; one of them may be a number. A number std goes into the draw."""
    cdef Tensor mean = contiguous(means) if isinstance(means, Tensor) else None
    cdef Tensor deviation = contiguous(std) if isinstance(std, Tensor) else None
    cdef Tensor like = mean if mean is not None else deviation
    cdef double number = means if mean is None else 0
    cdef Tensor drawn
    if mean is not None and deviation is not None and mean.numel != deviation.numel:
        raise RuntimeError(
            f"inconsistent tensor size: means [{size_text(mean)}] and std [{size_text(deviation)}] "
            "must have the same number of elements"
        )
    drawn = new_like(like)
    normal_(drawn, 0, 1 if deviation is not None else std, generator)
    scale_and_shift(drawn.dtype, data_of(drawn), drawn.numel, _data_or_null(deviation), _data_or_null(mean), number)
    if out is None:
        return drawn
    copy_into(prepare(out, drawn.dtype, drawn.ndim, drawn.sizes), drawn)
    return out


cdef void* _data_or_null(Tensor t) noexcept:
    return NULL if t is None else <void*>data_of(t)


cdef Tensor _sized(str function, tuple sizes, Tensor out):
    """out with such sizes, else a new tensor of the default type. Sizes end before the first that is not positive."""
    cdef Py_ssize_t c_sizes[MAX_DIMS]
    cdef int ndim = 0, dtype = dtype_code() if out is None else out.dtype
    if dtype != FLOAT and dtype != DOUBLE:
        raise TypeError(f"type {type_name(dtype)} doesn't implement stateless method {function}")
    if len(sizes) > MAX_DIMS:
        raise RuntimeError(f"a tensor has at most {MAX_DIMS} dimensions, got {len(sizes)}")
    for size in sizes:
        if size <= 0:
            break
        c_sizes[ndim] = size
        ndim += 1
    return prepare(out, dtype, ndim, c_sizes)


def rand(tuple size not None, Generator generator=None, Tensor out=None):
    return _fill(_sized("rand", size, out), UNIFORM, 0, 1, generator)


def randn(tuple size not None, Generator generator=None, Tensor out=None):
    return _fill(_sized("randn", size, out), NORMAL, 0, 1, generator)


def randperm(Py_ssize_t n, Generator generator=None, Tensor out=None):
    cdef Twister* twister = twister_of(generator)
    cdef Tensor order
    if n <= 0:
        raise RuntimeError(f"the length of a permutation must be strictly positive, got {n}")
    order = new_tensor(LONG, 1, &n)
    with nogil:
        permutation(twister[0], <int64_t*>data_of(order), n)
    if out is None:
        return order
    resize(out, 1, &n)
    copy_into(out, order)      # of any type
    return out


def multinomial(
    Tensor x not None, Py_ssize_t num_samples, bint replacement=False, Generator generator=None, Tensor out=None
):
    """Indices drawn with the chances that the weights of x have; a row of them for each row of weights."""
    cdef Twister* twister = twister_of(generator)
    cdef Tensor mass = _weights(x)
    cdef Py_ssize_t* sizes = mass.sizes
    cdef Py_ssize_t rows = sizes[0] if mass.ndim == 2 else 1, n = sizes[mass.ndim - 1], row
    cdef Py_ssize_t drawn_sizes[2]
    cdef Tensor drawn
    cdef double* weights
    cdef int64_t* indices
    cdef Weights verdict = FINE
    if num_samples <= 0:
        raise RuntimeError(f"cannot sample n_sample <= 0 samples, got n_sample = {num_samples}")
    if not replacement and num_samples > n:
        raise RuntimeError(f"cannot sample n_sample = {num_samples} > {n} categories without replacement")
    drawn_sizes[0] = rows
    drawn_sizes[mass.ndim - 1] = num_samples
    drawn = new_tensor(LONG, mass.ndim, drawn_sizes)
    with nogil:
        for row in range(rows):
            weights = <double*>data_of(mass) + row * n
            indices = <int64_t*>data_of(drawn) + row * num_samples
            verdict = categories(twister[0], weights, n, indices, num_samples, replacement)
            if verdict != FINE:
                break
    if verdict == NEGATIVE:
        raise RuntimeError("invalid multinomial distribution (encountering probability entry < 0, or nan)")
    if verdict == NOTHING:
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    if out is None:
        return drawn
    copy_into(prepare(out, LONG, drawn.ndim, drawn.sizes), drawn)
    return out


cdef Tensor _weights(Tensor x):
    """A copy of x in double precision, with one or two dimensions: of further ones 0.3.1 read the first entry."""
    cdef Tensor mass
    if x.ndim == 0:
        raise RuntimeError("multinomial needs weights, got a tensor with no dimension")
    if x.ndim > 2:
        x = new_view(x, 2, x.sizes, x.strides, x.offset)
    mass = new_tensor(DOUBLE, x.ndim, x.sizes)
    copy_into(mass, x)
    return mass
