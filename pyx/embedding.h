// Rows of a table, found by number: looked up, summed by bags, kept short, and the way back.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace al {

template <typename T> void lookup_rows(const T* table, ptrdiff_t width, const int64_t* indices, ptrdiff_t n, T* out) {
    for (ptrdiff_t i = 0; i < n; i++, out += width) std::memcpy(out, table + indices[i] * width, width * sizeof(T));
}

// Each row in use that is longer than max_norm becomes that long.
template <typename T>
void shorten_rows(T* table, ptrdiff_t rows, ptrdiff_t width, const int64_t* indices, ptrdiff_t n, double max_norm,
                  double norm_type) {
    std::vector<bool> done(rows, false);
    for (ptrdiff_t i = 0; i < n; i++) {
        if (done[indices[i]]) continue;
        done[indices[i]] = true;
        T* row = table + indices[i] * width;
        double sum = 0;
        for (ptrdiff_t j = 0; j < width; j++) {
            const double x = std::fabs(double(row[j]));
            sum += norm_type == 1 ? x : norm_type == 2 ? x * x : std::pow(x, norm_type);
        }
        const double norm = norm_type == 1 ? sum : norm_type == 2 ? std::sqrt(sum) : std::pow(sum, 1 / norm_type);
        if (norm > max_norm)
            for (ptrdiff_t j = 0; j < width; j++) row[j] = T(row[j] * (max_norm / (norm + 1e-7)));
    }
}

// How much of the gradient at each index reaches its row: 0 for the padding's (-1: there is none), with by_count 1 /
// the row's uses.
template <typename T>
std::vector<T> shares(const int64_t* indices, ptrdiff_t n, ptrdiff_t rows, int64_t padding, bool by_count) {
    std::vector<T> share(n, T(1));
    if (by_count) {
        std::vector<ptrdiff_t> uses(rows, 0);
        for (ptrdiff_t i = 0; i < n; i++) uses[indices[i]]++;
        for (ptrdiff_t i = 0; i < n; i++) share[i] = T(1) / T(uses[indices[i]]);
    }
    if (padding >= 0)
        for (ptrdiff_t i = 0; i < n; i++)
            if (indices[i] == padding) share[i] = 0;
    return share;
}

// table[indices[i]] += delta[i] * share.
template <typename T>
void add_rows(const T* delta, const int64_t* indices, ptrdiff_t n, T* table, ptrdiff_t rows, ptrdiff_t width,
              int64_t padding, bool by_count) {
    const std::vector<T> share = shares<T>(indices, n, rows, padding, by_count);
    for (ptrdiff_t i = 0; i < n; i++, delta += width) {
        T* __restrict row = table + indices[i] * width;
        if (share[i] != 0)
            for (ptrdiff_t j = 0; j < width; j++) row[j] += delta[j] * share[i];
    }
}

// The transpose of add_rows: out[i] = table[indices[i]] * share.
template <typename T>
void share_rows(const T* table, ptrdiff_t rows, ptrdiff_t width, const int64_t* indices, ptrdiff_t n, int64_t padding,
                bool by_count, T* out) {
    const std::vector<T> share = shares<T>(indices, n, rows, padding, by_count);
    for (ptrdiff_t i = 0; i < n; i++, out += width)
        for (ptrdiff_t j = 0; j < width; j++) out[j] = share[i] != 0 ? table[indices[i] * width + j] * share[i] : T(0);
}

// Bag b is indices[offsets[b]] up to the next offset, the last one to the end.
struct Bags {
    const int64_t *offsets, *indices;
    ptrdiff_t bags, n;
    bool mean;

    ptrdiff_t begin(ptrdiff_t b) const { return offsets[b]; }
    ptrdiff_t end(ptrdiff_t b) const { return b + 1 < bags ? offsets[b + 1] : n; }
    double scale(ptrdiff_t b) const { return mean && end(b) > begin(b) ? 1.0 / (end(b) - begin(b)) : 1.0; }

    // Whether the offsets ascend from 0 and stay within.
    bool in_order() const {
        if (bags > 0 && offsets[0] != 0) return false;
        for (ptrdiff_t b = 0; b < bags; b++)
            if (begin(b) < 0 || end(b) < begin(b) || end(b) > n) return false;
        return true;
    }
};

template <typename T> void sum_bags(const Bags& b, const T* table, ptrdiff_t width, T* out) {
    for (ptrdiff_t bag = 0; bag < b.bags; bag++, out += width) {
        for (ptrdiff_t j = 0; j < width; j++) out[j] = 0;
        for (ptrdiff_t i = b.begin(bag); i < b.end(bag); i++) {
            const T* __restrict row = table + b.indices[i] * width;
            for (ptrdiff_t j = 0; j < width; j++) out[j] += row[j];
        }
        if (b.mean)
            for (ptrdiff_t j = 0; j < width; j++) out[j] *= T(b.scale(bag));
    }
}

template <typename T>
void add_bags(const Bags& b, const T* delta, T* table, ptrdiff_t rows, ptrdiff_t width, bool by_count) {
    const std::vector<T> share = shares<T>(b.indices, b.n, rows, -1, by_count);
    for (ptrdiff_t bag = 0; bag < b.bags; bag++, delta += width)
        for (ptrdiff_t i = b.begin(bag); i < b.end(bag); i++) {
            T* __restrict row = table + b.indices[i] * width;
            const T factor = T(b.scale(bag)) * share[i];
            for (ptrdiff_t j = 0; j < width; j++) row[j] += delta[j] * factor;
        }
}

}  // namespace al
