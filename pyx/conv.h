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
    if (step == 2)  // known to the compiler, it takes a register at a time
        for (ptrdiff_t i = 0; i < n; i++) to[i] = from[2 * i];
    else if (step != 1 || n * sizeof(T) < 16)
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

// What lay_out copies of one image, into zeros.
template <typename T> void copy_lines(const Volume& v, const T* x, const Phase& phase, T* to) {
    const Axis* a = v.axes;
    const ptrdiff_t begin = a[2].begin(phase.start[2]), inside = a[2].end(phase.start[2]) - begin;
    const ptrdiff_t first = a[1].begin(phase.start[1]), end = a[1].end(phase.start[1]);
    for (ptrdiff_t d = a[0].begin(phase.start[0]); d < a[0].end(phase.start[0]); d++) {
        const T* row = x + v.address(phase, d, first, begin);
        T* line = to + d * v.sheet() + first * v.line() + begin;
        for (ptrdiff_t h = first; h < end; h++, row += a[1].step * a[2].size, line += v.line())
            copy_run(row, line, inside, a[2].step);
    }
}

// Places that the weights' gradient is summed over at a time: those of some channels stay in the first cache, and it is
// little beside them to add up a register's lanes.
constexpr ptrdiff_t LONG_SUM = 1024;

enum Product { OUTPUT, INPUT, WEIGHT };  // which of x, w and y is computed from the other two

// One convolution's layout, and the memory that it needs beside its operands, in elements. As many images are worked on
// at a time as stay in cache, for the weights' gradient at least a long sum's.
struct Plan {
    const Convolution c;
    const Product product;
    const bool by_lines;  // each channel is convolved by itself: its lines are summed where they are laid out
    const Layout layout;
    ptrdiff_t images;
    Sequences source, result;
    ptrdiff_t source_size, result_size;

    Plan(const Convolution& c_, Product product_, ptrdiff_t itemsize, ptrdiff_t lanes)
        : c(c_), product(product_), by_lines(one_to_one()), layout(cheaper(lanes)), images(images_of(itemsize)),
          source(layout.source, images, layout.front, layout.back), result(layout.result, images, 0, 0) {
        source_size = by_lines ? 0 : layout.source.all_channels * layout.phases.size() * source.length;
        result_size = product == WEIGHT ? layout.result.all_channels * result.length : 0;
    }
    ptrdiff_t workspace() const { return source_size + result_size; }

  private:
    bool one_to_one() const {
        const bool dense = std::all_of(c.stride, c.stride + 3, [](ptrdiff_t s) { return s == 1; });
        return c.inputs == 1 && c.outputs == 1 && (product == OUTPUT || (product == INPUT && dense));
    }

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
        if (by_lines) return dense;
        return cost(by_column, lanes) < cost(dense, lanes) ? by_column : dense;
    }

    ptrdiff_t images_of(ptrdiff_t itemsize) const {
        constexpr ptrdiff_t CACHE_BYTES = 1 << 20;
        if (by_lines) return 1;
        const ptrdiff_t rows = layout.source.all_channels * layout.phases.size(), places = layout.source.image();
        const ptrdiff_t least = product == WEIGHT ? pieces_of(LONG_SUM, places) : 1;
        return std::min(std::max(CACHE_BYTES / (rows * places * itemsize), least), c.batch);
    }
};

