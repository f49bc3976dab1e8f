// Convolution and its gradients, by tiles of registers over sequences (shift.h).
#pragma once
#include "shift.h"
#include "threads.h"

namespace al {

template <typename T> T* fill_zeros(T* to, ptrdiff_t n) { return std::fill_n(to, std::max<ptrdiff_t>(n, 0), T(0)); }

// Copies between places that do not overlap. Most runs are short: pieces of 32 or 16 bytes, the last of which may
// repeat part of the one before, cost less than a call of memcpy.
template <int BYTES, typename T> inline void copy_pieces(const T* from, T* to, ptrdiff_t n) {
    constexpr ptrdiff_t PIECE = BYTES / sizeof(T);
    for (ptrdiff_t i = 0; i + PIECE <= n; i += PIECE) std::memcpy(to + i, from + i, BYTES);
    std::memcpy(to + n - PIECE, from + n - PIECE, BYTES);
}
template <typename T> inline void copy_run(const T* from, T* to, ptrdiff_t n, ptrdiff_t step) {
    if (step != 1 || n * sizeof(T) < 16)
        for (ptrdiff_t i = 0; i < n; i++) to[i] = from[i * step];
    else if (n * sizeof(T) < 32)
        copy_pieces<16>(from, to, n);
    else
        copy_pieces<32>(from, to, n);
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
        weights_size = product == WEIGHT ? 0 : c.groups * c.outputs * c.patch();
        source_size = layout.source.all_channels * layout.phases.size() * source.length;
        result_size = product == WEIGHT ? layout.result.all_channels * result.length : 0;
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
        const ptrdiff_t rows = layout.source.all_channels * layout.phases.size();
        return std::clamp<ptrdiff_t>(CACHE_BYTES / (rows * layout.source.image() * itemsize), 1, c.batch);
    }
};

