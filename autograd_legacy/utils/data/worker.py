"""Worker processes that make batches ahead of time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing import connection
from typing import Any

from ... import IntTensor, manual_seed, set_num_threads
from ...multiprocessing.channel import Receiver, Sender
from . import collate
from .failure import ExceptionWrapper

GRACE = 5  # seconds that workers have for ending by themselves
AHEAD = 2  # batches that each worker has been asked for and not yet delivered


class Workers:
    """Processes that make batches in turn, which keeps the order: the k-th comes from worker k modulo their number.

    make      from the indices of a batch to the batch
    batches   the indices of each batch
    seed      worker k's random streams, torch's and Python's, begin at seed + k
    """

    def __init__(
        self,
        make: Callable[[list[int]], Any],
        batches: Iterator[list[int]],
        count: int,
        seed: int,
        init: Callable[[int], Any] | None,
        timeout: float,
    ) -> None:
        self._batches = batches
        self._timeout = timeout or None
        self._home = os.getpid()
        self._asked = self._delivered = 0
        self._all_asked = False
        self._processes: list[Any] = []
        self._channels: list[Receiver] = []
        context = multiprocessing.get_context(_start_method())
        for k in range(count):
            ours, theirs = context.Pipe()
            self._channels.append(Receiver(ours))
            inherited = self._channels if context.get_start_method() == "fork" else []
            process = context.Process(target=_work, args=(make, theirs, inherited, k, seed + k, init), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
        for _ in range(AHEAD * count):
            self._ask()

    def next_batch(self) -> Any:
        """The next batch, or StopIteration. Raises what its worker raised; RuntimeError where that died or is late."""
        if self._delivered == self._asked:
            self._finish()
            raise StopIteration
        which = self._delivered % len(self._channels)
        try:
            batch = self._wait_for(which)
        except BaseException:  # Ctrl-C too: what would come next is not known any more
            self.stop()
            raise
        self._delivered += 1
        self._ask()
        if isinstance(batch, ExceptionWrapper):
            batch.reraise()
        return batch

    def _ask(self) -> None:
        """Give out the indices of one more batch; when there is none, the workers may end by themselves."""
        if self._all_asked:
            return
        indices = next(self._batches, None)
        if indices is None:
            self._all_asked = True
            for channel in self._channels:
                with contextlib.suppress(OSError):
                    channel.connection.send(None)
            return
        channel = self._channels[self._asked % len(self._channels)]
        self._asked += 1
        with contextlib.suppress(OSError):  # its worker is dead: said when its batch is due, after those still to come
            channel.connection.send((indices, channel.ended()))

    def _wait_for(self, which: int) -> Any:
        process, channel = self._processes[which], self._channels[which]
        if not connection.wait([channel.connection, process.sentinel], self._timeout):
            raise RuntimeError(f"DataLoader timed out after {self._timeout} seconds")
        try:
            if not channel.connection.poll():
                raise EOFError
            return channel.receive()
        except (EOFError, OSError):
            process.join(GRACE)
            raise RuntimeError(
                f"DataLoader worker {which} (pid {process.pid}) exited unexpectedly with exit code {process.exitcode}"
            ) from None

    def _finish(self) -> None:
        """Wait for the workers, which have nothing left to do, to end by themselves: what they printed gets out."""
        for process in self._processes:
            process.join(GRACE)
        self.stop()

    def stop(self) -> None:
        """End the workers at once."""
        if os.getpid() != self._home:  # a copy of this object, in a process forked later
            return
        for channel in self._channels:
            channel.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        self._delivered = self._asked
        self._processes, self._channels = [], []

    def __del__(self) -> None:
        if self._processes and not sys.is_finalizing():
            self.stop()


def _start_method() -> str:
    """The program's choice; else fork: datasets and functions need not be picklable then, and old programs hand over
    lambdas and local classes. What a Python does of itself, 3.14 for one, is no choice of the program's.
    """
    chosen = multiprocessing.get_start_method(allow_none=True)
    return "fork" if chosen in (None, multiprocessing.get_all_start_methods()[0]) else chosen


def _work(
    make: Callable, theirs: Any, inherited: list[Receiver], number: int, seed: int, init: Callable | None
) -> None:
    """What a worker process does."""
    for channel in inherited:  # the parent's ends: while one is open here too, the parent's death would go unnoticed
        channel.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    random.seed(seed)
    set_num_threads(1)  # the workers are the threads
    manual_seed(seed)
    sender = Sender(theirs)
    collate.room = sender.room
    failure = None
    try:
        if init is not None:
            init(number)
    except Exception:
        failure = ExceptionWrapper(sys.exc_info())
    tasks: queue.SimpleQueue = queue.SimpleQueue()
    threading.Thread(target=_read_tasks, args=(theirs, tasks), daemon=True).start()
    for indices, ended in iter(tasks.get, None):
        batch = failure
        sender.take_back(ended)
        sender.begin()
        if failure is None:
            try:
                batch = make(indices)
            except Exception:
                batch = ExceptionWrapper(sys.exc_info())
        _deliver(sender, batch)


def _deliver(sender: Sender, batch: Any) -> None:
    try:
        tensors = sender.send(batch)
        if tensors:  # 0.3.1 named each piece of shared memory by a draw, on which the dataset's next draws depend
            IntTensor(tensors).random_()
    except OSError:
        os._exit(1)  # the parent is gone
    except Exception:  # what cannot be pickled is the dataset's mistake, to be told like its others
        sender.send(ExceptionWrapper(sys.exc_info()))


def _read_tasks(theirs: Any, tasks: queue.SimpleQueue) -> None:
    """Read what the parent asks for at once, so that it never waits to write; end with the parent."""
    try:
        while True:
            tasks.put(theirs.recv())
    except (EOFError, OSError):
        os._exit(0)
