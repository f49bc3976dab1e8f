// Operands at any steps as arrays, a piece at a time: what loops over them is SIMD then.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace al {

// Whether writing n results may not change operands that are still to be read: where both lie apart, or are the same.
static inline bool lie_apart(const char* x, ptrdiff_t step, const char* out, ptrdiff_t out_step, ptrdiff_t n,
                             ptrdiff_t size) {
    if (x == out && step == out_step && std::abs(step) >= size) return true;
    const ptrdiff_t length = (n - 1) * step, out_length = (n - 1) * out_step, zero = 0;
    return x + std::max(length, zero) + size <= out + std::min(out_length, zero) ||
           out + std::max(out_length, zero) + size <= x + std::min(length, zero);
}

// n elements from `begin` on: where they lie, or, if not side by side, in `room`, which belongs to this operand.
template <typename T> const T* line_up(const char* x, ptrdiff_t step, ptrdiff_t begin, ptrdiff_t n, T* room) {
    if (step == sizeof(T)) return (const T*)x + begin;
    if (step == 0) {
        if (begin == 0) std::fill_n(room, n, *(const T*)x);  // the first piece is the longest
        return room;
    }
    for (ptrdiff_t i = 0; i < n; i++) room[i] = *(const T*)(x + (begin + i) * step);
    return room;
}

// Where results are written to, and, if that was `room`, from there to their places.
template <typename T> T* open_results(char* out, ptrdiff_t step, ptrdiff_t begin, T* room) {
    return step == sizeof(T) ? (T*)out + begin : room;
}
template <typename T> void put_results(const T* room, char* out, ptrdiff_t step, ptrdiff_t begin, ptrdiff_t n) {
    if (step == sizeof(T)) return;
    for (ptrdiff_t i = 0; i < n; i++) *(T*)(out + (begin + i) * step) = room[i];
}

}  // namespace al
