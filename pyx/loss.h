// The negative log-likelihood of the right classes: -weight[t] * x[n][t][i] for t = target[n][i]. And the cross entropy,
// where x are the logarithms of a softmax that are never written down.
#pragma once
#include <cstddef>
#include <cstdint>

#include "softmax.h"

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

// For each row its largest element and the logarithm of the sum of exp(x - largest): their sum is log(sum(exp(x))).
template <typename T> AL_CLONES void find_log_sums(const T* __restrict x, T* __restrict sums, ptrdiff_t rows, ptrdiff_t n) {
    for (; rows > 0; rows--, x += n, sums += 2) {
        const T top = maximum(x, n);
        sums[0] = top;
        sums[1] = log_of_sum(row_sum<T>(n, [&](ptrdiff_t i) { return fast_exp(x[i] - top); }), top);
    }
}

// out = scale * softmax(x), given a row's log_sums.
template <typename T>
AL_CLONES void scaled_softmax(const T* __restrict x, const T* __restrict sums, T scale, ptrdiff_t n, T* __restrict out) {
    const T top = sums[0], log_sum = sums[1];
    for (ptrdiff_t i = 0; i < n; i++) out[i] = fast_exp((x[i] - top) - log_sum) * scale;
}

// c.plane is 1. likelihoods: for each row the logarithm of the right class's probability.
template <typename T>
void log_likelihoods(const Classes& c, Threads& threads, const T* x, const int64_t* target, T* sums, T* likelihoods) {
    threads.run_each(c.batch, c.classes, [=](ptrdiff_t begin, ptrdiff_t end) {
        find_log_sums(x + begin * c.classes, sums + 2 * begin, end - begin, c.classes);
        for (ptrdiff_t n = begin; n < end; n++)
            likelihoods[n] =
                target[n] == c.ignored ? T(0) : (x[n * c.classes + target[n]] - sums[2 * n]) - sums[2 * n + 1];
    });
}

// The losses as of nll_each (with `each`) or nll_sum.
template <typename T>
void cross_entropy(const Classes& c, Threads& threads, const T* x, const int64_t* target, const T* weight, bool average,
                   bool each, T* sums, T* likelihoods, T* out) {
    log_likelihoods(c, threads, x, target, sums, likelihoods);
    double sum = 0;
    if (each)
        for (ptrdiff_t n = 0; n < c.batch; n++) out[n] = 0;
    c.each(target, [&](ptrdiff_t n, ptrdiff_t, int64_t t) {
        const T share = weight != nullptr ? weight[t] : T(1);
        if (each)
            out[n] = -likelihoods[n] * share;
        else
            sum -= double(likelihoods[n]) * share;
    });
    if (each) return;
    const double total = average ? nll_total_weight(c, target, weight) : 1;
    *out = T(total != 0 ? sum / total : 0);
}

// x's gradient: delta is that of the sum or mean, or with `each` of every loss.
template <typename T>
void cross_entropy_grad(const Classes& c, Threads& threads, const T* delta, const T* x, const T* sums,
                        const int64_t* target, const T* weight, bool average, bool each, T* out) {
    const double total = average && !each ? nll_total_weight(c, target, weight) : 1;
    const T share = T(total != 0 ? 1 / total : 0);
    threads.run_each(c.batch, c.classes, [=](ptrdiff_t begin, ptrdiff_t end) {
        for (ptrdiff_t n = begin; n < end; n++) {
            T* to = out + n * c.classes;
            if (target[n] == c.ignored) {
                std::fill_n(to, c.classes, T(0));
                continue;
            }
            const T scale = delta[each ? n : 0] * (weight != nullptr ? weight[target[n]] : T(1)) * share;
            scaled_softmax(x + n * c.classes, sums + 2 * n, scale, c.classes, to);
            to[target[n]] -= scale;
        }
    });
}

}  // namespace al
