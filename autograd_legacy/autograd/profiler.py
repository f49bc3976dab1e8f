"""torch.autograd.profiler: which operations ran on Variables, how often, and for how long.

    with profile() as p:
        model(x).sum().backward()
    print(p.key_averages().table(sort_by="cpu_time_total"))

Times are kept in nanoseconds and printed in microseconds. An operation's time includes that of the operations it calls.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import optable
from .._core import profile as record


def format_time(time_ns: float) -> str:
    """Nanoseconds as a text in microseconds."""
    return f"{time_ns * 0.001:.3f}us"


class Times:
    """Total times and a count, and from these the mean times and their texts."""

    count: int
    cpu_time_total: float
    cuda_time_total: float

    @property
    def cpu_time(self) -> float:
        """The mean time of a call."""
        return self.cpu_time_total / self.count if self.count else 0.0

    @property
    def cuda_time(self) -> float:
        """The mean time of a call on the GPU."""
        return self.cuda_time_total / self.count if self.count else 0.0

    @property
    def cpu_time_str(self) -> str:
        return format_time(self.cpu_time)

    @property
    def cuda_time_str(self) -> str:
        return format_time(self.cuda_time)

    @property
    def cpu_time_total_str(self) -> str:
        return format_time(self.cpu_time_total)

    @property
    def cuda_time_total_str(self) -> str:
        return format_time(self.cuda_time_total)


class Interval:
    """From start to end, in nanoseconds since the first event of its trace."""

    def __init__(self, start: int, end: int):
        self.start = start
        self.end = end


class FunctionEvent(Times):
    """One call of an operation: its name, the thread that it ran on (counted from 0) and its cpu_interval."""

    count = 1
    cuda_time_total = 0.0

    def __init__(self, id: int, name: str, thread: int, cpu_start: int, cpu_end: int):
        self.id = id
        self.name = name
        self.thread = thread
        self.cpu_interval = Interval(cpu_start, cpu_end)

    @property
    def key(self) -> str:
        """What key_averages groups by: the name."""
        return self.name

    @property
    def cpu_time_total(self) -> int:
        """How long the call took."""
        return self.cpu_interval.end - self.cpu_interval.start

    def __repr__(self) -> str:
        return f"<FunctionEvent id={self.id} cpu_time={self.cpu_time_str} name={self.name} thread={self.thread}>"


class FunctionEventAvg(Times):
    """Several events under one key; `average += event` adds one, or another average."""

    def __init__(self, key: str | None = None):
        self.key = key
        self.count = self.cpu_time_total = self.cuda_time_total = 0

    def __iadd__(self, other: Times) -> FunctionEventAvg:
        if self.key is None:
            self.key = other.key
        self.cpu_time_total += other.cpu_time_total
        self.cuda_time_total += other.cuda_time_total
        self.count += other.count
        return self

    def __repr__(self) -> str:
        return f"<FunctionEventAvg cpu_time={self.cpu_time_str} count={self.count} key={self.key}>"


COLUMNS = {
    "Name": "key",
    "CPU time": "cpu_time_str",
    "CUDA time": "cuda_time_str",
    "Calls": "count",
    "CPU total": "cpu_time_total_str",
    "CUDA total": "cuda_time_total_str",
}


class EventList(list):
    """Events, or averages of events."""

    def table(self, sort_by: str | None = None) -> str:
        """One line for each entry; sort_by names the attribute whose greatest values come first."""
        entries = self if sort_by is None else sorted(self, key=lambda e: getattr(e, sort_by), reverse=True)
        lines = [list(COLUMNS), *([str(getattr(e, name)) for name in COLUMNS.values()] for e in entries)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        lines.insert(1, ["-" * width for width in widths])
        texts = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines]
        return "\n".join(texts) + "\n"

    def __str__(self) -> str:
        return self.table()

    def key_averages(self) -> EventList:
        """The averages of the events of each key."""
        averages: dict[str, FunctionEventAvg] = {}
        for event in self:
            averages.setdefault(event.key, FunctionEventAvg())
            averages[event.key] += event
        return EventList(averages.values())

    def total_average(self) -> FunctionEventAvg:
        """All events together, under the key "Total"."""
        total = FunctionEventAvg("Total")
        for event in self:
            total += event
        return total

    def export_chrome_trace(self, path: str | Path) -> None:
        """Write the events as JSON that chrome://tracing shows."""
        import json

        trace = [
            {
                "name": event.name,
                "ph": "X",
                "ts": event.cpu_interval.start * 0.001,
                "dur": event.cpu_time_total * 0.001,
                "tid": event.thread,
                "pid": "CPU functions",
                "args": {},
            }
            for event in self
        ]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(trace, file)


