"""汇总说明: the first sheet of a consolidated workbook says who is in it and who is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from govdisclose.form.sheets import PROVENANCE_SHEET, SEAL_SHEET, SUMMARY_SHEET, UNIT_TEXTS_SHEET
from govdisclose.form.year_changes import YearChanges
from govdisclose.write.workbook.provenance import Provenance, UnitFigures
from govdisclose.write.workbook.seal import SealLine
from govdisclose.write.workbook.unit_texts import UnitTexts
from govdisclose.write.workbook.writer import (
    HINT_ROW,
    TITLE_ROW,
    TOP_ROW,
    SheetWriter,
    WorkbookWriter,
    printed_words,
    storable,
)

UNIT_COLUMNS = ("层级", "单位", "代码", "上级", "情况", "文件", "备注")
NOT_COUNTED, ONLY_COMPARED = "没有计入", "本级汇总报告"
"""The states of reports that came and are not in the sum."""

_COLUMNS = len(UNIT_COLUMNS)
_WIDTHS = (9, 40, 20, 30, 10, 37, 37)
"""Together they fit on A4 landscape in a readable size."""


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
            storable(self.file),
            storable(self.remark),
        )


@frozen
class ConsolidationDetails:
    """What 汇总说明, 来源明细 and 各单位文字 show.

    ``face`` is the one sentence that nobody may overlook. Without ``texts`` there is no 各单位文字,
    without a ``seal`` no 定稿清单.
    """

    face: str
    complete: bool
    notes: tuple[str, ...]
    lines: tuple[UnitLine, ...]
    units: tuple[UnitFigures, ...]
    changes: YearChanges | None = None
    seal: tuple[SealLine, ...] = ()
    texts: tuple[UnitTexts, ...] = ()


def summary_page(
    workbook: WorkbookWriter, title: str, details: ConsolidationDetails, provenance: Provenance
) -> None:
    """How many units of how many, what to know of the figures, and what became of each report."""
    page = workbook.page(SUMMARY_SHEET, _WIDTHS, landscape=True)
    colour = "good" if details.complete else "bad"
    page.title(TITLE_ROW, f"{title}\n{SUMMARY_SHEET}", _COLUMNS)
    page.title(HINT_ROW, details.face, _COLUMNS, colour)
    row = TOP_ROW
    for note in _all_notes(details):
        page.merged(row, 0, 1, _COLUMNS, note, "hint")
        page.height(row, note, 0, _COLUMNS)
        row += 1
    for sheet, text in _links(details, provenance):
        page.merged(row, 0, 1, _COLUMNS, text, "hint", "link")
        page.link(row, 0, sheet, text, "hint", "link")
        page.height(row, text, 0, _COLUMNS)
        row += 1
    _write_units(page, row, details.lines)
    page.sheet.set_tab_color("#0B6B2E" if details.complete else "#9C0006")
    page.sheet.activate()
    page.sheet.set_first_sheet()


def _all_notes(details: ConsolidationDetails) -> Iterator[str]:
    """What to know of the figures, and of printing the workbook."""
    yield from map(storable, details.notes)
    listed = printed_words(len(details.lines))
    yield f"打印整个工作簿时，“{PROVENANCE_SHEET}”等明细页只印说明或前面一部分，见各页第二行。{listed}"


def _links(details: ConsolidationDetails, provenance: Provenance) -> Iterator[tuple[str, str]]:
    """The other sheets, with links, and their purposes."""
    if provenance.is_listed:
        said = "各格的数由哪些单位、各多少组成：一行一家，一列一格，上面的总计随筛选重算"
    else:
        said = provenance.advice
    yield PROVENANCE_SHEET, f"“{PROVENANCE_SHEET}”：{said}"
    if details.texts:
        yield UNIT_TEXTS_SHEET, f"“{UNIT_TEXTS_SHEET}”：各单位一、五、六部分的文字，供撰写参考"
    if details.seal:
        yield SEAL_SHEET, f"已定稿。“{SEAL_SHEET}”：每份文件的校验码，以后可以核对有没有变动"


def _write_units(page: SheetWriter, header: int, lines: Sequence[UnitLine]) -> None:
    page.row(header, UNIT_COLUMNS, "header")
    page.sheet.set_row(header, 24)
    page.keep_header(header)
    page.filter(header, len(lines))
    page.print_list(header, len(lines), _COLUMNS)
    for row, line in enumerate(lines, header + 1):
        page.heights(row, line.cells)
        tint = () if line.counted else ("open",)
        page.row(row, line.cells, "plain", *tint)
    page.keep_texts("A1:G9999")
