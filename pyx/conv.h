// Convolution as products of shifted rows.
//
// An image is laid out with zeros between its rows, planes and images, so that one element of the kernel sees the same
// sequence of places shifted by a constant. A convolution is then a matrix product whose second operand is never
// written down: row (channel, element) of it is that channel's sequence from the element's shift on. With stride s, a
// sequence is cut into its s phases, each of which is convolved without stride; the gradient of the input takes the
// outputs' gradient as its source and has the input's phases as its results. Where rows are short, the zeros between
// them would be much of the work: then each column of the kernel has sequences of its own, shifted beforehand, of rows
// as long as the result's.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "tile.h"

namespace al {

// Over three dimensions; those that are missing have size 1.
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

// The quotient towards minus infinity, and what remains.
static inline ptrdiff_t floor_divide(ptrdiff_t a, ptrdiff_t b) { return a / b - (a % b < 0); }
static inline ptrdiff_t modulo(ptrdiff_t a, ptrdiff_t b) { return a - floor_divide(a, b) * b; }

// One dimension: its places in a source or result, every step-th of them one phase; in a sequence, a phase's places
// take `pitch`, those beyond `content` being zeros.
struct Axis {
    ptrdiff_t size, step, content, pitch;

    // The first of a phase's places that lies within, and the end of those that do.
    ptrdiff_t begin(ptrdiff_t start) const {
        return start >= 0 ? 0 : std::min((-start + step - 1) / step, content);
    }
    ptrdiff_t end(ptrdiff_t start) const {
        return std::clamp(size > start ? (size - start - 1) / step + 1 : 0, begin(start), content);
    }
};

struct Phase {
    ptrdiff_t start[3];  // where its places begin, which may be outside
    bool operator==(const Phase& o) const { return std::equal(start, start + 3, o.start); }
};

// Images of `channels` channels, `all_channels` of which follow each other in memory.
struct Volume {
    Axis axes[3];
    ptrdiff_t channels, all_channels;

    ptrdiff_t plane() const { return axes[0].size * axes[1].size * axes[2].size; }
    ptrdiff_t line() const { return axes[2].pitch; }
    ptrdiff_t sheet() const { return axes[1].pitch * line(); }
    ptrdiff_t image() const { return axes[0].pitch * sheet(); }

    // Where a place of a phase lies in the memory of its channel.
    ptrdiff_t address(const Phase& phase, ptrdiff_t d, ptrdiff_t h, ptrdiff_t w) const {
        const ptrdiff_t z = d * axes[0].step + phase.start[0], y = h * axes[1].step + phase.start[1];
        return (z * axes[1].size + y) * axes[2].size + w * axes[2].step + phase.start[2];
    }
};

// One element of the kernel: the source's phase that it reads, and how far its places are shifted.
struct Shift {
    ptrdiff_t element, phase, by;
};

// The elements of the kernel that reach one phase of the result.
struct Part {
    Phase phase;
    std::vector<Shift> shifts;
};

template <typename Visit> inline void each_piece(ptrdiff_t n, ptrdiff_t most, Visit visit) {
    const ptrdiff_t pieces = (n + most - 1) / most;
    for (ptrdiff_t i = 0; i < pieces; i++) visit(i * n / pieces, (i + 1) * n / pieces);
}

enum Direction { FORWARD, BACKWARD };  // whether the input is the source, or the output

// How one group of channels is convolved.
struct Layout {
    Volume source, result;
    std::vector<Phase> phases;  // of the source
    std::vector<Part> parts;
    ptrdiff_t front, back;      // zeros before and after a sequence: what shifts reach
    ptrdiff_t patch;            // channels of the source, times elements of the kernel

