"""One agency's reports of several years, set side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise, starmap
from pathlib import Path

import attrs

from govdisclose.check.copied import copied, passages
from govdisclose.compile import check_report
from govdisclose.errors import FindingsError, UsageError
from govdisclose.finding import Finding
from govdisclose.form.comparison import (
    Compared,
    Comparison,
    Entry,
    Figure,
    ProseChange,
    State,
    Step,
    change,
)
from govdisclose.form.outline import Cell, outline
from govdisclose.form.quotes import fill_quotes
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.rules import Family, rule_of
from govdisclose.rules.structure import S112
from govdisclose.source import PathLike, Source, reading_of, refuse_input
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import refuse_ending

_HEADINGS = PROSE_SHEETS | {section.key: section.heading for section in SECTIONS}


def compare_reports(*sources: Source) -> Comparison:
    """Set two or more years' reports of an agency side by side, in whatever order they are given.

    Each source is a workbook, a JSON export, a published report, or the reading of one. Cells
    are matched by path. Cells that one of the editions lacks are listed apart.

    Raises ``UsageError`` for fewer than two reports, for a report without a year and for two of one
    year, ``FindingsError`` when a table is missing or doubled, ``InputError`` when a file cannot be
    read.

    Examples:
        >>> from govdisclose import comparison
        >>> compared = comparison.compare_reports("收件/甲局.xlsx", "收件2023/甲局.xlsx")
        >>> compared.years, [figure.cell.path for figure in compared.figures if figure.changed]
        ((2023, 2024), [])
    """
    if len(sources) < 2:
        raise UsageError("至少要有两份报告才能比较")
    complete = [_with_tables(reading_of(source)) for source in sources]
    readings = _by_year(complete)
    everywhere: list[Figure] = []
    apart: list[Figure] = []
    for cell in _cells(readings):
        figure = _figure(cell, readings)
        if _is_absent_somewhere(figure):
            apart.append(figure)
        else:
            everywhere.append(figure)
    years = pairwise(_printed(readings))
    return Comparison(
        reports=tuple(map(_compared, readings)),
        figures=tuple(everywhere),
        apart=tuple(apart),
        steps=tuple(starmap(_step, years)),
        notices=tuple(_notices(readings)),
    )


def write_comparison(comparison: Comparison, output: PathLike, *, force: bool = False) -> Path:
    """Write a comparison as ``.xlsx``, ``.html`` or ``.json``, by the ending of ``output``.

    Raises ``UsageError`` for another ending or an existing file, ``OutputError``.

    Examples:
        >>> from govdisclose import comparison
        >>> compared = comparison.compare_reports("收件2023/甲局.xlsx", "收件/甲局.xlsx")
        >>> comparison.write_comparison(compared, "对比.html").name
        '对比.html'
    """
    from govdisclose.write.comparison import FORMS

    path = comparison_path(output)
    form = FORMS[path.suffix.lower()]
    publish(path, form(comparison), force=force)
    return path


def comparison_path(output: PathLike, *inputs: PathLike) -> Path:
    """``output``, if a comparison can be written with its ending and it is none of ``inputs``.

    Raises ``UsageError``.
    """
    from govdisclose.write.comparison import FORMS

    path = Path(output)
    refuse_ending(path, *FORMS)
    refuse_input(path, *inputs)
    return path


# --- the reports --------------------------------------------------------------------------------


def _with_tables(reading: Reading) -> Reading:
    """The reading, if its tables are there.

    Raises ``FindingsError`` for missing and doubled ones.
    """
    lost = [finding for finding in reading.findings if _loses_a_table(finding)]
    if lost:
        raise FindingsError(lost, reading)
    return reading


def _loses_a_table(finding: Finding) -> bool:
    is_of_structure = rule_of(finding).family is Family.STRUCTURE
    return finding.stops and is_of_structure and finding.code != S112.code


def _name(reading: Reading) -> str:
    if reading.source is not None:
        return reading.source.name
    return reading.report.agency.name or "一份报告"


def _year(reading: Reading) -> int:
    """The year of a report. Raises ``UsageError`` for one without a year."""
    if reading.report.year is None:
        raise UsageError(f"{_name(reading)} 没有写明年度，不能比较")
    return reading.report.year


def _by_year(readings: Iterable[Reading]) -> list[Reading]:
    """The readings, the oldest first. Raises ``UsageError`` for two of one year."""
    ordered = sorted(readings, key=_year)
    for year, group in groupby(ordered, _year):
        names = [_name(reading) for reading in group]
        if len(names) > 1:
            listing = "、".join(names)
            raise UsageError(f"{year} 年度的报告给了 {len(names)} 份：{listing}")
    return ordered


def _compared(reading: Reading) -> Compared:
    report = reading.report
    source = None if reading.source is None else reading.source.name
    return Compared(_year(reading), report.agency, report.edition, source)


def _printed(readings: Sequence[Reading]) -> Iterator[Reading]:
    """The readings as they are published: with the figures that their prose quotes."""
    last = None
    for reading in readings:
        printed = fill_quotes(reading.report, last)
        yield attrs.evolve(reading, report=printed)
        last = reading.report


# --- figures ------------------------------------------------------------------------------------


def _cells(readings: Sequence[Reading]) -> Iterable[Cell]:
    """Every cell of all editions, as the newest edition that has it prints it."""
    cells: dict[str, Cell] = {}
    for reading in reversed(readings):
        for path, cell in outline(reading.report.edition).cells.items():
            cells.setdefault(path, cell)
    return cells.values()


def _figure(cell: Cell, readings: Iterable[Reading]) -> Figure:
    entries = tuple(_entry(cell.path, reading) for reading in readings)
    changes = tuple(change(old, new, cell.kind) for old, new in pairwise(entries))
    return Figure(cell, entries, changes)


def _entry(path: str, reading: Reading) -> Entry:
    if path not in outline(reading.report.edition).cells:
        return Entry(None, State.ABSENT)
    value = reading.report.values()[path]
    if value is not None:
        return Entry(value, State.NUMBER)
    if path in reading.unread:
        return Entry(None, State.UNREAD)
    return Entry(None, State.BLANK)


def _is_absent_somewhere(figure: Figure) -> bool:
    """Whether the edition of some year lacks this cell."""
    return any(entry.state is State.ABSENT for entry in figure.entries)


# --- from year to year --------------------------------------------------------------------------


def _step(old: Reading, new: Reading) -> Step:
    """The way from one report to the next; only figures of successive years are compared."""
    then = _year(old)
    now = _year(new)
    findings: Iterable[Finding] = ()
    if now == then + 1:
        findings = _continuity(old, new)
    prose = [_prose(key, old, new) for key in PROSE_SHEETS]
    return Step(then, now, tuple(findings), tuple(prose))


def _continuity(old: Reading, new: Reading) -> Iterator[Finding]:
    for finding in check_report(new, previous=old):
        if rule_of(finding).family is Family.CONTINUITY:
            yield finding


def _prose(key: str, old: Reading, new: Reading) -> ProseChange:
    before = getattr(old.report, key)
    now = getattr(new.report, key)
    found = copied(now, before)
    return ProseChange(
        key,
        _HEADINGS[key],
        letters=found.letters,
        old_letters=copied(before, ()).letters,
        similarity=Decimal(f"{found.share:.4f}") if found.letters else None,
        passages=passages(now, before),
    )


# --- what to know before reading ----------------------------------------------------------------


def _notices(readings: Sequence[Reading]) -> Iterator[str]:
    editions = list(dict.fromkeys(reading.report.edition.name for reading in readings))
    if len(editions) > 1:
        names = "、".join(editions)
        yield f"各年所用格式版本不同（{names} 版）：只比较各版都有的格，其余单独列出"
    for old, new in pairwise(readings):
        old_year = _year(old)
        new_year = _year(new)
        then = old.report.agency.name
        now = new.report.agency.name
        if then != now:
            yield (
                f"不是同一个机关的报告：{old_year} 年度是“{then}”，{new_year} 年度是“{now}”；"
                "机关更名、机构改革的可以这样比较，否则请核对是否拿错了文件"
            )
        if new_year != old_year + 1:
            yield f"{old_year} 与 {new_year} 不是相邻的年度，没有核对跨年衔接"
    for reading in readings:
        if reading.unread:
            year = _year(reading)
            count = len(reading.unread)
            yield f"{year} 年度有 {count} 格填的不是数，没有比较；可用 govdisclose check 查看"
