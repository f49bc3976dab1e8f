// Matrix products by plain loops: for types that BLAS lacks, for sizes below its call overhead, and for any strides.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace al {

// Integers are multiplied without a sign: so they wrap, and never overflow undefined.
template <typename T>
using wrapping =
    std::conditional_t<std::is_floating_point_v<T>, T, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>;

// One row of the product: c = beta c + alpha a B. Steps in elements; b_step and c_step are constants where they are 1.
template <typename T, typename W>
inline void product_row(ptrdiff_t n, ptrdiff_t k, W alpha, const T* a, ptrdiff_t a_step, const T* b, ptrdiff_t b_row,
                        ptrdiff_t b_step, W beta, T* c, ptrdiff_t c_step) {
    if (k == 1 && beta == W(0)) {  // an outer product: one pass over the memory
        const W scale = alpha * W(*a);
        for (ptrdiff_t j = 0; j < n; j++) c[j * c_step] = T(W(0) + scale * W(b[j * b_step]));
        return;
    }
    if (beta == W(0)) {
        for (ptrdiff_t j = 0; j < n; j++) c[j * c_step] = T(0);  // written, not multiplied: nan * 0 would stay nan
    } else if (beta != W(1)) {
        for (ptrdiff_t j = 0; j < n; j++) c[j * c_step] = T(W(c[j * c_step]) * beta);
    }
    for (ptrdiff_t p = 0; p < k; p++) {
        const W scale = alpha * W(a[p * a_step]);
        const T* row = b + p * b_row;
        for (ptrdiff_t j = 0; j < n; j++) c[j * c_step] = T(W(c[j * c_step]) + scale * W(row[j * b_step]));
    }
}

// C = beta C + alpha A B; A is m x k, B k x n; for each the steps from row to row and from column to column.
template <typename T, typename S>
void product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, S alpha, const T* a, ptrdiff_t a_row, ptrdiff_t a_column,
             const T* b, ptrdiff_t b_row, ptrdiff_t b_column, S beta, T* c, ptrdiff_t c_row, ptrdiff_t c_column) {
    using W = wrapping<T>;
    const W scale = W(T(alpha)), keep = W(T(beta));
    for (ptrdiff_t i = 0; i < m; i++, a += a_row, c += c_row) {
        if (b_column == 1 && c_column == 1)
            product_row<T, W>(n, k, scale, a, a_column, b, b_row, 1, keep, c, 1);
        else
            product_row<T, W>(n, k, scale, a, a_column, b, b_row, b_column, keep, c, c_column);
    }
}

template <typename T>
T inner_product(ptrdiff_t n, const T* x, ptrdiff_t x_step, const T* y, ptrdiff_t y_step) {
    using W = wrapping<T>;
    W sum = 0;
    for (ptrdiff_t i = 0; i < n; i++) sum += W(x[i * x_step]) * W(y[i * y_step]);
    return T(sum);
}

}  // namespace al
