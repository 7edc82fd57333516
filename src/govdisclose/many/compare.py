"""One agency's reports of several years, set side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
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
from govdisclose.write.names import refuse_ending

_HEADINGS = PROSE_SHEETS | {section.key: section.heading for section in SECTIONS}


def compare_reports(*sources: Source) -> Comparison:
    """Set two or more years' reports of an agency side by side, in whatever order they are given.

    Each source is a workbook, a JSON export, a published report, or what was read from one. Cells are
    matched by path; between editions, those that one of them lacks are listed apart.

    Raises ``UsageError`` for fewer than two, for a report without a year and for one year twice,
    ``FindingsError`` when a table is missing or there twice, ``InputError`` when a file cannot be read.
    """
    if len(sources) < 2:
        raise UsageError("至少要有两份报告才能比较")
    readings = _by_year([_with_tables(reading_of(source)) for source in sources])
    cells = _cells(readings)
    shared = {
        path for path in cells if all(path in outline(r.report.edition).cells for r in readings)
    }
    figures = {path: _figure(cell, readings) for path, cell in cells.items()}
    steps = [_step(old, new) for old, new in pairwise(_printed(readings))]
    return Comparison(
        tuple(_compared(reading) for reading in readings),
        tuple(figure for path, figure in figures.items() if path in shared),
        tuple(figure for path, figure in figures.items() if path not in shared),
        tuple(steps),
        tuple(_notices(readings)),
    )


def write_comparison(comparison: Comparison, output: PathLike, *, force: bool = False) -> Path:
    """Write a comparison as ``.xlsx``, ``.html`` or ``.json``, by the ending of ``output``.

    Raises ``UsageError`` for another ending or an existing file, ``OutputError``.
    """
    from govdisclose.write.comparison import FORMS

    path = comparison_path(output)
    publish(path, FORMS[path.suffix.lower()](comparison), force=force)
    return path


def comparison_path(output: PathLike, *inputs: PathLike) -> Path:
    """``output``, if it has an ending that a comparison can be written as and is none of ``inputs``.

    Raises ``UsageError``.
    """
    from govdisclose.write.comparison import FORMS

    path = Path(output)
    refuse_ending(path, *FORMS)
    refuse_input(path, *inputs)
    return path


def _with_tables(reading: Reading) -> Reading:
    lost = [
        f
        for f in reading.findings
        if f.stops and rule_of(f).family is Family.STRUCTURE and f.code != S112.code
    ]
    if lost:
        raise FindingsError(lost, reading)
    return reading


def _name(reading: Reading) -> str:
    return reading.source.name if reading.source else reading.report.agency.name or "一份报告"


def _year(reading: Reading) -> int:
    if reading.report.year is None:
        raise UsageError(f"{_name(reading)} 没有写明年度，不能比较")
    return reading.report.year


def _by_year(readings: Sequence[Reading]) -> list[Reading]:
    ordered = sorted(readings, key=_year)
    for year, group in groupby(ordered, _year):
        names = [_name(reading) for reading in group]
        if len(names) > 1:
            raise UsageError(f"{year} 年度的报告给了 {len(names)} 份：{'、'.join(names)}")
    return ordered


def _compared(reading: Reading) -> Compared:
    report = reading.report
    return Compared(
        _year(reading),
        report.agency,
        report.edition,
        reading.source.name if reading.source else None,
    )


def _printed(readings: Sequence[Reading]) -> list[Reading]:
    """The readings as they are published: figures that the prose quotes stand in it."""
    befores = [None, *(reading.report for reading in readings)]
    return [
        attrs.evolve(r, report=fill_quotes(r.report, before))
        for before, r in zip(befores, readings, strict=False)
    ]


# --- figures ------------------------------------------------------------------------------------


def _cells(readings: Sequence[Reading]) -> dict[str, Cell]:
    """Every cell of every edition among the reports, as the newest edition that has it prints it."""
    cells: dict[str, Cell] = {}
    for reading in reversed(readings):
        cells |= {
            path: cell
            for path, cell in outline(reading.report.edition).cells.items()
            if path not in cells
        }
    return cells


def _figure(cell: Cell, readings: Sequence[Reading]) -> Figure:
    entries = tuple(_entry(cell.path, reading) for reading in readings)
    return Figure(
        cell, entries, tuple(change(old, new, cell.kind) for old, new in pairwise(entries))
    )


def _entry(path: str, reading: Reading) -> Entry:
    if path not in outline(reading.report.edition).cells:
        return Entry(None, State.ABSENT)
    value = reading.report.values()[path]
    if value is not None:
        return Entry(value, State.NUMBER)
    return Entry(None, State.UNREAD if path in reading.unread else State.BLANK)


# --- from year to year --------------------------------------------------------------------------


def _step(old: Reading, new: Reading) -> Step:
    then, now = _year(old), _year(new)
    findings = _continuity(old, new) if now == then + 1 else ()
    return Step(then, now, tuple(findings), tuple(_prose(key, old, new) for key in PROSE_SHEETS))


def _continuity(old: Reading, new: Reading) -> Iterator[Finding]:
    for finding in check_report(new, previous=old):
        if rule_of(finding).family is Family.CONTINUITY:
            yield finding


def _prose(key: str, old: Reading, new: Reading) -> ProseChange:
    before, now = getattr(old.report, key), getattr(new.report, key)
    found = copied(now, before)
    share = Decimal(f"{found.share:.4f}") if found.letters else None
    return ProseChange(
        key, _HEADINGS[key], found.letters, copied(before, ()).letters, share, passages(now, before)
    )


# --- what to know before reading ----------------------------------------------------------------


def _notices(readings: Sequence[Reading]) -> Iterator[str]:
    editions = {reading.report.edition.name: None for reading in readings}
    if len(editions) > 1:
        yield f"各年所用格式版本不同（{'、'.join(editions)} 版）：只比较各版都有的格，其余单独列出"
    for old, new in pairwise(readings):
        then, now = old.report.agency.name, new.report.agency.name
        if then != now:
            yield f"{_year(old)} 年度的机关是“{then}”，{_year(new)} 年度的机关是“{now}”"
        if _year(new) != _year(old) + 1:
            yield f"{_year(old)} 与 {_year(new)} 不是相邻的年度，没有核对跨年衔接"
    for reading in readings:
        if reading.unread:
            yield f"{_year(reading)} 年度有 {len(reading.unread)} 格填的不是数，没有比较；可用 govdisclose check 查看"
