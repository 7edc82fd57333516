"""汇总说明: the first sheet of a consolidated workbook says who is in it and who is not."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from govdisclose.form.sheets import SUMMARY_SHEET
from govdisclose.form.year_changes import YearChanges
from govdisclose.write.workbook.layout import HINT_ROW, TITLE_ROW, TOP_ROW
from govdisclose.write.workbook.provenance import ProvenanceSheet, UnitFigures
from govdisclose.write.workbook.writer import SheetWriter, WorkbookWriter

UNIT_COLUMNS = ("层级", "单位", "代码", "上级", "情况", "文件", "备注")
_WIDTH = len(UNIT_COLUMNS)


@frozen
class UnitLine:
    """One line of the list of units; ``counted`` when its figures are in the sum."""

    name: str
    code: str
    state: str
    file: str = ""
    remark: str = ""
    level: str = ""
    parent: str = ""
    counted: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of the line, in the order of ``UNIT_COLUMNS``."""
        return (
            self.level,
            self.name,
            self.code,
            self.parent,
            self.state,
            self.file,
            self.remark,
        )


@frozen
class ConsolidationDetails:
    """What 汇总说明 and 来源明细 show; ``face`` is the one sentence that nobody may overlook."""

    face: str
    complete: bool
    notes: tuple[str, ...]
    lines: tuple[UnitLine, ...]
    units: tuple[UnitFigures, ...]
    changes: YearChanges | None = None


def summary_page(
    workbook: WorkbookWriter, details: ConsolidationDetails, sheets: Sequence[ProvenanceSheet]
) -> None:
    """How many units of how many, what to know of the figures, and what became of each report."""
    page = workbook.page(SUMMARY_SHEET, (10, 34, 22, 28, 14, 34, 60), landscape=True)
    page.merged(TITLE_ROW, 0, 1, _WIDTH, SUMMARY_SHEET, "title")
    page.sheet.set_row(TITLE_ROW, 36)
    colour = "good" if details.complete else "bad"
    page.merged(HINT_ROW, 0, 1, _WIDTH, details.face, "title", colour)
    page.height(HINT_ROW, details.face * 2, 0, _WIDTH, least=36)  # the title's letters are larger
    notes = [*details.notes, _of_provenance(sheets)]
    for row, note in enumerate(notes, TOP_ROW):
        page.merged(row, 0, 1, _WIDTH, note, "hint")
        page.height(row, note, 0, _WIDTH)
    links = TOP_ROW + len(notes)
    for row, sheet in enumerate(sheets, links):
        text = f"{sheet.name}：{sheet.lines} 行" if sheet.is_listed else sheet.name
        page.merged(row, 0, 1, _WIDTH, text, "hint", "link")
        page.link(row, 0, sheet.name, text, "hint", "link")
    _write_units(page, links + len(sheets), details.lines)
    page.sheet.set_tab_color("#0B6B2E" if details.complete else "#9C0006")
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _of_provenance(sheets: Sequence[ProvenanceSheet]) -> str:
    """The purposes of the sheets at the end."""
    said = (
        "各格的数由哪些单位、各多少组成，见最后的“来源明细”，一张表一页："
        "用“行”“列”筛选出一格，右上角就是该格的汇总数。"
    )
    left_out = "、".join(f"“{sheet.section.sheet}”" for sheet in sheets if not sheet.is_listed)
    if left_out:
        said += f"{left_out}的行数太多，没有列出，请用 govdisclose export 把文件夹导出为长表。"
    return said


def _write_units(page: SheetWriter, header: int, lines: Sequence[UnitLine]) -> None:
    page.row(header, UNIT_COLUMNS, "header")
    page.sheet.set_row(header, 24)
    page.sheet.freeze_panes(header + 1, 0)
    page.sheet.repeat_rows(header)
    page.sheet.autofilter(header, 0, header + max(1, len(lines)), _WIDTH - 1)
    for row, line in enumerate(lines, header + 1):
        page.heights(row, line.cells)
        tint = () if line.counted else ("open",)
        page.row(row, line.cells, "plain", *tint)
    page.sheet.ignore_errors({"number_stored_as_text": "A1:G9999"})
