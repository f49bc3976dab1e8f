"""The steps of recurrent layers over time, and their gradients (recurrent.h)."""

from libc.stdlib cimport free, malloc

from .blas cimport gemm
from .copy cimport contiguous
from .operands cimport Address, at, check_floating, check_type, check_vector, dense, new_sized, sizes_text
from .reduce cimport sum_to_sizes
from .storage cimport FLOAT
from .tensor cimport Tensor, data_of, new_like
from .threads cimport Threads, threads
from .tile cimport Tiles, double_tiles, float_tiles

cdef extern from "recurrent.h" namespace "al" nogil:
    enum Mode:
        RNN_TANH, RNN_RELU, LSTM, GRU
    cppclass Steps:
        const Py_ssize_t* start
        Py_ssize_t count
        bint reverse
    Py_ssize_t gates_of(Mode mode)
    Py_ssize_t work_of(Mode mode)
    void walk "al::recurrent"[T](
        Mode mode, const Steps& steps, Py_ssize_t units, const Tiles[T]& tiles, Threads& threads, Address gates,
        Address w, Address b, Address hx, Address cx, Address output, Address cells, Address work) except +
    void walk_back "al::recurrent_grad"[T](
        Mode mode, const Steps& steps, Py_ssize_t units, const Tiles[T]& tiles, Threads& threads, Address d,
        Address dcells, Address w, Address hx, Address cx, Address output, Address cells, Address work, Address dx,
        Address ds, Address dhx, Address dcx, Address states) except +

cdef dict MODES = {"RNN_TANH": RNN_TANH, "RNN_RELU": RNN_RELU, "LSTM": LSTM, "GRU": GRU}


cdef class Walk:
    """The steps and the sizes of one layer in one direction."""

    cdef Steps steps
    cdef Py_ssize_t* start
    cdef Py_ssize_t rows, units
    cdef Mode mode

    def __dealloc__(self):
        free(self.start)

    cdef int begin(self, list batch_sizes, bint reverse) except -1:
        cdef Py_ssize_t size, last = 0
        if not batch_sizes:
            raise RuntimeError("recurrent: at least one step is needed, got no batch sizes")
        self.start = <Py_ssize_t*>malloc((len(batch_sizes) + 1) * sizeof(Py_ssize_t))
        if self.start == NULL:
            raise MemoryError()
        self.start[0] = 0
        for k, size in enumerate(batch_sizes):
            if size < 1 or (k and size > last):
                raise RuntimeError(f"recurrent: the batch sizes of the steps are positive and do not grow, got "
                                   f"{batch_sizes}")
            self.start[<Py_ssize_t>k + 1] = self.start[<Py_ssize_t>k] + size
            last = size
        self.steps.start, self.steps.count, self.steps.reverse = self.start, len(batch_sizes), reverse
        self.rows = self.start[self.steps.count]
        return 0


cdef Walk walk_of(Tensor gates, Tensor w, Tensor b, Tensor hx, Tensor cx, batch_sizes, bint reverse, mode):
    """RuntimeError where the sizes or types of the operands do not fit each other."""
    cdef Walk walk = Walk()
    cdef Py_ssize_t width
    if mode not in MODES:
        raise RuntimeError(f"recurrent: mode is one of {', '.join(MODES)}, got {mode!r}")
    check_floating("recurrent", gates)
    walk.mode = MODES[mode]
    walk.begin(list(batch_sizes), reverse)
    for name, t in (("weight", w), ("bias", b), ("hx", hx), ("cx", cx)):
        check_type("recurrent", name, t, gates.dtype)
    if (cx is None) == (walk.mode == LSTM):
        raise RuntimeError("recurrent: an LSTM has a state cx, other modes have none")
    walk.units = w.sizes[1] if w.ndim == 2 else 0
    width = gates_of(walk.mode) * walk.units
    if w.ndim != 2 or w.sizes[0] != width or gates.ndim != 2 or gates.sizes[0] != walk.rows or gates.sizes[1] != width:
        raise RuntimeError(f"recurrent: gates of size {sizes_text(gates)} and a weight of size {sizes_text(w)} do not "
                           f"fit {walk.rows} rows of mode {mode}")
    check_vector("recurrent", "bias", b, width)
    for name, t in (("hx", hx), ("cx", cx)):
        check_state(name, t, walk.steps.start[1], walk.units)
    return walk


