// The steps of a recurrent layer over time, from gates that one product has computed for all inputs; and the way back.
#pragma once
#include <cstring>

#include "packed.h"
#include "vecmath.h"

namespace al {

enum Mode { RNN_TANH, RNN_RELU, LSTM, GRU };

// The steps of a batch of sequences that do not get longer: step t has the rows [start[t], start[t + 1]) of all.
struct Steps {
    const ptrdiff_t* start;
    ptrdiff_t count;
    bool reverse;

    ptrdiff_t size(ptrdiff_t t) const { return start[t + 1] - start[t]; }
    ptrdiff_t at(ptrdiff_t i) const { return reverse ? count - 1 - i : i; }  // the i-th step in the order of the walk

    // The state before step t of row r: that of its neighbour in time, else the first.
    template <typename T> const T* before(ptrdiff_t t, ptrdiff_t r, const T* states, const T* first, ptrdiff_t units) const {
        const ptrdiff_t last = reverse ? t + 1 : t - 1;
        const bool begins = last < 0 || last >= count || r >= size(last);
        return begins ? first + r * units : states + (start[last] + r) * units;
    }
};

// What is kept of a step for the way back, in rows of `work` elements.
inline ptrdiff_t gates_of(Mode mode) { return mode == LSTM ? 4 : mode == GRU ? 3 : 1; }
inline ptrdiff_t work_of(Mode mode) { return mode == LSTM || mode == GRU ? 4 : 0; }

// One row of a step: x and s are the gates from the input and from the state.
template <typename T>
AL_CLONES void rnn_row(ptrdiff_t n, bool rectify, const T* __restrict x, const T* __restrict s, T* __restrict h) {
    if (rectify)
        for (ptrdiff_t k = 0; k < n; k++) h[k] = x[k] + s[k] > 0 ? x[k] + s[k] : T(0);
    else
        for (ptrdiff_t k = 0; k < n; k++) h[k] = fast_tanh(x[k] + s[k]);
}

template <typename T>
AL_CLONES void rnn_row_grad(ptrdiff_t n, bool rectify, const T* __restrict d, const T* __restrict h, T* __restrict dx) {
    if (rectify)
        for (ptrdiff_t k = 0; k < n; k++) dx[k] = h[k] > 0 ? d[k] : T(0);
    else
        for (ptrdiff_t k = 0; k < n; k++) dx[k] = d[k] * (1 - h[k] * h[k]);
}

// Gates in, forget, cell, out; the work keeps what they become.
template <typename T>
AL_CLONES void lstm_row(ptrdiff_t n, const T* __restrict x, const T* __restrict s, const T* __restrict c,
                        T* __restrict h, T* __restrict next, T* __restrict work) {
#pragma omp simd
    for (ptrdiff_t k = 0; k < n; k++) {
        const ptrdiff_t f = k + n, g = f + n, o = g + n;
        work[k] = fast_sigmoid(x[k] + s[k]);
        work[f] = fast_sigmoid(x[f] + s[f]);
        work[g] = fast_tanh(x[g] + s[g]);
        work[o] = fast_sigmoid(x[o] + s[o]);
        next[k] = work[f] * c[k] + work[k] * work[g];
        h[k] = work[o] * fast_tanh(next[k]);
    }
}

// dc holds the gradient of the new state, and gets that of the one before.
template <typename T>
AL_CLONES void lstm_row_grad(ptrdiff_t n, const T* __restrict d, T* __restrict dc, const T* __restrict c,
                             const T* __restrict next, const T* __restrict work, T* __restrict dx) {
#pragma omp simd
    for (ptrdiff_t k = 0; k < n; k++) {
        const T i = work[k], f = work[k + n], g = work[k + 2 * n], o = work[k + 3 * n], y = fast_tanh(next[k]);
        const T dnext = dc[k] + d[k] * o * (1 - y * y);
        dx[k] = dnext * g * i * (1 - i);
        dx[k + n] = dnext * c[k] * f * (1 - f);
        dx[k + 2 * n] = dnext * i * (1 - g * g);
        dx[k + 3 * n] = d[k] * y * o * (1 - o);
        dc[k] = dnext * f;
    }
}

// Gates reset, input and new; the work keeps what they become, and the state's part of the last.
template <typename T>
AL_CLONES void gru_row(ptrdiff_t n, const T* __restrict x, const T* __restrict s, const T* __restrict before,
                       T* __restrict h, T* __restrict work) {
#pragma omp simd
    for (ptrdiff_t k = 0; k < n; k++) {
        const ptrdiff_t i = k + n, g = i + n;
        work[k] = fast_sigmoid(x[k] + s[k]);
        work[i] = fast_sigmoid(x[i] + s[i]);
        work[g] = fast_tanh(x[g] + work[k] * s[g]);
        work[g + n] = s[g];
        h[k] = work[g] + work[i] * (before[k] - work[g]);
    }
}

// dx and ds: the gradients of the gates from the input and from the state; d becomes its own part of the gradient of
// the state before.
template <typename T>
AL_CLONES void gru_row_grad(ptrdiff_t n, T* __restrict d, const T* __restrict before, const T* __restrict work,
                            T* __restrict dx, T* __restrict ds) {
#pragma omp simd
    for (ptrdiff_t k = 0; k < n; k++) {
        const T r = work[k], i = work[k + n], g = work[k + 2 * n], state = work[k + 3 * n];
        const T dn = d[k] * (1 - i) * (1 - g * g), dr = dn * state * r * (1 - r);
        const T di = d[k] * (before[k] - g) * i * (1 - i);
        dx[k] = ds[k] = dr;
        dx[k + n] = ds[k + n] = di;
        dx[k + 2 * n] = dn, ds[k + 2 * n] = dn * r;
        d[k] = d[k] * i;
    }
}

constexpr ptrdiff_t ROWS_WORTH = 1 << 12;  // gates that are worth a thread

// Rows are those of all steps. gates: rows x gates * units, w: gates * units x units, b (or null): one for each gate;
// hx and cx (LSTM): the first states; output, cells (LSTM): rows x units; work: rows x work * units.
template <typename T>
void recurrent(Mode mode, const Steps& steps, ptrdiff_t units, const Tiles<T>& tiles, Threads& threads, const T* gates,
                const T* w, const T* b, const T* hx, const T* cx, T* output, T* cells, T* work) {
    const ptrdiff_t width = gates_of(mode) * units, kept = work_of(mode) * units;
    PackedMatrix<T> matrix(tiles, threads, units, width, w, 1, units);
    std::vector<T> from_state(steps.size(0) * width);
    for (ptrdiff_t i = 0; i < steps.count; i++) {
        const ptrdiff_t t = steps.at(i), first = steps.start[t];
        const auto before = [&](ptrdiff_t r) { return steps.before(t, r, output, hx, units); };
        matrix.multiply(steps.size(t), before, b, from_state.data());
        threads.run(steps.size(t), pieces_of(ROWS_WORTH, width), [&](ptrdiff_t begin, ptrdiff_t end) {
            for (ptrdiff_t r = begin; r < end; r++) {
                const T *x = gates + (first + r) * width, *s = from_state.data() + r * width;
                T *h = output + (first + r) * units, *keep = work + (first + r) * kept;
                if (mode == LSTM)
                    lstm_row(units, x, s, steps.before(t, r, cells, cx, units), h, cells + (first + r) * units, keep);
                else if (mode == GRU)
                    gru_row(units, x, s, before(r), h, keep);
                else
                    rnn_row(units, mode == RNN_RELU, x, s, h);
            }
        });
    }
}

// The gradients of the gates from the input (dx) and, where they differ (GRU), from the state (ds), of the first
// states (dhx, dcx), and `states`: the state before each row. d and dcells (or null): those of output and cells.
template <typename T>
void recurrent_grad(Mode mode, const Steps& steps, ptrdiff_t units, const Tiles<T>& tiles, Threads& threads,
                     const T* d, const T* dcells, const T* w, const T* hx, const T* cx, const T* output, const T* cells,
                     const T* work, T* dx, T* ds, T* dhx, T* dcx, T* states) {
    const ptrdiff_t width = gates_of(mode) * units, kept = work_of(mode) * units, batch = steps.size(0);
    PackedMatrix<T> matrix(tiles, threads, width, units, w, units, 1);
    std::vector<T> through(batch * units);  // what reaches the state before by the weights
    std::fill_n(dhx, batch * units, T(0));
    if (mode == LSTM) std::fill_n(dcx, batch * units, T(0));
    for (ptrdiff_t i = steps.count - 1; i >= 0; i--) {
        const ptrdiff_t t = steps.at(i), first = steps.start[t], n = steps.size(t);
        threads.run(n, pieces_of(ROWS_WORTH, width), [&](ptrdiff_t begin, ptrdiff_t end) {
            for (ptrdiff_t r = begin; r < end; r++) {
                const ptrdiff_t at = first + r;
                const T* before = steps.before(t, r, output, hx, units);
                T *dh = dhx + r * units, *dgates = dx + at * width;
                std::memcpy(states + at * units, before, units * sizeof(T));
                if (d != nullptr)
                    for (ptrdiff_t k = 0; k < units; k++) dh[k] += d[at * units + k];
                if (mode == LSTM) {
                    T* dc = dcx + r * units;
                    if (dcells != nullptr)
                        for (ptrdiff_t k = 0; k < units; k++) dc[k] += dcells[at * units + k];
                    lstm_row_grad(units, dh, dc, steps.before(t, r, cells, cx, units), cells + at * units,
                                  work + at * kept, dgates);
                } else if (mode == GRU) {
                    gru_row_grad(units, dh, before, work + at * kept, dgates, ds + at * width);
                } else {
                    rnn_row_grad(units, mode == RNN_RELU, dh, output + at * units, dgates);
                }
            }
        });
        const T* from = (mode == GRU ? ds : dx) + first * width;
        matrix.multiply(n, [&](ptrdiff_t r) { return from + r * width; }, nullptr, through.data());
        for (ptrdiff_t k = 0; k < n * units; k++) dhx[k] = mode == GRU ? dhx[k] + through[k] : through[k];
    }
}

}  // namespace al
