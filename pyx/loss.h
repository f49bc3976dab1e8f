// The negative log-likelihood of the right classes: -weight[t] * x[n][t][i] for t = target[n][i].
#pragma once
#include <cstddef>
#include <cstdint>

namespace al {

struct Classes {
    ptrdiff_t batch, classes, plane;
    int64_t ignored;  // a target that counts for nothing

    // visit(position among the targets, position in x, class) for every target that counts.
    template <typename Visit> void each(const int64_t* target, Visit visit) const {
        for (ptrdiff_t n = 0, at = 0; n < batch; n++)
            for (ptrdiff_t i = 0; i < plane; i++, at++)
                if (target[at] != ignored) visit(at, (n * classes + target[at]) * plane + i, target[at]);
    }

    // The position of the first target that is no class, or -1.
    ptrdiff_t stray(const int64_t* target) const {
        for (ptrdiff_t at = 0; at < batch * plane; at++)
            if (target[at] != ignored && (target[at] < 0 || target[at] >= classes)) return at;
        return -1;
    }
};

// Each target's own loss.
template <typename T> void nll_each(const Classes& c, const T* x, const int64_t* target, const T* weight, T* out) {
    for (ptrdiff_t at = 0; at < c.batch * c.plane; at++) out[at] = 0;
    c.each(target, [=](ptrdiff_t at, ptrdiff_t place, int64_t t) {
        out[at] = -x[place] * (weight != nullptr ? weight[t] : T(1));
    });
}

template <typename T> double nll_total_weight(const Classes& c, const int64_t* target, const T* weight) {
    double total = 0;
    c.each(target, [&](ptrdiff_t, ptrdiff_t, int64_t t) { total += weight != nullptr ? weight[t] : 1; });
    return total;
}

// The sum of the losses, or their mean by weight; 0 where nothing counts.
template <typename T>
void nll_sum(const Classes& c, const T* x, const int64_t* target, const T* weight, bool average, T* out) {
    double sum = 0;
    c.each(target, [&](ptrdiff_t, ptrdiff_t place, int64_t t) {
        sum -= double(x[place]) * (weight != nullptr ? weight[t] : 1);
    });
    const double total = average ? nll_total_weight(c, target, weight) : 1;
    *out = T(total != 0 ? sum / total : 0);
}

// x's gradient into zeros: delta is that of the sum or mean, or with `each` of every loss.
template <typename T>
void nll_grad(const Classes& c, const T* delta, const int64_t* target, const T* weight, bool average, bool each,
              T* out) {
    const double total = average && !each ? nll_total_weight(c, target, weight) : 1;
    const T share = T(total != 0 ? 1 / total : 0);
    c.each(target, [=](ptrdiff_t at, ptrdiff_t place, int64_t t) {
        out[place] = -delta[each ? at : 0] * (weight != nullptr ? weight[t] : T(1)) * share;
    });
}

}  // namespace al
