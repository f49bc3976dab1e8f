// One register of the instruction set that a file is built for, or a part of one, as a vector of floats or doubles.
#pragma once
#include <cstddef>
#include <cstring>
#include <utility>
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

template <typename T, int BYTES = LANE_BYTES> struct Lanes {
    typedef T type __attribute__((vector_size(BYTES)));
    static constexpr int count = BYTES / sizeof(T);

    static inline type load(const T* x) {
        type value;
        std::memcpy(&value, x, sizeof value);
        return value;
    }
    static inline void store(T* x, type value) { std::memcpy(x, &value, sizeof value); }
    static inline type all(T x) { return x - type{}; }  // 0 + x would be computed: it makes 0 of -0
};

// a * b + c, rounded once where the processor can: matrix products do so too, in any BLAS.
#if defined(__AVX512F__)
static inline __m512 multiply_add(__m512 a, __m512 b, __m512 c) { return _mm512_fmadd_ps(a, b, c); }
static inline __m512d multiply_add(__m512d a, __m512d b, __m512d c) { return _mm512_fmadd_pd(a, b, c); }
#endif
#if defined(__FMA__)
static inline __m256 multiply_add(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
static inline __m256d multiply_add(__m256d a, __m256d b, __m256d c) { return _mm256_fmadd_pd(a, b, c); }
static inline __m128 multiply_add(__m128 a, __m128 b, __m128 c) { return _mm_fmadd_ps(a, b, c); }
static inline __m128d multiply_add(__m128d a, __m128d b, __m128d c) { return _mm_fmadd_pd(a, b, c); }
#else
template <typename V> static inline V multiply_add(V a, V b, V c) { return a * b + c; }
#endif

// The first n lanes of a register alone: the others are read as zeros, and not written.
#if defined(__AVX512F__)
#define AL_FIRST(V, T, PREFIX, SUFFIX)                                                                              \
    static inline V load_first(const T* x, int n, V) { return PREFIX##_maskz_loadu_##SUFFIX((1u << n) - 1, x); }    \
    static inline void store_first(T* x, int n, V value) { PREFIX##_mask_storeu_##SUFFIX(x, (1u << n) - 1, value); }
AL_FIRST(__m512, float, _mm512, ps)
AL_FIRST(__m512d, double, _mm512, pd)
AL_FIRST(__m256, float, _mm256, ps)
AL_FIRST(__m256d, double, _mm256, pd)
#endif

// Lane k is that of number I[k] of a, then b.
template <int... I, typename V> static inline V shuffled(V a, V b) {
#if defined(__clang__)
    return __builtin_shufflevector(a, b, I...);
#else
    return __builtin_shuffle(a, b, decltype(a < b){I...});
#endif
}

// The halves of groups of 2 HALF lanes, added: first all groups of a, then those of b.
template <int HALF, typename V, int... I>
static inline V add_halves(V a, V b, std::integer_sequence<int, I...>) {
    constexpr int N = sizeof...(I), H = HALF;
    const V low = shuffled<(I < N / 2 ? 0 : N) + I % (N / 2) / H * 2 * H + I % H...>(a, b);
    const V high = shuffled<(I < N / 2 ? 0 : N) + (I % (N / 2) / H * 2 + 1) * H + I % H...>(a, b);
    return low + high;
}

// Lane i is the sum of the lanes of x[i], for as many registers as they have lanes: of their halves, and so on.
template <typename T, int HALF = 1> static inline typename Lanes<T>::type lane_sums(const typename Lanes<T>::type* x) {
    constexpr int N = Lanes<T>::count;
    if constexpr (HALF == N)
        return x[0];
    else
        return add_halves<HALF>(lane_sums<T, 2 * HALF>(x), lane_sums<T, 2 * HALF>(x + N / HALF / 2),
                                std::make_integer_sequence<int, N>());
}

}  // namespace al
