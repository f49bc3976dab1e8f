// Convolution's data movement: patches of an image laid out as a matrix's columns, and back.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>

namespace al {

// One group's convolution over three dimensions; those that are missing have size 1.
struct Convolution {
    ptrdiff_t batch, groups, inputs, outputs;  // channels of one group
    ptrdiff_t input[3], output[3], kernel[3], stride[3], padding[3], dilation[3];

    ptrdiff_t input_plane() const { return input[0] * input[1] * input[2]; }
    ptrdiff_t output_plane() const { return output[0] * output[1] * output[2]; }
    ptrdiff_t kernel_plane() const { return kernel[0] * kernel[1] * kernel[2]; }
    ptrdiff_t patch() const { return inputs * kernel_plane(); }

    // Whether an image is its own matrix of patches.
    bool pointwise() const {
        for (int k = 0; k < 3; k++)
            if (kernel[k] != 1 || stride[k] != 1 || padding[k] != 0) return false;
        return true;
    }
};

// One element of the kernel: where it lands in the input for output 0, and the outputs [from, to) for which it lands
// within.
struct Tap {
    ptrdiff_t first, from, to;

    Tap(const Convolution& c, int dim, ptrdiff_t k) {
        const ptrdiff_t stride = c.stride[dim];
        first = k * c.dilation[dim] - c.padding[dim];
        from = first >= 0 ? 0 : (-first + stride - 1) / stride;
        to = first >= c.input[dim] ? 0 : (c.input[dim] - 1 - first) / stride + 1;
        to = std::min(to, c.output[dim]);
        from = std::min(from, to);
    }
    bool hits(ptrdiff_t o) const { return o >= from && o < to; }
};

// A rectangle of outputs as one element of the kernel sees it: `rows` of `n`, one after the other in memory from output
// `at` on. The first `above` and the last `below` rows see padding; so do the first `before` and the last `after` of
// every row. The others see the image from `address` on, rows `line` apart.
struct Block {
    ptrdiff_t at, rows, n, above, below, before, after, address, line;
};

// visit(element of the patch, block) for all elements; the blocks of each cover the outputs [begin, end).
template <typename Visit> inline void each_block(const Convolution& c, ptrdiff_t begin, ptrdiff_t end, Visit visit) {
    const ptrdiff_t width = c.output[2], height = c.output[1];
    const ptrdiff_t first_row = begin / width, first_d = first_row / height, first_h = first_row % height;
    ptrdiff_t element = 0;
    for (ptrdiff_t channel = 0; channel < c.inputs; channel++)
        for (ptrdiff_t kd = 0; kd < c.kernel[0]; kd++)
            for (ptrdiff_t kh = 0; kh < c.kernel[1]; kh++)
                for (ptrdiff_t kw = 0; kw < c.kernel[2]; kw++, element++) {
                    const Tap td(c, 0, kd), th(c, 1, kh), tw(c, 2, kw);
                    ptrdiff_t d = first_d, h = first_h, w = begin - first_row * width;
                    for (ptrdiff_t at = begin; at < end;) {
                        const bool whole = w == 0 && end - at >= width;
                        const ptrdiff_t rows = whole ? std::min(height - h, (end - at) / width) : 1;
                        const ptrdiff_t n = whole ? width : std::min(width - w, end - at);
                        Block block = {at, rows, n, rows, 0, 0, 0, 0, c.stride[1] * c.input[2]};
                        if (td.hits(d)) {
                            const ptrdiff_t top = std::clamp(th.from, h, h + rows),
                                            left = std::clamp(tw.from, w, w + n);
                            const ptrdiff_t bottom = std::clamp(th.to, top, h + rows),
                                            right = std::clamp(tw.to, left, w + n);
                            const ptrdiff_t z = td.first + d * c.stride[0], y = th.first + top * c.stride[1];
                            const ptrdiff_t x = tw.first + left * c.stride[2];
                            block.above = top - h, block.below = h + rows - bottom;
                            block.before = left - w, block.after = w + n - right;
                            block.address = ((channel * c.input[0] + z) * c.input[1] + y) * c.input[2] + x;
                        }
                        visit(element, block);
                        at += rows * n;
                        w = 0;
                        h += rows;
                        if (h == height) h = 0, d++;
                    }
                }
}

// Copies between places that do not overlap. Most runs are short: pieces of 32 bytes, the last of which may repeat part
// of the one before, cost less than a call of memcpy.
template <typename T> inline void copy_run(const T* from, T* to, ptrdiff_t n) {
    constexpr ptrdiff_t PIECE = 32 / sizeof(T);
    if (n < PIECE) {
        for (ptrdiff_t i = 0; i < n; i++) to[i] = from[i];
    } else {
        for (ptrdiff_t i = 0; i + PIECE <= n; i += PIECE) std::memcpy(to + i, from + i, 32);
        std::memcpy(to + n - PIECE, from + n - PIECE, 32);
    }
}

// Row e of `columns` holds element e of the patches of the outputs [begin, end).
template <typename T>
void unfold(const Convolution& c, const T* image, ptrdiff_t begin, ptrdiff_t end, T* columns, ptrdiff_t row) {
    const ptrdiff_t step = c.stride[2];
    each_block(c, begin, end, [=](ptrdiff_t element, const Block& b) {
        T* __restrict out = columns + element * row + (b.at - begin);
        const T* __restrict source = image + b.address;
        const ptrdiff_t inside = b.n - b.before - b.after;
        out = std::fill_n(out, b.above * b.n, T(0));
        for (ptrdiff_t r = b.above; r < b.rows - b.below; r++, out += b.n, source += b.line) {
            for (ptrdiff_t i = 0; i < b.before; i++) out[i] = 0;
            if (step == 1)
                copy_run(source, out + b.before, inside);
            else
                for (ptrdiff_t i = 0; i < inside; i++) out[b.before + i] = source[i * step];
            for (ptrdiff_t i = b.n - b.after; i < b.n; i++) out[i] = 0;
        }
        std::fill_n(out, b.below * b.n, T(0));
    });
}

// The transpose of unfold: the columns are added to the image.
template <typename T>
void fold(const Convolution& c, const T* columns, ptrdiff_t row, ptrdiff_t begin, ptrdiff_t end, T* image) {
    const ptrdiff_t step = c.stride[2];
    each_block(c, begin, end, [=](ptrdiff_t element, const Block& b) {
        const T* __restrict source = columns + element * row + (b.at - begin) + b.above * b.n + b.before;
        T* __restrict out = image + b.address;
        const ptrdiff_t inside = b.n - b.before - b.after;
        for (ptrdiff_t r = b.above; r < b.rows - b.below; r++, source += b.n, out += b.line) {
            if (step == 1)
                for (ptrdiff_t i = 0; i < inside; i++) out[i] += source[i];
            else
                for (ptrdiff_t i = 0; i < inside; i++) out[i * step] += source[i];
        }
    });
}

// Rows of n elements, from_row and to_row apart.
template <typename T>
void copy_rows(const T* from, ptrdiff_t from_row, T* to, ptrdiff_t to_row, ptrdiff_t rows, ptrdiff_t n) {
    for (; rows > 0; rows--, from += from_row, to += to_row) std::memcpy(to, from, n * sizeof(T));
}

// Every row's n elements become its entry of `values`.
template <typename T> void fill_rows(const T* values, T* to, ptrdiff_t to_row, ptrdiff_t rows, ptrdiff_t n) {
    for (; rows > 0; rows--, to += to_row, values++) std::fill_n(to, n, *values);
}

// out[c] = the sum of x[n][c][i] over n and i.
template <typename T> void channel_sum(const T* x, T* out, ptrdiff_t batch, ptrdiff_t channels, ptrdiff_t plane) {
    for (ptrdiff_t c = 0; c < channels; c++) {
        double total = 0;
        for (ptrdiff_t n = 0; n < batch; n++) {
            const T* image = x + (n * channels + c) * plane;
            double sum = 0;
#pragma omp simd reduction(+ : sum)
            for (ptrdiff_t i = 0; i < plane; i++) sum += image[i];
            total += sum;
        }
        out[c] = T(total);
    }
}

// x[n][c][i] += values[c].
template <typename T> void add_channels(const T* values, T* x, ptrdiff_t batch, ptrdiff_t channels, ptrdiff_t plane) {
    for (ptrdiff_t n = 0; n < batch; n++)
        for (ptrdiff_t c = 0; c < channels; c++, x += plane)
            for (ptrdiff_t i = 0; i < plane; i++) x[i] += values[c];
}

}  // namespace al
