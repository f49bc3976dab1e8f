"""Normalization over neighbouring channels: `CrossMapLRN2d(size, alpha, beta, k)(x)`."""

from ..applied import applied
from ..normalization import cross_map_lrn

CrossMapLRN2d = applied("CrossMapLRN2d", cross_map_lrn)
