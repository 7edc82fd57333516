"""Worksheets with rows that grow with their text.

An office program fits the height of a row to its text whenever somebody edits it, but only if the
height is not marked as fixed (tried in LibreOffice only). XlsxWriter marks every height that it is
given, and has no option for this.

XlsxWriter also searches every formula for each of some 150 functions that are newer than Excel
2007, which takes a third of the time of a workbook. The formulas written here have none of them.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet


class GrowingSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet of XlsxWriter that leaves the heights of the rows in ``growing`` unmarked.

    Their height is only where a program begins. A program that does not work out heights when it
    opens a file shows them with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, Any]]) -> None:
        if tag == "row" and dict(attributes)["r"] - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)
