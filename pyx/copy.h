// Conversions between element types. A real number becomes an integer by truncation to 64 bits, then by wrapping.
#pragma once
#include <Python.h>
#include <stdint.h>

namespace al {

template <typename S, typename T> struct caster {
    static inline T of(S x) { return (T)x; }
};
template <typename T> struct caster<float, T> {
    static inline T of(float x) { return (T)(int64_t)x; }
};
template <typename T> struct caster<double, T> {
    static inline T of(double x) { return (T)(int64_t)x; }
};
// 32-bit integers have no room to wrap into: what does not fit becomes the lowest one, as processors have it.
template <typename S> static inline int32_t to_int32(S x) {
    return x >= (S)-2147483648.0 && x < (S)2147483648.0 ? (int32_t)x : (int32_t)0x80000000;
}
template <> struct caster<float, int32_t> { static inline int32_t of(float x) { return to_int32(x); } };
template <> struct caster<double, int32_t> { static inline int32_t of(double x) { return to_int32(x); } };
template <> struct caster<float, float> { static inline float of(float x) { return x; } };
template <> struct caster<float, double> { static inline double of(float x) { return x; } };
template <> struct caster<double, float> { static inline float of(double x) { return (float)x; } };
template <> struct caster<double, double> { static inline double of(double x) { return x; } };

template <typename S, typename T> static inline T cast(S x) { return caster<S, T>::of(x); }

}  // namespace al
