// Copies between layouts whose nearest dimensions differ: a transposed matrix, channels last to channels first.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <xmmintrin.h>
#endif

namespace al {

// Many matrices, each read down its columns, where the source's neighbours lie, and written along its rows, where the
// target's do. Steps are in bytes.
struct Turn {
    const char* source;
    char* target;
    ptrdiff_t rows, columns;
    ptrdiff_t source_step, target_step;  // from column to column, from row to row
    int ndim;                            // the dimensions over the matrices
    ptrdiff_t sizes[64], source_steps[64], target_steps[64];
    int itemsize;

    static const ptrdiff_t LINE = 64;  // bytes of a cache line
    ptrdiff_t side() const { return LINE / itemsize; }
    ptrdiff_t bands() const { return (rows + side() - 1) / side(); }  // of rows, in each matrix
};

// block[k][l] = element k of line l.
template <typename T, int SIDE> static inline void turn_block(const char* from, ptrdiff_t step, T (&block)[SIDE][SIDE]) {
    for (int l = 0; l < SIDE; l++, from += step)
        for (int k = 0; k < SIDE; k++) block[k][l] = ((const T*)from)[k];
}
#ifdef __SSE2__
static inline void turn_block(const char* from, ptrdiff_t step, uint32_t (&block)[16][16]) {
    for (int l = 0; l < 16; l += 4, from += 4 * step)
        for (int k = 0; k < 16; k += 4) {
            const char* at = from + k * sizeof(float);
            __m128 a = _mm_loadu_ps((const float*)at), b = _mm_loadu_ps((const float*)(at + step));
            __m128 c = _mm_loadu_ps((const float*)(at + 2 * step)), d = _mm_loadu_ps((const float*)(at + 3 * step));
            _MM_TRANSPOSE4_PS(a, b, c, d);
            float* to = (float*)&block[k][l];
            _mm_storeu_ps(to, a);
            _mm_storeu_ps(to + 16, b);
            _mm_storeu_ps(to + 32, c);
            _mm_storeu_ps(to + 48, d);
        }
}
#endif

// A band of rows, block by block: whole lines are read, and whole lines written, each once. Powers of two as steps put
// all of a column's lines in the same few places of a cache, where they do not stay.
template <typename T> static void turn_band(const Turn& t, const char* source, char* target, ptrdiff_t rows) {
    const int side = Turn::LINE / sizeof(T);
    T block[side][side];
    for (ptrdiff_t column = 0; column < t.columns; column += side) {
        const ptrdiff_t columns = t.columns - column < side ? t.columns - column : side;
        const char* from = source + column * t.source_step;
        char* to = target + column * sizeof(T);
        if (rows == side && columns == side) {
            turn_block(from, t.source_step, block);
            for (ptrdiff_t k = 0; k < side; k++) memcpy(to + k * t.target_step, block[k], Turn::LINE);
        } else {
            for (ptrdiff_t l = 0; l < columns; l++)
                for (ptrdiff_t k = 0; k < rows; k++)
                    ((T*)(to + k * t.target_step))[l] = ((const T*)(from + l * t.source_step))[k];
        }
    }
}

// The bands from begin to end, counted through all matrices.
static void turn(void* context, ptrdiff_t begin, ptrdiff_t end) {
    const Turn& t = *(const Turn*)context;
    for (ptrdiff_t band = begin; band < end; band++) {
        ptrdiff_t rest = band / t.bands();
        const ptrdiff_t row = band % t.bands() * t.side(), rows = t.rows - row < t.side() ? t.rows - row : t.side();
        const char* source = t.source + row * t.itemsize;
        char* target = t.target + row * t.target_step;
        for (int k = t.ndim - 1; k >= 0; k--) {
            source += rest % t.sizes[k] * t.source_steps[k];
            target += rest % t.sizes[k] * t.target_steps[k];
            rest /= t.sizes[k];
        }
        switch (t.itemsize) {
            case 1: turn_band<uint8_t>(t, source, target, rows); break;
            case 2: turn_band<uint16_t>(t, source, target, rows); break;
            case 4: turn_band<uint32_t>(t, source, target, rows); break;
            default: turn_band<uint64_t>(t, source, target, rows);
        }
    }
}

}  // namespace al
