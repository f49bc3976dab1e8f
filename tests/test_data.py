"""Datasets, batches, and worker processes when things go wrong."""

import os
import resource
import signal
import subprocess
import sys
import textwrap
import time

import numpy
import pytest

import autograd_legacy as torch
from autograd_legacy.utils.data import DataLoader, Dataset, TensorDataset, dataset
from autograd_legacy.utils.data.collate import default_collate

# Python warns that forking a process with threads may deadlock its child: here these are idle threads of OpenBLAS.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


class Made(Dataset):
    """Items that a function makes of their indices."""

    def __init__(self, item, length=8):
        self.item, self.length = item, length

    def __getitem__(self, index):
        return self.item(index)

    def __len__(self):
        return self.length


def same(a, b):
    return type(a) is type(b) and a.size() == b.size() and a.tolist() == b.tolist()


TYPES = [torch.ByteTensor, torch.CharTensor, torch.ShortTensor, torch.IntTensor, torch.LongTensor, torch.FloatTensor]


@pytest.mark.parametrize("indices", [[0, 1, 2], [4], [3, 1, 1], [2, 1, 0], [-1, 0]], ids=str)
@pytest.mark.parametrize("cls", [*TYPES, torch.DoubleTensor])
def test_batches_gathered_at_once_are_those_of_single_items(cls, indices):
    for tensor in (cls(5).fill_(1), cls(5, 3).fill_(1), cls([[1, 2, 3, 4, 5]] * 2).t(), cls(5, 2, 1, 2).fill_(3)):
        pairs = TensorDataset(tensor, tensor.float())
        (batch,) = DataLoader(pairs, batch_sampler=[indices])
        assert all(same(a, b) for a, b in zip(batch, default_collate([pairs[i] for i in indices]), strict=True))
        batch[0].fill_(7)
        assert 7 not in tensor.contiguous().view(-1).tolist()


def test_subsets_and_subclasses():
    class Doubled(TensorDataset):
        def __getitem__(self, index):
            return super().__getitem__(index)[0] * 2

    values = torch.arange(0, 6).view(6, 1)
    part = dataset.Subset(TensorDataset(values, values), [5, 0, 3])
    assert [batch[0].tolist() for batch in DataLoader(part, batch_size=2)] == [[[5], [0]], [[3]]]
    assert next(iter(DataLoader(Doubled(values, values), batch_size=3))).tolist() == [[0], [2], [4]]


@pytest.mark.parametrize("size", [1, 100_000])
def test_workers_keep_the_order(size):
    loader = DataLoader(Made(lambda i: (torch.ones(size) * i, str(i)), 11), batch_size=2, num_workers=3)
    for _ in range(2):
        batches = list(loader)
        assert [name for _, names in batches for name in names] == [str(i) for i in range(11)]
        assert [row[size - 1] for rows, _ in batches for row in rows] == list(range(11))
    batches[0][0].fill_(5)  # memory of its own, and writable


def test_batches_larger_than_the_pipes():
    long = DataLoader(Made(lambda i: "x" * 1000, 4000), batch_size=1000, num_workers=2)
    assert [len(batch) for batch in long] == [1000] * 4
    many = DataLoader(Made(lambda i: i, 400_000), batch_size=100_000, num_workers=1, collate_fn=len)
    assert list(many) == [100_000] * 4


LARGE = 20_000  # elements of a batch that goes through shared memory


def large(count, length=LARGE, **options):
    """A loader of `count` batches; in the k-th, all elements are k."""
    item = Made(lambda i: torch.ones(length(i) if callable(length) else length) * i, count)
    return DataLoader(item, num_workers=2, **options)


def holds(batch, k):
    return batch.min() == batch.max() == k


def test_shared_memory_is_used_again():
    places = {batch.data_ptr() for batch in large(60)}
    assert len(places) <= 12
    assert all(holds(batch, k) for k, batch in enumerate(large(60)))


def test_a_batch_that_is_held_stays_as_it_is():
    kept = [(k, batch[:, 5:7] if k % 2 else batch.numpy()) for k, batch in enumerate(large(60)) if k % 5 == 0]
    assert all(holds(part, k) for k, part in kept)
    whole = list(large(60))
    assert all(holds(batch, k) for k, batch in enumerate(whole))
    assert len({batch.data_ptr() for batch in whole}) == 60


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_batches_that_are_held_keep_no_file_open():
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 30, limits[1]))
    try:
        batches = list(large(200))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert all(holds(batch, k) for k, batch in enumerate(batches))


@pytest.mark.parametrize("length", [lambda i: LARGE + 997 * i, lambda i: LARGE * 4 >> i % 5, lambda i: LARGE - 300 * i])
def test_batches_of_changing_sizes(length):
    for k, batch in enumerate(large(50, length)):
        assert batch.size() == (1, length(k))
        assert holds(batch, k)


def test_a_child_keeps_the_batch_that_it_was_forked_with():
    batches = iter(large(40))
    batch = next(batches)
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(theirs)
        os.read(ours, 1)  # until the parent is through
        os._exit(0 if holds(batch, 0) else 1)
    os.close(ours)
    del batch
    assert all(holds(batch, k) for k, batch in enumerate(batches, 1))
    os.close(theirs)
    assert os.waitpid(child, 0)[1] == 0


