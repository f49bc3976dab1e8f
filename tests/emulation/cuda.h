// CUDA's dialect on the CPU, for tests: a kernel's text is compiled by g++ and run thread by thread.
//
// A kernel without barriers runs its threads one after the other. One that calls __syncthreads() gets a real thread for
// each, so that they wait for one another. Blocks run one after the other, so __shared__ can be a static variable.
#pragma once
#include <barrier>
#include <cstdint>
#include <cstring>
#include <math.h>
#include <thread>
#include <vector>

#define __CUDACC__
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __restrict__ __restrict
#define __shared__ static

struct dim3 {
    unsigned x = 1, y = 1, z = 1;
    dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
    unsigned count() const { return x * y * z; }
    dim3 at(unsigned i) const { return dim3(i % x, i / x % y, i / x / y); }
};

static dim3 gridDim, blockDim, blockIdx;
static thread_local dim3 threadIdx;
static std::barrier<>* emulated_barrier = nullptr;

inline void __syncthreads() { emulated_barrier->arrive_and_wait(); }
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

// The value before; floating types by comparing and exchanging their bits.
template <typename T, typename F>
T emulated_atomic(T* address, F change) {
    T old, changed;
    __atomic_load(address, &old, __ATOMIC_SEQ_CST);
    do changed = change(old);
    while (!__atomic_compare_exchange(address, &old, &changed, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
    return old;
}
#define ATOMIC(NAME, CHANGED)   \
    template <typename T>  \
    T NAME(T* address, T value) { return emulated_atomic(address, [=](T old) { return T(CHANGED); }); }
ATOMIC(atomicAdd, old + value)
ATOMIC(atomicMax, old < value ? value : old)
ATOMIC(atomicMin, value < old ? value : old)
ATOMIC(atomicExch, ((void)old, value))
template <typename T> T atomicCAS(T* address, T compare, T value) {
    return emulated_atomic(address, [=](T old) { return old == compare ? value : old; });
}

template <typename... Parameters, typename... Arguments>
void emulate(void (*kernel)(Parameters...), dim3 grid, dim3 block, bool barriers, Arguments... arguments) {
    gridDim = grid, blockDim = block;
    for (unsigned b = 0; b < grid.count(); b++) {
        blockIdx = grid.at(b);
        if (!barriers) {
            for (unsigned t = 0; t < block.count(); t++) {
                threadIdx = block.at(t);
                kernel(arguments...);
            }
            continue;
        }
        std::barrier<> barrier(block.count());
        emulated_barrier = &barrier;
        std::vector<std::thread> threads;
        for (unsigned t = 0; t < block.count(); t++)
            threads.emplace_back([=] {
                threadIdx = block.at(t);
                kernel(arguments...);
            });
        for (auto& thread : threads) thread.join();
    }
}
