// Running folds and recurrences down the lines of a panel.
#pragma once
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "fold.h"
#include "threads.h"

namespace al {

const ptrdiff_t SCAN_GRAIN = 1 << 15;   // elements that a thread takes at least
const ptrdiff_t MOST_PIECES = 256;      // of a line that threads share
const ptrdiff_t PART = 512;             // elements of a line that are taken at once, beside three other parts

// Four parts of a line that begin PART elements after each other, each after those that make up parts[k].
template <class F, typename T, typename A>
static void scan_parts(const Panel& x, const Panel& out, ptrdiff_t j, ptrdiff_t begin, A* parts) {
    for (ptrdiff_t l = begin; l < begin + PART; l++)
        for (int k = 0; k < 4; k++) {
            parts[k] = F::template combine<A>(parts[k], A(x.at<T>(l + k * PART, j)), A(0));
            out.at<T>(l + k * PART, j) = T(parts[k]);
        }
}

// The same for neighbours in memory, where there are registers for them.
template <class F, typename T, typename A> struct Near {
    static constexpr bool exists = false;
    static void scan_parts(const T*, T*, A*) {}
};
#if defined(__SSE2__)
template <class F> struct Near<F, float, double> {
    static constexpr bool exists = true;

    static inline __m128d combine(__m128d a, __m128d b) { return F::template combine<__m128d>(a, b, __m128d()); }

    static void scan_parts(const float* from, float* to, double* parts) {
        __m128d low = _mm_loadu_pd(parts), high = _mm_loadu_pd(parts + 2);
        for (ptrdiff_t l = 0; l < PART; l += 4) {
            __m128 rows[4];
            for (int k = 0; k < 4; k++) rows[k] = _mm_loadu_ps(from + k * PART + l);
            _MM_TRANSPOSE4_PS(rows[0], rows[1], rows[2], rows[3]);
            for (int k = 0; k < 4; k++) {
                low = combine(low, _mm_cvtps_pd(rows[k]));
                high = combine(high, _mm_cvtps_pd(_mm_movehl_ps(rows[k], rows[k])));
                rows[k] = _mm_movelh_ps(_mm_cvtpd_ps(low), _mm_cvtpd_ps(high));
            }
            _MM_TRANSPOSE4_PS(rows[0], rows[1], rows[2], rows[3]);
            for (int k = 0; k < 4; k++) _mm_storeu_ps(to + k * PART + l, rows[k]);
        }
        _mm_storeu_pd(parts, low), _mm_storeu_pd(parts + 2, high);
    }
};
#endif

// The elements from `begin` to `end` of line j, after those that make up `running`. Four parts of a block go side by
// side, since a sum must wait for the one before it: the totals of the first three say where the next begin.
template <class F, typename T, typename A>
static A scan_line(const Panel& x, const Panel& out, ptrdiff_t j, ptrdiff_t begin, ptrdiff_t end, A running) {
    ptrdiff_t i = begin;
    for (; i + 4 * PART <= end; i += 4 * PART) {
        A parts[4] = {running, running, running, running};
        for (int k = 1; k < 4; k++)
            parts[k] = run<F, T, A>((const char*)&x.at<T>(i + (k - 1) * PART, j), PART, x.down, parts[k - 1], A(0));
        if (Near<F, T, A>::exists && x.down == sizeof(T) && out.down == sizeof(T))
            Near<F, T, A>::scan_parts(&x.at<T>(i, j), &out.at<T>(i, j), parts);
        else
            scan_parts<F, T, A>(x, out, j, i, parts);
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
