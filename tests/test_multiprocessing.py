"""Memory that processes share."""

import gc
import os
import sys

import pytest

import autograd_legacy as torch
from autograd_legacy import multiprocessing, nn
from autograd_legacy.autograd import Variable

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

fork = multiprocessing.get_context("fork")


def in_child(function, *args):
    process = fork.Process(target=function, args=args)
    process.start()
    process.join(10)
    assert process.exitcode == 0


def test_what_a_child_writes_arrives():
    whole = torch.zeros(3, 4)
    column = whole.t()[1]
    assert not whole.is_shared()
    column.share_memory_()
    assert whole.is_shared()
    assert whole.storage().is_shared()
    in_child(lambda: column.fill_(5))
    assert whole.tolist() == [[0, 5, 0, 0]] * 3
    assert not whole.clone().is_shared()


def test_a_shared_storage_cannot_grow():
    shared = torch.zeros(4).share_memory_()
    with pytest.raises(RuntimeError, match="resiz"):
        shared.resize_(5)


@pytest.mark.parametrize("make", [lambda: torch.arange(0, 6).view(2, 3), lambda: nn.Parameter(torch.ones(2))])
def test_queues_share_what_they_carry(make):
    sent = make()
    queue = fork.SimpleQueue()
    queue.put((sent, sent))
    received, again = queue.get()
    assert type(received) is type(sent)
    tensors = [thing.data if isinstance(thing, Variable) else thing for thing in (sent, received, again)]
    tensors[1].fill_(7)
    assert tensors[0].tolist() == tensors[1].tolist() == tensors[2].tolist()


def test_views_stay_related_on_their_way():
    base = torch.zeros(5)
    queue = fork.SimpleQueue()
    queue.put([base, base[2:4]])
    received, part = queue.get()
    part.fill_(1)
    assert received.tolist() == base.tolist() == [0, 0, 1, 1, 0]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_shared_memory_is_given_back():
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))
    for size in (1, 100, 100_000) * 20:
        tensor = torch.ones(size).share_memory_()
        assert tensor.sum() == size
    del tensor
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= files


def test_strategies():
    assert multiprocessing.get_sharing_strategy() in multiprocessing.get_all_sharing_strategies()
    with pytest.raises(AssertionError, match="telepathy"):
        multiprocessing.set_sharing_strategy("telepathy")
