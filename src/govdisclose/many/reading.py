"""Many workbooks read by workers: each gives what a function makes of it, in the order of the workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import Generic, TypeVar

from attrs import evolve, frozen

from govdisclose.many.isolation import ONE_BY_ONE, Isolation, Turns
from govdisclose.many.pool import Crew

_CHUNK = 16
"""Workbooks that a worker takes at a time."""

_Source = TypeVar("_Source")
_Result = TypeVar("_Result")


@frozen
class Reader(Generic[_Source, _Result]):
    """What is made of a workbook, and what stands for one that ended its worker, given why in Chinese."""

    read: Callable[[_Source], _Result]
    lost: Callable[[_Source, str], _Result]


@frozen
class _Lot(Generic[_Source, _Result]):
    """Some workbooks for one worker; ``number`` is that of the first."""

    number: int
    sources: tuple[_Source, ...]
    read: Callable[[_Source], _Result]

    def singly(self) -> Iterator[_Lot[_Source, _Result]]:
        """The same workbooks, each by itself."""
        for number, source in enumerate(self.sources, self.number):
            yield evolve(self, number=number, sources=(source,))


def read_each(
    sources: Iterable[_Source],
    reader: Reader[_Source, _Result],
    *,
    executor: Executor | None = None,
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Iterator[_Result]:
    """What is made of each workbook: in this process, by ``jobs`` processes, or by the workers of ``executor``.

    With ``isolation`` a single process is not this one. Results that come before their turn wait.
    """
    if executor is None and jobs == 1 and isolation is None:
        yield from map(reader.read, sources)
        return
    crew: Crew[_Lot[_Source, _Result], _Result] = Crew(
        _read_lot, executor=executor, jobs=jobs, isolation=isolation
    )
    waiting: dict[int, _Result] = {}
    turn = 0
    for done in crew.run(_lots(sources, reader)):
        results = (
            [reader.lost(source, done.lost) for source in done.task.sources]
            if done.lost
            else done.results
        )
        waiting.update(enumerate(results, done.task.number))
        while turn in waiting:
            yield waiting.pop(turn)
            turn += 1


def _lots(
    sources: Iterable[_Source], reader: Reader[_Source, _Result]
) -> Iterator[_Lot[_Source, _Result]]:
    remaining = iter(sources)
    number = 0
    while some := tuple(islice(remaining, _CHUNK)):
        yield _Lot(number, some, reader.read)
        number += len(some)


def _read_lot(lot: _Lot[_Source, _Result], turns: Turns = ONE_BY_ONE) -> list[_Result]:
    return [lot.read(source) for source in turns.each(lot.sources)]