cdef int check_state(str name, Tensor t, Py_ssize_t batch, Py_ssize_t units) except -1:
    if t is not None and (t.ndim != 2 or t.sizes[0] != batch or t.sizes[1] != units):
        raise RuntimeError(f"recurrent: {name} should have the size [{batch}, {units}], got {sizes_text(t)}")
    return 0


def recurrent(
    Tensor gates not None, Tensor w not None, Tensor b, Tensor hx not None, Tensor cx, batch_sizes, bint reverse, mode
):
    cdef Walk s = walk_of(gates, w, b, hx, cx, batch_sizes, reverse, mode)
    gates, w, b, hx, cx = contiguous(gates), contiguous(w), dense(b), contiguous(hx), dense(cx)
    cdef int dtype = gates.dtype
    cdef Tensor output = new_sized(dtype, (s.rows, s.units))
    cdef Tensor cells = None if cx is None else new_like(output)
    cdef Py_ssize_t kept = work_of(s.mode) * s.units
    cdef Tensor work = new_sized(dtype, (s.rows, kept)) if kept else None
    with nogil:
        if dtype == FLOAT:
            walk[float](s.mode, s.steps, s.units, float_tiles[0], threads[0], at(gates), at(w), at(b), at(hx), at(cx),
                        at(output), at(cells), at(work))
        else:
            walk[double](s.mode, s.steps, s.units, double_tiles[0], threads[0], at(gates), at(w), at(b), at(hx), at(cx),
                         at(output), at(cells), at(work))
    return output, cells, work


def recurrent_grad(
    Tensor d, Tensor dcells, Tensor gates not None, Tensor w not None, Tensor b, Tensor hx not None, Tensor cx,
    Tensor output not None, Tensor cells, Tensor work, batch_sizes, bint reverse, mode
):
    cdef Walk s = walk_of(gates, w, b, hx, cx, batch_sizes, reverse, mode)
    for name, t, n in (("delta", d, s.units), ("dcells", dcells, s.units), ("output", output, s.units),
                       ("cells", cells, s.units), ("work", work, work_of(s.mode) * s.units)):
        check_type("recurrent", name, t, gates.dtype)
        check_vector("recurrent", name, t, s.rows * n)
    if (cells is None) != (cx is None) or (work is None) != (work_of(s.mode) == 0):
        raise RuntimeError(f"recurrent: the gradients of mode {mode} need what its results were")
    d, dcells, w, hx, cx = dense(d), dense(dcells), contiguous(w), contiguous(hx), dense(cx)
    output, cells, work = contiguous(output), dense(cells), dense(work)
    cdef int dtype = gates.dtype
    cdef Py_ssize_t width = w.sizes[0]
    cdef Tensor dx = new_like(gates), ds = new_like(gates) if s.mode == GRU else dx, states = new_like(output)
    cdef Tensor dw = new_like(w), dhx = new_like(hx), dcx = None if cx is None else new_like(cx)
    with nogil:
        if dtype == FLOAT:
            walk_back[float](s.mode, s.steps, s.units, float_tiles[0], threads[0], at(d), at(dcells), at(w), at(hx),
                             at(cx), at(output), at(cells), at(work), at(dx), at(ds), at(dhx), at(dcx), at(states))
        else:
            walk_back[double](s.mode, s.steps, s.units, double_tiles[0], threads[0], at(d), at(dcells), at(w), at(hx),
                              at(cx), at(output), at(cells), at(work), at(dx), at(ds), at(dhx), at(dcx), at(states))
        gemm(dtype, True, False, width, s.units, s.rows, 1, data_of(ds), width, data_of(states), s.units, 0,
             data_of(dw), s.units)
    return dx, dw, None if b is None else sum_to_sizes(ds, 1, &width), dhx, dcx
