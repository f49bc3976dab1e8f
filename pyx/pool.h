// Pooling: the largest or the mean of each window of a plane, a plane being depth x height x width.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

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
    Window* windows[3];
    bool count_padding;  // whether a mean counts the padding's zeros

    ptrdiff_t input_plane() const { return input[0] * input[1] * input[2]; }
    ptrdiff_t output_plane() const { return output[0] * output[1] * output[2]; }
};

// visit(plane, output's place, depth's window, height's, width's) for each output.
template <typename Visit> inline void each_output(const Pooling& p, Visit visit) {
    for (ptrdiff_t plane = 0, at = 0; plane < p.planes; plane++)
        for (ptrdiff_t d = 0; d < p.output[0]; d++)
            for (ptrdiff_t h = 0; h < p.output[1]; h++)
                for (ptrdiff_t w = 0; w < p.output[2]; w++, at++)
                    visit(plane, at, p.windows[0][d], p.windows[1][h], p.windows[2][w]);
}

// The largest, and its place in the plane; a nan is larger than any number.
template <typename T> void max_pool(const Pooling& p, const T* x, T* out, int64_t* indices) {
    const ptrdiff_t height = p.input[1], width = p.input[2], step_h = p.step[1], step_w = p.step[2],
                    size = p.input_plane();
    each_output(p, [=](ptrdiff_t plane, ptrdiff_t at, const Window& wd, const Window& wh, const Window& ww) {
        const T* image = x + plane * size;
        T best = -std::numeric_limits<T>::infinity();
        // with padding and dilation a window may miss the input
        ptrdiff_t place = (std::min(wd.begin, p.input[0] - 1) * height + std::min(wh.begin, height - 1)) * width +
                          std::min(ww.begin, width - 1);
        for (ptrdiff_t d = wd.begin; d < wd.end; d += p.step[0])
            for (ptrdiff_t h = wh.begin; h < wh.end; h += step_h) {
                const ptrdiff_t row = (d * height + h) * width;
                for (ptrdiff_t w = ww.begin; w < ww.end; w += step_w) {
                    const T value = image[row + w];
                    if (value > best || value != value) best = value, place = row + w;
                }
            }
        out[at] = best;
        indices[at] = place;
    });
}

static inline ptrdiff_t divisor(const Pooling& p, const Window& d, const Window& h, const Window& w) {
    return p.count_padding ? d.full * h.full * w.full : (d.end - d.begin) * (h.end - h.begin) * (w.end - w.begin);
}

template <typename T> void avg_pool(const Pooling& p, const T* x, T* out) {
    const ptrdiff_t height = p.input[1], width = p.input[2], size = p.input_plane();
    each_output(p, [=](ptrdiff_t plane, ptrdiff_t at, const Window& wd, const Window& wh, const Window& ww) {
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
template <typename T> void avg_pool_grad(const Pooling& p, const T* delta, T* x) {
    const ptrdiff_t height = p.input[1], width = p.input[2], size = p.input_plane();
    each_output(p, [=](ptrdiff_t plane, ptrdiff_t at, const Window& wd, const Window& wh, const Window& ww) {
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
void gather_planes(const T* x, const int64_t* indices, T* out, ptrdiff_t planes, ptrdiff_t n, ptrdiff_t size) {
    for (; planes > 0; planes--, x += size, indices += n, out += n)
        for (ptrdiff_t i = 0; i < n; i++) out[i] = x[indices[i]];
}

// Into planes of zeros: added, or put there, the last winning.
template <typename T>
void scatter_planes(const T* x, const int64_t* indices, T* out, ptrdiff_t planes, ptrdiff_t n, ptrdiff_t size,
                    bool add) {
    for (; planes > 0; planes--, x += n, indices += n, out += size)
        for (ptrdiff_t i = 0; i < n; i++) out[indices[i]] = add ? out[indices[i]] + x[i] : x[i];
}

}  // namespace al