def _public_names() -> dict[str, str]:
    """Under which name each row of the table is called."""
    return {row.name: optable.public_name(row.calls[0]) for row in optable.ROWS if getattr(row, "calls", ())}


def _events(spans: Iterable[tuple[str, int, int, int]]) -> EventList:
    """Events in order of their starts, which are counted from the first."""
    spans = sorted(spans, key=lambda span: span[2])
    threads = {thread: k for k, thread in enumerate(dict.fromkeys(span[1] for span in spans))}
    names = _public_names()
    events = EventList()
    for k, (name, thread, start, end) in enumerate(spans):
        events.append(FunctionEvent(k, names.get(name, name), threads[thread], start - spans[0][2], end - spans[0][2]))
    return events


class profile:
    """`with profile() as p:` takes down what runs on Variables, forwards and backwards; afterwards p has the tables.

    enabled=False does nothing, and p is None. A profile is entered once. RuntimeError for use_cuda=True: kernels on a
    GPU are not timed.
    """

    def __init__(self, enabled: bool = True, use_cuda: bool = False):
        if use_cuda:
            raise RuntimeError("use_cuda=True asks for the times of kernels on a GPU, which are not measured")
        self.enabled = enabled
        self.function_events: EventList | None = None
        self._entered = False

    def __enter__(self) -> profile | None:
        if not self.enabled:
            return None
        if self._entered:
            raise RuntimeError("autograd profiler traces are not reentrant")
        self._entered = True
        record.start()
        return self

    def __exit__(self, *exception: Any) -> None:
        if self.enabled:
            self.function_events = _events(record.stop())

    def _finished(self) -> EventList:
        if self.function_events is None:
            raise RuntimeError("can't export a trace that didn't finish running")
        return self.function_events

    def __repr__(self) -> str:
        return "<unfinished torch.autograd.profile>" if self.function_events is None else repr(self.function_events)

    def __str__(self) -> str:
        return repr(self) if self.function_events is None else str(self.function_events)

    def table(self, sort_by: str | None = None) -> str:
        """EventList.table of the events."""
        return self._finished().table(sort_by)

    def key_averages(self) -> EventList:
        """EventList.key_averages of the events."""
        return self._finished().key_averages()

    def total_average(self) -> FunctionEventAvg:
        """EventList.total_average of the events."""
        return self._finished().total_average()

    def export_chrome_trace(self, path: str | Path) -> None:
        """EventList.export_chrome_trace of the events."""
        self._finished().export_chrome_trace(path)


class emit_nvtx:
    """Ranges for nvprof around each operation; RuntimeError when entered, for they are emitted on no GPU here."""

    def __init__(self, enabled: bool = True):
        self.enabled = enabled

    def __enter__(self) -> None:
        if self.enabled:
            raise RuntimeError("emit_nvtx marks ranges for nvprof on a GPU, which is not supported")

    def __exit__(self, *exception: Any) -> None:
        """Nothing has been started."""


__all__ = ["EventList", "FunctionEvent", "FunctionEventAvg", "emit_nvtx", "format_time", "profile"]
