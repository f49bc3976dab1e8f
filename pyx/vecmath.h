// exp, tanh, sigmoid, log and log1p as straight code without branches, so that the compiler makes SIMD of the loops around them.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>

#include "cpu.h"

// Functions that vanish into the loop that calls them: only then can it be SIMD, and built for its instruction set.
#define AL_INLINE inline __attribute__((always_inline))

namespace al {

// What the reduction x = k ln 2 + r needs: `shift` rounds to an integer when added; ln 2 in two parts, the first short
// enough that k times it is exact; a clamp beyond which exp is 0 or infinite, and one beyond which it is so or close to
// it in a single factor; the coefficients of exp(r) = 1 + r + coefficients[0] r^2 + ..., as far as the type's precision
// reaches. The floats' are those of the best polynomial of degree 6 (its relative error is 4e-9), the doubles' 1 / n!.
template <typename T> struct Reduction;
template <> struct Reduction<float> {
    using Unsigned = uint32_t;
    static constexpr float shift = 12582912.0f, high = 0.693359375f, low = -2.12194440e-4f, low_x = -110.0f,
                           high_x = 95.0f, least = -86.0f, most = 89.0f;
    static constexpr int mantissa = 23, bias = 127, terms = 5;
    static constexpr float coefficients[terms] = {0.49999994f, 0.16666521f, 0.04166839f, 0.008368745f, 0.001381454f};
};
template <> struct Reduction<double> {
    using Unsigned = uint64_t;
    static constexpr double shift = 6755399441055744.0, high = 0x1.62e42fee00000p-1, low = 0x1.a39ef35793c76p-33,
                            low_x = -760.0, high_x = 720.0, least = -700.0, most = 710.0;
    static constexpr int mantissa = 52, bias = 1023, terms = 12;
    static constexpr double coefficients[terms] = {1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320,
        1. / 362880, 1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800};
};

template <typename T> static AL_INLINE T from_bits(typename Reduction<T>::Unsigned bits) {
    T value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

// x = k ln 2 + r: r is returned, k as the bits of x / ln 2 + shift less those of shift.
template <typename T> static AL_INLINE T reduce(T x, typename Reduction<T>::Unsigned& k) {
    using R = Reduction<T>;
    typename R::Unsigned zero;
    const T shift = R::shift, shifted = x * T(1.4426950408889634) + shift, whole = shifted - shift;
    std::memcpy(&k, &shifted, sizeof k);
    std::memcpy(&zero, &shift, sizeof zero);
    k -= zero;
    return (x - whole * R::high) - whole * R::low;
}

// The sum of N coefficients from K on, times powers of r: halves side by side, which need not wait for each other.
template <typename T, int K, int N> static AL_INLINE T terms(T r, T r2, T r4, T r8) {
    constexpr T first = Reduction<T>::coefficients[K];
    if constexpr (N == 1) return first;
    else if constexpr (N == 2) return first + Reduction<T>::coefficients[K + 1] * r;
    else if constexpr (N <= 4) return terms<T, K, 2>(r, r2, r4, r8) + terms<T, K + 2, N - 2>(r, r2, r4, r8) * r2;
    else if constexpr (N <= 8) return terms<T, K, 4>(r, r2, r4, r8) + terms<T, K + 4, N - 4>(r, r2, r4, r8) * r4;
    else return terms<T, K, 8>(r, r2, r4, r8) + terms<T, K + 8, N - 8>(r, r2, r4, r8) * r8;
}

// exp(r) - 1, for the r of reduce().
template <typename T> static AL_INLINE T small_expm1(T r) {
    const T r2 = r * r, r4 = r2 * r2;
    return r + r2 * terms<T, 0, Reduction<T>::terms>(r, r2, r4, r4 * r4);
}

template <typename T> static AL_INLINE T fast_exp(T x) {
    using R = Reduction<T>;
    using U = typename R::Unsigned;
    U k;
    x = x < R::low_x ? R::low_x : x;
    x = x > R::high_x ? R::high_x : x;
    const T r = reduce(x, k);
    // 2^k in two factors, so that neither leaves the normal range where the result is subnormal or infinite
    const U half = ((k + 4 * R::bias) >> 1) - 2 * R::bias;
    const T value = small_expm1(r) + T(1);
    return value * from_bits<T>((half + R::bias) << R::mantissa) * from_bits<T>((k - half + R::bias) << R::mantissa);
}

// 1 / (1 + exp(-x)), where what is too small to change 1 need not be exact: one factor is enough for 2^k.
template <typename T> static AL_INLINE T fast_sigmoid(T x) {
    using R = Reduction<T>;
    typename R::Unsigned k;
    x = x < -R::most ? -R::most : x;
    x = x > -R::least ? -R::least : x;
    const T r = reduce(-x, k);
    const T value = small_expm1(r) + T(1);
    return T(1) / (T(1) + (value + value) * from_bits<T>((k + R::bias - 1) << R::mantissa));
}

// (e - 1) / (e + 1) with e = exp(2x); e - 1 without cancellation, so that small x keep their precision.
template <typename T> static AL_INLINE T fast_tanh(T x) {
    using R = Reduction<T>;
    typename R::Unsigned k;
    x = x < T(-20) ? T(-20) : x;
    x = x > T(20) ? T(20) : x;
    const T r = reduce(x + x, k);
    const T power = from_bits<T>((k + R::bias) << R::mantissa);
    const T less_one = power * small_expm1(r) + (power - T(1));
    return less_one / (less_one + T(2));
}

// 2 / K + 2 z / (K + 2) + ...: what atanh adds to its argument, while its terms reach the type's precision.
template <typename T, int K> static AL_INLINE T atanh_series(T z) {
    if constexpr (K >= (sizeof(T) == 4 ? 11 : 25))
        return T(2.0 / K);
    else
        return T(2.0 / K) + z * atanh_series<T, K + 2>(z);
}

// x = 2^k m with m between sqrt(1/2) and sqrt(2); log m = 2 atanh(s) for s = (m - 1) / (m + 1).
template <typename T> static AL_INLINE T fast_log(T x) {
    using R = Reduction<T>;
    using U = typename R::Unsigned;
    constexpr U one = U(R::bias) << R::mantissa, mask = (U(1) << R::mantissa) - 1;
    constexpr U root = sizeof(T) == 4 ? U(0x3f3504f3) : U(0x3fe6a09e667f3bcdull);  // the bits of sqrt(1/2)
    constexpr T least = sizeof(T) == 4 ? T(0x1p-126) : T(0x1p-1022), scale = sizeof(T) == 4 ? T(0x1p23) : T(0x1p52);
    const bool subnormal = x < least;
    const T scaled = subnormal ? x * scale : x;
    U bits;
    std::memcpy(&bits, &scaled, sizeof bits);
    bits += one - root;
    // the exponent, as the low bits of a number between 2^mantissa and twice that: so no integer is converted
    U shift_bits;
    const T shift = sizeof(T) == 4 ? T(0x1p23) : T(0x1p52);
    std::memcpy(&shift_bits, &shift, sizeof shift_bits);
    const T k = from_bits<T>(shift_bits | (bits >> R::mantissa)) - shift - T(R::bias) -
                (subnormal ? T(R::mantissa) : T(0));
    const T f = from_bits<T>((bits & mask) + root) - T(1);
    const T s = f / (T(2) + f), z = s * s, half = T(0.5) * f * f;
    T result = k * R::high - ((half - (s * (half + z * atanh_series<T, 3>(z)) + k * R::low)) - f);
    const T infinite = from_bits<T>((U(2) * R::bias + 1) << R::mantissa);
    result = x == infinite ? x : result;
    result = x == T(0) ? -infinite : result;
    return x >= T(0) ? result : x - x + (infinite - infinite);
}

// log(u) for u = 1 + x as it was rounded, and what the rounding lost.
template <typename T> static AL_INLINE T fast_log1p(T x) {
    const T u = T(1) + x, log_u = fast_log(u), lost = x - (u - T(1));
    return u == T(1) ? x : u - u == T(0) && u != T(0) ? log_u + lost / u : log_u;
}

}  // namespace al
