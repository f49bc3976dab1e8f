// The threads of threads.h.
#pragma once
#include <pthread.h>
#include <signal.h>
#include <stdint.h>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "threads.h"

namespace al {

// One loop at a time has the helpers, that of whoever asked first: a loop within a loop, and those of other Python
// threads meanwhile, run in the thread that asked. So nothing waits for a thread that waits in turn.
//
// The caller takes part. Helpers join while the gate is open, and the caller waits for none that has not joined: on a
// busy machine it does all by itself. Each thread begins with a share of its own, the same one for each loop of that
// length, which its processor's cache may still hold, and then helps with the others' shares. After fork() the child has
// no helpers and starts its own.
class Crew final : public Threads {
  public:
    void run(ptrdiff_t n, ptrdiff_t grain, Work work, void* context) override {
        const int allowed = limit.load(std::memory_order_relaxed), threads = allowed < MOST ? allowed : MOST;
        if (n <= grain || threads < 2 || busy.exchange(true, std::memory_order_acquire)) {
            if (n > 0) work(context, 0, n);
            return;
        }
        ptrdiff_t piece = (n - 1) / (ptrdiff_t(threads) * PIECES) + 1;
        if (piece < grain) piece = grain;
        if (grain >= ALIGNED) piece = (piece + ALIGNED - 1) / ALIGNED * ALIGNED;
        const ptrdiff_t pieces = (n + piece - 1) / piece;
        job = {work, context, piece, pieces < threads ? int(pieces) : threads};
        for (int i = 0; i < job.shares; i++) {
            shares[i].next.store(pieces * i / job.shares * piece, std::memory_order_relaxed);
            const ptrdiff_t end = pieces * (i + 1) / job.shares * piece;
            shares[i].end = end < n ? end : n;
        }
        open_gate(job.shares - 1);
        take_pieces(0);
        close_gate();
        std::exception_ptr thrown = error;
        error = nullptr;
        busy.store(false, std::memory_order_release);
        if (thrown) std::rethrow_exception(thrown);
    }

    void set_limit(int threads) override { limit.store(threads, std::memory_order_relaxed); }
    int get_limit() const override { return limit.load(std::memory_order_relaxed); }

    // The one object of the process. It is never destroyed: helpers sleep in it until the process is gone.
    static Threads* make() {
        the_one() = new Crew;
        pthread_atfork(NULL, NULL, [] { the_one() = new (the_one()) Crew(the_one()->get_limit()); });
        return the_one();
    }

  private:
    struct Job {
        Work work;
        void* context;
        ptrdiff_t piece;
        int shares;
    };
    struct alignas(64) Share {  // a cache line for each
        std::atomic<ptrdiff_t> next{0};
        ptrdiff_t end = 0;
    };
    static const int MOST = 256;          // threads
    static const ptrdiff_t PIECES = 4;    // for each thread, since some run slower than others
    static const ptrdiff_t ALIGNED = 64;  // elements
    static const int PATIENCE = 8000;     // how often to look before sleeping: 0.1 to 0.3 ms

    // The gate, in one word: how many helpers may still join, how many have joined and not left, and above them the
    // number of the job.
    static const uint64_t PLACE = 1, PLACES = 0xffff, HELPER = 0x10000, HELPERS = 0xffff0000, JOB = 1ull << 32;

    std::atomic<int> limit;
    std::atomic<bool> busy{false};
    std::atomic<uint64_t> gate{0};
    std::atomic<int> sleepers{0};
    std::atomic<bool> caller_sleeps{false};
    Job job{};
    Share shares[MOST];
    int helpers = 0;  // started so far
    std::exception_ptr error;
    std::mutex mutex;
    std::condition_variable opened, left;

    explicit Crew(int threads = 1) : limit(threads) {}

    static Crew*& the_one() {
        static Crew* crew = NULL;
        return crew;
    }

    static void pause() {
#if defined(__x86_64__) || defined(__i386__)
        __builtin_ia32_pause();
#else
        std::this_thread::yield();
#endif
    }

    void take_pieces(int member) {
        try {
            for (int i = 0; i < job.shares; i++) {
                Share& share = shares[(member + i) % job.shares];
                for (;;) {
                    const ptrdiff_t begin = share.next.fetch_add(job.piece, std::memory_order_relaxed);
                    if (begin >= share.end) break;
                    job.work(job.context, begin, share.end - begin < job.piece ? share.end : begin + job.piece);
                }
            }
        } catch (...) {
            for (int i = 0; i < job.shares; i++)  // what nobody has begun is left undone
                shares[i].next.store(shares[i].end, std::memory_order_relaxed);
            std::lock_guard<std::mutex> lock(mutex);
            error = std::current_exception();
        }
    }

    void open_gate(int wanted) {
        while (helpers < wanted && start_helper()) helpers++;
        const uint64_t number = (gate.load(std::memory_order_relaxed) / JOB + 1) * JOB;
        gate.store(number + PLACE * (wanted < helpers ? wanted : helpers));
        if (sleepers.load()) {
            { std::lock_guard<std::mutex> lock(mutex); }  // who is about to sleep sleeps now
            if (wanted == 1) opened.notify_one();
            else opened.notify_all();
        }
    }

    void close_gate() {
        uint64_t now = gate.fetch_and(~PLACES) & ~PLACES;
        for (int i = 0; i < PATIENCE && now & HELPERS; i++) {
            pause();
            now = gate.load();
        }
        if (!(now & HELPERS)) return;
        std::unique_lock<std::mutex> lock(mutex);
        caller_sleeps.store(true);
        left.wait(lock, [this] { return !(gate.load() & HELPERS); });
        caller_sleeps.store(false);
    }

    bool start_helper() {
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the threads of the program
        bool started = true;
        try {
            std::thread([this, member = helpers + 1] { help(member); }).detach();
        } catch (const std::system_error&) {
            started = false;  // no more threads are to be had: fewer do the work
        }
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        return started;
    }

    void help(int member) {
        uint64_t seen = 0;  // the number of the last job
        for (;;) {
            uint64_t now = wait_for_job(seen);
            seen = now & ~(PLACES | HELPERS);
            while (now & PLACES && (now & ~(PLACES | HELPERS)) == seen)
                if (gate.compare_exchange_weak(now, now - PLACE + HELPER)) {
                    take_pieces(member);
                    leave();
                    break;
                }
        }
    }

    void leave() {
        const uint64_t now = gate.fetch_sub(HELPER) - HELPER;
        if (!(now & (PLACES | HELPERS)) && caller_sleeps.load()) {
            std::lock_guard<std::mutex> lock(mutex);
            left.notify_one();
        }
    }

    uint64_t wait_for_job(uint64_t seen) {
        uint64_t now = gate.load();
        for (int i = 0; i < PATIENCE; i++) {
            if ((now & ~(PLACES | HELPERS)) != seen) return now;
            pause();
            now = gate.load();
        }
        std::unique_lock<std::mutex> lock(mutex);
        sleepers++;
        opened.wait(lock, [&] { return ((now = gate.load()) & ~(PLACES | HELPERS)) != seen; });
        sleepers--;
        return now;
    }
};

}  // namespace al
