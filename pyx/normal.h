// Box-Muller as 0.3.1 does it: from units x and y, rho = sqrt(-2 log(1 - y)), then rho cos(2 pi x) and rho sin(2 pi x).
//
// The numbers must be those of the C library's log, cos and sin, to the last bit. In single precision that costs
// little: short series in vector registers give each number with a known error, and where all numbers within that error
// round to the same float, that float is the answer. The few others (one in some millions) are asked of the library.
#pragma once
#include <math.h>
#include <string.h>

#include "twister.h"

namespace al_random {

constexpr double TWO_PI = 6.283185307179586476925286766559;

static inline double radius(double y) { return sqrt(-2.0 * log(1.0 - y)); }

static inline double first_of(double x, double rho, double mean, double std) {
    return rho * cos(TWO_PI * x) * std + mean;
}

static inline double second_of(double x, double rho, double mean, double std) {
    return rho * sin(TWO_PI * x) * std + mean;
}

static inline uint64_t bits_of(double v) { uint64_t b; memcpy(&b, &v, 8); return b; }
static inline double from_bits(uint64_t b) { double v; memcpy(&v, &b, 8); return v; }

// log(u) for u in [2^-53, 1], within 4 units in the last place.
static inline __attribute__((always_inline)) double quick_log(double u) {
    // u = 2^e m with m in [sqrt(1/2), sqrt(2)), read off the bits; e becomes a double by way of 2^52 + e.
    uint64_t b = bits_of(u) + (0x3ff0000000000000u - 0x3fe6a09e00000000u);
    double e = from_bits((b >> 52) | 0x4330000000000000u) - (4503599627370496.0 + 1023.0);
    double m = from_bits((b & 0x000fffffffffffffu) + 0x3fe6a09e00000000u);
    double f = m - 1.0, s = f / (f + 2.0), z = s * s;  // log m = 2 atanh(s)
    double p = 1.0 / 23;
    p = p * z + 1.0 / 21;
    p = p * z + 1.0 / 19;
    p = p * z + 1.0 / 17;
    p = p * z + 1.0 / 15;
    p = p * z + 1.0 / 13;
    p = p * z + 1.0 / 11;
    p = p * z + 1.0 / 9;
    p = p * z + 1.0 / 7;
    p = p * z + 1.0 / 5;
    p = p * z + 1.0 / 3;
    return e * 0.693147180559945309417232 + (2.0 * s + 2.0 * s * z * p);
}

// cos(2 pi x) and sin(2 pi x) for x in [0, 1), within 1e-15.
static inline __attribute__((always_inline)) void quick_circle(double x, double* c, double* s) {
    constexpr double ROUND = 6755399441055744.0;  // 1.5 2^52: adding it rounds to an integer that the low bits show
    double shifted = 4.0 * x + ROUND;
    uint64_t quarter = bits_of(shifted);
    double t = (x - 0.25 * (shifted - ROUND)) * TWO_PI, z = t * t;  // |t| <= pi / 4
    double sine = -1.0 / 1307674368000;
    sine = sine * z + 1.0 / 6227020800;
    sine = sine * z - 1.0 / 39916800;
    sine = sine * z + 1.0 / 362880;
    sine = sine * z - 1.0 / 5040;
    sine = sine * z + 1.0 / 120;
    sine = sine * z - 1.0 / 6;
    sine = sine * z * t + t;
    double cosine = 1.0 / 20922789888000;
    cosine = cosine * z - 1.0 / 87178291200;
    cosine = cosine * z + 1.0 / 479001600;
    cosine = cosine * z - 1.0 / 3628800;
    cosine = cosine * z + 1.0 / 40320;
    cosine = cosine * z - 1.0 / 720;
    cosine = cosine * z + 1.0 / 24;
    cosine = cosine * z - 0.5;
    cosine = cosine * z + 1.0;
    // Each quarter turn swaps the two and turns one sign.
    uint64_t swap = 0u - (quarter & 1), a = bits_of(cosine), b = bits_of(sine);
    uint64_t flip_c = ((quarter + 1) & 2) << 62, flip_s = (quarter & 2) << 62;
    *c = from_bits(((a & ~swap) | (b & swap)) ^ flip_c);
    *s = from_bits(((b & ~swap) | (a & swap)) ^ flip_s);
}

// n pairs of normals from 2 n units; false where some float is not certain.
AL_WIDE static bool quick_pairs(const double* units, float* out, int64_t n, double mean, double std) {
    int uncertain = 0;
    double spread = fabs(std) * 1e-14;
    for (int64_t i = 0; i < n; i++) {
        double c, s, rho = sqrt(-2.0 * quick_log(1.0 - units[2 * i + 1]));
        quick_circle(units[2 * i], &c, &s);
        double first = rho * c * std + mean, second = rho * s * std + mean;
        double e1 = rho * spread + fabs(first) * 1e-15, e2 = rho * spread + fabs(second) * 1e-15;
        float a = (float)(first - e1), b = (float)(second - e2);
        uncertain |= (a != (float)(first + e1)) | (b != (float)(second + e2));
        out[2 * i] = a;
        out[2 * i + 1] = b;
    }
    return !uncertain;
}

template <typename T>
static void exact_pairs(const double* units, T* out, int64_t n, double mean, double std) {
    for (int64_t i = 0; i < n; i++) {
        double x = units[2 * i], rho = radius(units[2 * i + 1]);
        out[2 * i] = (T)first_of(x, rho, mean, std);
        out[2 * i + 1] = (T)second_of(x, rho, mean, std);
    }
}

static inline void pairs(const double* units, double* out, int64_t n, double mean, double std) {
    exact_pairs(units, out, n, mean, std);
}

static inline void pairs(const double* units, float* out, int64_t n, double mean, double std) {
    constexpr int64_t GROUP = 32;  // pairs made again together where one of them is uncertain
    for (; n > 0; n -= GROUP, units += 2 * GROUP, out += 2 * GROUP) {
        int64_t k = n < GROUP ? n : GROUP;
        if (!quick_pairs(units, out, k, mean, std)) exact_pairs(units, out, k, mean, std);
    }
}

static inline double next_normal(Twister& t, double mean, double std) {
    t.waiting = !t.waiting;
    if (!t.waiting) return second_of(t.x, t.rho, mean, std);
    t.x = t.unit();
    t.y = t.unit();
    t.rho = radius(t.y);
    return first_of(t.x, t.rho, mean, std);
}

template <typename T>
static void normals(Twister& t, T* out, int64_t n, double mean, double std, al::Threads* threads) {
    if (n > 0 && t.waiting) {
        *out++ = (T)next_normal(t, mean, std);
        n--;
    }
    const int64_t even = n & ~(int64_t)1;
    with_units(t, even, threads, [&](const double* units, int64_t first, int64_t k) {
        pairs(units, out + first, k / 2, mean, std);
        if (first + k == even) {
            t.x = units[k - 2];
            t.y = units[k - 1];
            t.rho = radius(t.y);
        }
    });
    if (n > even) out[even] = (T)next_normal(t, mean, std);
}

}  // namespace al_random
