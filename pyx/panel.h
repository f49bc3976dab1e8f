// A panel of elements in memory: element (i, j) lies at data + i * down + j * across (in bytes), for i < n and j < m.
#pragma once
#include <stddef.h>

namespace al {

struct Panel {
    char* data;
    ptrdiff_t n, down, m, across;

    template <typename T> inline T& at(ptrdiff_t i, ptrdiff_t j) const { return *(T*)(data + i * down + j * across); }

    // Whether the next element down lies closer than the next across; a single line has a step across of 0.
    bool goes_down() const {
        return across == 0 || (n > 1 && (down < 0 ? -down : down) <= (across < 0 ? -across : across));
    }

    // work(panel), with neighbours in a row at a distance that the compiler knows where they lie side by side.
    template <typename T, class Work> void by_rows(Work work) const {
        if (across == sizeof(T)) {
            work(Panel{data, n, down, m, sizeof(T)});
        } else {
            work(*this);
        }
    }
};

}  // namespace al
