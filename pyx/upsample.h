// Images resized: by repeated pixels, by straight lines between pixels, and sampled at given places.
#pragma once
#include <cmath>
#include <cstddef>
#include <vector>

namespace al {

// An output's place in the input along one dimension: weight (1 - part) at pixel `low`, part at pixel `high`.
template <typename T> struct Place {
    ptrdiff_t low, high;
    T part;
};

struct Resizing {
    ptrdiff_t planes, input[3], output[3];
    bool linear;

    // linear: the corners map to the corners; else output o repeats input o * in / out.
    template <typename T> std::vector<Place<T>> places(int dim) const {
        const ptrdiff_t n = output[dim], size = input[dim];
        std::vector<Place<T>> places(n);
        const double step = n > 1 ? double(size - 1) / double(n - 1) : 0;
        for (ptrdiff_t o = 0; o < n; o++) {
            const double at = o * step;
            const ptrdiff_t low = linear ? ptrdiff_t(at) : o * size / n;
            places[o] = {low, low + 1 < size ? low + 1 : low, linear ? T(at - low) : T(0)};
        }
        return places;
    }

    // visit(output's position, input's position, weight) for each pixel that an output is made of.
    template <typename T, typename Visit> void each(Visit visit) const {
        const auto depth = places<T>(0), height = places<T>(1), width = places<T>(2);
        ptrdiff_t at = 0;
        for (ptrdiff_t plane = 0; plane < planes; plane++)
            for (const Place<T>& d : depth)
                for (const Place<T>& h : height)
                    for (const Place<T>& w : width) {
                        for (int a = 0; a < (d.part != 0 ? 2 : 1); a++)
                            for (int b = 0; b < (h.part != 0 ? 2 : 1); b++) {
                                const T share = (a ? d.part : 1 - d.part) * (b ? h.part : 1 - h.part);
                                const ptrdiff_t row =
                                    ((plane * input[0] + (a ? d.high : d.low)) * input[1] + (b ? h.high : h.low)) *
                                    input[2];
                                visit(at, row + w.low, share * (1 - w.part));
                                if (w.part != 0) visit(at, row + w.high, share * w.part);
                            }
                        at++;
                    }
    }
};

// out begins as zeros.
template <typename T> void resize_planes(const Resizing& r, const T* x, T* out) {
    r.each<T>([=](ptrdiff_t at, ptrdiff_t from, T weight) { out[at] += x[from] * weight; });
}

// The transpose: delta into zeros.
template <typename T> void resize_planes_grad(const Resizing& r, const T* delta, T* out) {
    r.each<T>([=](ptrdiff_t at, ptrdiff_t from, T weight) { out[from] += delta[at] * weight; });
}

struct Sampling {
    ptrdiff_t batch, channels, height, width, out_height, out_width;
    bool border;  // whether the pixels of the border lie outside too, else zeros

    // One of the four pixels around a place: its position in the plane (-1: zeros), its weight, and
    // the weight's derivatives by the place's x and y.
    template <typename T> struct Corner {
        ptrdiff_t position;
        T weight, by_x, by_y;
    };

    // visit(image, output's position in its plane, corners) for each place of the grid.
    template <typename T, typename Visit> void each(const T* grid, Visit visit) const {
        for (ptrdiff_t n = 0; n < batch; n++)
            for (ptrdiff_t at = 0; at < out_height * out_width; at++, grid += 2) {
                const T scale_x = T(width - 1) / 2, scale_y = T(height - 1) / 2;
                const T x = (grid[0] + 1) * scale_x, y = (grid[1] + 1) * scale_y, left = std::floor(x),
                        top = std::floor(y);
                Corner<T> corners[4];
                for (int k = 0; k < 4; k++) {
                    T cx = left + (k & 1), cy = top + (k >> 1);
                    const T wx = k & 1 ? x - left : left + 1 - x, wy = k >> 1 ? y - top : top + 1 - y;
                    if (border) {
                        cx = cx > 0 ? (cx < T(width) ? cx : T(width - 1)) : 0;
                        cy = cy > 0 ? (cy < T(height) ? cy : T(height - 1)) : 0;
                    }
                    const bool inside = cx >= 0 && cx < T(width) && cy >= 0 && cy < T(height);
                    corners[k] = {inside ? ptrdiff_t(cy) * width + ptrdiff_t(cx) : -1, wx * wy,
                                  (k & 1 ? 1 : -1) * wy * scale_x, (k >> 1 ? 1 : -1) * wx * scale_y};
                }
                visit(n, at, corners);
            }
    }
};

template <typename T> void sample_grid(const Sampling& s, const T* x, const T* grid, T* out) {
    const ptrdiff_t plane = s.height * s.width, out_plane = s.out_height * s.out_width;
    s.each<T>(grid, [=](ptrdiff_t n, ptrdiff_t at, const Sampling::Corner<T>* corners) {
        for (ptrdiff_t c = 0; c < s.channels; c++) {
            const T* image = x + (n * s.channels + c) * plane;
            T sum = 0;
            for (int k = 0; k < 4; k++)
                if (corners[k].position >= 0) sum += image[corners[k].position] * corners[k].weight;
            out[(n * s.channels + c) * out_plane + at] = sum;
        }
    });
}

// dx begins as zeros; dgrid is written.
template <typename T>
void sample_grid_grad(const Sampling& s, const T* delta, const T* x, const T* grid, T* dx, T* dgrid) {
    const ptrdiff_t plane = s.height * s.width, out_plane = s.out_height * s.out_width;
    s.each<T>(grid, [=](ptrdiff_t n, ptrdiff_t at, const Sampling::Corner<T>* corners) {
        T by_x = 0, by_y = 0;
        for (ptrdiff_t c = 0; c < s.channels; c++) {
            const ptrdiff_t image = (n * s.channels + c) * plane;
            const T d = delta[(n * s.channels + c) * out_plane + at];
            for (int k = 0; k < 4; k++) {
                if (corners[k].position < 0) continue;
                const ptrdiff_t pixel = image + corners[k].position;
                dx[pixel] += d * corners[k].weight;
                by_x += d * x[pixel] * corners[k].by_x;
                by_y += d * x[pixel] * corners[k].by_y;
            }
        }
        dgrid[(n * out_plane + at) * 2] = by_x;
        dgrid[(n * out_plane + at) * 2 + 1] = by_y;
    });
}

}  // namespace al