    // by_column: whether each column of the kernel has sequences of its own.
    Layout(const Convolution& c, Direction direction, bool by_column) {
        const bool forward = direction == FORWARD;
        for (int k = 0; k < 3; k++) {
            Axis &from = source.axes[k], &to = result.axes[k];
            from.size = forward ? c.input[k] : c.output[k], from.step = forward ? c.stride[k] : 1;
            to.size = forward ? c.output[k] : c.input[k], to.step = forward ? 1 : c.stride[k];
            to.content = (to.size - 1) / to.step + 1;
            from.content = from.pitch = to.pitch = to.content;
            if (k == 2 && by_column) continue;
            ptrdiff_t least = reach(c, direction, k, 0).by, most = least;
            for (ptrdiff_t e = 1; e < c.kernel[k]; e++) {
                least = std::min(least, reach(c, direction, k, e).by);
                most = std::max(most, reach(c, direction, k, e).by);
            }
            from.content = std::clamp<ptrdiff_t>(to.content + most, 0, (from.size - 1) / from.step + 1);
            const ptrdiff_t gap = std::max<ptrdiff_t>({0, -least, to.content + most - from.content});
            from.pitch = to.pitch = std::max(from.content + gap, to.content);
        }
        source.channels = forward ? c.inputs : c.outputs, source.all_channels = c.groups * source.channels;
        result.channels = forward ? c.outputs : c.inputs, result.all_channels = c.groups * result.channels;
        patch = source.channels * c.kernel_plane();
        add_phases();
        ptrdiff_t element = 0;
        front = back = 0;
        for (ptrdiff_t d = 0; d < c.kernel[0]; d++)
            for (ptrdiff_t h = 0; h < c.kernel[1]; h++)
                for (ptrdiff_t w = 0; w < c.kernel[2]; w++, element++) {
                    Reach r[3] = {reach(c, direction, 0, d), reach(c, direction, 1, h), reach(c, direction, 2, w)};
                    if (by_column) r[2].from += r[2].by * source.axes[2].step, r[2].by = 0;
                    const ptrdiff_t by = r[0].by * source.sheet() + r[1].by * source.line() + r[2].by;
                    const Phase from = {{r[0].from, r[1].from, r[2].from}}, to = {{r[0].to, r[1].to, r[2].to}};
                    auto found = std::find(phases.begin(), phases.end(), from);
                    if (found == phases.end()) found = phases.insert(found, from);
                    for (Part& part : parts)
                        if (part.phase == to) part.shifts.push_back({element, found - phases.begin(), by});
                    front = std::max(front, -by), back = std::max(back, by);
                }
    }

  private:
    struct Reach {
        ptrdiff_t from, to, by;  // a phase of the source, one of the result, and the shift between them
    };

    static Reach reach(const Convolution& c, Direction direction, int dim, ptrdiff_t element) {
        const ptrdiff_t stride = c.stride[dim], apart = element * c.dilation[dim] - c.padding[dim];
        if (direction == FORWARD) return {modulo(apart, stride), 0, floor_divide(apart, stride)};
        return {0, modulo(apart, stride), -floor_divide(apart, stride)};
    }

    void add_phases() {
        const Axis* a = result.axes;
        for (ptrdiff_t d = 0; d < a[0].step; d++)
            for (ptrdiff_t h = 0; h < a[1].step; h++)
                for (ptrdiff_t w = 0; w < a[2].step; w++) parts.push_back({{{d, h, w}}, {}});
    }
};

// The place that images take as sequences, one for each channel and phase.
struct Sequences {
    ptrdiff_t front, length;

