// Running folds and recurrences down the lines of a panel.
#pragma once
#include "fold.h"
#include "threads.h"

namespace al {

const ptrdiff_t SCAN_GRAIN = 1 << 15;   // elements that a thread takes at least
const ptrdiff_t MOST_PIECES = 256;      // of a line

// The elements from `begin` to `end` of line j, after those that make up `running`. Four parts of a block go side by
// side, since a sum must wait for the one before it: the totals of the first three say where the next begin.
template <class F, typename T, typename A>
static A scan_line(const Panel& x, const Panel& out, ptrdiff_t j, ptrdiff_t begin, ptrdiff_t end, A running) {
    const ptrdiff_t PART = 512;
    ptrdiff_t i = begin;
    for (; i + 4 * PART <= end; i += 4 * PART) {
        A parts[4] = {running, running, running, running};
        for (int k = 1; k < 4; k++)
            parts[k] = run<F, T, A>((const char*)&x.at<T>(i + (k - 1) * PART, j), PART, x.down, parts[k - 1], A(0));
        for (ptrdiff_t l = i; l < i + PART; l++)
            for (int k = 0; k < 4; k++) {
                parts[k] = F::template combine<A>(parts[k], A(x.at<T>(l + k * PART, j)), A(0));
                out.at<T>(l + k * PART, j) = T(parts[k]);
            }
        running = parts[3];
    }
    for (; i < end; i++) {
        running = F::template combine<A>(running, A(x.at<T>(i, j)), A(0));
        out.at<T>(i, j) = T(running);
    }
    return running;
}

// A single line, piece by piece: the totals of all pieces say where each begins.
template <class F, typename T, typename A>
static void scan_long_line(const Panel& x, const Panel& out, ptrdiff_t piece, Threads* threads) {
    A totals[MOST_PIECES + 1];
    const ptrdiff_t pieces = (x.n + piece - 1) / piece;
    totals[0] = F::template identity<A>();
    threads->run(pieces - 1, 1, [&](ptrdiff_t begin, ptrdiff_t end) {
        for (; begin < end; begin++)
            totals[begin + 1] = run<F, T, A>(
                (const char*)&x.at<T>(begin * piece, 0), piece, x.down, F::template identity<A>(), A(0));
    });
    for (ptrdiff_t k = 1; k < pieces; k++) totals[k] = F::template combine<A>(totals[k - 1], totals[k], A(0));
    threads->run(pieces, 1, [&](ptrdiff_t begin, ptrdiff_t end) {
        for (; begin < end; begin++) {
            const ptrdiff_t stop = (begin + 1) * piece < x.n ? (begin + 1) * piece : x.n;
            scan_line<F, T, A>(x, out, 0, begin * piece, stop, totals[begin]);
        }
    });
}

// out[i] = x[0] combined with x[1] ... x[i], accumulated in A.
template <class F, typename T, typename A> static void scan(const Panel& x, const Panel& out, Threads* threads) {
    if (x.goes_down()) {
        const ptrdiff_t piece = x.n / MOST_PIECES < SCAN_GRAIN ? SCAN_GRAIN : x.n / MOST_PIECES + 1;
        if (x.m == 1 && x.n > 2 * piece) return scan_long_line<F, T, A>(x, out, piece, threads);
        return threads->run(x.m, SCAN_GRAIN / x.n + 1, [&](ptrdiff_t begin, ptrdiff_t end) {
            for (; begin < end; begin++) scan_line<F, T, A>(x, out, begin, 0, x.n, F::template identity<A>());
        });
    }
    const ptrdiff_t WIDTH = 512;  // lines taken together where they lie side by side
    const ptrdiff_t grain = SCAN_GRAIN / x.n < 64 ? 64 : SCAN_GRAIN / x.n;
    threads->run(x.m, grain, [&](ptrdiff_t begin, ptrdiff_t end) {
        A running[WIDTH];
        for (ptrdiff_t from = begin; from < end; from += WIDTH) {
            const ptrdiff_t width = end - from < WIDTH ? end - from : WIDTH;
            for (ptrdiff_t j = 0; j < width; j++) running[j] = F::template identity<A>();
            for (ptrdiff_t i = 0; i < x.n; i++)
                for (ptrdiff_t j = 0; j < width; j++) {
                    running[j] = F::template combine<A>(running[j], A(x.at<T>(i, from + j)), A(0));
                    out.at<T>(i, from + j) = T(running[j]);
                }
        }
    });
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
