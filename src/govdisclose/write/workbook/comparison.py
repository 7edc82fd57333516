"""A comparison as a workbook: a sheet for each statutory table, the prose, the findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from attrs import frozen

from govdisclose.form.comparison import Change, Compared, Comparison, Entry, Figure, State, Step
from govdisclose.form.fields import Kind, Value
from govdisclose.form.files_left import under_headings
from govdisclose.form.report import SECTIONS
from govdisclose.form.units_compared import Presence, UnitsCompared, UnitYears, count_names
from govdisclose.write.comparison.display import (
    APART_WORDS,
    LEGEND,
    UNITS,
    FigureTable,
    figure_headers,
    percent_text,
    similarity_text,
    tables,
)
from govdisclose.write.comparison.unit_rows import UNITS_LEGEND, figures_of, presence_label
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import (
    FIRST_ROW,
    TOP_ROW,
    SheetWriter,
    ShownNumber,
    WorkbookWriter,
    below_header,
    printed_words,
    written_workbook,
)

SUMMARY_SHEET = "概况"
APART_SHEET = "格式不同的格"
PROSE_SHEET = "文字"
FINDINGS_SHEET = "跨年衔接"

UNITS_SHEET = "单位"
COUNTIES_SHEET = "县区"
LEFT_OUT_SHEET = "没有计入"
"""The last three: where two folders are compared."""

_LEFT_OUT_WIDTHS = (40, 10, 46)

_LABELS = ("项目", "栏目", "单位")
_LABEL_WIDTHS = (32, 22, 7)
_NUMBER_WIDTH = 11
_MOST_UPRIGHT = 4
"""With more columns of numbers than this the page lies across."""

_UNIT_LABELS = ("名称", "代码", "上级", "情况", "不同的格")
_UNIT_WIDTHS = (50, 21, 40, 38, 8)
_COUNT_WIDTH = 8
_UNIT_COLUMNS_ABOVE = 4
"""Title and advice of the units stand over the first columns, which the first page shows."""

_GROWTH = {Kind.COUNT: "whole growth", Kind.CHANGE: "whole growth", Kind.MONEY: "growth"}
_SHEETS = {section.heading: section.sheet for section in SECTIONS}


def comparison_workbook(comparison: Comparison) -> bytes:
    """The workbook (.xlsx) of a comparison.

    Raises ``OutputError`` for text or numbers that a cell cannot hold unchanged.
    """
    return written_workbook(comparison.title, lambda workbook: _write(workbook, comparison))


def _write(workbook: WorkbookWriter, comparison: Comparison) -> None:
    _summary(workbook, comparison)
    if comparison.units is not None:
        _units(workbook, comparison.units)
    for table in tables(comparison.figures):
        _table(workbook, table, comparison)
    if comparison.apart:
        hint = f"{APART_WORDS}。{LEGEND}"
        sheet = _FiguresSheet(APART_SHEET, APART_SHEET, hint, comparison)
        sheet.write(workbook, comparison.apart)
    if comparison.units is None:  # of two folders only figures are compared
        _prose(workbook, comparison)
    _findings(workbook, comparison)


def _table(workbook: WorkbookWriter, table: FigureTable, comparison: Comparison) -> None:
    """The figures of one statutory table."""
    name = _SHEETS[table.heading]
    changed = len(table.changed)
    same = len(table.figures) - changed
    hint = f"{changed} 格有变化（有底色），{same} 格没有变化。{LEGEND}"
    sheet = _FiguresSheet(name, table.heading, hint, comparison)
    sheet.write(workbook, table.figures)


def _write_lines(page: SheetWriter, lines: Iterable[tuple[str, ...]]) -> None:
    """Write lines of text below the header."""
    page.lines(FIRST_ROW, lines, "plain", "top")


@frozen
class _FigureLine:
    """A row of labels, and of numbers behind them; it is tinted where something has ``changed``."""

    labels: tuple[str, ...]
    numbers: tuple[ShownNumber, ...]
    changed: bool

    def write(self, page: SheetWriter, row: int) -> None:
        """Write the line."""
        tint = ("changed",) if self.changed else ()
        page.heights(row, self.labels)
        page.row(row, self.labels, "plain", *tint)
        page.numbers(row, len(self.labels), self.numbers, "figure", *tint)


# --- 概况 ---------------------------------------------------------------------------------------


def _summary(workbook: WorkbookWriter, comparison: Comparison) -> None:
    page = workbook.page(SUMMARY_SHEET, (18, 76))
    open_page(page, comparison.title, "各表、文字和跨年衔接各在一页。", ("项目", "内容"))
    _write_lines(page, _summary_lines(comparison))


def _summary_lines(comparison: Comparison) -> Iterator[tuple[str, str]]:
    for report in comparison.reports:
        yield f"{report.year} 年度", _described(report)
    for notice in comparison.notices:
        yield "注意", notice
    if comparison.units is not None:
        yield UNITS_SHEET, comparison.units.face
    for table in tables(comparison.figures):
        name = _SHEETS[table.heading]
        changed = len(table.changed)
        count = len(table.figures)
        yield name, f"{changed} 格有变化，共 {count} 格"
    for step in comparison.steps:
        yield from _step_lines(step)


def _step_lines(step: Step) -> Iterator[tuple[str, str]]:
    """What the prose and the findings of two years say."""
    for prose in step.prose:
        if prose.letters:
            similarity = similarity_text(prose)
            yield PROSE_SHEET, f"{step.new} 年度“{prose.heading}”：{similarity}"
    count = _count(step)
    yield FINDINGS_SHEET, f"{step.new} 年度与 {step.old} 年度：{count}"


def _described(report: Compared) -> str:
    """Agency, code, edition and file of a report, as far as they are known."""
    agency = report.agency
    edition = f"{report.edition.name} 版格式"
    parts = (agency.name, agency.code, edition, report.source)
    return "，".join(filter(None, parts))


def _count(step: Step) -> str:
    following = step.old + 1
    if step.new != following:
        return "不是相邻的年度，没有核对"
    count = len(step.findings)
    if not count:
        return "没有发现问题"
    return f"{count} 条"


# --- figures ------------------------------------------------------------------------------------


@frozen
class _FiguresSheet:
    """A sheet with one figure a row; it shows the years and steps of ``comparison``."""

    name: str
    heading: str
    hint: str
    comparison: Comparison

    def write(self, workbook: WorkbookWriter, figures: Sequence[Figure]) -> None:
        """Write the sheet."""
        titles = list(figure_headers(self.comparison))
        header = (*_LABELS, *titles)
        is_wide = len(titles) > _MOST_UPRIGHT
        number_widths = [_NUMBER_WIDTH] * len(titles)
        widths = (*_LABEL_WIDTHS, *number_widths)
        page = workbook.page(self.name, widths, landscape=is_wide)
        open_page(page, self.heading, self.hint, header)
        page.print_across(2)
        for row, figure in below_header(figures):
            line = _figure_line(figure)
            line.write(page, row)
        page.freeze(2)
        page.filter(TOP_ROW, len(figures))


def _figure_line(figure: Figure) -> _FigureLine:
    cell = figure.cell
    unit = UNITS[cell.kind]
    labels = (figure.item, cell.column[-1], unit)
    numbers = tuple(_numbers(figure))
    return _FigureLine(labels, numbers, figure.changed)


def _numbers(figure: Figure) -> Iterator[ShownNumber]:
    """The figure of each year, then each change and its rate."""
    growth = _GROWTH[figure.cell.kind]
    for entry in figure.entries:
        shown = entry.state.label or entry.value
        yield ShownNumber(shown)
    for change in figure.changes:
        rate = _rate(change)
        yield ShownNumber(change.amount, (growth,))
        yield ShownNumber(rate, ("rate",))


def _rate(change: Change) -> Decimal | str:
    """A rate as a number of Excel (0.125 for 12.5 %), or the words that say why there is none."""
    if change.percent is None:
        return percent_text(change)
    return change.percent / 100


# --- units of two folders ---------------------------------------------------------------------


def _units(workbook: WorkbookWriter, units: UnitsCompared) -> None:
    """A row for each unit, one for each county, and the reports that do not count."""
    count = len(units.units)
    page = _units_page(workbook, UNITS_SHEET, units, count)
    for row, unit in below_header(units.units):
        state = _unit_state(unit, units)
        line = _unit_line(unit, state)
        line.write(page, row)
    if units.counties:
        count = len(units.counties)
        page = _units_page(workbook, COUNTIES_SHEET, units, count)
        for row, county in below_header(units.counties):
            state = f"{county.old_reports} 份 → {county.new_reports} 份"
            line = _unit_line(county, state)
            line.write(page, row)
    if units.left_out:
        _left_out(workbook, units)


def _units_page(
    workbook: WorkbookWriter, name: str, units: UnitsCompared, rows: int
) -> SheetWriter:
    """A page for ``rows`` units or counties, with its header."""
    counts = list(_count_headers(units))
    header = (*_UNIT_LABELS, *counts)
    count_widths = [_COUNT_WIDTH] * len(counts)
    widths = (*_UNIT_WIDTHS, *count_widths)
    page = workbook.page(name, widths, landscape=True)
    printed = printed_words(rows)
    hint = f"{units.face}。{UNITS_LEGEND}{printed}"
    open_page(page, name, hint, header[:_UNIT_COLUMNS_ABOVE])
    page.row(TOP_ROW, header, "header")
    page.heights(TOP_ROW, header, least=40)
    page.freeze(1)
    page.print_across(1)
    page.print_list(TOP_ROW, rows, len(header))
    page.filter(TOP_ROW, rows)
    return page


def _count_headers(units: UnitsCompared) -> Iterator[str]:
    """Each count in both years, and its change."""
    for count in count_names():
        yield f"{count} {units.old_year}"
        yield f"{count} {units.new_year}"
        yield f"{count} 变化"


def _unit_line(unit: UnitYears, state: str) -> _FigureLine:
    """A unit or county; tinted if it is in one of the folders only."""
    labels = (unit.name, unit.code, unit.parent, state)
    numbers = tuple(_unit_numbers(unit))
    in_one_only = unit.presence is not Presence.BOTH
    return _FigureLine(labels, numbers, in_one_only)


def _unit_state(unit: UnitYears, units: UnitsCompared) -> str:
    """Which of the two folders have a report of the unit, with a remark if there is one."""
    state = presence_label(unit, units)
    if unit.remark:
        return f"{state}：{unit.remark}"
    return state


def _unit_numbers(unit: UnitYears) -> Iterator[ShownNumber]:
    """How many cells differ; then each count of both years and its change."""
    yield ShownNumber(unit.changed)
    for figure in figures_of(unit):
        old = _entry_shown(figure.old)
        new = _entry_shown(figure.new)
        yield ShownNumber(old)
        yield ShownNumber(new)
        yield ShownNumber(figure.change.amount, ("whole growth",))


def _entry_shown(entry: Entry) -> Value | str:
    """A number, or the word in its place; nothing if there is no report."""
    if entry.state is State.ABSENT:
        return ""
    return entry.state.label or entry.value


def _left_out(workbook: WorkbookWriter, units: UnitsCompared) -> None:
    """The reports that do not count and the files that nobody reads, with the reasons."""
    page = workbook.page(LEFT_OUT_SHEET, _LEFT_OUT_WIDTHS)
    count = len(units.left_out)
    reports = len(units.reports_left_out)
    said = [f"{reports} 份报告没有计入总计"]
    for heading, files in under_headings(units.files_not_read):
        said.append(f"{heading} {len(files)} 个")
    hint = f"{'，'.join(said)}。{printed_words(count)}"
    lines = [(file.file, file.state, file.reason) for file in units.left_out]
    open_page(page, LEFT_OUT_SHEET, hint, ("文件", "情况", "原因"))
    page.print_list(TOP_ROW, count, len(_LEFT_OUT_WIDTHS))
    _write_lines(page, lines)


# --- prose and findings -------------------------------------------------------------------------


def _prose(workbook: WorkbookWriter, comparison: Comparison) -> None:
    page = workbook.page(PROSE_SHEET, (10, 24, 9, 54, 54), landscape=True)
    hint = (
        "两年都有的文字，各部分中长的在前；只比字，数字和标点可以不同。"
        "相同不等于有错，请看是否照抄上年。"
    )
    open_page(page, PROSE_SHEET, hint, ("年度", "部分", "字数", "上期", "本期"))
    nothing = ("", "没有相同的文字", "", "", "")
    lines = list(_prose_lines(comparison)) or [nothing]
    _write_lines(page, lines)


def _prose_lines(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    for step in comparison.steps:
        year = str(step.new)
        for prose in step.prose:
            for passage in prose.passages:
                length = str(passage.length)
                yield year, prose.heading, length, passage.old, passage.new


def _findings(workbook: WorkbookWriter, comparison: Comparison) -> None:
    page = workbook.page(FINDINGS_SHEET, (10, 9, 8, 70, 54), landscape=True)
    hint = "本期报告与上期报告能否衔接。"
    open_page(page, FINDINGS_SHEET, hint, ("年度", "代码", "级别", "问题", "怎么改"))
    lines = _finding_lines(comparison) or _nothing_found(comparison)
    _write_lines(page, lines)


def _finding_lines(comparison: Comparison) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for step in comparison.steps:
        year = str(step.new)
        for finding in step.findings:
            severity = finding.severity.label
            hint = finding.hint or ""
            lines.append((year, finding.code, severity, finding.message, hint))
    return lines


def _nothing_found(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    """A line for each pair of years, where no pair has a finding."""
    for step in comparison.steps:
        year = str(step.new)
        yield year, "", "", _count(step), ""
