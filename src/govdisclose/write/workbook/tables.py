"""The three statutory tables as sheets: printed labels, input cells, live totals and lights."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from govdisclose.form.edition import Edition
from govdisclose.form.fees import YUAN, in_yuan
from govdisclose.form.fields import Kind
from govdisclose.form.lights import BALANCED, PENDING
from govdisclose.form.ourtexts import TABLE_HINTS
from govdisclose.form.outline import Relation, outline
from govdisclose.form.report import Section
from govdisclose.write.workbook import formulas
from govdisclose.write.workbook.formulas import Formula, Shown
from govdisclose.write.workbook.layout import (
    HINT_ROW,
    TITLE_ROW,
    TOP_ROW,
    TableLayout,
    table_layout,
)
from govdisclose.write.workbook.writer import Book, Page

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
"""What Excel and WPS accept in a cell of each kind, and what they say otherwise."""

_WIDTHS: dict[str, tuple[float, ...]] = {
    "proactive": (30, 21, 21, 21),
    "requests": (5, 15.5, 31, *[9] * 7, 9),
    "disputes": (9,) * 15,
}
_ROW = 27
"""Height of a table row in points: table three then fills one A4 page."""


def table_page(book: Book, section: Section, edition: Edition, shown: Mapping[str, Shown]) -> None:
    """Write one statutory table as a sheet; ``shown`` holds every cell of the report by path."""
    layout = table_layout(edition, section.key)
    page = book.page(section.sheet, _WIDTHS[section.key], landscape=section.key == "disputes")
    across = layout.width + any(light.column == layout.width for light in layout.lights)
    page.merged(TITLE_ROW, 0, 1, across, section.heading, "title")
    page.merged(HINT_ROW, 0, 1, across, TABLE_HINTS[section.key], "hint")
    _size_rows(page, layout)
    for box in layout.boxes:
        page.merged(box.top, box.left, box.rows, box.columns, box.text, box.role)
    _write_cells(page, layout, edition, shown)
    _write_amounts_in_yuan(page, layout, edition, shown)
    _write_validations(page, layout, edition)
    _write_lights(page, layout, shown)
    _finish(page, layout)


def _size_rows(page: Page, layout: TableLayout) -> None:
    page.sheet.set_row(TITLE_ROW, 36)
    page.sheet.set_row(HINT_ROW, 32)
    last = max([area.bottom for area in layout.areas] + [light.row for light in layout.lights])
    for row in range(TOP_ROW, last + 1):
        page.sheet.set_row(row, _ROW)
    for box in layout.boxes:
        if box.role == "stub" and box.rows == 1:
            page.height(box.top, box.text, box.left, box.columns, least=_ROW)


def _write_cells(
    page: Page, layout: TableLayout, edition: Edition, shown: Mapping[str, Shown]
) -> None:
    sums: dict[str, Relation] = {}
    for relation in outline(edition).sums:
        sums.setdefault(relation.right[0], relation)
    for path, place in layout.places.items():
        total = formulas.total(sums[path], shown, layout.places) if path in sums else None
        if total is None:
            page.value(*place, shown[path], "input", "number")
        else:
            page.formula(*place, total, "total", "number")


def _write_amounts_in_yuan(
    page: Page, layout: TableLayout, edition: Edition, shown: Mapping[str, Shown]
) -> None:
    """Right of an amount in 万元, what it is in 元: whoever types 元 sees at once that the unit is wrong."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    for path, (row, column) in layout.places.items():
        if outline(edition).cells[path].kind is not Kind.MONEY:
            continue
        amount, value = xl_rowcol_to_cell(row, column), shown[path]
        known = value is not None and not isinstance(value, str)
        yuan = in_yuan(Decimal(str(value))) if known else ""
        live = Formula(f'=IF(ISNUMBER({amount}),ROUND({amount}*{YUAN},2),"")', yuan)
        page.formula(row, column + 1, live, "yuan")


def _write_validations(page: Page, layout: TableLayout, edition: Edition) -> None:
    by_kind: dict[Kind, list[tuple[int, int]]] = {}
    for path, (row, column) in layout.places.items():
        by_kind.setdefault(outline(edition).cells[path].kind, []).append((column, row))
    for kind, cells in by_kind.items():
        for area in formulas.ranges((row, column) for column, row in sorted(cells)):
            page.sheet.data_validation(area, VALIDATIONS[kind])


def _write_lights(page: Page, layout: TableLayout, shown: Mapping[str, Shown]) -> None:
    for light in layout.lights:
        found = formulas.light(light.relation, shown, layout.places)
        page.formula(light.row, light.column, found, "light")
    looks = [
        {
            "type": "text",
            "criteria": "begins with",
            "value": word,
            "stop_if_true": True,
            "format": style,
        }
        for word, style in ((BALANCED, page.book.style("good")), (PENDING, page.book.style("open")))
    ]
    for area in formulas.ranges(sorted((light.row, light.column) for light in layout.lights)):
        for look in (*looks, {"type": "no_blanks", "format": page.book.style("bad")}):
            page.sheet.conditional_format(area, look)


def _finish(page: Page, layout: TableLayout) -> None:
    first = layout.areas[0]
    if len(layout.areas) == 1:
        page.sheet.freeze_panes(first.top, layout.stub)
        page.sheet.repeat_rows(TITLE_ROW, first.top - 1)
        page.sheet.fit_to_pages(1, 1)
    page.sheet.ignore_errors({"formula_differs": "A1:Z99", "formula_range": "A1:Z99"})
    page.sheet.protect("", {"format_columns": True, "format_rows": True})
    page.sheet.set_selection(first.top, first.left, first.top, first.left)
    page.sheet.set_tab_color("#3E6FB0")
