// One number many times: as fast as memory takes it, where stores are wide enough.
#pragma once
#include <stddef.h>

#include "cpu.h"

namespace al {

template <typename T> static inline __attribute__((always_inline)) void put(T* out, T x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = x;
}

#if defined(__x86_64__) || defined(__i386__)
template <typename T> __attribute__((target("avx2"))) static void put_wide(T* out, T x, ptrdiff_t n) { put(out, x, n); }
#else
template <typename T> static void put_wide(T* out, T x, ptrdiff_t n) { put(out, x, n); }
#endif

// out[0], ..., out[n - 1] become x.
template <typename T> static void repeat(T* out, T x, ptrdiff_t n) {
    static const bool wide = cpu_has_avx2();
    if (wide) put_wide(out, x, n);
    else put(out, x, n);
}

}  // namespace al
