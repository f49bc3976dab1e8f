"""The DataLoader: batches of a dataset, in this process or from worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ... import LongTensor, cuda
from .collate import default_collate, numpy_type_map, string_classes
from .dataset import Dataset
from .failure import ExceptionWrapper
from .pinning import pin_memory_batch
from .sampler import BatchSampler, RandomSampler, SequentialSampler

_use_shared_memory = False  # collate functions of programs read it; what workers make is shared without their help

__all__ = [
    "DataLoader",
    "DataLoaderIter",
    "ExceptionWrapper",
    "default_collate",
    "numpy_type_map",
    "pin_memory_batch",
    "string_classes",
]


class DataLoader:
    """Batches of a dataset: iterating over a loader is one pass, len() is the number of batches.

    dataset          anything with __getitem__ and __len__
    batch_size       items in a batch; the last one may be shorter, and is left out where drop_last is set
    shuffle          a new random order at each pass
    sampler          the order instead: an iterable of indices
    batch_sampler    the batches instead: an iterable of lists of indices
    num_workers      how many processes make batches ahead of time; 0: they are made here
    collate_fn       makes the batch from the list of its items
    pin_memory       batches in memory that a GPU copies from faster
    timeout          seconds to wait for a batch from a worker (RuntimeError after that); 0: no limit
    worker_init_fn   called in each worker with its number

    ValueError where options exclude each other or are negative. A TensorDataset's batches are copied at once where
    collate_fn is the default.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list], Any] = default_collate,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
    ) -> None:
        if timeout < 0:
            raise ValueError(f"timeout option should be non-negative, got {timeout}")
        if num_workers < 0:
            raise ValueError(f"num_workers cannot be negative (0: batches are made in this process), got {num_workers}")
        if batch_sampler is not None and (batch_size > 1 or shuffle or sampler is not None or drop_last):
            raise ValueError("batch_sampler is mutually exclusive with batch_size, shuffle, sampler, and drop_last")
        if sampler is not None and shuffle:
            raise ValueError("sampler is mutually exclusive with shuffle")
        if batch_sampler is None:
            if sampler is None:
                sampler = RandomSampler(dataset) if shuffle else SequentialSampler(dataset)
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.dataset = dataset
        self.batch_size = batch_size
        self.num_workers = num_workers
        self.collate_fn = collate_fn
        self.pin_memory = pin_memory
        self.drop_last = drop_last
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.sampler = sampler
        self.batch_sampler = batch_sampler

    def __iter__(self) -> DataLoaderIter:
        return DataLoaderIter(self)

    def __len__(self) -> int:
        return len(self.batch_sampler)


class DataLoaderIter:
    """One pass over a DataLoader."""

    def __init__(self, loader: DataLoader) -> None:
        self.batch_sampler = loader.batch_sampler
        self.sample_iter: Iterator[list[int]] = iter(loader.batch_sampler)
        self.pin_memory = loader.pin_memory and cuda.is_available()
        self._make = BatchMaker(loader.dataset, loader.collate_fn)
        self._workers = None
        if loader.num_workers > 0:
            from .worker import Workers  # only now: it imports multiprocessing, which takes longer than all else here

            seed = LongTensor(1).random_()[0]
            self._workers = Workers(
                self._make, self.sample_iter, loader.num_workers, seed, loader.worker_init_fn, loader.timeout
            )

    def __iter__(self) -> DataLoaderIter:
        return self

    def __next__(self) -> Any:
        batch = self._make(next(self.sample_iter)) if self._workers is None else self._workers.next_batch()
        return pin_memory_batch(batch) if self.pin_memory else batch

    next = __next__  # as iterators were advanced in Python 2

    def __len__(self) -> int:
        return len(self.batch_sampler)


class BatchMaker:
    """The function from the indices of a batch to the batch, which can go to a worker process."""

    def __init__(self, dataset: Any, collate_fn: Callable[[list], Any]) -> None:
        self.dataset = dataset
        self.collate_fn = collate_fn
        self.at_once = collate_fn is default_collate and isinstance(dataset, Dataset)

    def __call__(self, indices: list[int]) -> Any:
        batch = self.dataset._collated(indices) if self.at_once else None
        return self.collate_fn([self.dataset[i] for i in indices]) if batch is None else batch
