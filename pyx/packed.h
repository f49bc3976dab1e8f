// Products of a few rows with one matrix again and again: the matrix is laid out once as tiles read it.
#pragma once
#include <vector>

#include "shift.h"
#include "threads.h"

namespace al {

template <typename T> class PackedMatrix {
  public:
    // Element (k, j) of the matrix, k < depth and j < width, lies at b + k * down + j * across.
    PackedMatrix(const Tiles<T>& tiles_, Threads& threads_, ptrdiff_t depth_, ptrdiff_t width_, const T* b,
                 ptrdiff_t down, ptrdiff_t across)
        : tiles(tiles_), threads(threads_), depth(depth_), width(width_),
          panels(pieces_of(pieces_of(width, tiles.lanes), tiles.width)), panel_width(tiles.width * tiles.lanes),
          values(panels * depth * panel_width), places(depth), along(depth) {
        for (ptrdiff_t k = 0; k < depth; k++) places[k] = k * panel_width, along[k] = k;
        threads.run(panels, pieces_of(WORTH, depth * panel_width), [&](ptrdiff_t from, ptrdiff_t to) {
            for (ptrdiff_t i = from; i < to; i++) {
                const Piece columns = columns_of(i);
                for (ptrdiff_t k = 0; k < depth; k++)
                    for (ptrdiff_t j = columns.begin; j < columns.end; j++)
                        panel(i)[k * panel_width + j - columns.begin] = b[k * down + j * across];
            }
        });
    }

    // c[r][j] = start[j] (null: 0) + the sum over k of row(r)[k] times the matrix's (k, j), for r < n.
    template <typename Row> void multiply(ptrdiff_t n, Row row, const T* start, T* c) {
        const ptrdiff_t pieces = pieces_of(n, tiles.rows);
        rows_of_tiles.resize(n * depth);
        for (ptrdiff_t r = 0; r < n; r++) std::copy_n(row(r), depth, rows_of_tiles.data() + r * depth);
        threads.run(panels, pieces_of(WORTH, n * depth * tiles.width), [&](ptrdiff_t from, ptrdiff_t to) {
            alignas(64) T tile[MOST_ROWS * MOST_WIDTH * MOST_LANE_BYTES / sizeof(T)];
            for (ptrdiff_t p = from; p < to; p++) {
                const Piece columns = columns_of(p);
                const ptrdiff_t registers = pieces_of(columns.size(), tiles.lanes), line = registers * tiles.lanes;
                for (ptrdiff_t i = 0; i < pieces; i++) {
                    const Piece rows(n, pieces, i);
                    tiles.product[rows.size()][registers](depth, rows_of_tiles.data() + rows.begin * depth, depth,
                                                          along.data(), panel(p), places.data(), false, nullptr, tile);
                    for (ptrdiff_t r = rows.begin; r < rows.end; r++) {
                        const T* sums = tile + (r - rows.begin) * line;
                        T* out = c + r * width + columns.begin;
                        for (ptrdiff_t j = 0; j < columns.size(); j++)
                            out[j] = start != nullptr ? start[columns.begin + j] + sums[j] : sums[j];
                    }
                }
            }
        });
    }

  private:
    static constexpr ptrdiff_t WORTH = 1 << 14;  // elements moved, or products of registers, that are worth a thread
    const Tiles<T>& tiles;
    Threads& threads;
    const ptrdiff_t depth, width, panels, panel_width;
    std::vector<T> values;
    std::vector<ptrdiff_t> places;  // where each k begins in a panel
    std::vector<ptrdiff_t> along;   // ... and in a row
    std::vector<T> rows_of_tiles;

    T* panel(ptrdiff_t i) { return values.data() + i * depth * panel_width; }

    Piece columns_of(ptrdiff_t i) const {
        const Piece registers(pieces_of(width, tiles.lanes), panels, i);
        Piece columns = registers;
        columns.begin = registers.begin * tiles.lanes, columns.end = std::min(registers.end * tiles.lanes, width);
        return columns;
    }
};

}  // namespace al
