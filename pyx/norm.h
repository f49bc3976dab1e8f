// Batch normalization of batch x channels x plane, one channel at a time. Statistics are kept in double.
#pragma once
#include <cmath>
#include <cstddef>

#include "threads.h"
#include "vecmath.h"

namespace al {

struct Batch {
    ptrdiff_t batch, channels, plane;
    ptrdiff_t count() const { return batch * plane; }  // of one channel's values

    template <typename T> T* image(T* x, ptrdiff_t n, ptrdiff_t c) const {
        return x == nullptr ? x : x + (n * channels + c) * plane;
    }
};

struct Moments {
    double mean, squares;  // the sum of the squared distances from the mean
};

// One channel's, plane by plane while it is in cache; the planes' moments are joined so that nothing cancels.
template <typename T> static inline Moments channel_moments(const Batch& b, const T* x, ptrdiff_t c) {
    Moments all = {0, 0};
    for (ptrdiff_t n = 0; n < b.batch; n++) {
        const T* image = b.image(x, n, c);
        double sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
        for (ptrdiff_t i = 0; i < b.plane; i++) sum += image[i];
        const double mean = sum / b.plane;
#pragma omp simd reduction(+ : squares)
        for (ptrdiff_t i = 0; i < b.plane; i++) squares += (image[i] - mean) * (image[i] - mean);
        const double apart = mean - all.mean;
        all.mean += apart / (n + 1);
        all.squares += squares + apart * apart * b.plane * n / (n + 1);
    }
    return all;
}

// mean and invstd are written; the running statistics, where there are any, move towards the batch's by momentum.
template <typename T>
AL_CLONES void batch_statistics(const Batch& b, ptrdiff_t begin, ptrdiff_t end, const T* x, T* mean, T* invstd,
                                T* running_mean, T* running_var, double momentum, double eps) {
    const ptrdiff_t count = b.count();
    for (ptrdiff_t c = begin; c < end; c++) {
        const Moments m = channel_moments(b, x, c);
        mean[c] = T(m.mean);
        invstd[c] = m.squares == 0 && eps == 0 ? T(0) : T(1 / std::sqrt(m.squares / count + eps));
        if (running_mean != nullptr) running_mean[c] = T(momentum * m.mean + (1 - momentum) * running_mean[c]);
        if (running_var != nullptr)
            running_var[c] = T(momentum * m.squares / (count - 1) + (1 - momentum) * running_var[c]);
    }
}

template <typename T> void invert_std(const T* var, T* invstd, ptrdiff_t n, double eps) {
    for (ptrdiff_t c = 0; c < n; c++) invstd[c] = T(1 / std::sqrt(var[c] + eps));
}

// (x - mean) invstd weight + bias; weight and bias may be missing.
template <typename T>
AL_CLONES void batch_normalize(const Batch& b, ptrdiff_t begin, ptrdiff_t end, const T* x, const T* mean,
                               const T* invstd, const T* weight, const T* bias, T* out) {
    for (ptrdiff_t n = 0; n < b.batch; n++)
        for (ptrdiff_t c = begin; c < end; c++) {
            const T scale = invstd[c] * (weight != nullptr ? weight[c] : T(1)),
                    shift = bias != nullptr ? bias[c] : T(0), center = mean[c];
            const T* __restrict image = b.image(x, n, c);
            T* __restrict to = b.image(out, n, c);
            for (ptrdiff_t i = 0; i < b.plane; i++) to[i] = (image[i] - center) * scale + shift;
        }
}

// With h = (x - mean) invstd: weight invstd (d - mean(d) - h mean(d h)) for x (only weight invstd d where the
// statistics were given), sum(d h) for the weight, sum(d) for the bias. Results that are not wanted are null.
template <typename T>
AL_CLONES void batch_norm_grad(const Batch& b, ptrdiff_t begin, ptrdiff_t end, const T* d, const T* x, const T* weight,
                               const T* mean, const T* invstd, bool training, T* dx, T* dweight, T* dbias) {
    const double count = double(b.count());
    for (ptrdiff_t c = begin; c < end; c++) {
        const T center = mean[c], scale = invstd[c];
        double sum = 0, products = 0;
        for (ptrdiff_t n = 0; n < b.batch; n++) {
            const T *di = b.image(d, n, c), *xi = b.image(x, n, c);
            double s = 0, p = 0;
#pragma omp simd reduction(+ : s, p)
            for (ptrdiff_t i = 0; i < b.plane; i++) {
                s += di[i];
                p += di[i] * (xi[i] - center);
            }
            sum += s;
            products += p;
        }
        if (dweight != nullptr) dweight[c] = T(products * scale);
        if (dbias != nullptr) dbias[c] = T(sum);
        if (dx == nullptr) continue;
        const T factor = (weight != nullptr ? weight[c] : T(1)) * scale;
        const T less = training ? T(sum / count) : T(0), slope = training ? T(products * scale * scale / count) : T(0);
        for (ptrdiff_t n = 0; n < b.batch; n++) {
            const T *di = b.image(d, n, c), *xi = b.image(x, n, c);
            T* __restrict to = b.image(dx, n, c);
            for (ptrdiff_t i = 0; i < b.plane; i++) to[i] = (di[i] - less - (xi[i] - center) * slope) * factor;
        }
    }
}

// All channels; in training the statistics are the batch's and are written, else they are given.
template <typename T>
void normalize(Threads& threads, const Batch& b, const T* x, bool training, T* mean, T* invstd, T* running_mean,
               T* running_var, double momentum, double eps, const T* weight, const T* bias, T* out) {
    threads.run_each(b.channels, b.count(), [=, &b](ptrdiff_t begin, ptrdiff_t end) {
        if (training)
            batch_statistics(b, begin, end, x, mean, invstd, running_mean, running_var, momentum, eps);
        else
            invert_std(running_var + begin, invstd + begin, end - begin, eps);
        batch_normalize(b, begin, end, x, mean, invstd, weight, bias, out);
    });
}

template <typename T>
void normalize_grad(Threads& threads, const Batch& b, const T* d, const T* x, const T* weight, const T* mean,
                    const T* invstd, bool training, T* dx, T* dweight, T* dbias) {
    threads.run_each(b.channels, b.count(), [=, &b](ptrdiff_t begin, ptrdiff_t end) {
        batch_norm_grad(b, begin, end, d, x, weight, mean, invstd, training, dx, dweight, dbias);
    });
}

// The gradients of batch_norm_grad's d, x and weight, where gx, gweight and gbias (null: zeros) are those of its
// results. With h as above, w the weight, s = invstd, M the count and in training mode
//   A = sum(gx d) - sum(gx) sum(d) / M - sum(gx h) sum(d h) / M,
// dx's part of the loss is w s A, dweight's gweight sum(d h). h and s depend on x: q below is the loss's derivative by
// h.
template <typename T>
void batch_norm_grad_grad(const Batch& b, const T* gx, const T* gweight, const T* gbias, const T* d, const T* x,
                          const T* weight, const T* mean, const T* invstd, bool training, T* to_d, T* to_x,
                          T* to_weight) {
    const double count = double(b.count());
    for (ptrdiff_t c = 0; c < b.channels; c++) {
        const double center = mean[c], s = invstd[c], w = weight != nullptr ? weight[c] : 1;
        const double gw = gweight != nullptr ? gweight[c] : 0, gb = gbias != nullptr ? gbias[c] : 0;
        double sum_d = 0, sum_dh = 0, sum_g = 0, sum_gh = 0, sum_gd = 0;
        for (ptrdiff_t n = 0; n < b.batch; n++) {
            const T *gi = b.image(gx, n, c), *di = b.image(d, n, c), *xi = b.image(x, n, c);
            for (ptrdiff_t i = 0; i < b.plane; i++) {
                const double h = (xi[i] - center) * s, g = gi != nullptr ? gi[i] : 0;
                sum_d += di[i], sum_dh += di[i] * h, sum_g += g, sum_gh += g * h, sum_gd += g * di[i];
            }
        }
        const double mean_d = training ? sum_d / count : 0, mean_dh = training ? sum_dh / count : 0;
        const double mean_g = training ? sum_g / count : 0, mean_gh = training ? sum_gh / count : 0;
        const double a = sum_gd - sum_g * mean_d - sum_gh * mean_dh;
        if (to_weight != nullptr) to_weight[c] = T(s * a);
        const double mean_q = training ? -w * s * (mean_g * mean_dh + mean_d * mean_gh) + gw * mean_d : 0;
        const double mean_qh = training ? -w * s * 2 * mean_gh * mean_dh + gw * mean_dh : 0;
        for (ptrdiff_t n = 0; n < b.batch; n++) {
            const T *gi = b.image(gx, n, c), *di = b.image(d, n, c), *xi = b.image(x, n, c);
            T *td = b.image(to_d, n, c), *tx = b.image(to_x, n, c);
            for (ptrdiff_t i = 0; i < b.plane; i++) {
                const double h = (xi[i] - center) * s, g = gi != nullptr ? gi[i] : 0;
                td[i] = T(w * s * (g - mean_g - h * mean_gh) + gw * h + gb);
                const double q = gw * di[i] - w * s * (g * mean_dh + di[i] * mean_gh);
                tx[i] = T(s * (q - mean_q - h * mean_qh) - (training ? w * a * s * s * h / count : 0));
            }
        }
    }
}

}  // namespace al
