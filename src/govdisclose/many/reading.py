"""Read many workbooks with workers and yield the results in the order of the workbooks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import Generic, TypeVar

from attrs import evolve, frozen

from govdisclose.many.isolation import Isolation
from govdisclose.many.pool import Crew, WorkerContext
from govdisclose.read.memory import Memory

_CHUNK = 16
"""How many workbooks a worker takes at a time."""

_WORTH_A_PROCESS = 60
"""Workbooks that a process must get for its start to pay."""

_Source = TypeVar("_Source")
_Result = TypeVar("_Result")


@frozen
class Reader(Generic[_Source, _Result]):
    """How a workbook is read, and the result for one that ended its worker.

    ``read`` takes the source and what this worker remembers of earlier ones; ``lost`` takes the
    source and the reason in Chinese. Both travel to other processes.
    """

    read: Callable[[_Source, Memory], _Result]
    lost: Callable[[_Source, str], _Result]


@frozen
class _Lot(Generic[_Source, _Result]):
    """Some workbooks for one worker; ``number`` is the number of the first."""

    number: int
    sources: tuple[_Source, ...]
    reader: Reader[_Source, _Result]

    def run(self, context: WorkerContext) -> list[_Result]:
        """Return the result of each workbook."""
        read = self.reader.read
        return [read(source, context.session.memory) for source in context.each(self.sources)]

    def singly(self) -> Iterator[_Lot[_Source, _Result]]:
        """Yield the same workbooks, each by itself."""
        for number, source in enumerate(self.sources, self.number):
            yield evolve(self, number=number, sources=(source,))

    def lost(self, why: str) -> list[_Result]:
        """Return the results for these workbooks."""
        return [self.reader.lost(source, why) for source in self.sources]


def worthwhile_jobs(workbooks: int) -> int:
    """As many processes as there are processors, if each gets enough workbooks."""
    return max(1, min(os.cpu_count() or 1, workbooks // _WORTH_A_PROCESS))


def read_each(
    sources: Iterable[_Source],
    reader: Reader[_Source, _Result],
    *,
    executor: Executor | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Iterator[_Result]:
    """Yield the result of each workbook, in the order of ``sources``.

    The work is done by the workers of ``executor``, by ``jobs`` processes, or, for one job without
    ``isolation``, in this process. A result that comes before its turn waits.
    """
    if executor is None and jobs == 1 and isolation is None:
        memory = Memory()
        for source in sources:
            yield reader.read(source, memory)
        return
    waiting: dict[int, _Result] = {}
    turn = 0
    crew: Crew[_Lot[_Source, _Result], _Result] = Crew(
        executor=executor, jobs=jobs, isolation=isolation
    )
    with crew:
        for done in crew.run(_lots(sources, reader)):
            waiting.update(enumerate(done.results, done.task.number))
            while turn in waiting:
                yield waiting.pop(turn)
                turn += 1


def _lots(
    sources: Iterable[_Source], reader: Reader[_Source, _Result]
) -> Iterator[_Lot[_Source, _Result]]:
    remaining = iter(sources)
    number = 0
    while some := tuple(islice(remaining, _CHUNK)):
        yield _Lot(number, some, reader)
        number += len(some)
