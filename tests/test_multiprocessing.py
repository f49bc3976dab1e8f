"""Memory that processes share."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import textwrap
import time

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
    assert multiprocessing.get_all_sharing_strategies() == {"file_descriptor", "file_system"}
    assert multiprocessing.get_sharing_strategy() == "file_descriptor"
    with pytest.raises(AssertionError, match="telepathy"):
        multiprocessing.set_sharing_strategy("telepathy")


def named_files(pid=None):
    """The names of the shared memory of a process."""
    return [name for name in os.listdir("/dev/shm") if name.startswith(f"torch_{pid or os.getpid()}_")]


def come_true(condition, seconds=30):
    for _ in range(seconds * 50):
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(params=["file_descriptor", "file_system"])
def strategy(request):
    multiprocessing.set_sharing_strategy(request.param)
    yield request.param
    multiprocessing.set_sharing_strategy("file_descriptor")
    gc.collect()
    if sys.platform == "linux":
        assert named_files() == []


@pytest.fixture(params=["fork", "spawn"])
def context(request):
    return multiprocessing.get_context(request.param)


def exchange(given, queue, pipe):
    """Add 1 to all that comes, and send back what came and something new."""
    tensor, variable, view = given
    for x in (tensor, variable.data, queue.get(), pipe.recv()):
        x.add_(1)
    view.mul_(2)
    pipe.send((tensor, Variable(torch.ones(3) * 7, requires_grad=True)))
    pipe.recv()  # with descriptors the sender is to live until what it sent has arrived


def test_by_arguments_queues_and_pipes(strategy, context):
    base = torch.zeros(4, 2)
    given = base.t()[1], nn.Parameter(torch.ones(2)), base[3]
    base.share_memory_(), given[1].data.share_memory_()  # a child after fork takes its arguments as they are
    queued, piped = torch.zeros(100_000), torch.IntTensor([1, 2])
    queue, (ours, theirs) = context.Queue(), context.Pipe()
    process = context.Process(target=exchange, args=(given, queue, theirs))
    process.start()
    queue.put(queued)
    ours.send(piped)
    back, fresh = ours.recv()
    ours.send(None)
    process.join(60)
    assert process.exitcode == 0
    assert base.tolist() == [[0, 1], [0, 1], [0, 1], [0, 2]]
    assert given[1].data.tolist() == [2, 2]
    assert queued.sum() == 100_000
    assert piped.tolist() == [2, 3]
    back.fill_(5)
    assert base[:, 1].tolist() == [5] * 4
    assert fresh.requires_grad
    assert fresh.data.tolist() == [7, 7, 7]
    assert (len(named_files()) > 0) == (strategy == "file_system")


def train(model, steps):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        (model(Variable(torch.ones(8, 3))) - 1).pow(2).mean().backward()
        optimizer.step()


def test_hogwild(strategy, context):
    model = nn.Linear(3, 1)
    model.share_memory()
    processes = [context.Process(target=train, args=(model, 100)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert abs(model(Variable(torch.ones(1, 3))).data[0][0] - 1) < 1e-3


def send_and_end(queue, count):
    for k in range(count):
        queue.put(torch.ones(2) * k)


def test_what_a_process_sent_before_it_ended(context):
    multiprocessing.set_sharing_strategy("file_system")
    try:
        if context.get_start_method() == "spawn":
            target, arguments = with_names, (send_and_end,)
        else:
            target, arguments = send_and_end, ()
        queue = context.Queue()
        process = context.Process(target=target, args=(*arguments, queue, 5))
        process.start()
        process.join(60)
        assert process.exitcode == 0
        assert [queue.get().tolist() for _ in range(5)] == [[k, k] for k in range(5)]
        assert named_files(process.pid) == []
    finally:
        multiprocessing.set_sharing_strategy("file_descriptor")


def with_names(function, *arguments):
    multiprocessing.set_sharing_strategy("file_system")
    function(*arguments)


def test_memory_that_the_parent_let_go_can_be_sent_by_its_child(strategy):
    ours = [torch.ones(3).share_memory_()]
    go, queue, done = fork.Event(), fork.Queue(), fork.Event()

    def send():
        go.wait(60)
        queue.put(ours[0].add_(1))
        done.wait(60)

    process = fork.Process(target=send)
    process.start()
    ours.clear()
    gc.collect()
    go.set()
    assert queue.get(timeout=60).tolist() == [2, 2, 2]
    done.set()
    process.join(60)
    assert process.exitcode == 0


@pytest.fixture
def program():
    """Starts programs whose processes share memory by names."""
    started = []

    def start(text):
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", PROGRAM + textwrap.dedent(text)]
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):  # all of its processes have ended
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


PROGRAM = """
import os, resource, signal, sys, time
import autograd_legacy as torch
from autograd_legacy import multiprocessing
multiprocessing.set_sharing_strategy("file_system")
context = multiprocessing.get_context("fork")
queue, held = context.Queue(), context.Queue()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /dev/shm and /proc")
def test_more_tensors_than_descriptors(program):
    process = program("""
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        def send():
            for k in range(500):
                queue.put(torch.ones(5) * k)
            held.get()
        child = context.Process(target=send)
        child.start()
        received = [queue.get() for _ in range(500)]
        held.put(None)
        child.join()
        assert child.exitcode == 0 and [x[4] for x in received] == list(range(500))
        assert len(os.listdir("/proc/self/fd")) < 20
        print(len([name for name in os.listdir("/dev/shm") if name.startswith(f"torch_{child.pid}_")]), child.pid)
    """)
    out, err = process.communicate(timeout=60)
    assert err == ""
    count, child = map(int, out.split())
    assert count == 500
    assert named_files(process.pid) == named_files(child) == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /dev/shm")
@pytest.mark.parametrize("victim", ["child", "parent", "both"])
def test_names_are_removed_after_those_who_were_killed(program, victim):
    process = program("""
        mine = torch.ones(1000).share_memory_()
        def work():
            own = torch.ones(1000)
            queue.put(own)
            queue.put(own)
            time.sleep(60)
        child = context.Process(target=work, daemon=True)
        child.start()
        received = queue.get()
        print(child.pid, flush=True)
        sys.stdin.read()
        print(mine.sum() + received.sum())
    """)
    child = int(process.stdout.readline())
    files = named_files(process.pid) + named_files(child)
    assert len(files) == 2
    if victim != "parent":
        os.kill(child, signal.SIGKILL)
    if victim != "child":
        process.kill()
    if victim == "parent":  # its child goes on, and with it the tracker
        process.wait(60)
        assert set(files) <= set(os.listdir("/dev/shm"))
        os.kill(child, signal.SIGKILL)
    out, _ = process.communicate(timeout=60)
    assert out == ("2000.0\n" if victim == "child" else "")
    assert come_true(lambda: not set(files) & set(os.listdir("/dev/shm")))
