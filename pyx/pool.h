// Pooling: the largest or the mean of each window of a plane, a plane being depth x height x width.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "threads.h"
#include "vecmath.h"

namespace al {

// Along one dimension: an output looks at begin, begin + step, ... below end; with the padding at `full` places.
struct Window {
    ptrdiff_t begin, end, full;
};

inline void sliding_windows(Window* windows, ptrdiff_t outputs, ptrdiff_t size, ptrdiff_t kernel, ptrdiff_t stride,
                            ptrdiff_t padding, ptrdiff_t dilation) {
    for (ptrdiff_t o = 0; o < outputs; o++) {
        ptrdiff_t begin = o * stride - padding;
        const ptrdiff_t end = begin + dilation * (kernel - 1) + 1, full = std::min(end, size + padding) - begin;
        if (begin < 0) begin += (-begin + dilation - 1) / dilation * dilation;
        windows[o] = {begin, std::min(end, size), full};
    }
}

// Outputs that share a dimension evenly: output o runs from floor(o size / outputs) to ceil((o + 1) size / outputs).
inline void adaptive_windows(Window* windows, ptrdiff_t outputs, ptrdiff_t size) {
    for (ptrdiff_t o = 0; o < outputs; o++) {
        const ptrdiff_t begin = o * size / outputs, end = ((o + 1) * size + outputs - 1) / outputs;
        windows[o] = {begin, end, end - begin};
    }
}

struct Pooling {
    ptrdiff_t planes, input[3], output[3], step[3];
    ptrdiff_t columns, stride, padding;  // of windows that slide along the last dimension; 0 columns: they do not
    Window* windows[3];
    bool count_padding;  // whether a mean counts the padding's zeros

