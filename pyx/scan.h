// Running folds and recurrences down the lines of a panel.
#pragma once
#include "fold.h"

namespace al {

// out[i] = x[0] combined with x[1] ... x[i], accumulated in A.
template <class F, typename T, typename A> static void scan(const Panel& x, const Panel& out) {
    const ptrdiff_t WIDTH = 512;  // lines taken together where they lie side by side
    if (x.goes_down()) {
        for (ptrdiff_t j = 0; j < x.m; j++) {
            A running = F::template identity<A>();
            for (ptrdiff_t i = 0; i < x.n; i++) {
                running = F::template combine<A>(running, A(x.at<T>(i, j)), A(0));
                out.at<T>(i, j) = T(running);
            }
        }
        return;
    }
    A running[WIDTH];
    for (ptrdiff_t from = 0; from < x.m; from += WIDTH) {
        ptrdiff_t width = x.m - from < WIDTH ? x.m - from : WIDTH;
        for (ptrdiff_t j = 0; j < width; j++) running[j] = F::template identity<A>();
        for (ptrdiff_t i = 0; i < x.n; i++)
            for (ptrdiff_t j = 0; j < width; j++) {
                running[j] = F::template combine<A>(running[j], A(x.at<T>(i, from + j)), A(0));
                out.at<T>(i, from + j) = T(running[j]);
            }
    }
}

// out[i] = x[i] + factor[i] * out[i - 1].
template <typename T> static void recur(const Panel& x, const Panel& factor, const Panel& out) {
    for (ptrdiff_t j = 0; j < x.m; j++) {
        T running = T(0);
        for (ptrdiff_t i = 0; i < x.n; i++)
            out.at<T>(i, j) = running = x.at<T>(i, j) + factor.at<T>(i, j) * running;
    }
}

}  // namespace al
