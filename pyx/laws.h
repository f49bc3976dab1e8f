// The laws that tensors are filled from, one element after another in row-major order. Each recipe is the one of 0.3.1:
// all but uniform_ of floats compute in double from units and round at the store.
#pragma once
#include <type_traits>
#include <utility>

#include "normal.h"

namespace al_random {

enum Law { UNIFORM, NORMAL, EXPONENTIAL, CAUCHY, LOG_NORMAL, GEOMETRIC, BERNOULLI };

using al::Threads;

template <typename T, typename F>
static void from_units(Twister& t, T* out, int64_t n, Threads* threads, F law) {
    with_units(t, n, threads, [&](const double* units, int64_t first, int64_t k) {
        for (int64_t i = 0; i < k; i++) out[first + i] = (T)law(units[i]);
    });
}

AL_WIDE static void stretch(const uint32_t* words, float* out, int64_t n, float low, float width) {
    for (int64_t i = 0; i < n; i++) out[i] = (float)(int32_t)(words[i] & 0xffffffu) * 0x1p-24f * width + low;
}

AL_WIDE static void stretch(const double* units, double* out, int64_t n, double low, double width) {
    for (int64_t i = 0; i < n; i++) out[i] = units[i] * width + low;
}

// Single precision throughout, from the low 24 bits of one word each.
static inline void uniform(Twister& t, float* out, int64_t n, double low, double high) {
    uint32_t words[2 * BLOCK];
    for (int64_t k; n > 0; n -= k, out += k) {
        k = n < 2 * BLOCK ? n : 2 * BLOCK;
        t.words(words, k);
        stretch(words, out, k, (float)low, (float)high - (float)low);
    }
}

static inline void uniform(Twister& t, double* out, int64_t n, double low, double high) {
    double units[BLOCK];
    for (int64_t k; n > 0; n -= k, out += k) {
        k = n < BLOCK ? n : BLOCK;
        t.units(units, k);
        stretch(units, out, k, low, high - low);
    }
}

template <typename T>
static void fill_any(Twister& t, Law law, T* out, int64_t n, double a, Threads* threads) {
    if (law == GEOMETRIC) {
        double scale = log(a);
        from_units(t, out, n, threads, [=](double u) { return (int64_t)(log(1.0 - u) / scale) + 1; });
    } else {
        from_units(t, out, n, threads, [=](double u) { return u <= a; });
    }
}

template <typename T>
static void fill_real(Twister& t, Law law, T* out, int64_t n, double a, double b, Threads* threads) {
    switch (law) {
        case UNIFORM: return uniform(t, out, n, a, b);
        case NORMAL: return normals(t, out, n, a, b, threads);
        case EXPONENTIAL: return from_units(t, out, n, threads, [=](double u) { return -1.0 / a * log(1.0 - u); });
        case CAUCHY: return from_units(t, out, n, threads, [=](double u) { return a + b * tan(M_PI * (u - 0.5)); });
        case LOG_NORMAL:
            for (int64_t i = 0; i < n; i++) out[i] = (T)exp(next_normal(t, a, b));
            return;
        default: return fill_any(t, law, out, n, a, threads);
    }
}

enum { BYTE, CHAR, SHORT, INT, LONG, HALF, FLOAT, DOUBLE };  // as in storage.pxd

// body(out as a pointer of its type); HalfTensors do not compute on the CPU.
template <typename F>
static void with_type(int dtype, void* out, F body) {
    switch (dtype) {
        case BYTE: return body((uint8_t*)out);
        case CHAR: return body((int8_t*)out);
        case SHORT: return body((int16_t*)out);
        case INT: return body((int32_t*)out);
        case LONG: return body((int64_t*)out);
        case FLOAT: return body((float*)out);
        case DOUBLE: return body((double*)out);
    }
}

static inline void fill(Twister& t, Law law, int dtype, void* out, int64_t n, double a, double b, Threads* threads) {
    std::lock_guard<std::mutex> guard(t.lock);
    if (dtype == FLOAT) return fill_real(t, law, (float*)out, n, a, b, threads);
    if (dtype == DOUBLE) return fill_real(t, law, (double*)out, n, a, b, threads);
    with_type(dtype, out, [&](auto* data) { fill_any(t, law, data, n, a, threads); });
}

template <typename T, typename P>
static int64_t bernoulli_each(Twister& t, T* out, const P* p, int64_t n, Threads* threads) {
    int64_t good = 0;
    while (good < n && p[good] >= 0 && p[good] <= 1) good++;
    with_units(t, good, threads, [&](const double* units, int64_t first, int64_t k) {
        for (int64_t i = 0; i < k; i++) out[first + i] = (T)(units[i] <= p[first + i]);
    });
    return good;
}

// 1 with the chance p[i] each; stops before the first p outside [0, 1]. The number of elements written.
static inline int64_t bernoulli_each(Twister& t, int dtype, void* out, int p_dtype, const void* p, int64_t n,
                                     Threads* threads) {
    std::lock_guard<std::mutex> guard(t.lock);
    int64_t count = 0;
    with_type(dtype, out, [&](auto* data) {
        if (p_dtype == FLOAT) count = bernoulli_each(t, data, (const float*)p, n, threads);
        else count = bernoulli_each(t, data, (const double*)p, n, threads);
    });
    return count;
}

// random_(low, low + width): unsigned 64-bit arithmetic, cast at the end. The smaller types draw one word however wide.
// random_() is random_(0, width) for the width of the type: its non-negative numbers or, in floating point, the integers
// that it holds exactly.
static inline void whole(Twister& t, int dtype, void* out, int64_t n, int64_t low, uint64_t width) {
    std::lock_guard<std::mutex> guard(t.lock);
    bool wide = dtype >= LONG && width >> 32;
    with_type(dtype, out, [&](auto* data) {
        if (wide || width >> 32) {
            for (int64_t i = 0; i < n; i++) {
                uint64_t value = t.word();
                if (wide) value = value << 32 | t.word();
                data[i] = value % width + (uint64_t)low;
            }
            return;
        }
        uint32_t words[BLOCK], narrow = (uint32_t)width;
        for (int64_t k; n > 0; n -= k, data += k) {
            k = n < BLOCK ? n : BLOCK;
            t.words(words, k);
            for (int64_t i = 0; i < k; i++) data[i] = words[i] % narrow + (uint64_t)low;
        }
    });
}

static inline uint64_t width_of(int dtype) {
    const uint64_t one = 1;
    const uint64_t widths[] = {
        one << 8, one << 7, one << 15, one << 31, one << 63, 0, (one << 24) + 1, (one << 53) + 1,
    };
    return widths[dtype];
}

// Normals z become z * std + mean, rounded at each step as a product and a sum of tensors are. std is NULL where the
// normals were drawn with it; mean is NULL where it is a number.
static inline void scale_and_shift(int dtype, void* z, int64_t n, const void* std, const void* mean, double number) {
    with_type(dtype, z, [&](auto* out) {
        using P = decltype(out);
        using T = std::remove_pointer_t<P>;
        for (int64_t i = 0; i < n; i++) {
            if (std) out[i] *= ((P)std)[i];
            out[i] += mean ? ((P)mean)[i] : (T)number;
        }
    });
}

static inline void permutation(Twister& t, int64_t* order, int64_t n) {
    std::lock_guard<std::mutex> guard(t.lock);
    for (int64_t i = 0; i < n; i++) order[i] = i;
    uint32_t words[2 * BLOCK];
    for (int64_t i = 0, k; i < n - 1; i += k) {
        k = n - 1 - i < 2 * BLOCK ? n - 1 - i : 2 * BLOCK;
        t.words(words, k);
        for (int64_t j = i; j < i + k; j++) std::swap(order[j], order[j + words[j - i] % (uint64_t)(n - j)]);
    }
}

enum Weights { FINE, NEGATIVE, NOTHING };  // NEGATIVE: or nan

// Running sums of weights, in place, each divided by the total.
static inline Weights accumulate(double* weights, int64_t n) {
    double total = 0;
    for (int64_t k = 0; k < n; k++) {
        if (!(weights[k] >= 0)) return NEGATIVE;
        weights[k] = total += weights[k];
    }
    if (!(total > 0)) return NOTHING;
    for (int64_t k = 0; k < n; k++) weights[k] /= total;
    return FINE;
}

// count draws from weights, which are used up. Without replacement a drawn weight is taken out of the running sums and
// the rest spread over [0, 1] again, in place: rounding drifts as in 0.3.1, and after the last weight nan are left.
static inline Weights categories(Twister& t, double* mass, int64_t n, int64_t* out, int64_t count, bool replacement) {
    std::lock_guard<std::mutex> guard(t.lock);
    Weights verdict = accumulate(mass, n);
    if (verdict != FINE) return verdict;
    for (int64_t draw = 0; draw < count; draw++) {
        double u = t.unit();
        mass[n - 1] = 1.0;
        int64_t left = 0, right = n;
        while (left < right) {
            int64_t middle = left + (right - left) / 2;
            if (mass[middle] < u) left = middle + 1;
            else right = middle;
        }
        out[draw] = left;
        if (replacement) continue;
        double gap = mass[left] - (left ? mass[left - 1] : 0.0), rest = 1.0 - gap;
        for (int64_t k = 0; k < n; k++) mass[k] = (k >= left ? mass[k] - gap : mass[k]) / rest;
    }
    return FINE;
}

}  // namespace al_random
