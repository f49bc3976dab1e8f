// One step of an LSTM and of a GRU, its gradients, and theirs.
#pragma once
#include <cstddef>

#include "vecmath.h"

namespace al {

// A value and its derivative along one direction. A gradient computed on duals carries the product of the second
// derivatives with that direction: all that a gradient of a gradient needs.
template <typename T> struct Dual {
    T value, slope;
    Dual(T v = 0, T s = 0) : value(v), slope(s) {}
    Dual operator+(Dual o) const { return {value + o.value, slope + o.slope}; }
    Dual operator-(Dual o) const { return {value - o.value, slope - o.slope}; }
    Dual operator*(Dual o) const { return {value * o.value, slope * o.value + value * o.slope}; }
};
template <typename T> static AL_INLINE Dual<T> fast_sigmoid(Dual<T> x) {
    const T y = fast_sigmoid(x.value);
    return {y, x.slope * y * (1 - y)};
}
template <typename T> static AL_INLINE Dual<T> fast_tanh(Dual<T> x) {
    const T y = fast_tanh(x.value);
    return {y, x.slope * (1 - y * y)};
}

// Gates in, forget, cell, out of one unit: c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c').
template <typename V> struct Lstm {
    V i, f, g, o, next, tanh_next;

    AL_INLINE Lstm(V gate_i, V gate_f, V gate_g, V gate_o, V c)
        : i(fast_sigmoid(gate_i)),
          f(fast_sigmoid(gate_f)),
          g(fast_tanh(gate_g)),
          o(fast_sigmoid(gate_o)),
          next(f * c + i * g),
          tanh_next(fast_tanh(next)) {}

    AL_INLINE V hidden() const { return o * tanh_next; }

    // The gradients of the gates and of c, from those of h' and c'.
    AL_INLINE void grad(V dh, V dnext, V c, V& di, V& df, V& dg, V& d_o, V& dc) const {
        const V one = V(1), d = dnext + dh * o * (one - tanh_next * tanh_next);
        di = d * g * i * (one - i);
        df = d * c * f * (one - f);
        dg = d * i * (one - g * g);
        d_o = dh * tanh_next * o * (one - o);
        dc = d * f;
    }
};

// Gates reset, input and new of one unit, each from the input (x) and the state (s):
// h' = n + i (h - n), n = tanh(x_n + r s_n).
template <typename V> struct Gru {
    V r, i, state, n;

    AL_INLINE Gru(V x_r, V x_i, V x_n, V s_r, V s_i, V s_n)
        : r(fast_sigmoid(x_r + s_r)), i(fast_sigmoid(x_i + s_i)), state(s_n), n(fast_tanh(x_n + r * s_n)) {}

    AL_INLINE V hidden(V h) const { return n + i * (h - n); }

    // The gradients of the gates and of h, from that of h'. Those of r and i are the same on both sides; dn is that of
    // x_n, ds_n that of s_n.
    AL_INLINE void grad(V d, V h, V& dr, V& di, V& dn, V& ds_n, V& dh) const {
        const V one = V(1);
        di = d * (h - n) * i * (one - i);
        dn = d * (one - i) * (one - n * n);
        ds_n = dn * r;
        dr = dn * state * r * (one - r);
        dh = d * i;
    }
};

// Arrays are batch x (gates * units) and batch x units.
template <typename T>
AL_CLONES void lstm_cell(ptrdiff_t batch, ptrdiff_t units, const T* x, const T* s, const T* c, T* hy, T* cy) {
    for (; batch > 0; batch--, x += 4 * units, s += 4 * units, c += units, hy += units, cy += units) {
#pragma omp simd
        for (ptrdiff_t k = 0; k < units; k++) {
            const ptrdiff_t f = k + units, g = f + units, o = g + units;
            const Lstm<T> cell(x[k] + s[k], x[f] + s[f], x[g] + s[g], x[o] + s[o], c[k]);
            hy[k] = cell.hidden();
            cy[k] = cell.next;
        }
    }
}

template <typename T>
AL_CLONES void lstm_cell_grad(ptrdiff_t batch, ptrdiff_t units, const T* dhy, const T* dcy, const T* x, const T* s,
                              const T* c, T* dgates, T* dc) {
    for (; batch > 0; batch--) {
#pragma omp simd
        for (ptrdiff_t k = 0; k < units; k++) {
            const ptrdiff_t f = k + units, g = f + units, o = g + units;
            const Lstm<T> cell(x[k] + s[k], x[f] + s[f], x[g] + s[g], x[o] + s[o], c[k]);
            cell.grad(dhy[k], dcy[k], c[k], dgates[k], dgates[f], dgates[g], dgates[o], dc[k]);
        }
        x += 4 * units, s += 4 * units, dgates += 4 * units;
        c += units, dhy += units, dcy += units, dc += units;
    }
}

// The gradients of lstm_cell_grad's operands, where ux, us (both for the gates) and uc are those of its results.
template <typename T>
void lstm_cell_grad_grad(ptrdiff_t batch, ptrdiff_t units, const T* ux, const T* us, const T* uc, const T* dhy,
                         const T* dcy, const T* x, const T* s, const T* c, T* to_dhy, T* to_dcy, T* to_gates, T* to_c) {
    using V = Dual<T>;
    for (ptrdiff_t n = 0; n < batch; n++)
        for (ptrdiff_t k = 0; k < units; k++) {
            const ptrdiff_t at = n * units + k, i = 4 * n * units + k, f = i + units, g = f + units, o = g + units;
            const V state(c[at], uc[at]);
            const auto gate = [=](ptrdiff_t j) { return V(x[j] + s[j], ux[j] + us[j]); };
            const Lstm<V> cell(gate(i), gate(f), gate(g), gate(o), state);
            V di, df, dg, d_o, dc;
            cell.grad(V(dhy[at]), V(dcy[at]), state, di, df, dg, d_o, dc);
            to_dhy[at] = cell.hidden().slope, to_dcy[at] = cell.next.slope, to_c[at] = dc.slope;
            to_gates[i] = di.slope, to_gates[f] = df.slope, to_gates[g] = dg.slope, to_gates[o] = d_o.slope;
        }
}

template <typename T>
AL_CLONES void gru_cell(ptrdiff_t batch, ptrdiff_t units, const T* x, const T* s, const T* h, T* hy) {
    for (; batch > 0; batch--, x += 3 * units, s += 3 * units, h += units, hy += units) {
#pragma omp simd
        for (ptrdiff_t k = 0; k < units; k++) {
            const ptrdiff_t i = k + units, g = i + units;
            hy[k] = Gru<T>(x[k], x[i], x[g], s[k], s[i], s[g]).hidden(h[k]);
        }
    }
}

template <typename T>
AL_CLONES void gru_cell_grad(ptrdiff_t batch, ptrdiff_t units, const T* d, const T* x, const T* s, const T* h, T* dx,
                             T* ds, T* dh) {
    for (; batch > 0; batch--) {
#pragma omp simd
        for (ptrdiff_t k = 0; k < units; k++) {
            const ptrdiff_t i = k + units, g = i + units;
            const Gru<T> cell(x[k], x[i], x[g], s[k], s[i], s[g]);
            cell.grad(d[k], h[k], dx[k], dx[i], dx[g], ds[g], dh[k]);
            ds[k] = dx[k], ds[i] = dx[i];
        }
        x += 3 * units, s += 3 * units, dx += 3 * units, ds += 3 * units;
        d += units, h += units, dh += units;
    }
}

template <typename T>
void gru_cell_grad_grad(ptrdiff_t batch, ptrdiff_t units, const T* ux, const T* us, const T* uh, const T* d, const T* x,
                        const T* s, const T* h, T* to_d, T* to_x, T* to_s, T* to_h) {
    using V = Dual<T>;
    for (ptrdiff_t n = 0; n < batch; n++)
        for (ptrdiff_t k = 0; k < units; k++) {
            const ptrdiff_t at = n * units + k, r = 3 * n * units + k, i = r + units, g = i + units;
            const V state(h[at], uh[at]);
            const Gru<V> cell(V(x[r], ux[r]), V(x[i], ux[i]), V(x[g], ux[g]), V(s[r], us[r]), V(s[i], us[i]),
                              V(s[g], us[g]));
            V dr, di, dn, ds_n, dh;
            cell.grad(V(d[at]), state, dr, di, dn, ds_n, dh);
            to_d[at] = cell.hidden(state).slope, to_h[at] = dh.slope;
            to_x[r] = to_s[r] = dr.slope, to_x[i] = to_s[i] = di.slope, to_x[g] = dn.slope, to_s[g] = ds_n.slope;
        }
}

}  // namespace al
