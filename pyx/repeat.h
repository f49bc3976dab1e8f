// One number many times: as fast as memory takes it, where stores are wide enough.
#pragma once
#include <stddef.h>

#include "cpu.h"

namespace al {

// out[0], ..., out[n - 1] become x.
template <typename T> AL_CLONES void repeat(T* out, T x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) out[i] = x;
}

}  // namespace al
