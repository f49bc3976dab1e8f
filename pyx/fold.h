// The loops of a reduction, from a fold's functions map, combine, identity, finish, better: optable/reduction.py.
#pragma once
#include <stdint.h>
#include "panel.h"
#include "scalar.h"
#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

namespace al {

template <typename T> AL_FN T lowest() {
    return is_real<T>::value ? T(-infinity<double>()) : is_signed<T>::value ? T(1ull << (8 * sizeof(T) - 1)) : T(0);
}
template <typename T> AL_FN T highest() { return is_real<T>::value ? T(infinity<double>()) : T(-1 - lowest<T>()); }

// a + b. A sum of floats converts each to double, in the units that also add; those that multiply have nothing to do.
template <typename T> AL_FN T plus(T a, T b) { return a + b; }
#ifdef __FMA__
template <> inline double plus<double>(double a, double b) { return __builtin_fma(b, 1.0, a); }
#endif

// What sums of a type are kept in (unsigned, since that may wrap), and what Python gets to see.
template <typename T> struct wide { typedef uint64_t type; typedef int64_t number; };
template <> struct wide<float> { typedef double type; typedef double number; };
template <> struct wide<double> { typedef double type; typedef double number; };

// The loops of one fold and type: element (i, j) of a panel enters accumulator j. size is that of an accumulator in
// bytes; number gives a double or an int64_t.
struct FoldLoops {
    size_t size;
    void (*start)(char* accumulators, ptrdiff_t m);
    void (*fold)(const Panel& x, char* accumulators, double p);
    // the accumulators of the elements that follow the first `before` ones into those of the first
    void (*merge)(char* accumulators, const char* following, ptrdiff_t m, ptrdiff_t before, double p);
    void (*finish)(const char* accumulators, ptrdiff_t m, ptrdiff_t count, double p, char* values, int64_t* positions);
    void (*number)(const char* accumulator, ptrdiff_t count, double p, char* out);
};

// As many elements as fill a SIMD register when they are of type A.
template <typename A> constexpr int WIDTH = 32 / sizeof(A);
template <typename T, typename A> struct Converted {
    static inline void read(const T* x, A* out) {
        for (int k = 0; k < WIDTH<A>; k++) out[k] = A(x[k]);
    }
};
#if defined(__AVX2__) && defined(__FMA__)
template <> struct Converted<float, double> {  // the compiler would read eight and take them apart
    static inline void read(const float* x, double* out) { _mm256_storeu_pd(out, _mm256_cvtps_pd(_mm_loadu_ps(x))); }
};
#endif

// n elements into one accumulator: first into many side by side, which fill SIMD registers and wait for no other.
template <class F, typename T, typename A> static inline A run(const char* x, ptrdiff_t n, ptrdiff_t step, A all, A p) {
    const int WIDE = WIDTH<A>, ROWS = 8, LANES = ROWS * WIDE;
    ptrdiff_t i = 0;
    if (step == sizeof(T) && n >= LANES) {
        const T* v = (const T*)x;
        A lanes[ROWS][WIDE];
        for (int r = 0; r < ROWS; r++)
            for (int k = 0; k < WIDE; k++) lanes[r][k] = F::template map<A>(A(v[r * WIDE + k]), p);
        for (i = LANES; i + LANES <= n; i += LANES)
            for (int r = 0; r < ROWS; r++) {
                A row[WIDE];
                Converted<T, A>::read(v + i + r * WIDE, row);
                for (int k = 0; k < WIDE; k++)
                    lanes[r][k] = F::template combine<A>(lanes[r][k], F::template map<A>(row[k], p), p);
            }
        for (int rows = ROWS / 2; rows; rows /= 2)
            for (int r = 0; r < rows; r++)
                for (int k = 0; k < WIDE; k++)
                    lanes[r][k] = F::template combine<A>(lanes[r][k], lanes[r + rows][k], p);
        for (int width = WIDE / 2; width; width /= 2)
            for (int k = 0; k < width; k++)
                lanes[0][k] = F::template combine<A>(lanes[0][k], lanes[0][k + width], p);
        all = F::template combine<A>(all, lanes[0][0], p);
    }
    for (; i < n; i++) all = F::template combine<A>(all, F::template map<A>(A(*(const T*)(x + i * step)), p), p);
    return all;
}

template <class F, typename T, typename A> struct Folding {
    typedef typename wide<T>::number N;

    static void start(char* accumulators, ptrdiff_t m) {
        for (ptrdiff_t j = 0; j < m; j++) ((A*)accumulators)[j] = F::template identity<A>();
    }

    static inline A mapped(const Panel& x, ptrdiff_t i, ptrdiff_t j, A p) {
        return F::template map<A>(A(x.at<T>(i, j)), p);
    }

    static void fold(const Panel& x, char* accumulators, double given) {
        A* __restrict all = (A*)accumulators;
        A p = A(given);
        if (x.goes_down()) {
            for (ptrdiff_t j = 0; j < x.m; j++) all[j] = run<F, T, A>(x.data + j * x.across, x.n, x.down, all[j], p);
            return;
        }
        x.by_rows<T>([=](const Panel& x) __attribute__((always_inline)) {
            ptrdiff_t i = 0;
            for (; i + 4 <= x.n; i += 4)  // four rows at once: the accumulators are loaded and stored once for them
                for (ptrdiff_t j = 0; j < x.m; j++) {
                    A first = F::template combine<A>(mapped(x, i, j, p), mapped(x, i + 1, j, p), p);
                    A last = F::template combine<A>(mapped(x, i + 2, j, p), mapped(x, i + 3, j, p), p);
                    all[j] = F::template combine<A>(all[j], F::template combine<A>(first, last, p), p);
                }
            for (; i < x.n; i++)
                for (ptrdiff_t j = 0; j < x.m; j++) all[j] = F::template combine<A>(all[j], mapped(x, i, j, p), p);
        });
    }

    static void merge(char* accumulators, const char* following, ptrdiff_t m, ptrdiff_t, double p) {
        A* all = (A*)accumulators;
        for (ptrdiff_t j = 0; j < m; j++) all[j] = F::template combine<A>(all[j], ((const A*)following)[j], A(p));
    }

    static void finish(const char* accumulators, ptrdiff_t m, ptrdiff_t count, double p, char* values, int64_t*) {
        const A* all = (const A*)accumulators;
        for (ptrdiff_t j = 0; j < m; j++) ((T*)values)[j] = F::template finish<T>(T(all[j]), T(count), T(p));
    }

    static void number(const char* accumulator, ptrdiff_t count, double p, char* out) {
        *(N*)out = F::template finish<N>(N(*(const A*)accumulator), N(count), N(p));
    }

    static FoldLoops loops() { return {sizeof(A), start, fold, merge, finish, number}; }
};

// A fold that selects an element, and the element's position: m positions, then m values.
template <class F, typename T> struct Picking {
    static void start(char* accumulators, ptrdiff_t m) {
        int64_t* positions = (int64_t*)accumulators;
        for (ptrdiff_t j = 0; j < m; j++) positions[j] = 0;
        Folding<F, T, T>::start((char*)(positions + m), m);
    }

    static void fold(const Panel& x, char* accumulators, double) {
        int64_t* __restrict positions = (int64_t*)accumulators;
        T* __restrict values = (T*)(positions + x.m);
        if (x.goes_down()) {
            for (ptrdiff_t j = 0; j < x.m; j++) {  // the value at SIMD speed, then the first that it does not beat
                T value = values[j] = run<F, T, T>(x.data + j * x.across, x.n, x.down, values[j], T(0));
                ptrdiff_t i = 0;
                while (F::template better<T>(x.at<T>(i, j), value)) i++;
                positions[j] = i;
            }
            return;
        }
        x.by_rows<T>([=](const Panel& x) __attribute__((always_inline)) {
            for (ptrdiff_t i = 0; i < x.n; i++)
                for (ptrdiff_t j = 0; j < x.m; j++) {
                    T value = x.at<T>(i, j);
                    bool better = F::template better<T>(values[j], value);
                    values[j] = better ? value : values[j];
                    positions[j] = better ? i : positions[j];
                }
        });
    }

    static void merge(char* accumulators, const char* following, ptrdiff_t m, ptrdiff_t before, double) {
        int64_t* positions = (int64_t*)accumulators;
        T* values = (T*)(positions + m);
        const int64_t* more = (const int64_t*)following;
        for (ptrdiff_t j = 0; j < m; j++) {
            const T value = ((const T*)(more + m))[j];
            if (!F::template better<T>(values[j], value)) continue;
            values[j] = value;
            positions[j] = before + more[j];
        }
    }

    static void finish(const char* accumulators, ptrdiff_t m, ptrdiff_t, double, char* values, int64_t* positions) {
        const int64_t* from = (const int64_t*)accumulators;
        for (ptrdiff_t j = 0; j < m; j++) positions[j] = from[j];
        for (ptrdiff_t j = 0; j < m; j++) ((T*)values)[j] = ((const T*)(from + m))[j];
    }

    static FoldLoops loops() { return {sizeof(int64_t) + sizeof(T), start, fold, merge, finish, NULL}; }
};

// Means and sums of squared deviations from them, never of the squares themselves: m counts, m means, m sums.
template <class F, typename T> struct Moments {
    struct plus {
        template <typename A> static inline A map(A x, A) { return x; }
        template <typename A> static inline A combine(A a, A b, A) { return al::plus(a, b); }
    };
    struct plus_squared_distance {
        template <typename A> static inline A map(A x, A mean) { return (x - mean) * (x - mean); }
        template <typename A> static inline A combine(A a, A b, A) { return al::plus(a, b); }
    };

    static void start(char* accumulators, ptrdiff_t m) {
        for (ptrdiff_t j = 0; j < 3 * m; j++) ((double*)accumulators)[j] = 0;
    }

    static void fold(const Panel& x, char* accumulators, double) {
        double* __restrict counts = (double*)accumulators;
        double* __restrict means = counts + x.m;
        double* __restrict sums = means + x.m;
        if (x.goes_down()) {
            for (ptrdiff_t j = 0; j < x.m; j++)
                for (ptrdiff_t i = 0; i < x.n; i += BLOCK) {  // moments of a block in the cache, Chan's update
                    ptrdiff_t size = x.n - i < BLOCK ? x.n - i : BLOCK;
                    const char* block = (const char*)&x.at<T>(i, j);
                    double mean = run<plus, T, double>(block, size, x.down, 0.0, 0.0) / double(size);
                    double sum = run<plus_squared_distance, T, double>(block, size, x.down, 0.0, mean);
                    double count = counts[j] + double(size), delta = mean - means[j];
                    sums[j] += sum + delta * delta * (counts[j] * double(size) / count);
                    means[j] += delta * (double(size) / count);
                    counts[j] = count;
                }
            return;
        }
        const double before = counts[0];
        x.by_rows<T>([=](const Panel& x) __attribute__((always_inline)) {
            ptrdiff_t i = 0;
            for (; i + 4 <= x.n; i += 4) {  // the moments of four rows, then Chan's update
                const double count = before + double(i), share = 4.0 / (count + 4.0), weight = count * share;
                for (ptrdiff_t j = 0; j < x.m; j++) {
                    double a = x.at<T>(i, j), b = x.at<T>(i + 1, j), c = x.at<T>(i + 2, j), d = x.at<T>(i + 3, j);
                    double mean = ((a + b) + (c + d)) * 0.25, delta = mean - means[j];
                    a -= mean, b -= mean, c -= mean, d -= mean;
                    means[j] += delta * share;
                    sums[j] += ((a * a + b * b) + (c * c + d * d)) + delta * delta * weight;
                }
            }
            for (; i < x.n; i++) {
                const double count = before + double(i), share = 1.0 / (count + 1.0), weight = count * share;
                for (ptrdiff_t j = 0; j < x.m; j++) {
                    double delta = double(x.at<T>(i, j)) - means[j];
                    means[j] += delta * share;
                    sums[j] += delta * delta * weight;
                }
            }
        });
        for (ptrdiff_t j = 0; j < x.m; j++) counts[j] += double(x.n);
    }

    static void merge(char* accumulators, const char* following, ptrdiff_t m, ptrdiff_t, double) {
        double* counts = (double*)accumulators;
        const double* more = (const double*)following;
        for (ptrdiff_t j = 0; j < m; j++) {  // Chan's update
            const double count = counts[j] + more[j], delta = more[m + j] - counts[m + j];
            counts[2 * m + j] += more[2 * m + j] + delta * delta * (counts[j] * more[j] / count);
            counts[m + j] += delta * (more[j] / count);
            counts[j] = count;
        }
    }

    // An infinite mean makes it nan, wherever the infinity stood.
    static inline double total(double mean, double sum) { return sum + (mean - mean); }

    static void finish(const char* accumulators, ptrdiff_t m, ptrdiff_t count, double p, char* values, int64_t*) {
        const double *means = (const double*)accumulators + m, *sums = means + m;
        for (ptrdiff_t j = 0; j < m; j++)
            ((T*)values)[j] = F::template finish<T>(T(total(means[j], sums[j])), T(count), T(p));
    }

    static void number(const char* accumulator, ptrdiff_t count, double p, char* out) {
        const double* moments = (const double*)accumulator;
        *(double*)out = F::template finish<double>(total(moments[1], moments[2]), double(count), p);
    }

    static FoldLoops loops() { return {3 * sizeof(double), start, fold, merge, finish, number}; }
    static const ptrdiff_t BLOCK = 2048;
};

}  // namespace al
