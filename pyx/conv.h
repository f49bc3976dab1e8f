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

// visit(element of the patch, first output, number of outputs, address in the image of the first one's element or -1
// for padding) for runs of outputs along the last dimension; together they cover the outputs [begin, end) of every
// element.
template <typename Visit> inline void each_run(const Convolution& c, ptrdiff_t begin, ptrdiff_t end, Visit visit) {
    const ptrdiff_t width = c.output[2], height = c.output[1];
    ptrdiff_t element = 0;
    for (ptrdiff_t channel = 0; channel < c.inputs; channel++)
        for (ptrdiff_t kd = 0; kd < c.kernel[0]; kd++)
            for (ptrdiff_t kh = 0; kh < c.kernel[1]; kh++)
                for (ptrdiff_t kw = 0; kw < c.kernel[2]; kw++, element++) {
                    const Tap td(c, 0, kd), th(c, 1, kh), tw(c, 2, kw);
                    for (ptrdiff_t at = begin; at < end;) {
                        const ptrdiff_t row = at / width, w = at - row * width, d = row / height, h = row - d * height;
                        const ptrdiff_t stop = std::min(width, w + end - at);
                        if (!td.hits(d) || !th.hits(h)) {
                            visit(element, at, stop - w, ptrdiff_t(-1));
                        } else {
                            const ptrdiff_t from = std::clamp(tw.from, w, stop), to = std::clamp(tw.to, from, stop);
                            if (from > w) visit(element, at, from - w, ptrdiff_t(-1));
                            if (to > from) {
                                const ptrdiff_t z = td.first + d * c.stride[0], y = th.first + h * c.stride[1];
                                const ptrdiff_t x = tw.first + from * c.stride[2];
                                visit(element, at + from - w, to - from,
                                      ((channel * c.input[0] + z) * c.input[1] + y) * c.input[2] + x);
                            }
                            if (stop > to) visit(element, at + to - w, stop - to, ptrdiff_t(-1));
                        }
                        at += stop - w;
                    }
                }
}

// Row e of `columns` holds element e of the patches of the outputs [begin, end).
template <typename T>
void unfold(const Convolution& c, const T* image, ptrdiff_t begin, ptrdiff_t end, T* columns, ptrdiff_t row) {
    const ptrdiff_t step = c.stride[2];
    each_run(c, begin, end, [=](ptrdiff_t element, ptrdiff_t at, ptrdiff_t n, ptrdiff_t address) {
        T* __restrict out = columns + element * row + (at - begin);
        const T* __restrict source = image + address;
        if (address < 0)
            for (ptrdiff_t i = 0; i < n; i++) out[i] = 0;
        else if (step == 1)
            for (ptrdiff_t i = 0; i < n; i++) out[i] = source[i];
        else
            for (ptrdiff_t i = 0; i < n; i++) out[i] = source[i * step];
    });
}

// The transpose of unfold: the columns are added to the image.
template <typename T>
void fold(const Convolution& c, const T* columns, ptrdiff_t row, ptrdiff_t begin, ptrdiff_t end, T* image) {
    const ptrdiff_t step = c.stride[2];
    each_run(c, begin, end, [=](ptrdiff_t element, ptrdiff_t at, ptrdiff_t n, ptrdiff_t address) {
        const T* __restrict source = columns + element * row + (at - begin);
        T* __restrict out = image + address;
        if (address < 0) return;
        if (step == 1)
            for (ptrdiff_t i = 0; i < n; i++) out[i] += source[i];
        else
            for (ptrdiff_t i = 0; i < n; i++) out[i * step] += source[i];
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
