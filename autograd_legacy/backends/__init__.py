"""torch.backends: switches of libraries that PyTorch computed with."""

from . import cudnn
