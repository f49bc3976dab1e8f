"""A sampler for training in several processes, each with a part of the dataset."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sized

from ... import Generator, randperm
from .sampler import Sampler


class DistributedSampler(Sampler):
    """This process's part of a random order of the dataset: one order for all processes, another at each epoch.

    All parts have the same length: the order is filled up from its beginning. num_replicas and rank are, by default,
    the number of processes and this process's number in torch.distributed. The global random stream is not touched.
    """

    def __init__(self, dataset: Sized, num_replicas: int | None = None, rank: int | None = None) -> None:
        if num_replicas is None or rank is None:
            from ...distributed import get_rank, get_world_size

            num_replicas = get_world_size() if num_replicas is None else num_replicas
            rank = get_rank() if rank is None else rank
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.epoch = 0
        self.num_samples = math.ceil(len(dataset) / num_replicas)
        self.total_size = self.num_samples * num_replicas

    def __iter__(self) -> Iterator[int]:
        generator = Generator()
        generator.manual_seed(self.epoch)
        order = randperm(len(self.dataset), generator=generator).tolist()
        order += order[: self.total_size - len(order)]
        start = self.num_samples * self.rank
        return iter(order[start : start + self.num_samples])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes: it seeds the order."""
        self.epoch = epoch
