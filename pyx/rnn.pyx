"""One step of an LSTM and of a GRU, from gates computed by matrix products: one pass forward, one backward, one for double backward."""

from .copy cimport contiguous, zero
from .operands cimport check_floating, check_same_size, check_type, sizes_text
from .storage cimport FLOAT
from .tensor cimport Tensor, data_of, new_like

cdef extern from "rnn.h" namespace "al" nogil:
    void run_lstm "al::lstm_cell"[T](Py_ssize_t batch, Py_ssize_t units, const T* x, const T* s, const T* c, T* hy, T* cy)
    void run_lstm_grad "al::lstm_cell_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, const T* dhy, const T* dcy, const T* x, const T* s, const T* c, T* dgates, T* dc)
    void run_lstm_grad_grad "al::lstm_cell_grad_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, const T* ux, const T* us, const T* uc, const T* dhy, const T* dcy, const T* x, const T* s,
        const T* c, T* to_dhy, T* to_dcy, T* to_gates, T* to_c)
    void run_gru "al::gru_cell"[T](Py_ssize_t batch, Py_ssize_t units, const T* x, const T* s, const T* h, T* hy)
    void run_gru_grad "al::gru_cell_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, const T* d, const T* x, const T* s, const T* h, T* dx, T* ds, T* dh)
    void run_gru_grad_grad "al::gru_cell_grad_grad"[T](
        Py_ssize_t batch, Py_ssize_t units, const T* ux, const T* us, const T* uh, const T* d, const T* x, const T* s, const T* h,
        T* to_d, T* to_x, T* to_s, T* to_h)

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
        raise RuntimeError(f"{op} expected gates of N x {gates} H and a state of N x H, got {sizes_text(x)} and {sizes_text(state)}")
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


def lstm_cell(Tensor gates_input not None, Tensor gates_hidden not None, Tensor cx not None):
    check_cell("lstm_cell", LSTM_GATES, gates_input, gates_hidden, cx)
    gates_input, gates_hidden, cx = contiguous(gates_input), contiguous(gates_hidden), contiguous(cx)
    cdef Tensor hy = new_like(cx), cy = new_like(cx)
    cdef char* x = data_of(gates_input)
    cdef char* s = data_of(gates_hidden)
    cdef char* c = data_of(cx)
    cdef char* h = data_of(hy)
    cdef char* to_c = data_of(cy)
    with nogil:
        if cx.dtype == FLOAT:
            run_lstm[float](cx.sizes[0], cx.sizes[1], <float*>x, <float*>s, <float*>c, <float*>h, <float*>to_c)
        else:
            run_lstm[double](cx.sizes[0], cx.sizes[1], <double*>x, <double*>s, <double*>c, <double*>h, <double*>to_c)
    return hy, cy


def lstm_cell_grad(Tensor dhy, Tensor dcy, Tensor gates_input not None, Tensor gates_hidden not None, Tensor cx not None):
    check_cell("lstm_cell", LSTM_GATES, gates_input, gates_hidden, cx)
    gates_input, gates_hidden, cx = contiguous(gates_input), contiguous(gates_hidden), contiguous(cx)
    dhy, dcy = given("lstm_cell", dhy, cx), given("lstm_cell", dcy, cx)
    cdef Tensor dgates = new_like(gates_input), dcx = new_like(cx)
    cdef char* dh = data_of(dhy)
    cdef char* dc = data_of(dcy)
    cdef char* x = data_of(gates_input)
    cdef char* s = data_of(gates_hidden)
    cdef char* c = data_of(cx)
    cdef char* to_gates = data_of(dgates)
    cdef char* to_c = data_of(dcx)
    with nogil:
        if cx.dtype == FLOAT:
            run_lstm_grad[float](cx.sizes[0], cx.sizes[1], <float*>dh, <float*>dc, <float*>x, <float*>s, <float*>c, <float*>to_gates,
                                 <float*>to_c)
        else:
            run_lstm_grad[double](cx.sizes[0], cx.sizes[1], <double*>dh, <double*>dc, <double*>x, <double*>s, <double*>c,
                                  <double*>to_gates, <double*>to_c)
    return dgates, dgates, dcx


