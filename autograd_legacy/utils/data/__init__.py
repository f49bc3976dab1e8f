"""torch.utils.data: datasets, samplers that order them, and the DataLoader that makes batches of them."""

from .dataloader import DataLoader
from .dataset import ConcatDataset, Dataset, TensorDataset

__all__ = ["ConcatDataset", "DataLoader", "Dataset", "TensorDataset"]
