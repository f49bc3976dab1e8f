"""Neural networks: modules, functionals, initial values and utilities, as in torch.nn of 0.3."""

from . import backends, functional, init, utils
from .modules import *
from .parallel import DataParallel
from .parameter import Parameter