// The work of a plan. Its loops are shared among threads so that each number is computed by one of them, in the same
// order always.
template <typename T> class Convolver {
  public:
    Convolver(const Plan& plan_, const Tiles<T>& tiles_, Threads& threads_, T* workspace)
        : plan(plan_), layout(plan.layout), tiles(tiles_), threads(threads_), weights(workspace),
          source(weights + plan.weights_size), result(source + plan.source_size) {
        const ptrdiff_t phases = layout.phases.size();
        for (const Part& part : layout.parts) {
            rows.emplace_back();
            for (ptrdiff_t c = 0; c < layout.source.channels; c++)
                for (const Shift& s : part.shifts)
                    rows.back().push_back((c * phases + s.phase) * plan.source.length + plan.source.front + s.by);
        }
    }

    // x, w and y are contiguous. With OUTPUT, bias has a value for each output, or is null.
    void run(T* x, T* w, T* y, const T* bias) {
        const Convolution& c = plan.c;
        if (plan.product == WEIGHT)
            std::fill_n(w, c.groups * c.outputs * c.patch(), T(0));
        else
            order_weights(w);
        for (ptrdiff_t image = 0; image < c.batch; image += plan.images) {
            const ptrdiff_t images = std::min(plan.images, c.batch - image);
            T* xi = x + image * c.groups * c.inputs * c.input_plane();
            T* yi = y + image * c.groups * c.outputs * c.output_plane();
            lay_out_all(layout.source, plan.source, layout.phases, images, plan.product == INPUT ? yi : xi, source);
            if (plan.product == WEIGHT) {
                lay_out_all(layout.result, plan.result, {Phase()}, images, yi, result);
                correlate(images, w);
            } else {
                multiply(images, bias, plan.product == INPUT ? xi : yi);
            }
        }
    }

  private:
    const Plan& plan;
    const Layout& layout;
    const Tiles<T>& tiles;
    Threads& threads;
    T *const weights, *const source, *const result;
    std::vector<std::vector<ptrdiff_t>> rows;  // for each part, where the rows of its implied matrix begin

    static constexpr ptrdiff_t WORTH = 1 << 15;  // elements moved, or products of registers, that are worth a thread
    static ptrdiff_t grain(ptrdiff_t each) { return std::max<ptrdiff_t>(1, WORTH / std::max<ptrdiff_t>(each, 1)); }

    void lay_out_all(const Volume& v, const Sequences& s, const std::vector<Phase>& phases, ptrdiff_t images,
                     const T* x, T* to) {
        const ptrdiff_t n = phases.size();
        threads.run(v.all_channels * n, grain(s.length), [&](ptrdiff_t begin, ptrdiff_t end) {
            for (ptrdiff_t i = begin; i < end; i++)
                lay_out(v, s, images, x + i / n * v.plane(), phases[i % n], to + i * s.length);
        });
    }

    // The weights in the order in which tiles read them: for each group, for each part, for each piece of the results'
    // channels, k by channels.
    void order_weights(const T* w) {
        const ptrdiff_t elements = plan.c.kernel_plane(), channels = layout.result.channels, of_patch = plan.c.patch();
        const ptrdiff_t row = plan.product == OUTPUT ? of_patch : elements,
                        channel = plan.product == OUTPUT ? elements : of_patch;
        const ptrdiff_t pieces = pieces_of(channels, tiles.rows), size = plan.c.outputs * of_patch;
        threads.run(plan.c.groups * pieces, grain(size / pieces), [&](ptrdiff_t from, ptrdiff_t to) {
            for (ptrdiff_t item = from; item < to; item++) {
                const Piece piece(channels, pieces, item % pieces);
                const T* of_group = w + item / pieces * size;
                T* part = weights + item / pieces * size;
                for (size_t p = 0; p < rows.size(); p++) {
                    T* out = part + piece.begin * rows[p].size();
                    for (ptrdiff_t c = 0; c < layout.source.channels; c++)
                        for (const Shift& shift : layout.parts[p].shifts)
                            for (ptrdiff_t m = piece.begin; m < piece.end; m++)
                                *out++ = of_group[m * row + c * channel + shift.element];
                    part += channels * rows[p].size();
                }
            }
        });
    }

    // start: a first value for each channel, or null for zeros.
    void multiply(ptrdiff_t images, const T* start, T* y) {
        const Volume& v = layout.result;
        const Blocks blocks(v, images, tiles.lanes, tiles.width);
        const ptrdiff_t n = blocks.count(), pieces = pieces_of(v.channels, tiles.rows);
        const T* of_part = weights;
        for (size_t p = 0; p < rows.size(); p++) {
            const std::vector<ptrdiff_t>& at = rows[p];
            const ptrdiff_t k = at.size(), worth = grain(k * v.channels * tiles.width);
            threads.run(plan.c.groups * n, worth, [&, of_part](ptrdiff_t from, ptrdiff_t to) {
                alignas(64) T tile[MOST_ROWS * MOST_WIDTH * MOST_LANE_BYTES / sizeof(T)];
                std::vector<Run> runs;
                for (ptrdiff_t item = from; item < to; item++) {
                    const ptrdiff_t group = item / n, channel = group * v.channels;
                    const T* x = source + group * layout.source.channels * layout.phases.size() * plan.source.length;
                    ptrdiff_t width;
                    const ptrdiff_t place = blocks.place(item % n, width), places = width * tiles.lanes;
                    find_runs(v, layout.parts[p].phase, images, place, places, runs);
                    if (runs.empty()) continue;
                    for (ptrdiff_t i = 0; i < pieces; i++) {
                        const Piece piece(v.channels, pieces, i);
                        tiles.product[piece.size()][width](
                            k, of_part + group * plan.c.outputs * plan.c.patch() + piece.begin * k, x + place, at.data(),
                            start != nullptr ? start + channel + piece.begin : nullptr, tile);
                        for (ptrdiff_t m = piece.begin; m < piece.end; m++)
                            put(runs, tile + (m - piece.begin) * places, y + (channel + m) * v.plane());
                    }
                }
            });
            of_part += v.channels * k;
        }
    }

    void put(const std::vector<Run>& runs, const T* from, T* to) const {
        const ptrdiff_t step = layout.result.axes[2].step;
        for (const Run& run : runs)
            if (step == 1)
                copy_run(from + run.from, to + run.to, run.n, 1);
            else
                for (ptrdiff_t i = 0; i < run.n; i++) to[run.to + i * step] = from[run.from + i];
    }

    // The weights' gradient, added to dw.
    void correlate(ptrdiff_t images, T* dw) {
        constexpr ptrdiff_t STRIP = 8192 / sizeof(T);  // places at a time: those of a few channels stay in cache
        const std::vector<ptrdiff_t>& at = rows[0];
        const ptrdiff_t k = at.size(), channels = layout.result.channels, places = images * layout.result.image();
        const ptrdiff_t pieces = pieces_of(channels, tiles.dot_rows), tap_pieces = pieces_of(k, tiles.dot_taps);
        const ptrdiff_t worth = grain(places / tiles.lanes * k * tiles.dot_rows), length = plan.result.length;
        threads.run(plan.c.groups * pieces, worth, [&](ptrdiff_t begin, ptrdiff_t end) {
            for (ptrdiff_t from = 0; from < places; from += STRIP) {
                const ptrdiff_t lanes = tiles.lanes, count = (std::min(STRIP, places - from) + lanes - 1) / lanes * lanes;
                for (ptrdiff_t item = begin; item < end; item++) {
                    const ptrdiff_t group = item / pieces;
                    const Piece piece(channels, pieces, item % pieces);
                    const T* x =
                        source + group * layout.source.channels * layout.phases.size() * plan.source.length + from;
                    const T* y = result + (group * channels + piece.begin) * length + from;
                    for (ptrdiff_t i = 0; i < tap_pieces; i++) {
                        const Piece taps(k, tap_pieces, i);
                        tiles.dots[piece.size()][taps.size()](count, y, length, x, at.data() + taps.begin,
                                                              dw + (group * channels + piece.begin) * k + taps.begin, k);
                    }
                }
            }
        });
    }
};

template <typename T>
void convolve(const Plan& plan, const Tiles<T>& tiles, Threads& threads, T* x, T* w, T* y, const T* bias,
              T* workspace) {
    Convolver<T>(plan, tiles, threads, workspace).run(x, w, y, bias);
}

// out[c] = the sum of x[n][c][i] over n and i.
template <typename T>
void channel_sum(Threads& threads, const T* x, T* out, ptrdiff_t batch, ptrdiff_t channels, ptrdiff_t plane) {
    constexpr ptrdiff_t WORTH = 1 << 14;
    threads.run(channels, (WORTH + batch * plane - 1) / (batch * plane), [=](ptrdiff_t begin, ptrdiff_t end) {
        for (ptrdiff_t c = begin; c < end; c++) {
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
    });
}

// x[n][c][i] += values[c].
template <typename T> void add_channels(const T* values, T* x, ptrdiff_t batch, ptrdiff_t channels, ptrdiff_t plane) {
    for (ptrdiff_t n = 0; n < batch; n++)
        for (ptrdiff_t c = 0; c < channels; c++, x += plane)
            for (ptrdiff_t i = 0; i < plane; i++) x[i] += values[c];
}

}  // namespace al