def lstm_cell_grad_grad(Tensor ux, Tensor us, Tensor uc, Tensor dhy, Tensor dcy, Tensor gates_input not None, Tensor gates_hidden not None,
                        Tensor cx not None):
    gates_input, gates_hidden, cx = contiguous(gates_input), contiguous(gates_hidden), contiguous(cx)
    ux, us, uc = given("lstm_cell", ux, gates_input), given("lstm_cell", us, gates_input), given("lstm_cell", uc, cx)
    dhy, dcy = given("lstm_cell", dhy, cx), given("lstm_cell", dcy, cx)
    cdef Tensor to_dhy = new_like(cx), to_dcy = new_like(cx), to_gates = new_like(gates_input), to_cx = new_like(cx)
    cdef char* u = data_of(ux)
    cdef char* v = data_of(us)
    cdef char* w = data_of(uc)
    cdef char* dh = data_of(dhy)
    cdef char* dc = data_of(dcy)
    cdef char* x = data_of(gates_input)
    cdef char* s = data_of(gates_hidden)
    cdef char* c = data_of(cx)
    cdef char* to_h = data_of(to_dhy)
    cdef char* to_n = data_of(to_dcy)
    cdef char* to_g = data_of(to_gates)
    cdef char* to_c = data_of(to_cx)
    with nogil:
        if cx.dtype == FLOAT:
            run_lstm_grad_grad[float](
                cx.sizes[0], cx.sizes[1], <float*>u, <float*>v, <float*>w, <float*>dh, <float*>dc, <float*>x, <float*>s, <float*>c,
                <float*>to_h, <float*>to_n, <float*>to_g, <float*>to_c)
        else:
            run_lstm_grad_grad[double](
                cx.sizes[0], cx.sizes[1], <double*>u, <double*>v, <double*>w, <double*>dh, <double*>dc, <double*>x, <double*>s, <double*>c,
                <double*>to_h, <double*>to_n, <double*>to_g, <double*>to_c)
    return to_dhy, to_dcy, to_gates, to_gates, to_cx


def gru_cell(Tensor gates_input not None, Tensor gates_hidden not None, Tensor hx not None):
    check_cell("gru_cell", GRU_GATES, gates_input, gates_hidden, hx)
    gates_input, gates_hidden, hx = contiguous(gates_input), contiguous(gates_hidden), contiguous(hx)
    cdef Tensor hy = new_like(hx)
    cdef char* x = data_of(gates_input)
    cdef char* s = data_of(gates_hidden)
    cdef char* h = data_of(hx)
    cdef char* to = data_of(hy)
    with nogil:
        if hx.dtype == FLOAT:
            run_gru[float](hx.sizes[0], hx.sizes[1], <float*>x, <float*>s, <float*>h, <float*>to)
        else:
            run_gru[double](hx.sizes[0], hx.sizes[1], <double*>x, <double*>s, <double*>h, <double*>to)
    return hy


def gru_cell_grad(Tensor delta not None, Tensor gates_input not None, Tensor gates_hidden not None, Tensor hx not None):
    check_cell("gru_cell", GRU_GATES, gates_input, gates_hidden, hx)
    gates_input, gates_hidden, hx = contiguous(gates_input), contiguous(gates_hidden), contiguous(hx)
    delta = given("gru_cell", delta, hx)
    cdef Tensor dinput = new_like(gates_input), dhidden = new_like(gates_input), dhx = new_like(hx)
    cdef char* d = data_of(delta)
    cdef char* x = data_of(gates_input)
    cdef char* s = data_of(gates_hidden)
    cdef char* h = data_of(hx)
    cdef char* to_x = data_of(dinput)
    cdef char* to_s = data_of(dhidden)
    cdef char* to_h = data_of(dhx)
    with nogil:
        if hx.dtype == FLOAT:
            run_gru_grad[float](hx.sizes[0], hx.sizes[1], <float*>d, <float*>x, <float*>s, <float*>h, <float*>to_x, <float*>to_s,
                                <float*>to_h)
        else:
            run_gru_grad[double](hx.sizes[0], hx.sizes[1], <double*>d, <double*>x, <double*>s, <double*>h, <double*>to_x, <double*>to_s,
                                 <double*>to_h)
    return dinput, dhidden, dhx


def gru_cell_grad_grad(Tensor ux, Tensor us, Tensor uh, Tensor delta not None, Tensor gates_input not None, Tensor gates_hidden not None,
                       Tensor hx not None):
    gates_input, gates_hidden, hx, delta = contiguous(gates_input), contiguous(gates_hidden), contiguous(hx), contiguous(delta)
    ux, us, uh = given("gru_cell", ux, gates_input), given("gru_cell", us, gates_input), given("gru_cell", uh, hx)
    cdef Tensor to_delta = new_like(hx), to_input = new_like(gates_input), to_hidden = new_like(gates_input), to_hx = new_like(hx)
    cdef char* u = data_of(ux)
    cdef char* v = data_of(us)
    cdef char* w = data_of(uh)
    cdef char* d = data_of(delta)
    cdef char* x = data_of(gates_input)
    cdef char* s = data_of(gates_hidden)
    cdef char* h = data_of(hx)
    cdef char* to_d = data_of(to_delta)
    cdef char* to_x = data_of(to_input)
    cdef char* to_s = data_of(to_hidden)
    cdef char* to_h = data_of(to_hx)
    with nogil:
        if hx.dtype == FLOAT:
            run_gru_grad_grad[float](
                hx.sizes[0], hx.sizes[1], <float*>u, <float*>v, <float*>w, <float*>d, <float*>x, <float*>s, <float*>h, <float*>to_d,
                <float*>to_x, <float*>to_s, <float*>to_h)
        else:
            run_gru_grad_grad[double](
                hx.sizes[0], hx.sizes[1], <double*>u, <double*>v, <double*>w, <double*>d, <double*>x, <double*>s, <double*>h, <double*>to_d,
                <double*>to_x, <double*>to_s, <double*>to_h)
    return to_delta, to_input, to_hidden, to_hx
