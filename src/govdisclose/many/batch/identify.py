"""Give each workbook last year's report of its unit to take along to a worker of an executor.

Workers on other machines cannot open the database of last year's reports. So they say first whose
report each workbook is, and get the one report that they need with their task.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import tee

from attrs import evolve, frozen

from govdisclose.errors import GovDiscloseError
from govdisclose.form.report import Agency
from govdisclose.many.batch.plan import BatchPlan
from govdisclose.many.batch.worker import BatchItem, OwnLastYear, content_of
from govdisclose.many.previous import PreviousYear
from govdisclose.many.reading import Reader, read_each
from govdisclose.read import read_figures
from govdisclose.read.memory import Memory
from govdisclose.read.source import InputFile

Loaded = Callable[[BatchItem], BatchItem]
"""Gives an item the bytes that it travels with."""


@frozen
class _WorkbookOwner:
    """Whose report a workbook is, and on which year."""

    agency: Agency = Agency()
    year: int | None = None


def with_last_year(
    items: Iterable[BatchItem], plan: BatchPlan, last_year: PreviousYear, loaded: Loaded
) -> Iterator[BatchItem]:
    """Yield the items, each with last year's report of its unit.

    A few hundred workbooks are identified ahead of those that are made.
    """
    waiting, asked = tee(items)
    owners = read_each(
        map(loaded, asked), Reader(_identify, _lost), executor=plan.executor, jobs=plan.jobs
    )
    for item, owner in zip(waiting, owners, strict=True):
        found = last_year.find(owner.agency, owner.year)
        yield evolve(item, last_year=OwnLastYear(owner.agency, owner.year, found))


def _identify(item: BatchItem, memory: Memory) -> _WorkbookOwner:
    """Whose report a workbook is; one that cannot be read is nobody's."""
    try:
        file = InputFile(item.entry.path, content_of(item), item.entry.kind)
        report = read_figures(file, memory).report
    except GovDiscloseError:
        return _WorkbookOwner()
    return _WorkbookOwner(report.agency, report.year)


def _lost(item: BatchItem, why: str) -> _WorkbookOwner:
    return _WorkbookOwner()
