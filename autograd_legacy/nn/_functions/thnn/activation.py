"""Activations that 0.3.1 did not generate."""

from .. import activation
from ..applied import applied

PReLU, RReLU = applied("PReLU", activation.prelu), applied("RReLU", activation.rrelu)
SELU, Softmin = applied("SELU", activation.selu), applied("Softmin", activation.softmin)
