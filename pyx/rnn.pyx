"""One step of an LSTM and of a GRU, from gates that matrix products give: a pass forward, one backward, one beyond.

x and s are the gates that come from the input and from the state, c and h the state itself.
"""

from .copy cimport contiguous, zero
from .operands cimport Address, at, check_floating, check_same_size, check_type, sizes_text
from .storage cimport FLOAT
from .tensor cimport Tensor, new_like

cdef extern from "rnn.h" namespace "al" nogil:
    void run_lstm "al::lstm_cell"[T](
        Py_ssize_t batch, Py_ssize_t units, Address x, Address s, Address c, Address hy, Address cy)
    void run_lstm_grad "al::lstm_cell_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, Address dhy, Address dcy, Address x, Address s, Address c, Address dgates,
        Address dc)
    void run_lstm_grad_grad "al::lstm_cell_grad_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, Address ux, Address us, Address uc, Address dhy, Address dcy, Address x,
        Address s, Address c, Address to_dhy, Address to_dcy, Address to_gates, Address to_c)
    void run_gru "al::gru_cell"[T](
        Py_ssize_t batch, Py_ssize_t units, Address x, Address s, Address h, Address hy)
    void run_gru_grad "al::gru_cell_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, Address d, Address x, Address s, Address h, Address dx, Address ds,
        Address dh)
    void run_gru_grad_grad "al::gru_cell_grad_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, Address ux, Address us, Address uh, Address d, Address x, Address s,
        Address h, Address to_d, Address to_x, Address to_s, Address to_h)

cdef enum:
    LSTM_GATES = 4
    GRU_GATES = 3


cdef int check_cell(str op, int gates, Tensor x, Tensor s, Tensor state) except -1:
    """Gates of N x (gates * H) from the input and from the state, and a state of N x H."""
    check_floating(op, x)
    check_type(op, "the state's gates", s, x.dtype)
    check_type(op, "the state", state, x.dtype)
    check_same_size(op, x, s)
    if x.ndim != 2 or state.ndim != 2 or x.sizes[0] != state.sizes[0] or x.sizes[1] != gates * state.sizes[1]:
        raise RuntimeError(f"{op} expected gates of N x {gates} H and a state of N x H, got {sizes_text(x)} and "
                           f"{sizes_text(state)}")
    return 0


cdef Tensor given(str op, Tensor t, Tensor like):
    """t, contiguous; zeros where it is None."""
    if t is None:
        t = new_like(like)
        zero(t)
        return t
    check_same_size(op, t, like)
    check_type(op, "a gradient", t, like.dtype)
    return contiguous(t)


def lstm_cell(Tensor x not None, Tensor s not None, Tensor c not None):
    check_cell("lstm_cell", LSTM_GATES, x, s, c)
    x, s, c = contiguous(x), contiguous(s), contiguous(c)
    cdef Tensor hy = new_like(c), cy = new_like(c)
    cdef Py_ssize_t n = c.sizes[0], units = c.sizes[1]
    with nogil:
        if c.dtype == FLOAT:
            run_lstm[float](n, units, at(x), at(s), at(c), at(hy), at(cy))
        else:
            run_lstm[double](n, units, at(x), at(s), at(c), at(hy), at(cy))
    return hy, cy


def lstm_cell_grad(Tensor dhy, Tensor dcy, Tensor x not None, Tensor s not None, Tensor c not None):
    check_cell("lstm_cell", LSTM_GATES, x, s, c)
    x, s, c = contiguous(x), contiguous(s), contiguous(c)
    dhy, dcy = given("lstm_cell", dhy, c), given("lstm_cell", dcy, c)
    cdef Tensor dgates = new_like(x), dc = new_like(c)
    cdef Py_ssize_t n = c.sizes[0], units = c.sizes[1]
    with nogil:
        if c.dtype == FLOAT:
            run_lstm_grad[float](n, units, at(dhy), at(dcy), at(x), at(s), at(c), at(dgates), at(dc))
        else:
            run_lstm_grad[double](n, units, at(dhy), at(dcy), at(x), at(s), at(c), at(dgates), at(dc))
    return dgates, dgates, dc


