"""The three statutory tables as sheets: printed labels, input cells, live totals and lights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from govdisclose.form.balance_lights import BALANCED, PENDING
from govdisclose.form.edition import Edition
from govdisclose.form.fees import YUAN, in_yuan
from govdisclose.form.fields import Kind
from govdisclose.form.grouping import group_by, grouped
from govdisclose.form.outline import Relation, outline
from govdisclose.form.report import Section
from govdisclose.form.workbook_texts import TABLE_HINTS
from govdisclose.write.workbook import formulas
from govdisclose.write.workbook.formulas import Formula, Shown
from govdisclose.write.workbook.layout import Box, TableLayout, table_layout
from govdisclose.write.workbook.writer import (
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
)

_CHANGE_LIMIT = 10**9

VALIDATIONS: dict[Kind, dict[str, object]] = {
    Kind.COUNT: {
        "validate": "integer",
        "criteria": ">=",
        "value": 0,
        "error_title": "只能填 0 或正整数",
        "error_message": "请填 0 或正整数（件），不带单位和文字；没有发生的填 0，不填“/”或“无”。",
    },
    Kind.CHANGE: {
        "validate": "integer",
        "criteria": "between",
        "minimum": -_CHANGE_LIMIT,
        "maximum": _CHANGE_LIMIT,
        "input_title": "比上年增减",
        "input_message": "增加填正数，减少填负数，如 -8；没有增减填 0。",
        "error_title": "只能填整数",
        "error_message": "请填整数：增加填正数，减少填负数，没有增减填 0。",
    },
    Kind.MONEY: {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "input_title": "单位：万元",
        "input_message": "以万元为单位，可带小数：3940 元填 0.394；没有发生的填 0。",
        "error_title": "只能填 0 或正数（万元）",
        "error_message": "请填 0 或正数，以万元为单位，可带小数，不带单位和文字。",
    },
}
"""The input that Excel and WPS accept in a cell of each kind, and their message otherwise."""

_WIDTHS: dict[str, tuple[float, ...]] = {
    "proactive": (30, 21, 21, 21),
    "requests": (5, 14, 29, *[9] * 7, 9),
    "disputes": (9,) * 15,
}
_ROW = 24
"""Height of a table row in points: table three then fills one A4 page, with room for a pen."""


def table_page(
    workbook: WorkbookWriter, section: Section, edition: Edition, shown: Mapping[str, Shown]
) -> None:
    """Write one statutory table as a sheet; ``shown`` holds every cell of the report by path."""
    layout = table_layout(edition, section.key)
    is_wide = section.key == "disputes"
    page = workbook.page(section.sheet, _WIDTHS[section.key], landscape=is_wide)
    has_lights_beside = any(light.column == layout.width for light in layout.lights)
    across = layout.width + has_lights_beside
    page.head(section.heading, TABLE_HINTS[section.key], across)
    _size_rows(page, layout)
    for box in layout.boxes:
        page.merged(box.top, box.left, box.rows, box.columns, box.text, box.role)
    _write_cells(page, layout, edition, shown)
    _write_amounts_in_yuan(page, layout, edition, shown)
    _write_validations(page, layout, edition)
    _write_lights(page, layout, shown)
    _finish(page, layout)


def _size_rows(page: SheetWriter, layout: TableLayout) -> None:
    bottoms = [area.bottom for area in layout.areas]
    last = max(bottoms + [light.row for light in layout.lights])
    for row in range(TOP_ROW, last + 1):
        page.sheet.set_row(row, _ROW)

    def fullness(box: Box) -> float:
        return len(box.text) / sum(_widths(page, box))

    of_one_row = [box for box in layout.boxes if box.rows == 1 and box.text]
    for row, boxes in group_by(of_one_row, attrgetter("top")).items():
        highest = max(boxes, key=fullness)
        page.height(row, highest.text, highest.left, highest.columns, least=_ROW)


def _widths(page: SheetWriter, box: Box) -> Sequence[float]:
    """The widths of the columns that a label covers."""
    return page.widths[box.left : box.left + box.columns]


def _write_cells(
    page: SheetWriter, layout: TableLayout, edition: Edition, shown: Mapping[str, Shown]
) -> None:
    """Write the input cells; a total is a live formula where it states its sum."""
    sums: dict[str, Relation] = {}
    for relation in outline(edition).sums:
        sums.setdefault(relation.right[0], relation)
    for path, (row, column) in layout.places.items():
        total = None
        if path in sums:
            total = formulas.total(sums[path], shown, layout.places)
        if total is None:
            page.value(row, column, shown[path], "input", "number")
        else:
            page.formula(row, column, total, "total", "number")


def _write_amounts_in_yuan(
    page: SheetWriter, layout: TableLayout, edition: Edition, shown: Mapping[str, Shown]
) -> None:
    """Write an amount in 万元 in 元 too: whoever typed 元 sees at once that the unit is wrong."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cells = outline(edition).cells
    for path, (row, column) in layout.places.items():
        if cells[path].kind is Kind.MONEY:
            amount = xl_rowcol_to_cell(row, column)
            live = f'=IF(ISNUMBER({amount}),ROUND({amount}*{YUAN},2),"")'
            page.formula(row, column + 1, Formula(live, _yuan(shown[path])), "yuan")


def _yuan(value: Shown) -> Shown:
    """An amount in 元; an empty text where the cell holds no number."""
    if value is None or isinstance(value, str):
        return ""
    return in_yuan(Decimal(str(value)))


def _write_validations(page: SheetWriter, layout: TableLayout, edition: Edition) -> None:
    cells = outline(edition).cells
    places = grouped((cells[path].kind, place) for path, place in layout.places.items())
    for kind, found in places.items():
        # Column by column, so that cells below one another are one range.
        for area in formulas.ranges(sorted(found, key=_column_first)):
            page.sheet.data_validation(area, VALIDATIONS[kind])


def _column_first(place: tuple[int, int]) -> tuple[int, int]:
    row, column = place
    return column, row


def _write_lights(page: SheetWriter, layout: TableLayout, shown: Mapping[str, Shown]) -> None:
    for light in layout.lights:
        found = formulas.light(light.relation, shown, layout.places)
        page.formula(light.row, light.column, found, "light")
    looks = [
        _look(BALANCED, page.workbook.style("good")),
        _look(PENDING, page.workbook.style("open")),
        {"type": "no_blanks", "format": page.workbook.style("bad")},
    ]
    places = sorted(formulas.CellPlace(light.row, light.column) for light in layout.lights)
    for area in formulas.ranges(places):
        for look in looks:
            page.sheet.conditional_format(area, look)


def _look(word: str, style: Any) -> dict[str, Any]:
    """The look of a light that begins with ``word``."""
    return {
        "type": "text",
        "criteria": "begins with",
        "value": word,
        "stop_if_true": True,
        "format": style,
    }


def _finish(page: SheetWriter, layout: TableLayout) -> None:
    first = layout.areas[0]
    if len(layout.areas) == 1:
        page.sheet.freeze_panes(first.top, layout.stub)
        page.sheet.repeat_rows(TITLE_ROW, first.top - 1)
        page.sheet.fit_to_pages(1, 1)
    page.sheet.ignore_errors({"formula_differs": "A1:Z99", "formula_range": "A1:Z99"})
    page.protect()
    page.sheet.set_selection(first.top, first.left, first.top, first.left)
    page.sheet.set_tab_color("#3E6FB0")
