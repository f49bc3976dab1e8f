// IEEE half precision in software: round to nearest even, subnormals, infinities and nan kept.
#pragma once
#include <stdint.h>
#include <string.h>

namespace al {

static inline float half_to_float(uint16_t h) {
    uint32_t sign = (uint32_t)(h & 0x8000u) << 16, exponent = (h >> 10) & 31, mantissa = h & 0x3ffu, bits;
    if (exponent == 31) {
        bits = sign | 0x7f800000u | (mantissa << 13);
    } else if (exponent) {
        bits = sign | ((exponent + 112) << 23) | (mantissa << 13);
    } else {
        float value = (float)mantissa * 5.9604644775390625e-08f;  // 2**-24
        memcpy(&bits, &value, 4);
        bits |= sign;
    }
    float f;
    memcpy(&f, &bits, 4);
    return f;
}

static inline uint16_t float_to_half(float f) {
    uint32_t bits;
    memcpy(&bits, &f, 4);
    uint16_t sign = (uint16_t)((bits >> 16) & 0x8000u);
    bits &= 0x7fffffffu;
    if (bits > 0x7f800000u) return sign | 0x7e00u;   // nan
    if (bits >= 0x477ff000u) return sign | 0x7c00u;  // rounds to infinity
    if (bits < 0x38800000u) {                        // subnormal: let the adder round at bit 2**-24
        float shifted, half = 0.5f;
        memcpy(&shifted, &bits, 4);
        shifted += half;
        uint32_t sum, base;
        memcpy(&sum, &shifted, 4);
        memcpy(&base, &half, 4);
        return sign | (uint16_t)(sum - base);
    }
    bits += 0xc8000fffu + ((bits >> 13) & 1);  // rebias the exponent by -112, round half to even
    return sign | (uint16_t)(bits >> 13);
}

}  // namespace al
