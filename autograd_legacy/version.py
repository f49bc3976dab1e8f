"""torch.version: which release of PyTorch this library answers like."""

__version__ = "0.3.1"
debug = False
cuda = None  # the release of CUDA that it was built with