def test_a_worker_may_keep_its_batches():
    kept = []

    def keeping(samples):
        kept.append(default_collate(samples))
        return kept[0], kept[-1], kept[-1][:, 1:], numpy.array([len(kept)])

    for k, (first, last, part, count) in enumerate(large(30, collate_fn=keeping)):
        assert holds(first, k % 2)
        assert holds(last, k)
        assert part.size(1) == LARGE - 1
        assert holds(part, k)
        assert count == k // 2 + 1


def test_samples_that_do_not_stack_are_refused_as_everywhere():
    def message(workers):
        with pytest.raises(RuntimeError, match="sizes of tensors must match") as caught:
            list(DataLoader(Made(lambda i: torch.ones(LARGE + (i > 6))), batch_size=2, num_workers=workers))
        return str(caught.value).strip().rpartition("\n")[2].removeprefix("RuntimeError: ")

    assert message(0) == message(2)


class Unlucky(Exception):
    pass


def raising(exception):
    def item(index):
        if index == 2:
            raise exception
        return index

    return item


@pytest.mark.parametrize("exception", [ValueError("bad item"), Unlucky("bad item"), KeyError("bad item")])
def test_exceptions_reach_the_parent(exception):
    batches = iter(DataLoader(Made(raising(exception)), num_workers=2))
    next(batches), next(batches)
    with pytest.raises(type(exception), match=r"(?s)Traceback.*bad item"):
        next(batches)
    assert next(batches).tolist() == [3]


def test_exceptions_of_unusual_types():
    class Local(ValueError):
        pass

    with pytest.raises(ValueError, match="bad item"):
        list(DataLoader(Made(raising(Local("bad item"))), num_workers=1))
    with pytest.raises(RuntimeError, match="UnicodeDecodeError"):
        list(DataLoader(Made(raising(UnicodeDecodeError("ascii", b"", 0, 1, "bad"))), num_workers=1))


def test_what_cannot_be_sent():
    with pytest.raises(Exception, match=r"(?s)Traceback.*pickle"):
        list(DataLoader(Made(lambda i: i), num_workers=1, collate_fn=lambda batch: lambda: batch))


def test_failing_init():
    def fail(number):
        raise OSError(f"worker {number} has no data")

    with pytest.raises(OSError, match="worker 0 has no data"):
        list(DataLoader(Made(lambda i: i), num_workers=2, worker_init_fn=fail))


def test_killed_worker():
    batches = iter(DataLoader(Made(lambda i: os.kill(os.getpid(), signal.SIGKILL) if i == 3 else i), num_workers=2))
    assert [next(batches).tolist() for _ in range(3)] == [[0], [1], [2]]
    with pytest.raises(RuntimeError, match=r"worker 1 .* exited unexpectedly with exit code -9"):
        next(batches)


def test_timeout():
    started = time.time()
    with pytest.raises(RuntimeError, match=r"timed out after 0\.3 seconds"):
        list(DataLoader(Made(lambda i: time.sleep(60)), num_workers=2, timeout=0.3))
    assert time.time() - started < 10


def children():
    """The process numbers of this process's children."""
    return open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().split()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_is_left_behind():
    before, files = children(), len(os.listdir("/proc/self/fd"))
    item = Made(lambda i: torch.ones(50_000) * i, 50)
    for batch in DataLoader(item, num_workers=2):
        if batch[0][0] == 3:
            break
    del batch
    list(DataLoader(item, num_workers=2))
    assert set(children()) <= set(before)
    assert len(os.listdir("/proc/self/fd")) <= files


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and /dev/shm")
def test_ten_thousand_batches():
    before, files, shared = children(), len(os.listdir("/proc/self/fd")), set(os.listdir("/dev/shm"))
    # every hundredth batch is large enough to go by shared memory
    item = Made(lambda i: torch.ones(20_000 if i % 200 < 2 else 3) * i, 20_000)
    for k, batch in enumerate(DataLoader(item, batch_size=2, num_workers=4)):
        assert batch[0][0] == 2 * k and batch[1][-1] == 2 * k + 1
    assert k == 9_999
    del batch
    assert set(children()) <= set(before)
    assert len(os.listdir("/proc/self/fd")) <= files
    assert set(os.listdir("/dev/shm")) <= shared


SCRIPT = """
import os, sys, time
import autograd_legacy as torch
from autograd_legacy.utils.data import DataLoader, Dataset
class Slow(Dataset):
    def __len__(self): return 1000
    def __getitem__(self, i):
        time.sleep(0.05)
        return os.getpid()
try:
    for batch in DataLoader(Slow(), num_workers=2):
        print(batch[0], flush=True)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def interrupted(send):
    """Start the script, `send` to its process once two workers have reported, and give these and what it wrote."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    workers = {int(process.stdout.readline()) for _ in range(2)}
    send(process.pid)
    out, err = process.communicate(timeout=60)
    return workers, out, err


def gone(pid, seconds=60):
    """Whether a process ends in time."""
    for _ in range(seconds * 20):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_ctrl_c():
    workers, out, err = interrupted(lambda pid: os.killpg(pid, signal.SIGINT))
    assert out.endswith("stopped\n")
    assert err == ""
    assert all(gone(pid) for pid in workers)


def test_workers_end_with_their_parent():
    workers, _, _ = interrupted(lambda pid: os.kill(pid, signal.SIGKILL))
    assert all(gone(pid) for pid in workers)
