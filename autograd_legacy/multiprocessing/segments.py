"""Pieces of shared memory that go to and fro: one process writes into them, another one reads and hands them back.

Fresh memory costs page faults in both processes, more than writing it does. A segment is written again when neither
process has a tensor on it any more.
"""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Iterable
from typing import Any, NamedTuple

from .._core.shared import Mapping, Part, offset_in
from .memory import anonymous_file

SPARE = 4  # segments that a writer keeps for what comes
ALIGNMENT = 64  # of each buffer in a segment

_forks = 0


def _count_fork() -> None:
    global _forks
    _forks += 1


os.register_at_fork(after_in_parent=_count_fork)


class Segment:
    """Memory that two processes map. Its file has no name, and is closed as soon as both have mapped it."""

    def __init__(self, number: int, file: int, size: int) -> None:
        self.number = number
        self.memory = Mapping(file, size, at_once=True)
        self.uses = 0  # at most two: the writer's and the reader's


class Loan(NamedTuple):
    """What a writer tells the reader about a segment that it is to read."""

    number: int
    places: list[tuple[int, int]]  # begin and size of each buffer
    size: int
    fresh: bool  # its file comes along
    dropped: list[int]  # others, which will not come again


class Use(Part):
    """A segment's memory while tensors lie on it: the end of the last one puts `token` into `ended`."""

    def __init__(self, segment: Segment, ended: deque, token: Any) -> None:
        super().__init__(segment.memory, 0, len(segment.memory))
        self._ended = ended
        self._token = token

    def __del__(self) -> None:
        self._ended.append(self._token)


class Reader:
    """The end that reads."""

    def __init__(self) -> None:
        self._segments: dict[int, Segment] = {}
        self._ended: deque[tuple[int, int]] = deque()

    def borrow(self, loan: Loan, file: int | None) -> list[memoryview]:
        """The buffers in a segment, which is in use as long as one of them is. A fresh one's file is closed."""
        if file is not None:
            try:
                self._segments[loan.number] = Segment(loan.number, file, loan.size)
            finally:
                os.close(file)
        self._drop(loan.dropped)
        memory = memoryview(Use(self._segments[loan.number], self._ended, (loan.number, _forks)))
        return [memory[begin : begin + size] for begin, size in loan.places]

    def ended(self) -> list[tuple[int, bool]]:
        """The segments that are in use no more since the last call, each with whether it may be written again.

        Not where this process has forked meanwhile: its child has the tensors, too.
        """
        ended = []
        while self._ended:
            number, forks = self._ended.popleft()
            ended.append((number, forks == _forks))
            if forks != _forks:
                self._drop([number])
        return ended

    def _drop(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            del self._segments[number]


class Draft:
    """A message in the making: buffers one after the other in a segment."""

    def __init__(self, segment: Segment, ended: deque) -> None:
        segment.uses += 1
        self.segment = segment
        self.used = 0
        self._memory = memoryview(Use(segment, ended, segment))

    def room(self, size: int) -> memoryview | None:
        """The next so many bytes, if there are."""
        begin = self.used
        if begin + size > len(self._memory):
            return None
        self.used += -(-size // ALIGNMENT) * ALIGNMENT
        return self._memory[begin : begin + size]

    def places(self, views: Iterable[memoryview]) -> list[tuple[int, int]] | None:
        """Begin and size of each buffer, copied here unless it lies here; None where there is no room for all."""
        places = []
        for view in views:
            begin = offset_in(self._memory, view)
            if begin is None:
                begin, room = self.used, self.room(view.nbytes)
                if room is None:
                    return None
                room[:] = view
            places.append((begin, view.nbytes))
        return places


class Writer:
    """The end that writes: begin() a message, write what is large in room(), lend() the segment with all of it."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._files: dict[int, int] = {}  # of segments that the reader has not seen
        self._dropped: list[int] = []  # segments that the reader has seen and will not see again
        self._lent: dict[int, Segment] = {}
        self._spare: list[Segment] = []
        self._ended: deque[Segment] = deque()
        self._draft: Draft | None = None
        self._need = 0

    def begin(self) -> None:
        """Begin a message. What was written and not lent stays with those who have tensors on it."""
        self._draft = None

    def room(self, size: int) -> memoryview | None:
        """Memory that the message will go by; None where it was not foreseen from the last one."""
        if self._draft is None:
            if not self._need:
                return None
            self._draft = self._new_draft(self._need)
        return self._draft.room(size)

    def lend(self, views: list[memoryview]) -> tuple[Loan, int | None]:
        """A segment with all these buffers, and its file if it is fresh, to be closed when it is sent."""
        draft, self._draft = self._draft, None
        places = draft and draft.places(views)
        if places is None:
            size = sum(view.nbytes + ALIGNMENT for view in views)
            draft = self._new_draft(size + size // 4 if size > self._need > 0 else size)  # what grows goes on growing
            places = draft.places(views)
        self._need = draft.used
        segment = draft.segment
        segment.uses += 1
        self._lent[segment.number] = segment
        file = self._files.pop(segment.number, None)
        dropped, self._dropped = self._dropped, []
        return Loan(segment.number, places, len(segment.memory), file is not None, dropped), file

    def take_back(self, ended: Iterable[tuple[int, bool]]) -> None:
        """What the reader's ended() says."""
        for number, again in ended:
            segment = self._lent.pop(number)
            if again:
                self._ended.append(segment)

    def _new_draft(self, size: int) -> Draft:
        while self._ended:
            segment = self._ended.popleft()
            segment.uses -= 1
            if not segment.uses:
                self._spare.append(segment)
        self._drop(len(self._spare) - SPARE)
        fit = [segment for segment in self._spare if len(segment.memory) >= size]
        if fit:
            self._spare.remove(fit[-1])
            return Draft(fit[-1], self._ended)
        self._drop(len(self._spare))  # too small: others will be made instead
        number, file = next(self._numbers), anonymous_file()
        os.ftruncate(file, size)
        self._files[number] = file
        return Draft(Segment(number, file, size), self._ended)

    def _drop(self, count: int) -> None:
        """Drop the spare segments that have lain longest."""
        for _ in range(count):
            number = self._spare.pop(0).number
            file = self._files.pop(number, None)
            if file is None:
                self._dropped.append(number)
            else:
                os.close(file)
