"""Datasets: what can be indexed and has a length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from ... import randperm
from ..._core.tensor import Tensor
from .collate import gather


class Dataset:
    """The base of all datasets: a subclass has __getitem__ (0 to len - 1) and __len__; `a + b` is a ConcatDataset."""

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def __add__(self, other: Dataset) -> ConcatDataset:
        return ConcatDataset([self, other])

    def _collated(self, indices: list[int]) -> Any:
        """default_collate([self[i] for i in indices]) where there is a faster way, else None."""
        return None


class TensorDataset(Dataset):
    """Pairs (data_tensor[i], target_tensor[i]). AssertionError where the tensors' first sizes differ."""

    def __init__(self, data_tensor: Tensor, target_tensor: Tensor) -> None:
        if data_tensor.size(0) != target_tensor.size(0):
            raise AssertionError(
                f"the tensors must have the same first size, got {data_tensor.size(0)} and {target_tensor.size(0)}"
            )
        self.data_tensor = data_tensor
        self.target_tensor = target_tensor

    def __getitem__(self, index: int) -> tuple:
        return self.data_tensor[index], self.target_tensor[index]

    def __len__(self) -> int:
        return self.data_tensor.size(0)

    def _collated(self, indices: list[int]) -> list[Tensor] | None:
        if type(self).__getitem__ is not TensorDataset.__getitem__:
            return None
        columns = [gather(tensor, indices) for tensor in (self.data_tensor, self.target_tensor)]
        return columns if all(column is not None for column in columns) else None


class ConcatDataset(Dataset):
    """Several datasets, one after the other. AssertionError where there is none."""

    def __init__(self, datasets: Sequence[Dataset]) -> None:
        if len(datasets) == 0:
            raise AssertionError("datasets should not be an empty iterable")
        self.datasets = list(datasets)
        self.cummulative_sizes = list(accumulate(len(dataset) for dataset in self.datasets))

    def __len__(self) -> int:
        return self.cummulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        which = bisect_right(self.cummulative_sizes, index)
        before = self.cummulative_sizes[which - 1] if which else 0
        return self.datasets[which][index - before]


class Subset(Dataset):
    """The items of a dataset that `indices` name, in their order."""

    def __init__(self, dataset: Dataset, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: int) -> Any:
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)

    def _collated(self, indices: list[int]) -> Any:
        if type(self).__getitem__ is not Subset.__getitem__ or not isinstance(self.dataset, Dataset):
            return None
        return self.dataset._collated([self.indices[i] for i in indices])


def random_split(dataset: Dataset, lengths: Sequence[int]) -> list[Subset]:
    """Subsets of the given lengths at random, without overlap. ValueError where these do not sum to len(dataset)."""
    if sum(lengths) != len(dataset):
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    order, ends = randperm(sum(lengths)), accumulate(lengths)
    return [Subset(dataset, order[end - length : end]) for end, length in zip(ends, lengths, strict=True)]
