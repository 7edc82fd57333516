"""An overview as a workbook: all together, counties, levels, rankings, and a row for each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from attrs import frozen

from govdisclose.form.indicators import INDICATORS, RATES, Indicator
from govdisclose.form.overview import Grouping, Measure, Overview, Standing
from govdisclose.write.overview.display import LEGEND, definitions, ranking_words, value_text
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import (
    HINT_ROW,
    MOST_PRINTED,
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    printed_words,
    written_workbook,
)

FACE_SHEET, DEFINITIONS_SHEET, RANKING_SHEET = "概览", "指标", "排名"
UNITS_SHEET, EXCLUDED_SHEET, MISSING_SHEET = "单位数据", "没有计入", "缺报"
GROUP_SHEETS = {Grouping.COUNTY: "县区", Grouping.LEVEL: "层级"}

_LOOK = {True: ("figure", "share"), False: ("figure", "cases")}
"""How a rate looks, and a count."""

_PRINTED_HERE = f"打印整个工作簿时，很长的“{RANKING_SHEET}”“{UNITS_SHEET}”等只印说明或前面一部分，见各页第二行。"
_UNIT_LABELS = ("年度", "单位", "代码", "上级", "层级")
_UNIT_WIDTHS = (7, 30, 21, 20, 10)
_GROUP_LABELS = ("年度", "名称", "份数")


def overview_workbook(overview: Overview) -> bytes:
    """The workbook (.xlsx) of an overview.

    Raises ``OutputError`` for text or numbers that a cell cannot hold unchanged.
    """
    return written_workbook(overview.title, lambda workbook: _write(workbook, overview))


def _write(workbook: WorkbookWriter, overview: Overview) -> None:
    _face(workbook, overview)
    for grouping, name in GROUP_SHEETS.items():
        lines = overview.of(grouping)
        if lines:
            _groups(workbook, name, lines)
    _ranking(workbook, overview)
    _units(workbook, overview.of(Grouping.UNIT))
    _lists(workbook, overview)
    _definitions(workbook)


# --- 概览 ---------------------------------------------------------------------------------------


def _face(workbook: WorkbookWriter, overview: Overview) -> None:
    """The contents of the figures, and the figures of all together, year beside year."""
    lines = overview.of(Grouping.ALL)
    width = 1 + len(lines) * 2
    page = workbook.page(FACE_SHEET, (20, *(11, 16) * len(lines)), landscape=len(lines) > 2)
    page.title(TITLE_ROW, overview.title, width, agency=overview.agency)
    texts = [LEGEND, _PRINTED_HERE, *(f"{notice}。" for notice in overview.notices)]
    for row, text in enumerate(texts, HINT_ROW):
        page.merged(row, 0, 1, width, text, "hint")
        page.height(row, text, 0, width)
    header = HINT_ROW + len(texts)
    years = [(f"{line.year}年", "分子/分母") for line in lines]
    page.row(header, ("指标", *chain.from_iterable(years)), "header")
    page.sheet.set_row(header, 24)
    for row, indicator in enumerate(INDICATORS, header + 1):
        page.sheet.set_row(row, 24)
        page.text(row, 0, indicator.name, "plain")
        for column, line in enumerate(lines):
            _with_cases(page, row, 1 + 2 * column, line.measure(indicator))
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _with_cases(page: SheetWriter, row: int, column: int, measure: Measure) -> None:
    _figure(page, row, column, measure)
    cases = "" if not measure.indicator.is_rate else f"{_said(measure.part)}/{_said(measure.whole)}"
    page.text(row, column + 1, cases, "figure")


def _said(amount: int | None) -> str:
    return "空白" if amount is None else str(amount)


def _figure(page: SheetWriter, row: int, column: int, measure: Measure) -> None:
    """A number that Excel counts with, or the words in its place."""
    page.value(row, column, _value(measure), *_LOOK[measure.indicator.is_rate])


def _value(measure: Measure) -> int | Decimal | str:
    if not measure.indicator.is_rate and measure.part is not None:
        return measure.part
    if measure.percent is not None:
        return measure.percent / 100
    return value_text(measure)


# --- 县区, 层级 -----------------------------------------------------------------------------------


def _groups(workbook: WorkbookWriter, name: str, lines: Sequence[Standing]) -> None:
    header = (*_GROUP_LABELS, *(indicator.name for indicator in INDICATORS))
    page = workbook.page(name, (7, 28, 7, *[8.5] * len(INDICATORS)), landscape=True)
    hint = f"分子、分母见“概览”和“单位数据”。{LEGEND}{printed_words(len(lines))}"
    open_page(page, f"按{name}", hint, header)
    _finish(page, len(header), len(lines))
    page.print_list(TOP_ROW, len(lines), len(header))
    page.print_across(2)
    for row, line in enumerate(lines, TOP_ROW + 1):
        page.heights(row, (str(line.year), line.name))
        page.value(row, 0, line.year, "figure", "cases")
        page.text(row, 1, line.name, "plain")
        page.value(row, 2, line.reports, "figure", "cases")
        for column, measure in enumerate(line.measures(), len(_GROUP_LABELS)):
            _figure(page, row, column, measure)


def _finish(page: SheetWriter, columns: int, rows: int) -> None:
    """What every list has: room for a long header, a filter, and a header on every printed page."""
    page.sheet.set_row(TOP_ROW, 52)
    page.sheet.freeze_panes(TOP_ROW + 1, 2)
    page.sheet.repeat_rows(TOP_ROW)
    page.sheet.autofilter(TOP_ROW, 0, TOP_ROW + max(rows, 1), columns - 1)


# --- 排名 ---------------------------------------------------------------------------------------


def _ranking(workbook: WorkbookWriter, overview: Overview) -> None:
    header = ("年度", "指标", "名次", "单位", "上级", "比例", "分子", "分母")
    page = workbook.page(RANKING_SHEET, (7, 18, 7, 42, 32, 10, 9, 9), landscape=True)
    rows = list(_ranked_rows(overview))
    most = _printed(len(rows))
    open_page(page, "单位排名", ranking_words(overview) + printed_words(len(rows), most), header)
    _finish(page, len(header), len(rows))
    page.print_list(TOP_ROW, len(rows), len(header), most=most)
    for row, ranked in enumerate(rows, TOP_ROW + 1):
        year, indicator, place, standing, measure = ranked
        page.heights(row, ("", indicator.name, "", standing.name, standing.parent))
        page.value(row, 0, year, "figure", "cases")
        page.text(row, 1, indicator.name, "plain")
        page.value(row, 2, place, "figure", "cases")
        page.text(row, 3, standing.name, "plain")
        page.text(row, 4, standing.parent, "plain")
        _figure(page, row, 5, measure)
        page.value(row, 6, measure.part, "figure", "cases")
        page.value(row, 7, measure.whole, "figure", "cases")
    if not rows:
        page.row(TOP_ROW + 1, ("", "没有可以排名的单位", *[""] * 6), "plain")


def _printed(rows: int) -> int:
    """How many of ``rows`` rows that begin anew for each year or indicator are printed."""
    return MOST_PRINTED if rows <= MOST_PRINTED else 0


def _ranked_rows(
    overview: Overview,
) -> Iterator[tuple[int, Indicator, int, Standing, Measure]]:
    for year in reversed(overview.years):
        for indicator in RATES:
            for ranked in overview.ranking(indicator, year, Grouping.UNIT).ranked:
                yield year, indicator, ranked.place, ranked.standing, ranked.measure


# --- 单位数据 -----------------------------------------------------------------------------------


def _units(workbook: WorkbookWriter, lines: Sequence[Standing]) -> None:
    """One row for each unit and year; a rate has its numerator and denominator beside it."""
    header = (*_UNIT_LABELS, *_unit_columns())
    widths = (*_UNIT_WIDTHS, *[10] * (len(header) - len(_UNIT_LABELS)))
    page = workbook.page(UNITS_SHEET, widths, landscape=True)
    most = _printed(len(lines))
    hint = (
        "一家单位一个年度一行，可插入数据透视表；合起来的比例用分子之和除以分母之和，"
        f"不要把比例相加或平均。空格是空白，不是 0。{printed_words(len(lines), most)}"
    )
    page.head("单位数据", hint, len(_UNIT_LABELS))
    page.row(TOP_ROW, header, "header")
    _finish(page, len(_UNIT_LABELS), len(lines))
    page.sheet.autofilter(TOP_ROW, 0, TOP_ROW + max(len(lines), 1), len(header) - 1)
    page.print_list(TOP_ROW, len(lines), len(header) if most else len(_UNIT_LABELS), most=most)
    if most:
        page.print_across(2)
    for row, line in enumerate(lines, TOP_ROW + 1):
        page.heights(row, ("", line.name, "", line.parent, line.level))
        page.value(row, 0, line.year, "figure", "cases")
        labels = (line.name, line.code, line.parent, line.level)
        for column, text in enumerate(labels, 1):
            page.text(row, column, text, "plain")
        for column, cell in enumerate(_unit_values(line), len(_UNIT_LABELS)):
            page.value(row, column, cell.value, *_LOOK[cell.is_rate])
    page.sheet.ignore_errors({"number_stored_as_text": "A1:E1048576"})


def _unit_columns() -> Iterator[str]:
    for indicator in INDICATORS:
        yield indicator.name
        if indicator.is_rate:
            yield f"{indicator.name}分子"
            yield f"{indicator.name}分母"


@frozen
class _UnitCell:
    """A number of a unit; ``None`` is blank."""

    value: int | Decimal | None
    is_rate: bool = False


def _unit_values(line: Standing) -> Iterator[_UnitCell]:
    """The numbers of a unit in the order of the columns."""
    for measure in line.measures():
        if not measure.indicator.is_rate:
            yield _UnitCell(measure.part)
            continue
        percent = measure.percent
        yield _UnitCell(None if percent is None else percent / 100, is_rate=True)
        yield _UnitCell(measure.part)
        yield _UnitCell(measure.whole)


# --- reports left out of the figures, and how the figures are worked out --------------------------


def _lists(workbook: WorkbookWriter, overview: Overview) -> None:
    if overview.excluded:
        rows = [
            (each.file, "" if each.year is None else str(each.year), each.agency, each.reason)
            for each in overview.excluded
        ]
        hint = "这些报告不在各页的数里。"
        _texts(
            workbook, EXCLUDED_SHEET, hint, {"文件": 40, "年度": 8, "单位": 28, "原因": 56}, rows
        )
    if overview.missing:
        lacking = [
            (str(each.year), each.name, each.code, each.parent, each.level)
            for each in overview.missing
        ]
        widths = {"年度": 8, "单位": 36, "代码": 22, "上级": 28, "层级": 12}
        _texts(workbook, MISSING_SHEET, "花名册上应报而一份也没有收到的。", widths, lacking)


def _definitions(workbook: WorkbookWriter) -> None:
    widths = {"指标": 18, "算法": 62, "说明": 34, "出处": 34}
    hint = "引号里是表中的行名或栏名，没有另说明的取“总计”列。比例保留一位小数，四舍五入。"
    _texts(workbook, DEFINITIONS_SHEET, hint, widths, list(definitions()))


def _texts(
    workbook: WorkbookWriter,
    name: str,
    hint: str,
    widths: Mapping[str, float],
    rows: Sequence[tuple[str, ...]],
) -> None:
    """A list of texts under a header."""
    page = workbook.page(name, tuple(widths.values()), landscape=True)
    open_page(page, name, hint + printed_words(len(rows)), tuple(widths))
    page.print_list(TOP_ROW, len(rows), len(widths))
    for row, texts in enumerate(rows, TOP_ROW + 1):
        page.heights(row, texts)
        page.row(row, texts, "plain")
    page.sheet.ignore_errors({"number_stored_as_text": "A1:E1048576"})
