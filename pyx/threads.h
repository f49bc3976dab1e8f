// Threads that share the work of one large loop: what all modules know of them. crew.h is what they are.
#pragma once
#include <stddef.h>

namespace al {

class Threads {
  public:
    // Works on the elements from begin to end.
    typedef void (*Work)(void* context, ptrdiff_t begin, ptrdiff_t end);

    // Work for all of 0..n, in pieces of at least `grain`, at once in as many threads as set_limit() allows; for n <=
    // grain in this one, as a single piece. Pieces begin at multiples of 64 where grain is at least that. If any throws,
    // one of the exceptions comes back from here, when all are done.
    virtual void run(ptrdiff_t n, ptrdiff_t grain, Work work, void* context) = 0;

    // The same for a function object, called as work(begin, end). A function that is built for several instruction sets
    // must be called from it: the object's own code is built for one only.
    template <class Object> void run(ptrdiff_t n, ptrdiff_t grain, const Object& work) {
        run(n, grain, [](void* object, ptrdiff_t i, ptrdiff_t j) { (*static_cast<const Object*>(object))(i, j); },
            const_cast<void*>(static_cast<const void*>(&work)));
    }

    // The same for n things, lines or planes, of so many elements each: threads share them where there are many elements.
    template <class Object> void run_each(ptrdiff_t n, ptrdiff_t elements, const Object& work) {
        constexpr ptrdiff_t WORTH = 1 << 14;  // elements that are worth a thread
        run(n, (WORTH + elements - 1) / elements, work);
    }

    virtual void set_limit(int threads) = 0;
    virtual int get_limit() const = 0;
};

}  // namespace al
