// Half precision for emulated kernels: storage, and conversion from and to float.
#pragma once
#include "half.h"

struct __half { uint16_t bits; };
inline float __half2float(__half h) { return al::half_to_float(h.bits); }
inline __half __float2half(float f) { return {al::float_to_half(f)}; }
