"""An overview as a workbook: all together, counties, levels, rankings, and a row for each unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from govdisclose.form.indicators import INDICATORS, RATES, Indicator
from govdisclose.form.overview import (
    Absentee,
    Excluded,
    Grouping,
    Measure,
    Overview,
    Ranked,
    Standing,
)
from govdisclose.write.overview.display import (
    FEW_CASES,
    LEGEND,
    definitions,
    mark_words,
    ranking_words,
    value_text,
)
from govdisclose.write.workbook.pages import open_page
from govdisclose.write.workbook.writer import (
    FIRST_ROW,
    HINT_ROW,
    MOST_PRINTED,
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    ShownNumber,
    WorkbookWriter,
    below_header,
    printed_words,
    written_workbook,
)

FACE_SHEET = "概览"
DEFINITIONS_SHEET = "指标"
RANKING_SHEET = "排名"
UNITS_SHEET = "单位数据"
EXCLUDED_SHEET = "没有计入"
MISSING_SHEET = "缺报"
GROUP_SHEETS = {Grouping.COUNTY: "县区", Grouping.LEVEL: "层级"}

_SHARE = ("share",)
"""How a rate looks."""
_SHARE_OF_FEW = ("share of few",)
"""How a rate of few cases looks: with a mark behind it."""
_COUNT = ("cases",)
"""How a count looks."""
_WHOLE = ("figure", "cases")
"""How a number looks that stands alone: a year, a place, a number of reports."""

_PRINTED_HERE = f"打印整个工作簿时，很长的“{RANKING_SHEET}”“{UNITS_SHEET}”等只印说明或前面一部分，见各页第二行。"
_UNIT_LABELS = ("年度", "单位", "代码", "上级", "层级")
_UNIT_WIDTHS = (7, 30, 21, 20, 10)
_UNITS_HINT = (
    "一家单位一个年度一行，可插入数据透视表；合起来的比例用分子之和除以分母之和，"
    "不要把比例相加或平均。空格是空白，不是 0。"
)
_GROUP_LABELS = ("年度", "名称", "份数")
_GROUP_WIDTHS = (7, 28, 7)
_INDICATOR_WIDTH = 8.5
"""The width of an indicator of a group."""
_UNIT_FIGURE_WIDTH = 10
"""The width of a figure of a unit."""
_YEARS_UPRIGHT = 2
"""Years that an upright first page has room for; with more it lies across."""
_RANKING = {
    "年度": 7, "指标": 18, "名次": 7, "单位": 42, "上级": 32, "比例": 10, "分子": 9, "分母": 9,
}  # fmt: skip
_FACE_ROW = 24
"""Points of a row of figures on the first page."""
_LIST_HEADER = 52
"""Points of the header of a list: the names of indicators are long."""


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
            _groups(workbook, name, lines, overview)
    _ranking(workbook, overview)
    _units(workbook, overview)
    _lists(workbook, overview)
    _definitions(workbook)


# --- 概览 ---------------------------------------------------------------------------------------


def _face(workbook: WorkbookWriter, overview: Overview) -> None:
    """The contents of the figures, and the figures of all together, year beside year."""
    lines = overview.of(Grouping.ALL)
    widths = [20.0]
    header = ["指标"]
    for line in lines:
        widths += (11, 16)
        header += (f"{line.year}年", "分子/分母")
    columns = len(header)
    is_wide = len(lines) > _YEARS_UPRIGHT
    page = workbook.page(FACE_SHEET, tuple(widths), landscape=is_wide)
    page.title(TITLE_ROW, overview.title, columns, agency=overview.agency)
    row = HINT_ROW
    for text in _advice(overview):
        page.merged(row, 0, 1, columns, text, "hint")
        page.height(row, text, 0, columns)
        row += 1
    page.row(row, header, "header")
    page.sheet.set_row(row, _FACE_ROW)
    page.sheet.repeat_rows(row)
    for indicator in INDICATORS:
        row += 1
        page.sheet.set_row(row, _FACE_ROW)
        figures = _with_cases(indicator, lines, overview)
        page.text(row, 0, indicator.name, "plain")
        page.numbers(row, 1, figures, "figure")
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _advice(overview: Overview) -> Iterator[str]:
    yield LEGEND
    yield _PRINTED_HERE
    for notice in overview.notices:
        yield f"{notice}。"


def _with_cases(
    indicator: Indicator, lines: Iterable[Standing], overview: Overview
) -> Iterator[ShownNumber]:
    """An indicator in each year: its figure, and the cases that a rate is worked out from."""
    for line in lines:
        measure = line.measure(indicator)
        cases = _cases(measure, overview)
        yield _figure(measure, overview)
        yield ShownNumber(cases)


def _cases(measure: Measure, overview: Overview) -> str:
    """Numerator and denominator of a rate, and whether they are few; nothing for a count."""
    if not measure.indicator.is_rate:
        return ""
    part = _said(measure.part)
    whole = _said(measure.whole)
    remark = ""
    if overview.has_few_cases(measure):
        remark = f"，{FEW_CASES}"
    return f"{part}/{whole}{remark}"


def _said(amount: int | None) -> str:
    return "空白" if amount is None else str(amount)


def _figure(measure: Measure, overview: Overview) -> ShownNumber:
    """A number that Excel counts with, or the words in its place."""
    shown = ShownNumber(measure.part, _COUNT)
    if measure.indicator.is_rate:
        shown = _share(measure, overview)
    if shown.value is None:
        return ShownNumber(value_text(measure), shown.look)
    return shown


def _share(measure: Measure, overview: Overview) -> ShownNumber:
    """A rate as Excel counts with it: 0.125 for 12.5 %."""
    look = _SHARE_OF_FEW if overview.has_few_cases(measure) else _SHARE
    if measure.percent is None:
        return ShownNumber(None, look)
    return ShownNumber(measure.percent / 100, look)


# --- 县区, 层级 -----------------------------------------------------------------------------------


def _groups(
    workbook: WorkbookWriter, name: str, lines: Sequence[Standing], overview: Overview
) -> None:
    names = [indicator.name for indicator in INDICATORS]
    header = (*_GROUP_LABELS, *names)
    figure_widths = [_INDICATOR_WIDTH] * len(names)
    widths = (*_GROUP_WIDTHS, *figure_widths)
    page = workbook.page(name, widths, landscape=True)
    count = len(lines)
    printed = printed_words(count)
    few = mark_words(overview)
    hint = f"分子、分母见“概览”和“单位数据”。{LEGEND}{few}{printed}"
    open_page(page, f"按{name}", hint, header)
    _finish(page, count)
    page.print_list(TOP_ROW, count, len(header))
    page.print_across(2)
    for row, line in below_header(lines):
        _write_group(page, row, line, overview)


def _write_group(page: SheetWriter, row: int, line: Standing, overview: Overview) -> None:
    year = str(line.year)
    page.heights(row, (year, line.name))
    page.value(row, 0, line.year, *_WHOLE)
    page.text(row, 1, line.name, "plain")
    page.value(row, 2, line.reports, *_WHOLE)
    figures = [_figure(measure, overview) for measure in line.measures()]
    page.numbers(row, len(_GROUP_LABELS), figures, "figure")


def _finish(page: SheetWriter, rows: int) -> None:
    """What every list has: room for a long header, a filter, and a header on every printed page."""
    page.sheet.set_row(TOP_ROW, _LIST_HEADER)
    page.keep_header(TOP_ROW, 2)
    page.filter(TOP_ROW, rows)


# --- 排名 ---------------------------------------------------------------------------------------


def _ranking(workbook: WorkbookWriter, overview: Overview) -> None:
    widths = tuple(_RANKING.values())
    page = workbook.page(RANKING_SHEET, widths, landscape=True)
    rows = list(_ranked_rows(overview))
    count = len(rows)
    most = _printed(count)
    of_ranking = ranking_words(overview)
    of_print = printed_words(count, most)
    hint = of_ranking + of_print
    open_page(page, "单位排名", hint, tuple(_RANKING))
    _finish(page, count)
    page.print_list(TOP_ROW, count, len(widths), most=most)
    for row, ranked in below_header(rows):
        ranked.write(page, row)


def _printed(rows: int) -> int:
    """How many of ``rows`` rows that begin anew for each year or indicator are printed."""
    return MOST_PRINTED if rows <= MOST_PRINTED else 0


@frozen
class _RankedRow:
    """The place of a unit by one indicator in one year."""

    overview: Overview
    year: int
    indicator: Indicator
    ranked: Ranked

    def write(self, page: SheetWriter, row: int) -> None:
        """Write the row."""
        indicator = self.indicator.name
        ranked = self.ranked
        unit = ranked.standing
        measure = ranked.measure
        numbers = (
            _share(measure, self.overview),
            ShownNumber(measure.part, _COUNT),
            ShownNumber(measure.whole, _COUNT),
        )
        page.heights(row, ("", indicator, "", unit.name, unit.parent))
        page.value(row, 0, self.year, *_WHOLE)
        page.text(row, 1, indicator, "plain")
        page.value(row, 2, ranked.place, *_WHOLE)
        page.text(row, 3, unit.name, "plain")
        page.text(row, 4, unit.parent, "plain")
        page.numbers(row, 5, numbers, "figure")


@frozen
class _UnrankedRow:
    """How many units have no place by an indicator in a year."""

    year: int
    indicator: Indicator
    said: str

    def write(self, page: SheetWriter, row: int) -> None:
        """Write the row."""
        texts = ("", self.indicator.name, "", self.said, "", "", "", "")
        page.heights(row, texts)
        page.row(row, texts, "plain")
        page.value(row, 0, self.year, *_WHOLE)


def _ranked_rows(overview: Overview) -> Iterator[_RankedRow | _UnrankedRow]:
    for year in reversed(overview.years):
        for indicator in RATES:
            ranking = overview.ranking(indicator, year, Grouping.UNIT)
            for ranked in ranking.ranked:
                yield _RankedRow(overview, year, indicator, ranked)
            if ranking.too_small:
                left = ranking.too_small
                said = f"分母不足 {overview.at_least} 件等不排的 {left} 家"
                yield _UnrankedRow(year, indicator, said)


# --- 单位数据 -----------------------------------------------------------------------------------


def _units(workbook: WorkbookWriter, overview: Overview) -> None:
    """One row for each unit and year; a rate has its numerator and denominator beside it."""
    lines = overview.of(Grouping.UNIT)
    figures = list(_unit_columns())
    header = (*_UNIT_LABELS, *figures)
    figure_widths = [_UNIT_FIGURE_WIDTH] * len(figures)
    widths = (*_UNIT_WIDTHS, *figure_widths)
    page = workbook.page(UNITS_SHEET, widths, landscape=True)
    count = len(lines)
    most = _printed(count)
    of_marks = mark_words(overview)
    of_print = printed_words(count, most)
    hint = _UNITS_HINT + of_marks + of_print
    page.head(UNITS_SHEET, hint, len(_UNIT_LABELS))
    page.row(TOP_ROW, header, "header")
    _finish(page, count)
    printed = len(_UNIT_LABELS)
    if most:
        printed = len(header)
        page.print_across(2)
    page.print_list(TOP_ROW, count, printed, most=most)
    for row, line in below_header(lines):
        _write_unit(page, row, line, overview)
    page.keep_texts("A1:E1048576")


def _write_unit(page: SheetWriter, row: int, line: Standing, overview: Overview) -> None:
    labels = (line.name, line.code, line.parent, line.level)
    numbers = _unit_numbers(line, overview)
    page.heights(row, ("", line.name, "", line.parent, line.level))
    page.value(row, 0, line.year, *_WHOLE)
    page.row(row, labels, "plain", first=1)
    page.numbers(row, len(_UNIT_LABELS), numbers, "figure")


def _unit_columns() -> Iterator[str]:
    for indicator in INDICATORS:
        yield indicator.name
        if indicator.is_rate:
            yield f"{indicator.name}分子"
            yield f"{indicator.name}分母"


def _unit_numbers(line: Standing, overview: Overview) -> Iterator[ShownNumber]:
    """The numbers of a unit in the order of the columns; without words in place of a blank."""
    for measure in line.measures():
        if measure.indicator.is_rate:
            yield _share(measure, overview)
            yield ShownNumber(measure.part, _COUNT)
            yield ShownNumber(measure.whole, _COUNT)
        else:
            yield ShownNumber(measure.part, _COUNT)


# --- reports left out of the figures, and how the figures are worked out --------------------------


def _lists(workbook: WorkbookWriter, overview: Overview) -> None:
    if overview.excluded:
        rows = list(map(_excluded_row, overview.excluded))
        _EXCLUDED.write(workbook, rows)
    if overview.missing:
        rows = list(map(_missing_row, overview.missing))
        _MISSING.write(workbook, rows)


def _excluded_row(report: Excluded) -> tuple[str, ...]:
    year = ""
    if report.year is not None:
        year = str(report.year)
    return report.file, year, report.agency, report.reason


def _missing_row(unit: Absentee) -> tuple[str, ...]:
    year = str(unit.year)
    return year, unit.name, unit.code, unit.parent, unit.level, unit.remark


def _definitions(workbook: WorkbookWriter) -> None:
    rows = list(definitions())
    _DEFINITIONS.write(workbook, rows)


@frozen
class _TextList:
    """A sheet with a list of texts; ``columns`` are the titles of its columns with their widths."""

    name: str
    hint: str
    columns: Mapping[str, float]

    def write(self, workbook: WorkbookWriter, rows: Sequence[tuple[str, ...]]) -> None:
        """Write the sheet."""
        titles = tuple(self.columns)
        widths = tuple(self.columns.values())
        page = workbook.page(self.name, widths, landscape=True)
        count = len(rows)
        hint = self.hint + printed_words(count)
        open_page(page, self.name, hint, titles)
        page.print_list(TOP_ROW, count, len(titles))
        page.lines(FIRST_ROW, rows, "plain")
        page.keep_texts("A1:F1048576")


_EXCLUDED = _TextList(
    EXCLUDED_SHEET,
    "这些报告不在各页的数里。",
    {"文件": 40, "年度": 8, "单位": 28, "原因": 56},
)
_MISSING = _TextList(
    MISSING_SHEET,
    "花名册上应报而一份也没有收到的。",
    {"年度": 8, "单位": 34, "代码": 22, "上级": 26, "层级": 10, "说明": 32},
)
_DEFINITIONS = _TextList(
    DEFINITIONS_SHEET,
    "引号里是表中的行名或栏名，没有另说明的取“总计”列。比例保留一位小数，四舍五入。",
    {"指标": 18, "算法": 62, "说明": 34, "出处": 34},
)
