// How a convolution is seen as a product of shifted rows.
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

// One of the `pieces` that n are cut into, none of which is larger than another by more than 1.
struct Piece {
    ptrdiff_t begin, end;
    Piece(ptrdiff_t n, ptrdiff_t pieces, ptrdiff_t i) : begin(i * n / pieces), end((i + 1) * n / pieces) {}
    ptrdiff_t size() const { return end - begin; }
};
static inline ptrdiff_t pieces_of(ptrdiff_t n, ptrdiff_t most) { return (n + most - 1) / most; }

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
    const ptrdiff_t sheets = a[0].end(phase.start[0]), lines = a[1].end(phase.start[1]);
    const ptrdiff_t places_of_line = a[2].end(phase.start[2]);
    ptrdiff_t image = place / v.image(), d = place % v.image() / v.sheet(), h = place % v.sheet() / v.line();
    ptrdiff_t w = place % v.line();
    runs.clear();
    for (ptrdiff_t from = 0; from < places && image < images; w = 0) {
        const ptrdiff_t n = std::min(v.line() - w, places - from), inside = std::min(n, places_of_line - w);
        if (d < sheets && h < lines && inside > 0)
            runs.push_back({from, image * v.all_channels * v.plane() + v.address(phase, d, h, w), inside});
        from += n;
        if (++h == a[1].pitch) h = 0, d++;
        if (d == a[0].pitch) d = 0, image++;
    }
}

}  // namespace al