    // A sequence is an odd number of cache lines, so that the same place of many of them does not fall on the same few
    // lines of a cache.
    Sequences(const Volume& v, ptrdiff_t images, ptrdiff_t front_, ptrdiff_t back) : front(front_) {
        constexpr ptrdiff_t LINE = 16, OVERRUN = MOST_WIDTH * 16;  // of what is computed beyond the last place
        length = ((front + images * v.image() + back + OVERRUN) / LINE | 1) * LINE + LINE * 2;
    }
};

template <typename T> T* fill_zeros(T* to, ptrdiff_t n) { return std::fill_n(to, std::max<ptrdiff_t>(n, 0), T(0)); }

// Copies between places that do not overlap. Most runs are short: pieces of 32 bytes, the last of which may repeat part
// of the one before, cost less than a call of memcpy.
template <typename T> inline void copy_run(const T* from, T* to, ptrdiff_t n, ptrdiff_t step) {
    constexpr ptrdiff_t PIECE = 32 / sizeof(T);
    if (n < PIECE || step != 1) {
        for (ptrdiff_t i = 0; i < n; i++) to[i] = from[i * step];
    } else {
        for (ptrdiff_t i = 0; i + PIECE <= n; i += PIECE) std::memcpy(to + i, from + i, 32);
        std::memcpy(to + n - PIECE, from + n - PIECE, 32);
    }
}

// The sequence of one channel's phase; x is that channel in the first image.
template <typename T>
void lay_out(const Volume& v, const Sequences& s, ptrdiff_t images, const T* x, const Phase& phase, T* to) {
    const Axis* a = v.axes;
    const ptrdiff_t sheets = a[0].end(phase.start[0]), lines = a[1].end(phase.start[1]);
    const ptrdiff_t begin = a[2].begin(phase.start[2]), inside = a[2].end(phase.start[2]) - begin;
    T* const end = to + s.length;
    to = fill_zeros(to, s.front);
    for (ptrdiff_t image = 0; image < images; image++, x += v.all_channels * v.plane()) {
        for (ptrdiff_t d = 0; d < sheets; d++) {
            for (ptrdiff_t h = 0; h < lines; h++, to += v.line()) {
                const T* row = x + v.address(phase, d, h, begin);
                for (ptrdiff_t i = 0; i < begin; i++) to[i] = 0;
                copy_run(row, to + begin, inside, a[2].step);
                for (ptrdiff_t i = begin + inside; i < v.line(); i++) to[i] = 0;
            }
            to = fill_zeros(to, (a[1].pitch - lines) * v.line());
        }
        to = fill_zeros(to, (a[0].pitch - sheets) * v.sheet());
    }
    fill_zeros(to, end - to);
}

// The places of a sequence at which there are results, cut into blocks of up to `most` registers. Zeros between sheets
// are skipped where that saves a register.
struct Blocks {
    ptrdiff_t stretch, apart, stretches, per_stretch, most, lanes;

    Blocks(const Volume& v, ptrdiff_t images, ptrdiff_t lanes_, ptrdiff_t most_) : most(most_), lanes(lanes_) {
        const Axis* a = v.axes;
        stretch = (a[1].content - 1) * v.line() + a[2].content;
        apart = v.sheet();
        stretches = images * a[0].pitch;
        if ((stretch + lanes - 1) / lanes * lanes >= apart) stretch += (stretches - 1) * apart, stretches = 1;
        const ptrdiff_t registers = (stretch + lanes - 1) / lanes;
        per_stretch = (registers + most - 1) / most;
    }
    ptrdiff_t count() const { return stretches * per_stretch; }
    ptrdiff_t registers() const { return stretches * ((stretch + lanes - 1) / lanes); }

    // The first place of a block, and its registers.
    ptrdiff_t place(ptrdiff_t block, ptrdiff_t& width) const {
        const ptrdiff_t registers = (stretch + lanes - 1) / lanes, within = block % per_stretch;
        const ptrdiff_t from = within * registers / per_stretch, to = (within + 1) * registers / per_stretch;
        width = to - from;
        return block / per_stretch * apart + from * lanes;
    }
};

// Results of a block that follow each other in a row: `n` from `from` in the block, to `to` in the first channel.
struct Run {
    ptrdiff_t from, to, n;
};

static inline void find_runs(const Volume& v, const Phase& phase, ptrdiff_t images, ptrdiff_t place, ptrdiff_t places,
                             std::vector<Run>& runs) {
    const Axis* a = v.axes;
    runs.clear();
    for (ptrdiff_t at = place; at < place + places;) {
        const ptrdiff_t image = at / v.image(), d = at % v.image() / v.sheet(), h = at % v.sheet() / v.line(),
                        w = at % v.line();
        const ptrdiff_t n = std::min(v.line() - w, place + places - at);
        const ptrdiff_t inside = std::min(n, a[2].end(phase.start[2]) - w);
        if (image < images && d < a[0].end(phase.start[0]) && h < a[1].end(phase.start[1]) && inside > 0)
            runs.push_back({at - place, image * v.all_channels * v.plane() + v.address(phase, d, h, w), inside});
        at += n;
    }
}

// A group's weights in the order in which tiles read them: for each part, for each block of rows, k by rows. The
// distance between rows (of results), and between channels of the source, is in elements.
template <typename T>
void order_weights(const Layout& layout, const T* w, ptrdiff_t row, ptrdiff_t channel, ptrdiff_t rows, T* to) {
    for (const Part& part : layout.parts)
        each_piece(layout.result.channels, rows, [&](ptrdiff_t begin, ptrdiff_t end) {
            for (ptrdiff_t c = 0; c < layout.source.channels; c++)
                for (const Shift& shift : part.shifts)
                    for (ptrdiff_t m = begin; m < end; m++) *to++ = w[m * row + c * channel + shift.element];
        });
}

enum Product { OUTPUT, INPUT, WEIGHT };  // which of x, w and y is computed from the other two

// One convolution's layout, and the memory that it needs beside its operands, in elements. As many images are worked on
// at a time as stay in cache.
struct Plan {
    const Convolution c;
    const Product product;
    const Layout layout;
    ptrdiff_t images;
    Sequences source, result;
    ptrdiff_t weights_size, source_size, result_size;

