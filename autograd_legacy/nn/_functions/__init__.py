"""The functions behind torch.nn.functional, one file for each family; and 0.3.1's names of them, in rnn and thnn."""

from . import rnn, thnn