    ptrdiff_t input_plane() const { return input[0] * input[1] * input[2]; }
    ptrdiff_t output_plane() const { return output[0] * output[1] * output[2]; }
};

// visit(plane, output's place, depth's window, height's, width's) for each output.
template <typename Visit> inline void each_output(const Pooling& p, Threads& threads, Visit visit) {
    threads.run_each(p.planes, p.input_plane(), [&](ptrdiff_t begin, ptrdiff_t end) {
        for (ptrdiff_t plane = begin, at = begin * p.output_plane(); plane < end; plane++)
            for (ptrdiff_t d = 0; d < p.output[0]; d++)
                for (ptrdiff_t h = 0; h < p.output[1]; h++)
                    for (ptrdiff_t w = 0; w < p.output[2]; w++, at++)
                        visit(plane, at, p.windows[0][d], p.windows[1][h], p.windows[2][w]);
    });
}

// The place in its plane of what a window sees first. With padding and dilation a window may miss the input.
static inline ptrdiff_t first_place(const Pooling& p, const Window& d, const Window& h, const Window& w) {
    const ptrdiff_t row = std::min(d.begin, p.input[0] - 1) * p.input[1] + std::min(h.begin, p.input[1] - 1);
    return row * p.input[2] + std::min(w.begin, p.input[2] - 1);
}

template <typename T> static AL_INLINE bool larger(T value, T best) { return value > best || value != value; }

// The largest, and its place in the plane; a nan is larger than any number.
template <typename T> void max_pool_windows(const Pooling& p, Threads& threads, const T* x, T* out, int64_t* indices) {
    const ptrdiff_t height = p.input[1], width = p.input[2], size = p.input_plane();
    each_output(p, threads, [&](ptrdiff_t plane, ptrdiff_t at, const Window& wd, const Window& wh, const Window& ww) {
        const T* image = x + plane * size;
        T best = -std::numeric_limits<T>::infinity();
        ptrdiff_t place = first_place(p, wd, wh, ww);
        for (ptrdiff_t d = wd.begin; d < wd.end; d += p.step[0])
            for (ptrdiff_t h = wh.begin; h < wh.end; h += p.step[1]) {
                const ptrdiff_t row = (d * height + h) * width;
                for (ptrdiff_t w = ww.begin; w < ww.end; w += p.step[2])
                    if (larger(image[row + w], best)) best = image[row + w], place = row + w;
            }
        out[at] = best;
        indices[at] = place;
    });
}

// A place as wide as a value, so that the same registers choose both.
template <typename T> struct Place;
template <> struct Place<float> { using type = int32_t; };
template <> struct Place<double> { using type = int64_t; };

template <typename T, typename P>
static AL_INLINE void take(ptrdiff_t n, const T* __restrict x, ptrdiff_t stride, P place, T* __restrict best,
                           P* __restrict places) {
    for (ptrdiff_t i = 0; i < n; i++) {
        const T value = x[i * stride];
        const bool better = larger(value, best[i]);
        best[i] = better ? value : best[i];
        places[i] = better ? P(place + i * stride) : places[i];
    }
}

// The same column of n windows against their best so far; x has the first one's, at `place`.
template <typename T, typename P>
AL_CLONES void take_column(ptrdiff_t n, const T* x, ptrdiff_t stride, P place, T* best, P* places) {
    if (stride == 2)
        take(n, x, 2, place, best, places);
    else
        take(n, x, stride, place, best, places);
}

// As max_pool_windows, for windows that slide: a row of them at a time, column by column.
template <typename T> void max_pool_rows(const Pooling& p, Threads& threads, const T* x, T* out, int64_t* indices) {
    using P = typename Place<T>::type;
    const ptrdiff_t n = p.output[2], width = p.input[2], size = p.input_plane();
    threads.run_each(p.planes, size, [&](ptrdiff_t begin, ptrdiff_t end) {
        std::vector<P> places(n);
        for (ptrdiff_t row = begin * p.output[0] * p.output[1]; row < end * p.output[0] * p.output[1]; row++) {
            const ptrdiff_t plane = row / (p.output[0] * p.output[1]);
            const Window &d = p.windows[0][row / p.output[1] % p.output[0]], &h = p.windows[1][row % p.output[1]];
            T* best = out + row * n;
            for (ptrdiff_t i = 0; i < n; i++) {
                best[i] = -std::numeric_limits<T>::infinity();
                places[i] = P(first_place(p, d, h, p.windows[2][i]));
            }
            for (ptrdiff_t z = d.begin; z < d.end; z += p.step[0])
                for (ptrdiff_t y = h.begin; y < h.end; y += p.step[1])
                    for (ptrdiff_t k = 0; k < p.columns; k++) {
                        const ptrdiff_t reach = k * p.step[2] - p.padding;  // of the first window
                        const ptrdiff_t from = reach >= 0 ? 0 : (-reach + p.stride - 1) / p.stride;
                        const ptrdiff_t to = reach >= width ? 0 : std::min(n, (width - 1 - reach) / p.stride + 1);
                        const ptrdiff_t place = (z * p.input[1] + y) * width + reach + from * p.stride;
                        if (from < to)
                            take_column(to - from, x + plane * size + place, p.stride, P(place), best + from,
                                        places.data() + from);
                    }
            std::copy(places.begin(), places.end(), indices + row * n);
        }
    });
}

template <typename T> void max_pool(const Pooling& p, Threads& threads, const T* x, T* out, int64_t* indices) {
    if (p.columns > 0 && p.input_plane() <= std::numeric_limits<typename Place<T>::type>::max())
        max_pool_rows(p, threads, x, out, indices);
    else
        max_pool_windows(p, threads, x, out, indices);
}

static inline ptrdiff_t divisor(const Pooling& p, const Window& d, const Window& h, const Window& w) {
    return p.count_padding ? d.full * h.full * w.full : (d.end - d.begin) * (h.end - h.begin) * (w.end - w.begin);
}

template <typename T> void avg_pool(const Pooling& p, Threads& threads, const T* x, T* out) {
    const ptrdiff_t height = p.input[1], width = p.input[2], size = p.input_plane();
    each_output(p, threads, [&](ptrdiff_t plane, ptrdiff_t at, const Window& wd, const Window& wh, const Window& ww) {
        const T* image = x + plane * size;
        T sum = 0;
        for (ptrdiff_t d = wd.begin; d < wd.end; d++)
            for (ptrdiff_t h = wh.begin; h < wh.end; h++) {
                const T* row = image + (d * height + h) * width;
                for (ptrdiff_t w = ww.begin; w < ww.end; w++) sum += row[w];
            }
        out[at] = sum / T(divisor(p, wd, wh, ww));
    });
}

// Each output's gradient shared out over its window; x begins as zeros.
template <typename T> void avg_pool_grad(const Pooling& p, Threads& threads, const T* delta, T* x) {
    const ptrdiff_t height = p.input[1], width = p.input[2], size = p.input_plane();
    each_output(p, threads, [&](ptrdiff_t plane, ptrdiff_t at, const Window& wd, const Window& wh, const Window& ww) {
        T* image = x + plane * size;
        const T share = delta[at] / T(divisor(p, wd, wh, ww));
        for (ptrdiff_t d = wd.begin; d < wd.end; d++)
            for (ptrdiff_t h = wh.begin; h < wh.end; h++) {
                T* row = image + (d * height + h) * width;
                for (ptrdiff_t w = ww.begin; w < ww.end; w++) row[w] += share;
            }
    });
}

template <typename T>
void gather_planes(Threads& threads, const T* x, const int64_t* indices, T* out, ptrdiff_t planes, ptrdiff_t n,
                   ptrdiff_t size) {
    threads.run_each(planes, n, [=](ptrdiff_t begin, ptrdiff_t end) {
        for (ptrdiff_t plane = begin; plane < end; plane++)
            for (ptrdiff_t i = plane * n; i < (plane + 1) * n; i++) out[i] = x[plane * size + indices[i]];
    });
}

// Into planes of zeros: added, or put there, the last winning.
template <typename T>
void scatter_planes(Threads& threads, const T* x, const int64_t* indices, T* out, ptrdiff_t planes, ptrdiff_t n,
                    ptrdiff_t size, bool add) {
    threads.run_each(planes, size, [=](ptrdiff_t begin, ptrdiff_t end) {
        for (ptrdiff_t plane = begin; plane < end; plane++) {
            T* to = out + plane * size;
            std::fill_n(to, size, T(0));
            for (ptrdiff_t i = plane * n; i < (plane + 1) * n; i++) {
                T& place = to[indices[i]];
                place = add ? place + x[i] : x[i];
            }
        }
    });
}

}  // namespace al
