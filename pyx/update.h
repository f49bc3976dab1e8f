// What one element of a parameter and of an optimizer's state becomes at a step. Each rule rounds where 0.3.1's sequence of whole-tensor
// operations rounds. Operands come in the order of the rule's arguments; one that is absent is stood in for by param, and not touched.
#pragma once
#include <stddef.h>

#include <utility>

#include "scalar.h"

namespace al {

template <typename T> struct SGD {
    const T lr, momentum, undamped, weight_decay, nesterov;
    SGD(const double* k) : lr(T(k[0])), momentum(T(k[1])), undamped(T(k[2])), weight_decay(T(k[3])), nesterov(T(k[4])) {}
    inline void operator()(T& grad, T& velocity, T& param) const {
        if (weight_decay != 0) grad += weight_decay * param;
        if (momentum == 0) {
            param -= lr * grad;
        } else {
            velocity = velocity * momentum + undamped * grad;
            param -= lr * (nesterov != 0 ? grad + momentum * velocity : velocity);
        }
    }
};

// The rules below leave grad alone.
template <typename T> AL_FN T decayed(T grad, T weight_decay, T param) {
    return weight_decay != 0 ? grad + weight_decay * param : grad;
}

template <typename T> struct Adam {
    const T size, beta1, rest1, beta2, rest2, eps, weight_decay;
    Adam(const double* k)
        : size(T(k[0])), beta1(T(k[1])), rest1(T(1 - k[1])), beta2(T(k[2])), rest2(T(1 - k[2])), eps(T(k[3])), weight_decay(T(k[4])) {}
    inline void operator()(T& grad, T& mean, T& square, T& param) const {
        const T g = decayed(grad, weight_decay, param);
        mean = mean * beta1 + rest1 * g;
        square = square * beta2 + rest2 * g * g;
        param += -size * mean / (sqrt(square) + eps);
    }
};

template <typename T> struct Adamax {
    const T size, beta1, rest1, beta2, eps, weight_decay;
    Adamax(const double* k)
        : size(T(k[0])), beta1(T(k[1])), rest1(T(1 - k[1])), beta2(T(k[2])), eps(T(k[3])), weight_decay(T(k[4])) {}
    inline void operator()(T& grad, T& mean, T& norm, T& param) const {
        const T g = decayed(grad, weight_decay, param);
        mean = mean * beta1 + rest1 * g;
        const T faded = norm * beta2, now = absolute(g) + eps;
        norm = now <= faded || faded != faded ? faded : now;      // a nan wins
        param += -size * mean / norm;
    }
};

template <typename T> struct Adagrad {
    const T size, eps, weight_decay;
    Adagrad(const double* k) : size(T(k[0])), eps(T(k[1])), weight_decay(T(k[2])) {}
    inline void operator()(T& grad, T& sum, T& param) const {
        const T g = decayed(grad, weight_decay, param);
        sum += g * g;
        param += -size * g / (sqrt(sum) + eps);
    }
};

template <typename T> struct Adadelta {
    const T lr, rho, rest, eps, weight_decay;
    Adadelta(const double* k) : lr(T(k[0])), rho(T(k[1])), rest(T(1 - k[1])), eps(T(k[2])), weight_decay(T(k[3])) {}
    inline void operator()(T& grad, T& square, T& moved, T& param) const {
        const T g = decayed(grad, weight_decay, param);
        square = square * rho + rest * g * g;
        const T delta = sqrt(moved + eps) / sqrt(square + eps) * g;
        param -= lr * delta;
        moved = moved * rho + rest * delta * delta;
    }
};

template <typename T> struct RMSprop {
    const T lr, alpha, rest, eps, weight_decay, momentum, centered;
    RMSprop(const double* k)
        : lr(T(k[0])), alpha(T(k[1])), rest(T(1 - k[1])), eps(T(k[2])), weight_decay(T(k[3])), momentum(T(k[4])), centered(T(k[5])) {}
    inline void operator()(T& grad, T& square, T& mean, T& velocity, T& param) const {
        const T g = decayed(grad, weight_decay, param);
        square = square * alpha + rest * g * g;
        T power = square;
        if (centered != 0) {
            mean = mean * alpha + rest * g;
            power -= mean * mean;
        }
        const T root = sqrt(power) + eps;
        if (momentum > 0) {
            velocity = velocity * momentum + g / root;
            param -= lr * velocity;
        } else {
            param += -lr * g / root;
        }
    }
};

template <typename T> struct Rprop {
    const T shrink, grow, smallest, largest;
    Rprop(const double* k) : shrink(T(k[0])), grow(T(k[1])), smallest(T(k[2])), largest(T(k[3])) {}
    inline void operator()(T& grad, T& previous, T& size, T& param) const {
        const T agreement = grad * previous;
        T factor = T(1), next;
        factor = agreement > 0 ? grow : factor;
        factor = agreement < 0 ? shrink : factor;
        next = size * factor;
        next = next < smallest ? smallest : next;
        size = next > largest ? largest : next;
        const T rested = factor == shrink ? T(0) : grad;
        param -= (T(rested > 0) - T(rested < 0)) * size;
        previous = rested;
    }
};

template <typename T> struct ASGD {
    const T eta, shrink, mu, weight_decay;
    ASGD(const double* k) : eta(T(k[0])), shrink(T(k[1])), mu(T(k[2])), weight_decay(T(k[3])) {}
    inline void operator()(T& grad, T& average, T& param) const {
        const T g = decayed(grad, weight_decay, param);
        param = param * shrink - eta * g;
        average = mu == 1 ? param : average + (param - average) * mu;
    }
};

template <typename T, class Rule, size_t... I>
static void walk(char** data, const Py_ssize_t n, const Py_ssize_t* steps, const Rule rule, std::index_sequence<I...>) {
    if (((steps[I] == (Py_ssize_t)sizeof(T)) && ...)) {
        T* const operands[] = {(T*)data[I]...};
#pragma GCC ivdep
        for (Py_ssize_t i = 0; i < n; i++) rule(operands[I][i]...);
    } else {
        for (Py_ssize_t i = 0; i < n; i++) rule(*(T*)(data[I] + i * steps[I])...);
    }
}

// An inner loop over OPERANDS operands; extra holds the rule's coefficients, as doubles.
template <typename T, template <typename> class Rule, size_t OPERANDS>
static void update(char** data, const Py_ssize_t* n, const Py_ssize_t* steps, void* extra) {
    walk<T>(data, *n, steps, Rule<T>((const double*)extra), std::make_index_sequence<OPERANDS>());
}

}  // namespace al
