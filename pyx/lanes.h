// One register of the instruction set that a file is built for, as a vector of floats or doubles.
#pragma once
#include <cstddef>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace al {

#if defined(__AVX512F__)
constexpr int LANE_BYTES = 64, REGISTERS = 32;
#elif defined(__AVX2__)
constexpr int LANE_BYTES = 32, REGISTERS = 16;
#else
constexpr int LANE_BYTES = 16, REGISTERS = 16;
#endif

template <typename T> struct Lanes {
    typedef T type __attribute__((vector_size(LANE_BYTES)));
    static constexpr int count = LANE_BYTES / sizeof(T);

    static inline type load(const T* x) {
        type value;
        std::memcpy(&value, x, sizeof value);
        return value;
    }
    static inline void store(T* x, type value) { std::memcpy(x, &value, sizeof value); }
    static inline type all(T x) { return type{} + x; }
};

// a * b + c, rounded once where the processor can: matrix products do so too, in any BLAS.
#if defined(__AVX512F__)
static inline __m512 multiply_add(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
static inline __m512d multiply_add(__m512d a, __m512d b, __m512d c) { return _mm512_fmadd_pd(a, b, c); }
#elif defined(__FMA__)
static inline __m256 multiply_add(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
static inline __m256d multiply_add(__m256d a, __m256d b, __m256d c) { return _mm256_fmadd_pd(a, b, c); }
#else
template <typename V> static inline V multiply_add(V a, V b, V c) { return a * b + c; }
#endif

// The sum of a register's lanes: of its halves, as long as it has any.
template <typename T, int BYTES> static inline T lane_sum(const void* lanes) {
    if constexpr (BYTES == sizeof(T)) {
        return *static_cast<const T*>(lanes);
    } else {
        typedef T half __attribute__((vector_size(BYTES / 2)));
        half low, high;
        std::memcpy(&low, lanes, BYTES / 2);
        std::memcpy(&high, static_cast<const char*>(lanes) + BYTES / 2, BYTES / 2);
        low += high;
        return lane_sum<T, BYTES / 2>(&low);
    }
}

}  // namespace al
