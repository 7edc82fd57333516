"""定稿清单: the checksum of every file that a final consolidation has read."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from govdisclose.form.sheets import SEAL_COLUMNS, SEAL_SHEET
from govdisclose.write.workbook.writer import TOP_ROW, WorkbookWriter

_WIDTHS = (44, 30, 8, 72)
_HINT = (
    "定稿时文件夹里每份报告的校验码。以后用 aggregate --verify 核对：哪些文件改过、不见了、是新来的。"
    "不读入报告，请勿改动。"
)


@frozen
class SealLine:
    """One file: its name, its unit, whether its figures are in the sum, and its SHA-256."""

    file: str
    unit: str
    is_counted: bool
    checksum: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts of the line, in the order of ``SEAL_COLUMNS``."""
        return self.file, self.unit, "是" if self.is_counted else "否", self.checksum


def seal_page(workbook: WorkbookWriter, lines: Sequence[SealLine]) -> None:
    """Write one file a row."""
    page = workbook.page(SEAL_SHEET, _WIDTHS, landscape=True)
    page.head(SEAL_SHEET, _HINT, len(SEAL_COLUMNS))
    page.row(TOP_ROW, SEAL_COLUMNS, "header")
    cells = [line.cells for line in lines]
    page.lines(TOP_ROW + 1, cells, "plain", "text")
    page.keep_header(TOP_ROW)
    page.keep_texts(f"A1:D{TOP_ROW + 1 + len(lines)}")
    page.protect("autofilter")
    page.sheet.set_tab_color("#9AA3AF")
