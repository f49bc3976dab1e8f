// Softmax and its logarithm along one dimension of outer x n x inner.
#pragma once
#include <algorithm>
#include <cstddef>

#include "threads.h"
#include "vecmath.h"

namespace al {

constexpr ptrdiff_t SUM_BLOCK = 1024;  // sums run in the type within a block and in double over the blocks
constexpr ptrdiff_t COLUMNS = 256;     // columns worked on at a time, so that what they share stays in cache

template <typename T> static inline T maximum(const T* x, ptrdiff_t n) {
    T top = x[0];
#pragma omp simd reduction(max : top)
    for (ptrdiff_t i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    return top;
}

// The sum of term(i) over a row.
template <typename T, typename Term> static inline double row_sum(ptrdiff_t n, Term term) {
    double total = 0;
    for (ptrdiff_t from = 0; from < n; from += SUM_BLOCK) {
        const ptrdiff_t to = std::min(n, from + SUM_BLOCK);
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (ptrdiff_t i = from; i < to; i++) sum += term(i);
        total += sum;
    }
    return total;
}

// log(sum), as precise as top + log(sum) is in double: where top drowns it, so did 0.3.1.
template <typename T> static inline T log_of_sum(double sum, T top) {
    return T((double(top) + std::log(sum)) - double(top));
}

template <typename T>
AL_CLONES void softmax_rows(const T* __restrict x, T* __restrict out, ptrdiff_t rows, ptrdiff_t n, bool logarithm) {
    for (; rows > 0; rows--, x += n, out += n) {
        const T top = maximum(x, n);
        if (logarithm) {
            const T log_sum = log_of_sum(row_sum<T>(n, [&](ptrdiff_t i) { return fast_exp(x[i] - top); }), top);
            for (ptrdiff_t i = 0; i < n; i++) out[i] = (x[i] - top) - log_sum;
        } else {
            const T scale = T(1 / row_sum<T>(n, [&](ptrdiff_t i) { return out[i] = fast_exp(x[i] - top); }));
            for (ptrdiff_t i = 0; i < n; i++) out[i] *= scale;
        }
    }
}

// The same where n steps over `inner` columns.
template <typename T>
AL_CLONES void softmax_columns(const T* x, T* out, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner, bool logarithm) {
    T top[COLUMNS], sum[COLUMNS];
    for (; outer > 0; outer--, x += n * inner, out += n * inner) {
        for (ptrdiff_t from = 0; from < inner; from += COLUMNS) {
            const ptrdiff_t width = std::min(COLUMNS, inner - from);
            for (ptrdiff_t j = 0; j < width; j++) top[j] = x[from + j], sum[j] = 0;
            for (ptrdiff_t i = 1; i < n; i++) {
                const T* __restrict row = x + i * inner + from;
                for (ptrdiff_t j = 0; j < width; j++) top[j] = row[j] > top[j] ? row[j] : top[j];
            }
            for (ptrdiff_t i = 0; i < n; i++) {
                const T* __restrict row = x + i * inner + from;
                T* __restrict to = out + i * inner + from;
                for (ptrdiff_t j = 0; j < width; j++) {
                    const T less = row[j] - top[j], e = fast_exp(less);
                    sum[j] += e;
                    to[j] = logarithm ? less : e;
                }
            }
            for (ptrdiff_t j = 0; j < width; j++) sum[j] = logarithm ? log_of_sum(double(sum[j]), top[j]) : 1 / sum[j];
            for (ptrdiff_t i = 0; i < n; i++) {
                T* __restrict to = out + i * inner + from;
                if (logarithm)
                    for (ptrdiff_t j = 0; j < width; j++) to[j] -= sum[j];
                else
                    for (ptrdiff_t j = 0; j < width; j++) to[j] *= sum[j];
            }
        }
    }
}

// y (d - sum d y), for the logarithm d - exp(y) sum d, where d is the gradient of the result y; its rows are d_row
// apart, 0 where they are all one.
template <typename T>
AL_CLONES void softmax_rows_grad(const T* __restrict d, ptrdiff_t d_row, const T* __restrict y, T* __restrict out,
                                 ptrdiff_t rows, ptrdiff_t n, bool logarithm) {
    for (; rows > 0; rows--, d += d_row, y += n, out += n) {
        if (logarithm) {
            const T sum = T(row_sum<T>(n, [&](ptrdiff_t i) { return d[i]; }));
            for (ptrdiff_t i = 0; i < n; i++) out[i] = d[i] - fast_exp(y[i]) * sum;
        } else {
            const T sum = T(row_sum<T>(n, [&](ptrdiff_t i) { return d[i] * y[i]; }));
            for (ptrdiff_t i = 0; i < n; i++) out[i] = y[i] * (d[i] - sum);
        }
    }
}

template <typename T>
AL_CLONES void softmax_columns_grad(const T* d, const T* y, T* out, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner,
                                    bool logarithm) {
    T sum[COLUMNS];
    for (; outer > 0; outer--, d += n * inner, y += n * inner, out += n * inner) {
        for (ptrdiff_t from = 0; from < inner; from += COLUMNS) {
            const ptrdiff_t width = std::min(COLUMNS, inner - from);
            for (ptrdiff_t j = 0; j < width; j++) sum[j] = 0;
            for (ptrdiff_t i = 0; i < n; i++) {
                const T *d_row = d + i * inner + from, *y_row = y + i * inner + from;
                for (ptrdiff_t j = 0; j < width; j++) sum[j] += logarithm ? d_row[j] : d_row[j] * y_row[j];
            }
            for (ptrdiff_t i = 0; i < n; i++) {
                const T *d_row = d + i * inner + from, *y_row = y + i * inner + from;
                T* __restrict to = out + i * inner + from;
                for (ptrdiff_t j = 0; j < width; j++)
                    to[j] = logarithm ? d_row[j] - fast_exp(y_row[j]) * sum[j] : y_row[j] * (d_row[j] - sum[j]);
            }
        }
    }
}

template <typename T>
void softmax(Threads& threads, const T* x, T* out, ptrdiff_t outer, ptrdiff_t n, ptrdiff_t inner, bool logarithm) {
    const ptrdiff_t size = n * inner;
    threads.run_each(outer, size, [=](ptrdiff_t begin, ptrdiff_t end) {
        if (inner == 1)
            softmax_rows(x + begin * size, out + begin * size, end - begin, n, logarithm);
        else
            softmax_columns(x + begin * size, out + begin * size, end - begin, n, inner, logarithm);
    });
}

// one_row: d has one row of n elements, which stands for all; inner is 1 then.
template <typename T>
void softmax_grad(Threads& threads, const T* d, bool one_row, const T* y, T* out, ptrdiff_t outer, ptrdiff_t n,
                  ptrdiff_t inner, bool logarithm) {
    const ptrdiff_t size = n * inner, d_row = one_row ? 0 : size;
    threads.run_each(outer, size, [=](ptrdiff_t begin, ptrdiff_t end) {
        const T *di = d + begin * d_row, *yi = y + begin * size;
        T* to = out + begin * size;
        if (inner == 1)
            softmax_rows_grad(di, d_row, yi, to, end - begin, n, logarithm);
        else
            softmax_columns_grad(di, yi, to, end - begin, n, inner, logarithm);
    });
}

}  // namespace al
