// What a backward pass knows of a node, and the heap of those that are ready to run.
#pragma once

#include <Python.h>
#include <algorithm>
#include <vector>

namespace al {

// No Python object, for there is one for each node.
struct Task {
    PyObject* run;              // whose it is
    PyObject* node;             // owned until it has run, then null
    PyObject* grads = nullptr;  // a list, owned: gathered for each result; null before the first came
    Py_ssize_t sequence;        // the node's
    int waits = 0;              // edges into the node whose gradients have not come yet
    bool wanted = false;        // whether the caller asked for gradients of its results
    bool needed = false;        // whether anything asked for lies at the node or behind it
    bool volatile_ = false;     // whether a volatile gradient came; in a pass without graph, all but constants are
    bool zero = false;          // whether a gradient came that is zero everywhere; it is not among grads
    bool zero_constant = false;  // whether that is to count as a constant
};

// The latest made node on top.
class Ready {
  public:
    bool empty() const { return heap.empty(); }

    bool holds(Task* task) const { return std::find(heap.begin(), heap.end(), task) != heap.end(); }

    void push(Task* task) {
        size_t at = heap.size();
        heap.push_back(task);
        while (at > 0) {
            const size_t parent = (at - 1) / 2;
            if (heap[parent]->sequence >= task->sequence) break;
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = task;
    }

    Task* pop() {
        Task *top = heap[0], *last = heap.back();
        heap.pop_back();
        const size_t n = heap.size();
        if (n == 0) return last;
        size_t at = 0;
        for (size_t child = 1; child < n; child = 2 * at + 1) {
            if (child + 1 < n && heap[child + 1]->sequence > heap[child]->sequence) child++;
            if (heap[child]->sequence <= last->sequence) break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }

  private:
    std::vector<Task*> heap;
};

}  // namespace al
