// Order down line j of a panel. Elements become unsigned keys that compare as they do, packed with their places: no
// two items are equal, so that any sort is stable.
#pragma once
#include <algorithm>
#include <stdint.h>
#include <string.h>

#include "cpu.h"
#include "panel.h"

namespace al {

struct Narrow {  // a key of up to 32 bits above a place of 32 bits
    typedef uint32_t Key;
    uint64_t all;
    static Narrow of(Key key, size_t place) { return {(uint64_t)key << 32 | place}; }
    Key key() const { return (Key)(all >> 32); }
    size_t place() const { return (uint32_t)all; }
    bool operator<(const Narrow& other) const { return all < other.all; }
};

struct Broad {
    typedef uint64_t Key;
    uint64_t high, low;
    static Broad of(Key key, size_t place) { return {key, place}; }
    Key key() const { return high; }
    size_t place() const { return low; }
    bool operator<(const Broad& other) const { return high < other.high || (high == other.high && low < other.low); }
};

// -0 counts as 0, and a nan as larger than all.
static inline uint32_t narrow_key(int64_t x) { return (uint32_t)(x + 0x80000000ll); }
static inline uint32_t narrow_key(float x) {
    if (x != x) return 0xffffffffu;
    uint32_t bits;
    x += 0.0f;
    memcpy(&bits, &x, 4);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
static inline uint64_t broad_key(int64_t x) { return (uint64_t)x ^ (1ull << 63); }
static inline uint64_t broad_key(double x) {
    if (x != x) return ~0ull;
    uint64_t bits;
    x += 0.0;
    memcpy(&bits, &x, 8);
    return bits >> 63 ? ~bits : bits | 1ull << 63;
}

template <typename T> struct Ordered {  // Byte to Int
    typedef Narrow Item;
    static uint32_t key(T x) { return narrow_key((int64_t)x); }
};
template <> struct Ordered<float> {
    typedef Narrow Item;
    static uint32_t key(float x) { return narrow_key(x); }
};
template <> struct Ordered<int64_t> {
    typedef Broad Item;
    static uint64_t key(int64_t x) { return broad_key(x); }
};
template <> struct Ordered<double> {
    typedef Broad Item;
    static uint64_t key(double x) { return broad_key(x); }
};

// Sorts n items; there is room for n more behind them. Where the result lies.
template <class Item> static Item* sort_items(Item* items, size_t n) {
    const int BITS = 11, DIGITS = (8 * sizeof(typename Item::Key) + BITS - 1) / BITS, VALUES = 1 << BITS;
    if (n < 2048) {
        std::sort(items, items + n);
        return items;
    }
    Item* other = items + n;  // by each digit of the key in turn, from the lowest on, keeping the order of equals
    for (int digit = 0; digit < DIGITS; digit++) {
        size_t ends[VALUES] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++) ends[items[i].key() >> digit * BITS & (VALUES - 1)]++;
        if (ends[items[0].key() >> digit * BITS & (VALUES - 1)] == n) continue;  // all share this digit
        for (int v = 0; v < VALUES; v++) {
            size_t count = ends[v];
            ends[v] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++) other[ends[items[i].key() >> digit * BITS & (VALUES - 1)]++] = items[i];
        std::swap(items, other);
    }
    return items;
}

template <typename T> struct Order {
    typedef typename Ordered<T>::Item Item;

    typedef typename Item::Key Key;

    static const int BLOCK = 64;  // elements looked at together

    static Item item(const Panel& x, ptrdiff_t i, ptrdiff_t j, Key flip) {
        return Item::of(Ordered<T>::key(x.at<T>(i, j)) ^ flip, i);
    }

    static Item* load(const Panel& x, ptrdiff_t j, Key flip, Item* items) {
        for (ptrdiff_t i = 0; i < x.n; i++) items[i] = item(x, i, j, flip);
        return items;
    }

    static void put(Item item, const Panel& x, const Panel& values, const Panel& places, ptrdiff_t i, ptrdiff_t j) {
        values.at<T>(i, j) = x.at<T>(item.place(), j);
        places.at<int64_t>(i, j) = item.place();
    }

    // As many elements as there is room for in values, in order, and their places.
    static void sort(const Panel& x, ptrdiff_t j, ptrdiff_t down, const Panel& values, const Panel& places,
                     char* room) {
        Key flip = down ? ~(Key)0 : 0;
        Item* items = (Item*)room;
        if (values.n < x.n) {
            first(x, j, flip, items, values.n);
        } else {
            items = sort_items(load(x, j, flip, items), x.n);
        }
        for (ptrdiff_t i = 0; i < values.n; i++) put(items[i], x, values, places, i, j);
    }

    // The keys of elements side by side; whether one of them is smaller than `last`.
    AL_CLONES static bool find_keys(const T* x, ptrdiff_t n, Key flip, Key last, Key* keys) {
        Key found = 0;
        for (ptrdiff_t i = 0; i < n; i++) {
            keys[i] = Ordered<T>::key(x[i]) ^ flip;
            found |= Key(keys[i] < last);
        }
        return found;
    }

    // The first `take` items in order: candidates are collected, and thinned out whenever their room is full. Then few
    // blocks have any that come before the last of them.
    static void first(const Panel& x, ptrdiff_t j, Key flip, Item* items, ptrdiff_t take) {
        const ptrdiff_t most = std::min(2 * take + 32, x.n);
        ptrdiff_t count = 0;
        Key last = ~(Key)0, keys[BLOCK];
        T near[BLOCK];
        bool full = false;  // then `take` candidates have keys up to `last`, and those behind want smaller ones
        for (ptrdiff_t begin = 0; begin < x.n; begin += BLOCK) {
            const int size = int(std::min<ptrdiff_t>(BLOCK, x.n - begin));
            const T* block = &x.at<T>(begin, j);
            if (x.down != sizeof(T)) {
                for (int i = 0; i < size; i++) near[i] = x.at<T>(begin + i, j);
                block = near;
            }
            if (!find_keys(block, size, flip, last, keys) && full) continue;
            for (int i = 0; i < size; i++) {
                if (full && !(keys[i] < last)) continue;
                items[count++] = Item::of(keys[i], begin + i);
                if (count == most) {
                    std::nth_element(items, items + take - 1, items + count);
                    last = items[take - 1].key();
                    count = take;
                    full = true;
                }
            }
        }
        std::nth_element(items, items + take - 1, items + count);
        std::sort(items, items + take);
    }

    // The element that k others come before: in a long line, looked for among those that share its leading digit.
    static void select(const Panel& x, ptrdiff_t j, ptrdiff_t k, const Panel& values, const Panel& places, char* room) {
        const int SHIFT = 8 * sizeof(Key) - 11;
        Item* items = (Item*)room;
        ptrdiff_t count = 0;
        if (x.n < 8192) {
            load(x, j, 0, items);
            count = x.n;
        } else {
            ptrdiff_t counts[1 << 11] = {0};
            Key digit = 0;
            for (ptrdiff_t i = 0; i < x.n; i++) counts[Ordered<T>::key(x.at<T>(i, j)) >> SHIFT]++;
            for (; k >= counts[digit]; digit++) k -= counts[digit];
            for (ptrdiff_t i = 0; i < x.n; i++) {
                items[count] = item(x, i, j, 0);
                count += items[count].key() >> SHIFT == digit;
            }
        }
        std::nth_element(items, items + k, items + count);
        put(items[k], x, values, places, 0, j);
    }

    // The most frequent element, of several the smallest.
    static void mode(const Panel& x, ptrdiff_t j, ptrdiff_t, const Panel& values, const Panel& places, char* room) {
        Item* items = sort_items(load(x, j, 0, (Item*)room), x.n);
        ptrdiff_t best = 0, most = 0;
        for (ptrdiff_t i = 0, end; i < x.n; i = end) {
            for (end = i + 1; end < x.n && items[end].key() == items[i].key();) end++;
            if (end - i > most) {
                most = end - i;
                best = i;
            }
        }
        put(items[best], x, values, places, 0, j);
    }
};

}  // namespace al
