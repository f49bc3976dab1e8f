"""What programs do with gradients, parameters and sequences."""

from . import rnn
from .clip_grad import clip_grad_norm
from .convert_parameters import parameters_to_vector, vector_to_parameters
from .weight_norm import remove_weight_norm, weight_norm
