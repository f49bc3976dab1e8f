// Small products whose results stay in registers while they are summed: what convolutions and matrix products are
// made of.
#pragma once
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

// fill(m, n) for every tile of up to sizeof...(I) / N rows and N columns, both known to the compiler.
template <int N, typename Fill, int... I>
void each_shape(Fill fill, std::integer_sequence<int, I...>) {
    (fill(std::integral_constant<int, I / N + 1>(), std::integral_constant<int, I % N + 1>()), ...);
}

template <typename T> Tiles<T> make_tiles() {
    constexpr int rows = REGISTERS == 32 ? 6 : 4, width = REGISTERS == 32 ? 4 : 3;
    constexpr int dot_rows = REGISTERS == 32 ? 4 : 2, dot_taps = 6;
    Tiles<T> tiles = {Lanes<T>::count, rows, width, dot_rows, dot_taps, {}, {}, nullptr};
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
