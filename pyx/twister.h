// The Mersenne twister (MT19937) and one waiting normal: all the state that 0.3.1's generator has.
// Words come in blocks, so that the twist, the tempering and the laws over them run in vector registers.
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <mutex>

#include "threads.h"

// Built for the plain and for the wide registers; the loader takes the one that the machine has.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define AL_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define AL_WIDE
#endif

namespace al_random {

constexpr int N = 624, M = 397;
constexpr int BLOCK = 512;   // units made at a time

AL_WIDE static void twist(uint32_t* state) {
    auto mixed = [](uint32_t upper, uint32_t lower) {
        return (((upper & 0x80000000u) | (lower & 0x7fffffffu)) >> 1) ^ (0x9908b0dfu & (0u - (lower & 1u)));
    };
    for (int k = 0; k < N - M; k++) state[k] = state[k + M] ^ mixed(state[k], state[k + 1]);
    for (int k = N - M; k < N - 1; k++) state[k] = state[k + M - N] ^ mixed(state[k], state[k + 1]);
    state[N - 1] = state[M - 1] ^ mixed(state[N - 1], state[0]);
}

AL_WIDE static void temper(const uint32_t* state, uint32_t* words, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        uint32_t y = state[i];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        words[i] = y ^ (y >> 18);
    }
}

// A unit is a number in [0, 1): the low 53 bits of two words, the high one first. Both halves convert exactly.
AL_WIDE static void units_of(const uint32_t* words, double* units, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        double high = (double)(int32_t)(words[2 * i] & 0x1fffffu);
        double low = (double)words[2 * i + 1];
        units[i] = (high * 4294967296.0 + low) * 0x1p-53;
    }
}

struct Twister {
    uint64_t seed;
    uint32_t state[N];
    int32_t left;      // 1 where the state is used up: the next word twists it
    uint64_t next;     // the next word's place in state
    double x, y, rho;  // the units and the radius of the last pair of normals
    int32_t waiting;   // whether the second normal of that pair has not been handed out yet
    std::mutex lock;   // draws run without the interpreter's lock

    explicit Twister(uint64_t value = 0) { restart(value); }

    void restart(uint64_t value) {
        seed = value;
        state[0] = (uint32_t)value;
        for (int j = 1; j < N; j++) state[j] = 1812433253u * (state[j - 1] ^ (state[j - 1] >> 30)) + j;
        left = 1;
        next = 0;
        x = y = rho = 0;
        waiting = 0;
    }

    void words(uint32_t* out, int64_t n) {
        while (n > 0) {
            if (left == 1) {
                twist(state);
                left = N + 1;
                next = 0;
            }
            int64_t k = n < left - 1 ? n : left - 1;
            temper(state + next, out, k);
            left -= (int32_t)k;
            next += k;
            out += k;
            n -= k;
        }
    }

    uint32_t word() {
        uint32_t w;
        words(&w, 1);
        return w;
    }

    void units(double* out, int64_t n) {
        uint32_t block[2 * BLOCK];
        while (n > 0) {
            int64_t k = n < BLOCK ? n : BLOCK;
            words(block, 2 * k);
            units_of(block, out, k);
            out += k;
            n -= k;
        }
    }

    double unit() {
        double u;
        units(&u, 1);
        return u;
    }
};

// work(units, first, k) for all of n units, in runs of an even number but for the last: k units, before which came
// `first` others. One thread draws the words, in their order, and all make units of them and work.
template <typename F> static void with_units(Twister& t, int64_t n, al::Threads* threads, const F& work) {
    const int64_t CHUNK = 64 * BLOCK;
    double units[BLOCK];
    uint32_t* words = n < 2 * CHUNK ? NULL : (uint32_t*)malloc(2 * CHUNK * sizeof(uint32_t));
    if (words == NULL) {
        for (int64_t first = 0, k; first < n; first += k) {
            k = n - first < BLOCK ? n - first : BLOCK;
            t.units(units, k);
            work(units, first, k);
        }
        return;
    }
    for (int64_t first = 0, size; first < n; first += size) {
        size = n - first < CHUNK ? n - first : CHUNK;
        t.words(words, 2 * size);
        threads->run(size, 8 * BLOCK, [&](ptrdiff_t begin, ptrdiff_t end) {
            double units[BLOCK];
            for (ptrdiff_t k; begin < end; begin += k) {
                k = end - begin < BLOCK ? end - begin : BLOCK;
                units_of(words + 2 * begin, units, k);
                work(units, first + begin, k);
            }
        });
    }
    free(words);
}

// What get_rng_state() holds, in the layout of 0.3.1.
struct Saved {
    uint64_t seed;
    int32_t left, seeded;
    uint64_t next, state[N];
    double x, y, rho;
    int32_t waiting, nothing;
};
static_assert(sizeof(Saved) == 5048, "the layout of a saved state");

static inline void save(Twister& t, Saved* s) {
    std::lock_guard<std::mutex> guard(t.lock);
    s->seed = t.seed;
    s->left = t.left;
    s->seeded = 1;
    s->next = t.next;
    for (int k = 0; k < N; k++) s->state[k] = t.state[k];
    s->x = t.x;
    s->y = t.y;
    s->rho = t.rho;
    s->waiting = t.waiting;
    s->nothing = 0;
}

// False, and the twister untouched, where s is no state that a twister can be in.
static inline bool restore(Twister& t, const Saved* s) {
    bool used_up = s->left == 1 && s->next <= (uint64_t)N;
    bool in_use = s->left > 1 && s->left <= N && s->next == (uint64_t)(N + 1 - s->left);
    if (!s->seeded || !(used_up || in_use)) return false;
    std::lock_guard<std::mutex> guard(t.lock);
    t.seed = s->seed;
    t.left = s->left;
    t.next = s->next;
    for (int k = 0; k < N; k++) t.state[k] = (uint32_t)s->state[k];
    t.x = s->x;
    t.y = s->y;
    t.rho = s->rho;
    t.waiting = s->waiting;
    return true;
}

}  // namespace al_random