    Plan(const Convolution& c_, Product product_, ptrdiff_t itemsize, ptrdiff_t lanes)
        : c(c_), product(product_), layout(cheaper(lanes)), images(images_of(itemsize)),
          source(layout.source, images, layout.front, layout.back), result(layout.result, images, 0, 0) {
        weights_size = product == WEIGHT ? 0 : c.outputs * c.patch();
        source_size = layout.source.channels * layout.phases.size() * source.length;
        result_size = product == WEIGHT ? layout.result.channels * result.length : 0;
    }
    ptrdiff_t workspace() const { return weights_size + source_size + result_size; }

  private:
    // What one image costs, about, in multiplications of registers: a place laid out is a fifth of one.
    double cost(const Layout& l, ptrdiff_t lanes) const {
        const ptrdiff_t registers =
            product == WEIGHT ? l.result.image() / lanes : Blocks(l.result, 1, lanes, MOST_WIDTH).registers();
        return double(registers) * l.patch * l.result.channels +
               0.2 * l.source.image() * l.source.channels * l.phases.size();
    }

    Layout cheaper(ptrdiff_t lanes) const {
        const Direction direction = product == INPUT ? BACKWARD : FORWARD;
        Layout dense(c, direction, false), by_column(c, direction, true);
        return cost(by_column, lanes) < cost(dense, lanes) ? by_column : dense;
    }

