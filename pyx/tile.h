// Small products whose results stay in registers while they are summed: what convolutions and matrix products are
// made of.
#pragma once
#include <algorithm>
#include <utility>

#include "gemm.h"
#include "lanes.h"

namespace al {

constexpr int MOST_ROWS = 6, MOST_WIDTH = 4, MOST_TAPS = 6, MOST_LANE_BYTES = 64;

// The kernels of one instruction set. A tile of `rows` by `width` registers is the largest that it has registers for;
// smaller ones serve what remains.
template <typename T> struct Tiles {
    int lanes, rows, width, dot_rows, dot_taps;
    // product[m][n]: out[i][j] = first + the sum over k of w[i * row + along[k]] x[at[k] + j]: m rows, n registers
    // wide. The first value is what out has where the sum goes on, else start[i], or 0 where start is null.
    void (*product[MOST_ROWS + 1][MOST_WIDTH + 1])(ptrdiff_t k, const T* w, ptrdiff_t row, const ptrdiff_t* along,
                                                   const T* x, const ptrdiff_t* at, bool goes_on, const T* start,
                                                   T* out);
    // dots[m][n]: out[i][j] += the sum over p < count of y[i][p] x[at[j] + p]: m rows, n taps; count is a multiple of
    // the lanes
    void (*dots[MOST_ROWS + 1][MOST_TAPS + 1])(ptrdiff_t count, const T* y, ptrdiff_t y_row, const T* x,
                                               const ptrdiff_t* at, T* out, ptrdiff_t out_row);
    // lines: out[l][j] = start + the sum over i < k of w[along[i]] x[l * pitch + at[i] + j], for j < columns; the lines
    // of out follow each other. x is readable for a register beyond the last of its places.
    void (*lines)(ptrdiff_t k, const T* w, const ptrdiff_t* along, const T* x, const ptrdiff_t* at, ptrdiff_t pitch,
                  T start, T* out, ptrdiff_t columns, ptrdiff_t lines);
    // A product of matrices; null where BLAS does it as well. False, and nothing done, where memory is short.
    bool (*multiply)(const MatrixProduct& product);
};

template <typename T, int M, int N>
void tile_product(ptrdiff_t k, const T* w, ptrdiff_t row, const ptrdiff_t* along, const T* x, const ptrdiff_t* at,
                  bool goes_on, const T* start, T* out) {
    using L = Lanes<T>;
    typename L::type sums[M][N], values[N];
#pragma GCC unroll 8
    for (int m = 0; m < M; m++)
#pragma GCC unroll 8
        for (int n = 0; n < N; n++)
            sums[m][n] = goes_on ? L::load(out + (m * N + n) * L::count) : L::all(start != nullptr ? start[m] : T(0));
    for (; k > 0; k--, along++, at++) {
        const T* column = w + *along;
#pragma GCC unroll 8
        for (int n = 0; n < N; n++) values[n] = L::load(x + *at + n * L::count);
#pragma GCC unroll 8
        for (int m = 0; m < M; m++) {
            const auto weight = L::all(column[m * row]);
#pragma GCC unroll 8
            for (int n = 0; n < N; n++) sums[m][n] = multiply_add(weight, values[n], sums[m][n]);
        }
    }
#pragma GCC unroll 8
    for (int m = 0; m < M; m++)
#pragma GCC unroll 8
        for (int n = 0; n < N; n++) L::store(out + (m * N + n) * L::count, sums[m][n]);
}

template <typename T, int M, int N>
void tile_dots(ptrdiff_t count, const T* y, ptrdiff_t y_row, const T* x, const ptrdiff_t* at, T* out,
               ptrdiff_t out_row) {
    using L = Lanes<T>;
    constexpr int GROUPS = (M * N + L::count - 1) / L::count;  // of as many sums as a register has lanes
    typename L::type sums[GROUPS * L::count] = {}, values[M];
    const T* taps[N];
    for (int n = 0; n < N; n++) taps[n] = x + at[n];
    for (ptrdiff_t p = 0; p < count; p += L::count) {
#pragma GCC unroll 8
        for (int m = 0; m < M; m++) values[m] = L::load(y + m * y_row + p);
#pragma GCC unroll 8
        for (int n = 0; n < N; n++) {
            const auto value = L::load(taps[n] + p);
#pragma GCC unroll 8
            for (int m = 0; m < M; m++) sums[m * N + n] = multiply_add(values[m], value, sums[m * N + n]);
        }
    }
    T totals[GROUPS * L::count];
#pragma GCC unroll 8
    for (int g = 0; g < GROUPS; g++) L::store(totals + g * L::count, lane_sums<T>(sums + g * L::count));
    for (int m = 0; m < M; m++)
        for (int n = 0; n < N; n++) out[m * out_row + n] += totals[m * N + n];
}

// `lines` of Tiles, some registers at a time. One may begin within the one before it, where a line ends with a part of
// a register; where a whole line is less than one, it runs into the next line, which is written later.
template <typename T>
void tile_lines(ptrdiff_t k, const T* w, const ptrdiff_t* along, const T* x, const ptrdiff_t* at, ptrdiff_t pitch,
                T start, T* out, ptrdiff_t columns, ptrdiff_t lines) {
    using L = Lanes<T>;
    constexpr int N = 8;
    const ptrdiff_t of_line = (columns + L::count - 1) / L::count, registers = lines * of_line, size = lines * columns;
    const ptrdiff_t last = std::max<ptrdiff_t>(columns - L::count, 0);
    const T* from[N];
    ptrdiff_t to[N];
    for (ptrdiff_t done = 0, line = 0, r = 0; done < registers; done += N) {
        const int n = int(std::min<ptrdiff_t>(N, registers - done));
        for (int j = 0; j < N; j++) {  // what is missing in the last turn repeats its last register
            const ptrdiff_t column = std::min(r * L::count, last);
            from[j] = x + line * pitch + column, to[j] = line * columns + column;
            if (j + 1 < n && ++r == of_line) r = 0, line++;
        }
        if (++r == of_line) r = 0, line++;
        typename L::type sums[N];
#pragma GCC unroll 8
        for (int j = 0; j < N; j++) sums[j] = L::all(start);
        for (ptrdiff_t i = 0; i < k; i++) {
            const auto weight = L::all(w[along[i]]);
#pragma GCC unroll 8
            for (int j = 0; j < N; j++) sums[j] = multiply_add(weight, L::load(from[j] + at[i]), sums[j]);
        }
        for (int j = 0; j < n; j++) {
            if (size - to[j] >= L::count)
                L::store(out + to[j], sums[j]);
            else
                std::memcpy(out + to[j], &sums[j], (size - to[j]) * sizeof(T));
        }
    }
}

// fill(m, n) for every tile of up to sizeof...(I) / N rows and N columns, both known to the compiler.
template <int N, typename Fill, int... I>
void each_shape(Fill fill, std::integer_sequence<int, I...>) {
    (fill(std::integral_constant<int, I / N + 1>(), std::integral_constant<int, I % N + 1>()), ...);
}

template <typename T> Tiles<T> make_tiles() {
    constexpr int rows = REGISTERS == 32 ? 6 : 4, width = REGISTERS == 32 ? 4 : 3;
    constexpr int dot_rows = REGISTERS == 32 ? 4 : 2, dot_taps = 6;
    Tiles<T> tiles = {Lanes<T>::count, rows, width, dot_rows, dot_taps, {}, {}, tile_lines<T>, nullptr};
    each_shape<width>([&](auto m, auto n) { tiles.product[m][n] = tile_product<T, m, n>; },
                            std::make_integer_sequence<int, rows * width>());
    each_shape<dot_taps>([&](auto m, auto n) { tiles.dots[m][n] = tile_dots<T, m, n>; },
                                   std::make_integer_sequence<int, dot_rows * dot_taps>());
#if defined(__AVX512F__)
    tiles.multiply = MatrixTiles<T>::multiply;
#endif
    return tiles;
}

}  // namespace al
