// Scalar functions that the table's expressions call. One text for g++ and NVRTC: no standard headers, no INFINITY, on the GPU.
#pragma once
#ifdef __CUDACC__
#define AL_FN __device__ __forceinline__
#define AL_MEMBER static __device__ __forceinline__
#else
#include <math.h>
#include <stdint.h>
#include "vecmath.h"
#define AL_FN static AL_INLINE  // what is not part of the loop that calls it keeps that from being SIMD
#define AL_MEMBER static inline
#endif

namespace al {

template <typename T> struct is_real { static const bool value = false; };
template <> struct is_real<float> { static const bool value = true; };
template <> struct is_real<double> { static const bool value = true; };
template <typename T> struct is_signed { static const bool value = T(-1) < T(0); };
template <typename T> AL_FN T infinity() {
    double large = 1e300;  // a variable: compilers warn of constants that overflow
    return T(large * large);
}

#define AL_LIBM(NAME) template <typename T> AL_FN T NAME(T x) { return T(::NAME(x)); }
AL_LIBM(expm1) AL_LIBM(sin) AL_LIBM(cos) AL_LIBM(tan) AL_LIBM(asin) AL_LIBM(acos)
AL_LIBM(atan) AL_LIBM(sinh) AL_LIBM(cosh) AL_LIBM(tanh) AL_LIBM(sqrt) AL_LIBM(ceil) AL_LIBM(floor) AL_LIBM(trunc) AL_LIBM(erf)
AL_LIBM(lgamma)
#ifdef __CUDACC__
AL_LIBM(exp) AL_LIBM(log) AL_LIBM(log1p)
#else  // so that the loops are SIMD
template <typename T> AL_FN T exp(T x) { return fast_exp(x); }
template <typename T> AL_FN T log(T x) { return fast_log(x); }
template <typename T> AL_FN T log1p(T x) { return fast_log1p(x); }
#endif
#undef AL_LIBM

// Halves go away from zero.
template <typename T> AL_FN T round_away(T x) { return T(::round(x)); }
template <typename T> AL_FN T absolute(T x) {
    if constexpr (is_real<T>::value) return ::fabs(x);
    else return x < T(0) ? T(-x) : x;
}
#ifdef __CUDACC__
template <typename T> AL_FN T sigmoid(T x) { return T(1) / (T(1) + exp<T>(-x)); }
#else
template <typename T> AL_FN T sigmoid(T x) { return fast_sigmoid(x); }
#endif
template <typename T> AL_FN T atan2(T y, T x) { return T(::atan2(y, x)); }
// A nan in x loses, a nan in y wins, as in 0.3.1.
template <typename T> AL_FN T larger(T x, T y) { return x > y ? x : y; }
template <typename T> AL_FN T smaller(T x, T y) { return x < y ? x : y; }

// Quotients of integers truncate; lowest / -1 wraps. Zero divisors are refused before any loop runs; 0 here keeps the machine alive.
// Operands may be wider than T: C++ computes with small integers as int, and so did 0.3.1.
template <typename R> struct divide {
    AL_MEMBER R of(R x, R y) {
        if (y == R(0)) return R(0);
        return is_signed<R>::value && y == R(-1) ? R(0ull - (unsigned long long)x) : R(x / y);
    }
};
template <> struct divide<float> { AL_MEMBER float of(float x, float y) { return x / y; } };
template <> struct divide<double> { AL_MEMBER double of(double x, double y) { return x / y; } };
template <typename T, typename A, typename B> AL_FN auto quotient(A x, B y) -> decltype(x * y) {
    return divide<decltype(x * y)>::of(x, y);
}

template <typename T> struct integer_remainder {
    AL_MEMBER T of(T x, T y) { return (y == T(0) || (is_signed<T>::value && y == T(-1))) ? T(0) : T(x % y); }
};
template <> struct integer_remainder<float> { AL_MEMBER float of(float x, float y) { return ::fmodf(x, y); } };
template <> struct integer_remainder<double> { AL_MEMBER double of(double x, double y) { return ::fmod(x, y); } };

// C's sign: that of the dividend.
template <typename T> AL_FN T fmod(T x, T y) { return integer_remainder<T>::of(x, y); }

// The divisor's sign. Real: x - y * floor(x / y), rounded at each step; nan where y is 0.
template <typename T> AL_FN T modulo(T x, T y) {
    if constexpr (is_real<T>::value) {
        return y == T(0) ? T(infinity<double>() - infinity<double>()) : T(x - y * T(::floor(x / y)));
    } else {
        T r = integer_remainder<T>::of(x, y);
        return (r != T(0) && ((r < T(0)) != (y < T(0)))) ? T(r + y) : r;
    }
}

template <typename T> AL_FN T power(T x, T y) {
    if (y == T(2)) return x * x;
    if (y == T(1)) return x;
    if (y == T(3)) return x * x * x;
    return T(::pow(x, y));
}

// On real numbers a shift multiplies or divides by 2**n; a right shift of a signed integer is logical.
template <typename T, int SIZE> struct unsigned_of { typedef unsigned char type; };
template <typename T> struct unsigned_of<T, 2> { typedef unsigned short type; };
template <typename T> struct unsigned_of<T, 4> { typedef unsigned int type; };
template <typename T> struct unsigned_of<T, 8> { typedef unsigned long long type; };
template <typename T> struct shift {
    typedef typename unsigned_of<T, sizeof(T)>::type U;
    AL_MEMBER T left(T x, T y) { return (U)y >= 8 * sizeof(T) ? T(0) : T((U)((U)x << (U)y)); }
    AL_MEMBER T right(T x, T y) { return (U)y >= 8 * sizeof(T) ? T(0) : T((U)((U)x >> (U)y)); }
};
template <> struct shift<float> {
    AL_MEMBER float left(float x, float y) { return x * ::powf(2.0f, y); }
    AL_MEMBER float right(float x, float y) { return x / ::powf(2.0f, y); }
};
template <> struct shift<double> {
    AL_MEMBER double left(double x, double y) { return x * ::pow(2.0, y); }
    AL_MEMBER double right(double x, double y) { return x / ::pow(2.0, y); }
};
template <typename T> AL_FN T shift_left(T x, T y) { return shift<T>::left(x, y); }
template <typename T> AL_FN T shift_right(T x, T y) { return shift<T>::right(x, y); }

// The inverse of erf: M. Giles, "Approximating the erfinv function" (2010) as the start, two Newton steps in double for the rest.
template <typename T> AL_FN T erfinv(T given) {
    double y = given, nan = infinity<double>() - infinity<double>();
    if (!(y >= -1.0 && y <= 1.0)) return T(nan);
    if (y == 1.0 || y == -1.0) return T(y * infinity<double>());
    double w = -::log((1.0 - y) * (1.0 + y)), p;
    if (w < 5.0) {
        w -= 2.5;
        p = 2.81022636e-08;
        p = 3.43273939e-07 + p * w;
        p = -3.5233877e-06 + p * w;
        p = -4.39150654e-06 + p * w;
        p = 0.00021858087 + p * w;
        p = -0.00125372503 + p * w;
        p = -0.00417768164 + p * w;
        p = 0.246640727 + p * w;
        p = 1.50140941 + p * w;
    } else {
        w = ::sqrt(w) - 3.0;
        p = -0.000200214257;
        p = 0.000100950558 + p * w;
        p = 0.00134934322 + p * w;
        p = -0.00367342844 + p * w;
        p = 0.00573950773 + p * w;
        p = -0.0076224613 + p * w;
        p = 0.00943887047 + p * w;
        p = 1.00167406 + p * w;
        p = 2.83297682 + p * w;
    }
    double x = p * y;
    for (int k = 0; k < 2; k++) {
        // erfc keeps its digits where erf is close to 1
        double error = ::fabs(y) < 0.5 ? ::erf(x) - y : (y > 0 ? (1.0 - y) - ::erfc(x) : ::erfc(-x) - (1.0 + y));
        x -= error / (1.1283791670955126 * ::exp(-x * x));
    }
    return T(x);
}

}  // namespace al
