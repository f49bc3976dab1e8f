// Inner loops that move elements to and from places named by an index. Moving is by item size: T is any type of that size.
#pragma once
#include <algorithm>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <type_traits>

namespace al {

// Where an index leads: `step` bytes for each unit, `size` places. A place outside is noted, and skipped.
struct Places {
    ptrdiff_t step;
    int64_t size;
    bool from_end;  // negative numbers count from the end
    bool failed;
    int64_t bad;  // the number that failed

    inline ptrdiff_t offset(int64_t i) {
        int64_t place = from_end && i < 0 ? i + size : i;
        if ((uint64_t)place < (uint64_t)size) return place * step;
        __atomic_store_n(&bad, i, __ATOMIC_RELAXED);  // by several threads, perhaps
        __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
        return -1;
    }
};

// Integers wrap, as everywhere; signed overflow must not reach the optimizer.
template <typename T> static inline T wrapping_sum(T a, T b) {
    if constexpr (std::is_integral<T>::value)
        return (T)((uint64_t)a + (uint64_t)b);
    else
        return a + b;
}
template <typename T> static inline T wrapping_cross(T a, T b, T c, T d) {
    if constexpr (std::is_integral<T>::value)
        return (T)((uint64_t)a * (uint64_t)b - (uint64_t)c * (uint64_t)d);
    else
        return a * b - c * d;
}

// out = x[index]
template <typename T> static void gather(char** p, const ptrdiff_t* count, const ptrdiff_t* s, void* places) {
    Places& at = *(Places*)places;
    const ptrdiff_t n = *count, sx = s[0], si = s[1], so = s[2];
    if (si == 0) {  // one place for the whole run: rows are copied
        ptrdiff_t offset = at.offset(*(int64_t*)p[1]);
        if (offset < 0) return;
        const char* x = p[0] + offset;
        if (sx == sizeof(T) && so == sizeof(T)) {
            memmove(p[2], x, n * sizeof(T));
            return;
        }
        for (ptrdiff_t i = 0; i < n; i++) *(T*)(p[2] + i * so) = *(const T*)(x + i * sx);
        return;
    }
    const char *x = p[0], *index = p[1];
    char* out = p[2];
    const uint64_t size = (uint64_t)at.size;  // what is written cannot change a local
    const ptrdiff_t step = at.step;
    for (ptrdiff_t i = 0; i < n; i++, x += sx, index += si, out += so) {
        const uint64_t place = *(const uint64_t*)index;
        const ptrdiff_t offset = place < size ? (ptrdiff_t)place * step : at.offset((int64_t)place);
        if (offset >= 0) *(T*)out = *(const T*)(x + offset);
    }
}

// The blocks of a contiguous x that an index names, for each of many rows of `size` blocks.
struct Rows {
    const char* x;
    const int64_t* index;
    ptrdiff_t step, n;  // of the index
    char* out;
    Places* places;  // whose step is the block's size in bytes
};

// The processor cannot guess where the next blocks lie, so they are asked for in time: into the second cache, which
// takes more requests at once than the first, no more of a block than a page, from where the processor goes on itself.
enum { AHEAD = 2048, PAGE = 4096 };  // in bytes

template <size_t block> static void gather_blocks(const Rows& r, ptrdiff_t begin, ptrdiff_t end) {
    const size_t bytes = (size_t)r.places->step;
    const ptrdiff_t ahead = 1 + AHEAD / (ptrdiff_t)std::max<size_t>(bytes, 1);
    const char* x = r.x + begin / r.n * r.places->size * bytes;
    char* out = r.out + begin * bytes;
    for (ptrdiff_t k = begin % r.n; begin < end; begin++, out += bytes) {
        ptrdiff_t offset = r.places->offset(r.index[k * r.step]);
        const int64_t later = block || k + ahead >= r.n ? -1 : r.index[(k + ahead) * r.step];
        if ((uint64_t)later < (uint64_t)r.places->size)
            for (size_t line = 0; line < std::min<size_t>(bytes, PAGE); line += 64)
                __builtin_prefetch(x + later * bytes + line, 0, 2);
        if (offset >= 0) memcpy(out, x + offset, block ? block : bytes);
        if (++k == r.n) {
            k = 0;
            x += r.places->size * bytes;
        }
    }
}

// The blocks from begin to end, counted through all rows.
static void gather_rows(void* rows, ptrdiff_t begin, ptrdiff_t end) {
    const Rows& r = *(const Rows*)rows;
    switch (r.places->step) {
        case 1: return gather_blocks<1>(r, begin, end);
        case 2: return gather_blocks<2>(r, begin, end);
        case 4: return gather_blocks<4>(r, begin, end);
        case 8: return gather_blocks<8>(r, begin, end);
        case 16: return gather_blocks<16>(r, begin, end);
        default: return gather_blocks<0>(r, begin, end);
    }
}

// x[index] = source
template <typename T> static void scatter(char** p, const ptrdiff_t* count, const ptrdiff_t* s, void* places) {
    Places& at = *(Places*)places;
    const ptrdiff_t n = *count, ss = s[0], si = s[1], sx = s[2];
    if (si == 0) {
        ptrdiff_t offset = at.offset(*(int64_t*)p[1]);
        if (offset < 0) return;
        char* x = p[2] + offset;
        if (ss == sizeof(T) && sx == sizeof(T)) {
            memmove(x, p[0], n * sizeof(T));
            return;
        }
        for (ptrdiff_t i = 0; i < n; i++) *(T*)(x + i * sx) = *(const T*)(p[0] + i * ss);
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++) {
        ptrdiff_t offset = at.offset(*(int64_t*)(p[1] + i * si));
        if (offset >= 0) *(T*)(p[2] + i * sx + offset) = *(const T*)(p[0] + i * ss);
    }
}

// x[index] += source
template <typename T> static void scatter_add(char** p, const ptrdiff_t* count, const ptrdiff_t* s, void* places) {
    Places& at = *(Places*)places;
    const ptrdiff_t n = *count, ss = s[0], si = s[1], sx = s[2];
    if (si == 0) {
        ptrdiff_t offset = at.offset(*(int64_t*)p[1]);
        if (offset < 0) return;
        char* x = p[2] + offset;
        if (ss == sizeof(T) && sx == sizeof(T)) {
            T* to = (T*)x;
            const T* from = (const T*)p[0];
            for (ptrdiff_t i = 0; i < n; i++) to[i] = wrapping_sum(to[i], from[i]);
            return;
        }
        for (ptrdiff_t i = 0; i < n; i++) {
            T& to = *(T*)(x + i * sx);
            to = wrapping_sum(to, *(const T*)(p[0] + i * ss));
        }
        return;
    }
    for (ptrdiff_t i = 0; i < n; i++) {
        ptrdiff_t offset = at.offset(*(int64_t*)(p[1] + i * si));
        if (offset < 0) continue;
        T& to = *(T*)(p[2] + i * sx + offset);
        to = wrapping_sum(to, *(const T*)(p[0] + i * ss));
    }
}

// x where the mask is 1 becomes the number; `other` collects mask values above 1.
struct MaskedNumber {
    uint64_t number;
    uint8_t seen;
};

template <typename T> static void masked_fill(char** p, const ptrdiff_t* count, const ptrdiff_t* s, void* extra) {
    MaskedNumber& fill = *(MaskedNumber*)extra;
    const ptrdiff_t n = *count, sm = s[0], sx = s[1];
    uint8_t seen = 0;
    T number;
    memcpy(&number, &fill.number, sizeof(T));
    if (sm == 1 && sx == sizeof(T)) {
        const uint8_t* mask = (const uint8_t*)p[0];
        T* x = (T*)p[1];
        for (ptrdiff_t i = 0; i < n; i++) {
            seen |= mask[i];
            x[i] = mask[i] ? number : x[i];
        }
    } else {
        for (ptrdiff_t i = 0; i < n; i++) {
            uint8_t m = *(const uint8_t*)(p[0] + i * sm);
            seen |= m;
            if (m) *(T*)(p[1] + i * sx) = number;
        }
    }
    __atomic_fetch_or(&fill.seen, seen, __ATOMIC_RELAXED);
}

// The number of ones in a mask; -1 where it holds anything above 1.
static inline ptrdiff_t count_ones(const uint8_t* mask, ptrdiff_t n) {
    ptrdiff_t ones = 0;
    uint8_t seen = 0;
    for (ptrdiff_t at = 0; at < n;) {
        ptrdiff_t stop = at + (1 << 14) < n ? at + (1 << 14) : n;  // the sum of so many bytes fits 32 bits, which halves the work
        uint32_t sum = 0;
        for (; at < stop; at++) {
            sum += mask[at];
            seen |= mask[at];
        }
        ones += sum;
    }
    return seen > 1 ? -1 : ones;
}

// Calls each(i) for the places of the ones, eight mask bytes at a time.
template <typename F> static inline void for_ones(const uint8_t* mask, ptrdiff_t n, F each) {
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, mask + i, 8);
        for (; word; word &= word - 1) each(i + (__builtin_ctzll(word) >> 3));
    }
    for (; i < n; i++)
        if (mask[i]) each(i);
}

