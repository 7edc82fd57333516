"""The three statutory tables as sheets: printed labels, input cells, live totals and lights."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

from attrs import frozen

from govdisclose.form.balance_lights import BALANCED, PENDING
from govdisclose.form.edition import Edition
from govdisclose.form.fees import YUAN, in_yuan
from govdisclose.form.fields import Kind
from govdisclose.form.grouping import group_by
from govdisclose.form.outline import Relation, outline
from govdisclose.form.report import Section
from govdisclose.form.workbook_texts import TABLE_HINTS
from govdisclose.write.workbook.formulas import (
    NOTHING,
    CellPlace,
    Formula,
    Shown,
    ShownTable,
    if_term,
    ranges,
)
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
    table = ShownTable(shown, layout.places)
    sheet = _TableSheet(page, edition, layout, table)
    sheet.write()


@frozen
class _TableSheet:
    """The sheet of a statutory table below its title: the values of ``table`` in their ``layout``."""

    page: SheetWriter
    edition: Edition
    layout: TableLayout
    table: ShownTable

    def write(self) -> None:
        """Write labels, cells and lights."""
        self._size_rows()
        for box in self.layout.boxes:
            self.page.merged(box.top, box.left, box.rows, box.columns, box.text, box.role)
        self._write_cells()
        self._write_amounts_in_yuan()
        self._write_validations()
        self._write_lights()
        self._finish()

    def _size_rows(self) -> None:
        """Make each row as high as the labels need that lie in this row alone."""
        bottoms = [area.bottom for area in self.layout.areas]
        bottoms += [light.row for light in self.layout.lights]
        below = max(bottoms) + 1
        for row in range(TOP_ROW, below):
            self.page.sheet.set_row(row, _ROW)
        of_one_row = [box for box in self.layout.boxes if box.rows == 1 and box.text]
        for row, boxes in group_by(of_one_row, attrgetter("top")).items():
            fullest = max(boxes, key=self._fullness)
            self.page.height(row, fullest.text, fullest.left, fullest.columns, least=_ROW)

    def _fullness(self, box: Box) -> float:
        """The length of a label for the width of its columns."""
        end = box.left + box.columns
        width = sum(self.page.widths[box.left : end])
        return len(box.text) / width

    def _write_cells(self) -> None:
        """Write the input cells; a total is a live formula where it states its sum."""
        sums: dict[str, Relation] = {}
        for relation in outline(self.edition).sums:
            sums.setdefault(relation.right[0], relation)
        for path, (row, column) in self.layout.places.items():
            total = None
            if path in sums:
                total = self.table.total(sums[path])
            if total is None:
                self.page.value(row, column, self.table.shown[path], "input", "number")
            else:
                self.page.formula(row, column, total, "total", "number")

    def _write_amounts_in_yuan(self) -> None:
        """Write an amount in 万元 in 元 too: whoever typed 元 sees at once that the unit is wrong."""
        for path, place in self.layout.places.items():
            if self._kind(path) is Kind.MONEY:
                amount = place.address
                rounded = f"ROUND({amount}*{YUAN},2)"
                term = if_term(f"ISNUMBER({amount})", rounded, NOTHING)
                now = _yuan(self.table.shown[path])
                formula = Formula(f"={term}", now)
                beside = place.column + 1
                self.page.formula(place.row, beside, formula, "yuan")

    def _write_validations(self) -> None:
        """Let each cell take values of its kind only."""
        by_kind: dict[Kind, list[CellPlace]] = {}
        for path, place in self.layout.places.items():
            places = by_kind.setdefault(self._kind(path), [])
            places.append(place)
        for kind, places in by_kind.items():
            # Column by column, so that cells below one another are one range.
            places.sort(key=_column_first)
            for area in ranges(tuple(places)):
                self.page.sheet.data_validation(area, VALIDATIONS[kind])

    def _kind(self, path: str) -> Kind:
        return outline(self.edition).cells[path].kind

    def _write_lights(self) -> None:
        places: list[CellPlace] = []
        for light in self.layout.lights:
            formula = self.table.light(light.relation)
            self.page.formula(light.row, light.column, formula, "light")
            places.append(CellPlace(light.row, light.column))
        style = self.page.workbook.style
        looks = [
            _look(BALANCED, style("good")),
            _look(PENDING, style("open")),
            {"type": "no_blanks", "format": style("bad")},
        ]
        places.sort()
        for area in ranges(tuple(places)):
            for look in looks:
                self.page.sheet.conditional_format(area, look)

    def _finish(self) -> None:
        """Freeze and repeat the header of a table that has only one; lock what is not for input."""
        sheet = self.page.sheet
        first, *others = self.layout.areas
        if not others:
            sheet.freeze_panes(first.top, self.layout.stub)
            sheet.repeat_rows(TITLE_ROW, first.top - 1)
            sheet.fit_to_pages(1, 1)
        sheet.ignore_errors({"formula_differs": "A1:Z99", "formula_range": "A1:Z99"})
        self.page.protect()
        sheet.set_selection(first.top, first.left, first.top, first.left)
        sheet.set_tab_color("#3E6FB0")


def _yuan(value: Shown) -> Shown:
    """An amount in 元; an empty text where the cell holds no number."""
    if value is None or isinstance(value, str):
        return ""
    exact = Decimal(str(value))
    return in_yuan(exact)


def _column_first(place: CellPlace) -> tuple[int, int]:
    return place.column, place.row


def _look(word: str, style: Any) -> dict[str, Any]:
    """The look of a light that begins with ``word``."""
    return {
        "type": "text",
        "criteria": "begins with",
        "value": word,
        "stop_if_true": True,
        "format": style,
    }
