// Matrix products by tiles of registers, for AVX-512: B is read where it lies, or panel by panel from a cache.
#pragma once
#include <algorithm>
#include <cstddef>
#include <new>
#include <utility>

#include "lanes.h"

namespace al {

// C = alpha A B + beta C: A is m x k, B k x n. Steps in elements; the rows of C lie side by side.
struct MatrixProduct {
    ptrdiff_t m, n, k;
    const void* a;
    ptrdiff_t a_row, a_column;
    const void* b;
    ptrdiff_t b_row, b_column;
    void* c;
    ptrdiff_t c_row;
    double alpha, beta;
};

#if defined(__AVX512F__)

static inline __m256 first_half(__m512 x) { return _mm512_castps512_ps256(x); }
static inline __m256d first_half(__m512d x) { return _mm512_castpd512_pd256(x); }

// M rows of a product, as many columns as `HALVES` halves of a register have lanes; of the last half `last` lanes.
// c = A B, or c += A B: each sum goes from the first product to the last, whatever the instruction set.
template <typename T, int M, int HALVES>
void matrix_tile(ptrdiff_t k, const T* a, ptrdiff_t a_row, ptrdiff_t a_column, const T* b, ptrdiff_t b_row, T* c,
                 ptrdiff_t c_row, bool add, int last) {
    using L = Lanes<T>;
    using H = Lanes<T, LANE_BYTES / 2>;
    constexpr int N = HALVES / 2;
    constexpr bool ODD = HALVES % 2;
    // The last register, a half where their number is odd, is read and written in part.
    typename L::type sums[M][N + 1], values[N + 1];
    typename H::type rest[M], value;
    if (!ODD) last += H::count;
    constexpr int WHOLE = ODD ? N : N - 1;
    for (int m = 0; m < M; m++) {
        for (int n = 0; n < N; n++) sums[m][n] = L::all(0);
        rest[m] = H::all(0);
    }
    for (; k > 0; k--, a += a_column, b += b_row) {
#pragma GCC unroll 8
        for (int n = 0; n < WHOLE; n++) values[n] = L::load(b + n * L::count);
        if (ODD)
            value = load_first(b + WHOLE * L::count, last, value);
        else
            values[WHOLE] = load_first(b + WHOLE * L::count, last, values[WHOLE]);
#pragma GCC unroll 8
        for (int m = 0; m < M; m++) {
            const auto factor = L::all(a[m * a_row]);
#pragma GCC unroll 8
            for (int n = 0; n < N; n++) sums[m][n] = multiply_add(factor, values[n], sums[m][n]);
            if (ODD)
                rest[m] = multiply_add(first_half(factor), value, rest[m]);
        }
    }
#pragma GCC unroll 8
    for (int m = 0; m < M; m++, c += c_row) {
#pragma GCC unroll 8
        for (int n = 0; n < WHOLE; n++)
            L::store(c + n * L::count, add ? sums[m][n] + L::load(c + n * L::count) : sums[m][n]);
        T* end = c + WHOLE * L::count;
        if (ODD)
            store_first(end, last, add ? rest[m] + load_first(end, last, value) : rest[m]);
        else
            store_first(end, last, add ? sums[m][WHOLE] + load_first(end, last, values[WHOLE]) : sums[m][WHOLE]);
    }
}

template <typename T> class MatrixTiles {
  public:
    static constexpr int ROWS = 6, HALVES = 8;  // 24 sums, the registers of a row, a factor
    static constexpr ptrdiff_t HALF = Lanes<T>::count / 2, WIDTH = HALVES * HALF;
    static constexpr ptrdiff_t BLOCK = 1 << 10;  // rows of a panel of B: it fits into half of a level 2 cache

    // False, and nothing done, where memory is short.
    static bool multiply(const MatrixProduct& p) {
        T* room = panel_room();
        if (room == nullptr) return false;
        for (ptrdiff_t k = 0; k < p.k; k += BLOCK)
            for (ptrdiff_t j = 0; j < p.n; j += WIDTH) multiply_panel(p, k, j, room);
        return true;
    }

  private:
    typedef void (*Tile)(ptrdiff_t, const T*, ptrdiff_t, ptrdiff_t, const T*, ptrdiff_t, T*, ptrdiff_t, bool, int);

    // For the rows of B from k on, the columns from j on.
    static void multiply_panel(const MatrixProduct& p, ptrdiff_t k, ptrdiff_t j, T* room) {
        static constexpr Table tiles = make_tiles(std::make_integer_sequence<int, ROWS * HALVES>());
        const ptrdiff_t depth = std::min(BLOCK, p.k - k), columns = std::min(WIDTH, p.n - j);
        const int halves = (columns + HALF - 1) / HALF, last = columns - (halves - 1) * HALF;
        const bool first = k == 0, plain = p.alpha == 1 && (!first || p.beta == 0 || p.beta == 1);
        const T* b = static_cast<const T*>(p.b) + k * p.b_row + j * p.b_column;
        ptrdiff_t b_row = p.b_row;
        if (p.b_column != 1 || collides(b_row, depth)) {
            pack(depth, columns, b, p.b_row, p.b_column, room);
            b = room;
            b_row = WIDTH;
        }
        for (ptrdiff_t i = 0; i < p.m; i += ROWS) {
            const int rows = std::min<ptrdiff_t>(ROWS, p.m - i);
            const T* a = static_cast<const T*>(p.a) + i * p.a_row + k * p.a_column;
            T* c = static_cast<T*>(p.c) + i * p.c_row + j;
            const Tile tile = tiles.at[rows - 1][halves - 1];
            if (plain) {
                tile(depth, a, p.a_row, p.a_column, b, b_row, c, p.c_row, !first || p.beta == 1, last);
            } else {
                T sums[ROWS * WIDTH];
                tile(depth, a, p.a_row, p.a_column, b, b_row, sums, WIDTH, false, last);
                for (int m = 0; m < rows; m++)
                    merge(columns, T(p.alpha), sums + m * WIDTH, first ? T(p.beta) : T(1), c + m * p.c_row);
            }
        }
    }

    static void merge(ptrdiff_t n, T alpha, const T* sums, T beta, T* c) {
        if (beta == T(0))
            for (ptrdiff_t j = 0; j < n; j++) c[j] = alpha * sums[j];
        else
            for (ptrdiff_t j = 0; j < n; j++) c[j] = alpha * sums[j] + beta * c[j];
    }

    // Whether rows at such a step drive each other out of the cache.
    static bool collides(ptrdiff_t step, ptrdiff_t rows) { return rows > 32 && step * sizeof(T) % 2048 == 0; }

    // The panel's rows one behind the other.
    static void pack(ptrdiff_t rows, ptrdiff_t columns, const T* b, ptrdiff_t b_row, ptrdiff_t b_column, T* room) {
        constexpr ptrdiff_t SIDE = Lanes<T>::count;
        ptrdiff_t j = 0, k = 0;
        if (b_column == 1) {
            for (; k < rows; k++) std::copy_n(b + k * b_row, columns, room + k * WIDTH);
            return;
        }
        for (; b_row == 1 && j + SIDE <= columns; j += SIDE) {
            for (k = 0; k + SIDE <= rows; k += SIDE)
                transpose(b + j * b_column + k, b_column, room + k * WIDTH + j, WIDTH);
            for (; k < rows; k++)
                for (ptrdiff_t i = j; i < j + SIDE; i++) room[k * WIDTH + i] = b[i * b_column + k];
        }
        for (; j < columns; j++)
            for (k = 0; k < rows; k++) room[k * WIDTH + j] = b[j * b_column + k * b_row];
    }

    // A square of as many rows as a register has lanes. Rows i and i + SIDE / 2, interleaved, are rows 2 i and 2 i + 1
    // of the next step; after log2(SIDE) of them columns are rows.
    static void transpose(const T* from, ptrdiff_t from_row, T* to, ptrdiff_t to_row) {
        using L = Lanes<T>;
        constexpr int SIDE = L::count;
        constexpr auto numbers = std::make_integer_sequence<int, SIDE>();
        typename L::type rows[SIDE], next[SIDE];
        for (int i = 0; i < SIDE; i++) rows[i] = L::load(from + i * from_row);
#pragma GCC unroll 4
        for (int step = SIDE; step > 1; step /= 2) {
#pragma GCC unroll 8
            for (int i = 0; i < SIDE / 2; i++) {
                next[2 * i] = interleaved<0>(rows[i], rows[i + SIDE / 2], numbers);
                next[2 * i + 1] = interleaved<SIDE / 2>(rows[i], rows[i + SIDE / 2], numbers);
            }
#pragma GCC unroll 16
            for (int i = 0; i < SIDE; i++) rows[i] = next[i];
        }
        for (int i = 0; i < SIDE; i++) L::store(to + i * to_row, rows[i]);
    }

    template <int FIRST, typename V, int... I> static V interleaved(V x, V y, std::integer_sequence<int, I...>) {
        return shuffled<(FIRST + I / 2 + I % 2 * int(sizeof...(I)))...>(x, y);
    }

    struct Table {
        Tile at[ROWS][HALVES];
    };

    template <int... I> static constexpr Table make_tiles(std::integer_sequence<int, I...>) {
        Table table = {};
        ((table.at[I / HALVES][I % HALVES] = matrix_tile<T, I / HALVES + 1, I % HALVES + 1>), ...);
        return table;
    }

    // Each thread's own room for a panel.
    static T* panel_room() {
        struct Room {
            T* data = static_cast<T*>(operator new(BLOCK * WIDTH * sizeof(T), std::align_val_t(64), std::nothrow));
            ~Room() { operator delete(data, std::align_val_t(64)); }
        };
        static thread_local Room room;
        return room.data;
    }
};

#endif

}  // namespace al