// The work of a plan. Its loops are shared among threads so that each number is computed by one of them, in the same
// order always.
template <typename T> class Convolver {
  public:
    Convolver(const Plan& plan_, const Tiles<T>& tiles_, Threads& threads_, T* workspace)
        : plan(plan_), layout(plan.layout), tiles(tiles_), threads(threads_), source(workspace),
          result(source + plan.source_size) {
        const ptrdiff_t phases = layout.phases.size(), elements = plan.c.kernel_plane(), of_patch = plan.c.patch();
        weights_row = plan.product == OUTPUT ? of_patch : elements;
        const ptrdiff_t channel = plan.product == OUTPUT ? elements : of_patch;
        for (const Part& part : layout.parts) {
            rows.emplace_back();
            for (ptrdiff_t c = 0; c < layout.source.channels; c++)
                for (const Shift& s : part.shifts) {
                    rows.back().at.push_back((c * phases + s.phase) * plan.source.length + plan.source.front + s.by);
                    rows.back().along.push_back(c * channel + s.element);
                }
        }
    }

    // x, w and y are contiguous. With OUTPUT, bias has a value for each output, or is null.
    void run(T* x, T* w, T* y, const T* bias) {
        const Convolution& c = plan.c;
        if (plan.by_lines) return plan.product == INPUT ? sum_lines(y, w, bias, x) : sum_lines(x, w, bias, y);
        if (plan.product == WEIGHT)
            std::fill_n(w, c.groups * c.outputs * c.patch(), T(0));
        for (ptrdiff_t image = 0; image < c.batch; image += plan.images) {
            const ptrdiff_t images = std::min(plan.images, c.batch - image);
            T* xi = x + image * c.groups * c.inputs * c.input_plane();
            T* yi = y + image * c.groups * c.outputs * c.output_plane();
            lay_out_all(layout.source, plan.source, layout.phases, images, plan.product == INPUT ? yi : xi, source);
            if (plan.product == WEIGHT) {
                lay_out_all(layout.result, plan.result, {Phase()}, images, yi, result);
                correlate(images, w);
            } else {
                multiply(images, w, bias, plan.product == INPUT ? xi : yi);
            }
        }
    }

  private:
    const Plan& plan;
    const Layout& layout;
    const Tiles<T>& tiles;
    Threads& threads;
    T *const source, *const result;

    struct Rows {
        std::vector<ptrdiff_t> at, along;  // where each row of the implied matrix begins, and its weight lies
    };
    std::vector<Rows> rows;  // of each part
    ptrdiff_t weights_row;   // from the weights of one of the result's channels to those of the next

    static constexpr ptrdiff_t MOST_PIECES = 11, MOST_BLOCKS = 4;  // of channels and places, in a share of the work
    static constexpr ptrdiff_t TILE = MOST_ROWS * MOST_WIDTH * MOST_LANE_BYTES / sizeof(T);
    static constexpr ptrdiff_t TAPS_KEPT = (256 << 10) / sizeof(T), LEAST_SHARES = 32;
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

    // Each channel by itself.
    void sum_lines(const T* x, const T* w, const T* start, T* y) {
        const Volume &from = layout.source, &to = layout.result;
        const ptrdiff_t phases = layout.phases.size(), length = plan.source.length, k = rows[0].at.size();
        const ptrdiff_t lines = to.axes[1].size, columns = to.axes[2].size;
        const ptrdiff_t each = phases * length + to.plane() / tiles.lanes * k;
        threads.run(plan.c.batch * plan.c.groups, grain(each), [&](ptrdiff_t begin, ptrdiff_t end) {
            std::vector<T> sequences(phases * length);  // zeros, which stay between the lines
            for (ptrdiff_t i = begin; i < end; i++) {
                const ptrdiff_t channel = i % plan.c.groups;
                T* to_phase = sequences.data() + plan.source.front;
                for (ptrdiff_t p = 0; p < phases; p++, to_phase += length)
                    copy_lines(from, x + i * from.plane(), layout.phases[p], to_phase);
                for (ptrdiff_t d = 0; d < to.axes[0].size; d++)
                    tiles.lines(k, w + channel * k, rows[0].along.data(), &sequences[d * to.sheet()],
                                rows[0].at.data(), to.line(), start != nullptr ? start[channel] : T(0),
                                y + i * to.plane() + d * lines * columns, columns, lines);
            }
        });
    }

    // How many rows of the implied matrix a tile reads at a time: their part for one tile stays in the first cache.
    ptrdiff_t depth_of(const Part& part) const {
        constexpr ptrdiff_t BYTES = 20 << 10;
        const ptrdiff_t places = tiles.width * tiles.lanes;
        ptrdiff_t of_channel = 0;
        for (size_t i = 0; i < part.shifts.size(); i++) {
            ptrdiff_t fresh = places;
            for (size_t j = 0; j < i; j++)
                if (part.shifts[j].phase == part.shifts[i].phase)
                    fresh = std::min(fresh, std::abs(part.shifts[i].by - part.shifts[j].by));
            of_channel += fresh;
        }
        const ptrdiff_t channels = BYTES / ptrdiff_t(sizeof(T)) / std::max<ptrdiff_t>(of_channel, 1);
        return std::max<ptrdiff_t>(channels, 1) * part.shifts.size();
    }

    // start: a first value for each channel, or null for zeros. A share of the work is some of a group's channels at
    // some blocks of places; the sums of all its tiles are taken a few rows of the implied matrix further at a time.
    void multiply(ptrdiff_t images, const T* w, const T* start, T* y) {
        const Volume& v = layout.result;
        const Blocks blocks(v, images, tiles.lanes, tiles.width);
        const ptrdiff_t pieces = pieces_of(v.channels, tiles.rows), piece_shares = pieces_of(pieces, MOST_PIECES);
        const ptrdiff_t n = blocks.count(), fine = std::min(n, pieces_of(LEAST_SHARES, piece_shares * plan.c.groups));
        const ptrdiff_t block_shares = std::max(pieces_of(n, MOST_BLOCKS), fine);
        for (size_t p = 0; p < rows.size(); p++) {
            const Rows& row = rows[p];
            const ptrdiff_t k = row.at.size(), depth = std::max<ptrdiff_t>(depth_of(layout.parts[p]), 1);
            const ptrdiff_t shares = piece_shares * block_shares * plan.c.groups;
            const ptrdiff_t each = n * pieces * plan.c.groups / shares * k * tiles.rows * tiles.width;
            threads.run(shares, grain(each), [&](ptrdiff_t begin, ptrdiff_t end) {
                alignas(64) T sums[MOST_PIECES * MOST_BLOCKS * TILE];
                std::vector<Run> runs[MOST_BLOCKS];
                ptrdiff_t known = -1;  // which blocks the runs are of
                for (ptrdiff_t item = begin; item < end; item++) {
                    const ptrdiff_t group = item % plan.c.groups, rest = item / plan.c.groups;
                    const Piece places(n, block_shares, rest % block_shares);
                    const Piece share(pieces, piece_shares, rest / block_shares);
                    if (known != places.begin)
                        for (ptrdiff_t b = places.begin; b < places.end; b++) {
                            ptrdiff_t width;
                            const ptrdiff_t place = blocks.place(b, width);
                            find_runs(v, layout.parts[p].phase, images, place, width * tiles.lanes,
                                      runs[b - places.begin]);
                        }
                    known = places.begin;
                    const T* x = source + group * layout.source.channels * layout.phases.size() * plan.source.length;
                    const T* of_group = w + group * plan.c.outputs * plan.c.patch();
                    for (ptrdiff_t from = 0; from == 0 || from < k; from += depth) {
                        const ptrdiff_t count = std::min(depth, k - from);
                        for (ptrdiff_t b = places.begin; b < places.end; b++) {
                            if (runs[b - places.begin].empty()) continue;
                            ptrdiff_t width;
                            const ptrdiff_t place = blocks.place(b, width);
                            for (ptrdiff_t i = share.begin; i < share.end; i++) {
                                const Piece piece(v.channels, pieces, i);
                                const ptrdiff_t channel = group * v.channels + piece.begin;
                                T* tile = sums + ((i - share.begin) * MOST_BLOCKS + b - places.begin) * TILE;
                                tiles.product[piece.size()][width](
                                    count, of_group + piece.begin * weights_row, weights_row, row.along.data() + from,
                                    x + place, row.at.data() + from, from > 0,
                                    start != nullptr ? start + channel : nullptr, tile);
                                if (from + count < k) continue;
                                for (ptrdiff_t m = 0; m < piece.size(); m++)
                                    put(runs[b - places.begin], tile + m * width * tiles.lanes,
                                        y + (channel + m) * v.plane());
                            }
                        }
                    }
                }
            });
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

    // The weights' gradient, added to dw. A share of the work is a few of a group's outputs with so many of the taps,
    // which are the rows of the implied matrix, that what they read stays in the second cache.
    void correlate(ptrdiff_t images, T* dw) {
        const std::vector<ptrdiff_t>& at = rows[0].at;
        const ptrdiff_t k = at.size(), channels = layout.result.channels, places = images * layout.result.image();
        const ptrdiff_t pieces = pieces_of(channels, tiles.dot_rows), tap_pieces = pieces_of(k, tiles.dot_taps);
        const ptrdiff_t taps_size = layout.source.channels * layout.phases.size() * std::min(LONG_SUM, places);
        const ptrdiff_t tap_shares = std::min(tap_pieces, std::max(pieces_of(taps_size, TAPS_KEPT),
                                                                   pieces_of(LEAST_SHARES, plan.c.groups * pieces)));
        const ptrdiff_t worth = grain(places / tiles.lanes * k / tap_shares * tiles.dot_rows);
        const ptrdiff_t length = plan.result.length, lanes = tiles.lanes;
        threads.run(tap_shares * plan.c.groups * pieces, worth, [&](ptrdiff_t begin, ptrdiff_t end) {
            for (ptrdiff_t from = 0; from < places; from += LONG_SUM) {
                const ptrdiff_t count = (std::min(LONG_SUM, places - from) + lanes - 1) / lanes * lanes;
                for (ptrdiff_t item = begin; item < end; item++) {
                    const ptrdiff_t group = item / pieces % plan.c.groups;
                    const Piece piece(channels, pieces, item % pieces);
                    const Piece share(tap_pieces, tap_shares, item / pieces / plan.c.groups);
                    const T* x =
                        source + group * layout.source.channels * layout.phases.size() * plan.source.length + from;
                    const T* y = result + (group * channels + piece.begin) * length + from;
                    T* out = dw + (group * channels + piece.begin) * k;
                    for (ptrdiff_t i = share.begin; i < share.end; i++) {
                        const Piece taps(k, tap_pieces, i);
                        tiles.dots[piece.size()][taps.size()](count, y, length, x, at.data() + taps.begin,
                                                              out + taps.begin, k);
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
    threads.run_each(channels, batch * plane, [=](ptrdiff_t begin, ptrdiff_t end) {
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
template <typename T>
void add_channels(Threads& threads, const T* values, T* x, ptrdiff_t batch, ptrdiff_t channels, ptrdiff_t plane) {
    threads.run_each(batch * channels, plane, [=](ptrdiff_t begin, ptrdiff_t end) {
        for (ptrdiff_t k = begin; k < end; k++) {
            const T value = values[k % channels];
            for (ptrdiff_t i = 0; i < plane; i++) x[k * plane + i] += value;
        }
    });
}

}  // namespace al