def lstm_cell_grad_grad(
    Tensor ux, Tensor us, Tensor uc, Tensor dhy, Tensor dcy, Tensor x not None, Tensor s not None, Tensor c not None
):
    check_cell("lstm_cell", LSTM_GATES, x, s, c)
    x, s, c = contiguous(x), contiguous(s), contiguous(c)
    ux, us, uc = given("lstm_cell", ux, x), given("lstm_cell", us, x), given("lstm_cell", uc, c)
    dhy, dcy = given("lstm_cell", dhy, c), given("lstm_cell", dcy, c)
    cdef Tensor to_dhy = new_like(c), to_dcy = new_like(c), to_gates = new_like(x), to_c = new_like(c)
    cdef Py_ssize_t n = c.sizes[0], units = c.sizes[1]
    with nogil:
        if c.dtype == FLOAT:
            run_lstm_grad_grad[float](
                n, units, at(ux), at(us), at(uc), at(dhy), at(dcy), at(x), at(s), at(c), at(to_dhy), at(to_dcy),
                at(to_gates), at(to_c))
        else:
            run_lstm_grad_grad[double](
                n, units, at(ux), at(us), at(uc), at(dhy), at(dcy), at(x), at(s), at(c), at(to_dhy), at(to_dcy),
                at(to_gates), at(to_c))
    return to_dhy, to_dcy, to_gates, to_gates, to_c


def gru_cell(Tensor x not None, Tensor s not None, Tensor h not None):
    check_cell("gru_cell", GRU_GATES, x, s, h)
    x, s, h = contiguous(x), contiguous(s), contiguous(h)
    cdef Tensor hy = new_like(h)
    cdef Py_ssize_t n = h.sizes[0], units = h.sizes[1]
    with nogil:
        if h.dtype == FLOAT:
            run_gru[float](n, units, at(x), at(s), at(h), at(hy))
        else:
            run_gru[double](n, units, at(x), at(s), at(h), at(hy))
    return hy


def gru_cell_grad(Tensor delta not None, Tensor x not None, Tensor s not None, Tensor h not None):
    check_cell("gru_cell", GRU_GATES, x, s, h)
    x, s, h, delta = contiguous(x), contiguous(s), contiguous(h), given("gru_cell", delta, h)
    cdef Tensor dx = new_like(x), ds = new_like(x), dh = new_like(h)
    cdef Py_ssize_t n = h.sizes[0], units = h.sizes[1]
    with nogil:
        if h.dtype == FLOAT:
            run_gru_grad[float](n, units, at(delta), at(x), at(s), at(h), at(dx), at(ds), at(dh))
        else:
            run_gru_grad[double](n, units, at(delta), at(x), at(s), at(h), at(dx), at(ds), at(dh))
    return dx, ds, dh


def gru_cell_grad_grad(
    Tensor ux, Tensor us, Tensor uh, Tensor delta not None, Tensor x not None, Tensor s not None, Tensor h not None
):
    check_cell("gru_cell", GRU_GATES, x, s, h)
    x, s, h, delta = contiguous(x), contiguous(s), contiguous(h), given("gru_cell", delta, h)
    ux, us, uh = given("gru_cell", ux, x), given("gru_cell", us, x), given("gru_cell", uh, h)
    cdef Tensor to_delta = new_like(h), to_x = new_like(x), to_s = new_like(x), to_h = new_like(h)
    cdef Py_ssize_t n = h.sizes[0], units = h.sizes[1]
    with nogil:
        if h.dtype == FLOAT:
            run_gru_grad_grad[float](
                n, units, at(ux), at(us), at(uh), at(delta), at(x), at(s), at(h), at(to_delta), at(to_x),
                at(to_s), at(to_h))
        else:
            run_gru_grad_grad[double](
                n, units, at(ux), at(us), at(uh), at(delta), at(x), at(s), at(h), at(to_delta), at(to_x),
                at(to_s), at(to_h))
    return to_delta, to_x, to_s, to_h