    ptrdiff_t images_of(ptrdiff_t itemsize) const {
        constexpr ptrdiff_t CACHE_BYTES = 1 << 20;
        const ptrdiff_t rows = layout.source.channels * layout.phases.size();
        return std::clamp<ptrdiff_t>(CACHE_BYTES / (rows * layout.source.image() * itemsize), 1, c.batch);
    }
};

// One group of some images: sources, weights and results are what the plan says, in sequences where so named.
template <typename T> struct Tile {
    const Plan& plan;
    const Tiles<T>& kernels;
    ptrdiff_t images;

    // Where each row of a part's implied matrix begins.
    std::vector<ptrdiff_t> rows_of(const Part& part) const {
        std::vector<ptrdiff_t> at;
        const ptrdiff_t phases = plan.layout.phases.size();
        for (ptrdiff_t c = 0; c < plan.layout.source.channels; c++)
            for (const Shift& s : part.shifts)
                at.push_back((c * phases + s.phase) * plan.source.length + plan.source.front + s.by);
        return at;
    }

    void lay_out_source(const T* x, T* sequences) const {
        const Volume& v = plan.layout.source;
        for (ptrdiff_t c = 0; c < v.channels; c++, x += v.plane())
            for (const Phase& phase : plan.layout.phases) {
                lay_out(v, plan.source, images, x, phase, sequences);
                sequences += plan.source.length;
            }
    }

    void lay_out_result(const T* y, T* sequences) const {
        const Volume& v = plan.layout.result;
        for (ptrdiff_t c = 0; c < v.channels; c++, y += v.plane(), sequences += plan.result.length)
            lay_out(v, plan.result, images, y, Phase(), sequences);
    }

    // start: a first value for each channel, or null for zeros.
    void multiply(const T* sequences, const T* weights, const T* start, T* y) const {
        const Volume& v = plan.layout.result;
        const Blocks blocks(v, images, kernels.lanes, kernels.width);
        const ptrdiff_t step = v.axes[2].step;
        alignas(64) T tile[MOST_ROWS * MOST_WIDTH * MOST_LANE_BYTES / sizeof(T)];
        std::vector<Run> runs;
        for (const Part& part : plan.layout.parts) {
            const std::vector<ptrdiff_t> at = rows_of(part);
            const ptrdiff_t k = at.size();
            for (ptrdiff_t block = 0; block < blocks.count(); block++) {
                ptrdiff_t width;
                const ptrdiff_t place = blocks.place(block, width), places = width * kernels.lanes;
                find_runs(v, part.phase, images, place, places, runs);
                if (runs.empty()) continue;
                each_piece(v.channels, kernels.rows, [&](ptrdiff_t begin, ptrdiff_t end) {
                    kernels.product[end - begin][width](k, weights + begin * k, sequences + place, at.data(),
                                                        start != nullptr ? start + begin : nullptr, tile);
                    for (ptrdiff_t m = begin; m < end; m++)
                        for (const Run& run : runs) {
                            const T* from = tile + (m - begin) * places + run.from;
                            T* to = y + m * v.plane() + run.to;
                            if (step == 1)
                                copy_run(from, to, run.n, 1);
                            else
                                for (ptrdiff_t i = 0; i < run.n; i++) to[i * step] = from[i];
                        }
                });
            }
            weights += v.channels * k;
        }
    }

    // The weights' gradient, added to dw; the results' comes as sequences.
    void correlate(const T* sequences, const T* results, T* dw) const {
        constexpr ptrdiff_t STRIP = 8192 / sizeof(T);  // places at a time: those of a few channels stay in cache
        const std::vector<ptrdiff_t> at = rows_of(plan.layout.parts[0]);
        const ptrdiff_t k = at.size(), places = images * plan.layout.result.image(), length = plan.result.length;
        for (ptrdiff_t from = 0; from < places; from += STRIP) {
            const ptrdiff_t count =
                (std::min(STRIP, places - from) + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
            each_piece(plan.layout.result.channels, kernels.dot_rows, [&](ptrdiff_t begin, ptrdiff_t end) {
                each_piece(k, kernels.dot_taps, [&](ptrdiff_t first, ptrdiff_t last) {
                    kernels.dots[end - begin][last - first](count, results + begin * length + from, length,
                                                            sequences + from, at.data() + first, dw + begin * k + first,
                                                            k);
                });
            });
        }
    }
};

// Compute x, w or y, all contiguous. With OUTPUT, bias has a value for each output, or is null.
template <typename T>
void convolve(const Plan& plan, const Tiles<T>& kernels, T* x, T* w, T* y, const T* bias, T* workspace) {
    const Convolution& c = plan.c;
    const Layout& layout = plan.layout;
    const ptrdiff_t elements = c.kernel_plane(), group_weights = c.outputs * c.patch();
    T *weights = workspace, *source = weights + plan.weights_size, *result = source + plan.source_size;
    if (plan.product == WEIGHT) std::fill_n(w, c.groups * group_weights, T(0));
    for (ptrdiff_t group = 0; group < c.groups; group++, w += group_weights) {
        if (plan.product == OUTPUT) order_weights(layout, w, c.patch(), elements, kernels.rows, weights);
        if (plan.product == INPUT) order_weights(layout, w, elements, c.patch(), kernels.rows, weights);
        const T* start = bias != nullptr ? bias + group * c.outputs : nullptr;
        for (ptrdiff_t image = 0; image < c.batch; image += plan.images) {
            const Tile<T> tile = {plan, kernels, std::min(plan.images, c.batch - image)};
            T* xi = x + (image * c.groups + group) * c.inputs * c.input_plane();
            T* yi = y + (image * c.groups + group) * c.outputs * c.output_plane();
            tile.lay_out_source(plan.product == INPUT ? yi : xi, source);
            if (plan.product == WEIGHT) {
                tile.lay_out_result(yi, result);
                tile.correlate(source, result, w);
            } else {
                tile.multiply(source, weights, start, plan.product == INPUT ? xi : yi);
            }
        }
    }
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
