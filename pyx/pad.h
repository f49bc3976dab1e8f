// Padding whose elements are copies of the input's: an output's place along each dimension names the input's.
#pragma once
#include <cstddef>
#include <vector>

namespace al {

struct Padding {
    std::vector<ptrdiff_t> input, before, output;  // of each dimension: sizes, and how far the input is moved
    bool reflect = false;                          // the input mirrored without its edge, else the edge repeated

    void dimension(ptrdiff_t size, ptrdiff_t ahead, ptrdiff_t behind) {
        input.push_back(size);
        before.push_back(ahead);
        output.push_back(size + ahead + behind);
    }

    ptrdiff_t source(size_t dim, ptrdiff_t o) const {
        const ptrdiff_t at = o - before[dim], last = input[dim] - 1;
        if (at < 0) return reflect ? -at : 0;
        if (at > last) return reflect ? 2 * last - at : last;
        return at;
    }

    // visit(output's position, input's position) over the dimensions from dim on.
    template <typename Visit> void each(Visit visit, size_t dim = 0, ptrdiff_t to = 0, ptrdiff_t from = 0) const {
        if (dim == output.size()) return visit(to, from);
        for (ptrdiff_t o = 0; o < output[dim]; o++)
            each(visit, dim + 1, to * output[dim] + o, from * input[dim] + source(dim, o));
    }
};

template <typename T> void pad_copy(const Padding& p, const T* x, T* out) {
    p.each([=](ptrdiff_t to, ptrdiff_t from) { out[to] = x[from]; });
}

// The transpose: delta into zeros.
template <typename T> void pad_copy_grad(const Padding& p, const T* delta, T* out) {
    p.each([=](ptrdiff_t to, ptrdiff_t from) { out[from] += delta[to]; });
}

}  // namespace al
