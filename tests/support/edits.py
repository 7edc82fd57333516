"""Edits of a workbook that make its values wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from openpyxl import Workbook

from govdisclose.write.workbook import data_cells
from support.reports import EDITION_2021

CELLS = data_cells(EDITION_2021)


DUPLICATE = "requests.outcomes.not_processed.duplicate.research"


FEES = "proactive.fees.amount"


def put(path: str, value: Any, number_format: str | None = None) -> Callable[[Workbook], None]:
    """Type ``value`` into the cell of ``path``."""

    def edit(workbook: Workbook) -> None:
        sheet, row, column = CELLS[path]
        cell = workbook[sheet].cell(row + 1, column + 1)
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return edit


def basic(label: str, value: Any) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        for line in workbook["基本信息"].iter_rows():
            if line[0].value == label:
                workbook["基本信息"].cell(line[0].row, 2).value = value

    return edit


def prose(sheet: str, text: str) -> Callable[[Workbook], None]:
    def edit(workbook: Workbook) -> None:
        at = next(
            c
            for line in workbook[sheet].iter_rows()
            for c in line
            if c.value == "正文" and c.column == 2
        )
        workbook[sheet].cell(at.row + 1, 2).value = text

    return edit


def explanation(*line: str) -> Callable[[Workbook], None]:
    """Fill the first line of 说明事项."""

    def edit(workbook: Workbook) -> None:
        for column, text in enumerate(line, 1):
            workbook["说明事项"].cell(4, column).value = text

    return edit


ERRORS: dict[str, tuple[Callable[[Workbook], Any], str, str]] = {
    "a formula never calculated": (put(DUPLICATE, "=A1*2"), "V107", "没有计算"),
    "a number with its unit": (put(DUPLICATE, "12件"), "V104", "可能是 12"),
    "a letter for a digit": (put(DUPLICATE, "O"), "V104", "可能是 0"),
    "Chinese numerals": (put(DUPLICATE, "一百二十"), "V104", "可能是 120"),
    "a circled digit": (put(DUPLICATE, "①"), "V104", "可能是 1"),
    "a superscript": (put(DUPLICATE, "²"), "V104", "可能是 2"),
    "another script's digit": (put(DUPLICATE, "٣"), "V104", "可能是 3"),
    "wrong grouping": (put(DUPLICATE, "12,34"), "V104", "不是数字"),
    "a note in brackets": (put(DUPLICATE, "22（其中修订16件）"), "V104", "可能是 22"),
    "a negative count": (put(DUPLICATE, -3), "V102", "不应为负数"),
    "half a request": (put(DUPLICATE, 3.5), "V103", "件数应为整数"),
    "a date": (put(DUPLICATE, datetime(2024, 1, 2)), "V109", "日期"),
    "a count formatted as a date": (put(DUPLICATE, 45000, "yyyy-mm-dd"), "V109", "日期"),
    "TRUE": (put(DUPLICATE, True), "V109", "TRUE"),
    "too large": (put(DUPLICATE, 1e20), "V109", "超出可能的范围"),
    "a picture": (put(DUPLICATE, '=DISPIMG("ID_1",1)'), "V109", "图片"),
    "fees with seven decimals": (put(FEES, 1.2345678), "V103", "六位小数"),
    "fees in words": (put(FEES, "251000元"), "V104", "可能是 25.1"),
    "no agency": (basic("机关名称", None), "S112", "没有填"),
    "an agency of blanks": (basic("机关名称", " \u3000"), "S112", "没有填"),
    "no year": (basic("报告年度", None), "S112", "没有填"),
    "a short year": (basic("报告年度", 24), "S112", "之间的四位年份"),
    "a year to come": (basic("报告年度", 2204), "S112", "之间的四位年份"),
    "a day that is not": (basic("发布日期", "2025-02-30"), "S112", "不是日期"),
    "an unknown level": (basic("报告类别", "省级"), "S112", "无法识别"),
    "another edition named": (basic("适用格式", "2019"), "S110", "统计表却是 2021 版"),
}
