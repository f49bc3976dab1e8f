// What the processor can do, and loops that are built for it.
#pragma once

// Loops over much data are compiled for several instruction sets; the dynamic loader picks one.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__)
#define AL_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define AL_CLONES
#endif

namespace al {

static inline bool cpu_has_avx2() {
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

static inline bool cpu_has_avx512() {
#if defined(__x86_64__) || defined(__i386__)
    return cpu_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#else
    return false;
#endif
}

}  // namespace al