template <typename T> static void compress(const char* x, const uint8_t* mask, ptrdiff_t n, char* out) {
    const T* from = (const T*)x;
    T* to = (T*)out;
    for_ones(mask, n, [&](ptrdiff_t i) { *to++ = from[i]; });
}

template <typename T> static void spread(char* x, const uint8_t* mask, ptrdiff_t n, const char* source) {
    T* to = (T*)x;
    const T* from = (const T*)source;
    for_ones(mask, n, [&](ptrdiff_t i) { to[i] = *from++; });
}

template <typename T> static ptrdiff_t count_nonzero(const char* x, ptrdiff_t n) {
    const T* from = (const T*)x;
    ptrdiff_t found = 0;
    for (ptrdiff_t i = 0; i < n; i++) found += from[i] != 0;
    return found;
}

// The coordinates of the elements of a contiguous x that are not 0, one row each, `found` in all. `at` has room for ndim numbers,
// all 0. Every element's are written, and the next overwrites them if it was 0: no branch depends on the data.
template <typename T>
static void list_nonzero(const char* x, int ndim, const ptrdiff_t* sizes, ptrdiff_t found, int64_t* at, int64_t* out) {
    const T* from = (const T*)x;
    const ptrdiff_t row = sizes[ndim - 1];
    const int64_t* const end = out + found * ndim;
    for (;; from += row) {
        for (ptrdiff_t i = 0; i < row; i++) {
            for (int k = 0; k < ndim - 1; k++) out[k] = at[k];
            out[ndim - 1] = i;
            out += ndim * (ptrdiff_t)(from[i] != 0);
            if (out == end) return;
        }
        for (int k = ndim - 2; k >= 0 && ++at[k] == sizes[k]; k--) at[k] = 0;
    }
}

// out = x cross y, for vectors of three whose parts lie steps[0..2] bytes apart in x, y and out.
template <typename T> static void cross(char** p, const ptrdiff_t* count, const ptrdiff_t* s, void* steps) {
    const ptrdiff_t *step = (const ptrdiff_t*)steps, n = *count;
    for (ptrdiff_t i = 0; i < n; i++) {
        const char *x = p[0] + i * s[0], *y = p[1] + i * s[1];
        char* out = p[2] + i * s[2];
        T x0 = *(const T*)x, x1 = *(const T*)(x + step[0]), x2 = *(const T*)(x + 2 * step[0]);
        T y0 = *(const T*)y, y1 = *(const T*)(y + step[1]), y2 = *(const T*)(y + 2 * step[1]);
        *(T*)out = wrapping_cross(x1, y2, x2, y1);
        *(T*)(out + step[2]) = wrapping_cross(x2, y0, x0, y2);
        *(T*)(out + 2 * step[2]) = wrapping_cross(x0, y1, x1, y0);
    }
}

}  // namespace al
