"""Read folders, consolidated workbooks and long tables as one stream of reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from attrs import evolve, frozen

from govdisclose.errors import InputError, UsageError
from govdisclose.form.long_table import Tabled
from govdisclose.form.report import AnnualReport, make_report
from govdisclose.form.sheets import NEVER_READ, SUMMARY_SHEET
from govdisclose.many.consolidate.contribution import (
    Contribution,
    is_of_tables,
    read_contribution,
)
from govdisclose.many.decisions import Decisions
from govdisclose.many.inbox import PassedOver
from govdisclose.many.isolation import Isolation
from govdisclose.many.long_file import LONG_SUFFIXES, is_long_file, read_long_file
from govdisclose.many.long_table import ERRORS, OK, FolderReport, LeftOut, NotTaken, folder_reports
from govdisclose.many.refused_by_total import RefusedByTotal, refused_by_total
from govdisclose.many.roster import Roster
from govdisclose.many.units_of_total import units_of_total
from govdisclose.read.grid import Grid
from govdisclose.read.workbook.opening import load
from govdisclose.read.workbook.sheets import read_grids
from govdisclose.write.workbook.writer import HINT_ROW

BOOK_SUFFIXES = (".xlsx", ".xlsm", ".json")
"""The endings of consolidated workbooks, and of the JSON exports of one."""


class Origin(Enum):
    """What kind of source a report was found in."""

    FOLDER = "folder"
    LONG_FILE = "long table"
    TOTAL = "consolidated workbook"


@frozen
class FoundReport:
    """A report, the source in which it was found, and the remark of that source."""

    report: Tabled
    origin: Origin
    source: str
    remark: str = ""
    """A clause about the consolidated workbook: its name, and how many units are in it."""
    why_not: str = ""
    """Why a decision of the office on its unit does not hold."""

    @property
    def file(self) -> str:
        """The file of the report, as messages name it."""
        return self.report.file or self.source


def refuse_sources(sources: Iterable[Path]) -> None:
    """Raise ``UsageError`` for a path that can be no source, and for one that is given twice."""
    seen: set[Path] = set()
    for path in sources:
        real = path.resolve()
        if real in seen:
            raise UsageError(f"{path} 给了两次，只给一次即可")
        seen.add(real)
        suffixes = (*BOOK_SUFFIXES, *LONG_SUFFIXES)
        if not path.is_dir() and path.suffix.lower() not in suffixes:
            known = "、".join(suffixes)
            raise UsageError(f"{path} 不能作为来源：应为文件夹，或扩展名为 {known} 的文件")


@frozen
class NotInTotal:
    """A report that the consolidated workbook ``total`` lists as not counted in a year."""

    total: str
    year: int | None
    refused: RefusedByTotal

    @property
    def file(self) -> str:
        """The report, as messages name it."""
        return f"{self.total}（{self.refused.file}）"


Found = FoundReport | NotInTotal | NotTaken | LeftOut | PassedOver
"""A report, or a file that gives no figures, with the reason."""


def find_reports(
    sources: Iterable[Path],
    roster: Roster | None,
    *,
    decisions: Mapping[Path, Decisions] | None = None,
    apart: Sequence[object] = (),
    jobs: int = 1,
    isolation: Isolation | None = None,
) -> Iterator[Found]:
    """Yield every report of every source; what cannot be read in a folder is left out with a
    reason.

    ``decisions`` are those on the files of each folder. The files ``apart`` are no reports.

    Raises ``InputError`` for a long table or consolidated workbook that cannot be read.
    """
    for path in sources:
        if path.is_dir():
            for each in folder_reports(
                path,
                roster=roster,
                decisions=(decisions or {}).get(path),
                apart=apart,
                jobs=jobs,
                isolation=isolation,
            ):
                if isinstance(each, FolderReport):
                    yield FoundReport(each.report, Origin.FOLDER, str(path), why_not=each.why_not)
                else:
                    yield each
        elif is_long_file(path):
            for report in read_long_file(path):
                yield FoundReport(report, Origin.LONG_FILE, str(path))
        else:
            yield from _of_total(path)


def _of_total(path: Path) -> Iterator[FoundReport | NotInTotal]:
    """The units of a consolidated workbook; its sum, or that of a government, if it lists none.

    Then the reports that came and are not in the sum.

    Raises ``InputError`` for the workbook of a single agency.
    """
    contribution = read_contribution(path, base=path.parent)
    if contribution.unreadable is not None:
        raise InputError(contribution.unreadable)
    summary = _summary(path)
    face = "" if summary is None else _first_text(summary)
    is_total = bool(face) or contribution.agency.level == "government"
    if not is_total:
        raise InputError(
            f"{path.name} 是一家单位的报告，不是汇总工作簿；"
            "各单位的报告请放在一个文件夹里，给出文件夹"
        )
    source = str(path)
    units = units_of_total(path, _report(contribution)) if face else []
    remark = _remark(contribution, face)
    if not units:
        tabled = _tabled(contribution)
        yield FoundReport(tabled, Origin.TOTAL, source, remark)
    for unit in units:
        yield FoundReport(unit, Origin.LONG_FILE, source, remark)
    if summary is not None:
        for refused in refused_by_total(summary):
            yield NotInTotal(path.name, contribution.year, refused)


def _remark(total: Contribution, face: str) -> str:
    """Which consolidated workbook it is, and what it says of itself."""
    if not face:
        return ""
    agency = f"（{total.agency.name}）" if total.agency.name else ""
    return f"{total.file}{agency} 是汇总工作簿：{face}"


def _report(contribution: Contribution) -> AnnualReport:
    return make_report(contribution.edition, contribution.cells, year=contribution.year)


def _tabled(contribution: Contribution) -> Tabled:
    """The report of a total, whose texts need not be written yet.

    One that names no agency is known by its file.
    """
    faults = filter(is_of_tables, contribution.faults)
    errs = any(faults) or contribution.is_unbalanced
    return Tabled(
        year=contribution.year,
        edition_name=contribution.edition_name,
        agency=evolve(contribution.agency, name=contribution.name, level="government"),
        values=contribution.values,
        file=contribution.file,
        status=ERRORS if errs else OK,
    )


def _summary(path: Path) -> Grid | None:
    """The sheet 汇总说明, if the workbook has one."""
    if path.suffix.lower() == ".json":
        return None
    for grid in read_grids(load(path), path.name, without=NEVER_READ):
        if grid.name == SUMMARY_SHEET:
            return grid
    return None


def _first_text(grid: Grid) -> str:
    """The sentence that says how many units are in the sum."""
    raw = grid.raw(HINT_ROW, 0)
    return raw if isinstance(raw, str) else ""
