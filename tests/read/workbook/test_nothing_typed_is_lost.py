"""A marker typed into any cell of the standardized workbook is in the report, or a finding names its cell.

Every cell of every sheet, and three rows and columns beyond, of both editions, blank and filled. Cells
without a text of ours are typed into all at once; those with one are overwritten a cell of each sheet
at a time, since a label that is gone changes how others are read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from attrs import frozen
from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.workbook import Workbook

from govdisclose import Agency, AnnualReport, Finding, blank_report, check_report, read_report
from govdisclose.form.edition import Edition
from govdisclose.form.sheets import GUIDE_SHEET
from govdisclose.write.workbook import data_cells
from support.reports import EDITION_2019, EDITION_2021, consistent_report, opened, written

pytestmark = pytest.mark.slow

BEYOND = 3
EXCEL_EPOCH = date(1899, 12, 30)
"""A number in a cell that shows a day stands for so many days since then."""

Spot = tuple[str, str]
"""Sheet and address."""


def books() -> Iterator[tuple[str, AnnualReport]]:
    for edition in (EDITION_2019, EDITION_2021):
        yield f"{edition.name} filled", consistent_report(edition)
        blank = blank_report(
            edition, agency=Agency("某某市示范局", None, "agency"), year=edition.first_year
        )
        yield f"{edition.name} blank", blank


BOOKS = dict(books())


def spots(workbook: Workbook, edition: Edition) -> tuple[list[Spot], list[Spot]]:
    """The cells that hold no text of ours, and those that do."""
    places = {(sheet, row + 1, column + 1) for sheet, row, column in data_cells(edition).values()}
    free, ours = [], []
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(
            max_row=sheet.max_row + BEYOND, max_col=sheet.max_column + BEYOND
        ):
            for cell in row:
                if isinstance(cell, MergedCell) or (sheet.title, cell.row, cell.column) in places:
                    continue
                (free if cell.value is None else ours).append((sheet.title, cell.coordinate))
    return free, ours


def stripes(free: list[Spot]) -> Iterator[list[Spot]]:
    """Every fourth row at a time: a figure beside a header keeps the header from being one."""
    for rest in range(4):
        yield [spot for spot in free if int(re.sub("[A-Z]+", "", spot[1])) % 4 == rest]


def rounds(ours: list[Spot]) -> Iterator[list[Spot]]:
    """One cell of each sheet at a time; the guide, of which nothing is read, at once."""
    by_sheet: dict[str, list[Spot]] = {}
    for spot in ours:
        by_sheet.setdefault(spot[0], []).append(spot)
    yield by_sheet.pop(GUIDE_SHEET)
    for number in range(max(map(len, by_sheet.values()))):
        yield [spots[number] for spots in by_sheet.values() if number < len(spots)]


def typed(workbook: Workbook, markers: Mapping[Spot, object], path: Path) -> Path:
    """Save the workbook with the markers; it stays as it was. Opening it anew takes most of the time."""
    cells = {workbook[sheet][address]: marker for (sheet, address), marker in markers.items()}
    before = {cell: cell.value for cell in cells}
    for cell, marker in cells.items():
        cell.value = marker
    workbook.save(path)
    for cell, value in before.items():
        cell.value = value
    return path


@frozen
class Saved:
    """The parts of a workbook as openpyxl saves it: to save it again takes most of the time."""

    members: dict[str, bytes]
    sheets: dict[str, str]
    """The part of each sheet."""

    def typed(self, markers: Mapping[Spot, object], path: Path) -> Path:
        """Write the workbook with other contents of cells that have one."""
        changed = dict(self.members)
        for (sheet, address), marker in markers.items():
            part = self.sheets[sheet]
            changed[part] = _replaced(changed[part], address, marker)
        with zipfile.ZipFile(path, "w") as package:
            for name, content in changed.items():
                package.writestr(name, content)
        return path


def saved(workbook: Workbook) -> Saved:
    stream = io.BytesIO()
    workbook.save(stream)
    with zipfile.ZipFile(stream) as package:
        members = {name: package.read(name) for name in package.namelist()}
    parts = [
        f"xl/worksheets/sheet{number}.xml" for number in range(1, len(workbook.sheetnames) + 1)
    ]
    return Saved(members, dict(zip(workbook.sheetnames, parts, strict=True)))


def _replaced(sheet: bytes, address: str, marker: object) -> bytes:
    """A sheet with another content of one cell, written as openpyxl writes it."""
    text = isinstance(marker, str)
    content = f' t="inlineStr"><is><t>{marker}</t></is>' if text else f' t="n"><v>{marker}</v>'
    cell = re.compile(rf'<c r="{address}"( s="\d+")?[^>]*>.*?</c>'.encode(), re.DOTALL)
    found = cell.search(sheet)
    assert found, address
    styled = f'<c r="{address}"'.encode() + (found[1] or b"")
    return sheet[: found.start()] + styled + content.encode() + b"</c>" + sheet[found.end() :]


def lost(path: Path, markers: Mapping[Spot, object]) -> list[Spot]:
    """The markers that are neither in the reading nor named."""
    reading = read_report(path)
    findings = check_report(reading)
    report = reading.report
    said = [
        report.agency.name,
        report.agency.code or "",
        report.title,
        report.signature,
        str((report.signed - EXCEL_EPOCH).days) if report.signed else "",
        *map(str, report.values().values()),
    ]
    for key in ("preface", "overview", "problems", "other_matters"):
        said += [paragraph.text for paragraph in getattr(report, key)]
    said += [part for e in reading.explanations for part in (e.code, e.cell, e.value, e.reason)]
    named = {(f.place.sheet, name) for f in findings for name in _cells(f)}
    whole = set(said)
    return [
        spot for spot, marker in markers.items() if str(marker) not in whole and spot not in named
    ]


def _cells(finding: Finding) -> set[str]:
    return {
        finding.place.cell or "",
        *finding.others,
        *re.findall(r"[A-Z]{1,2}\d+", finding.message),
    }


@pytest.mark.parametrize("name", BOOKS)
def test_in_a_cell_without_a_text_of_ours(name: str, tmp_path: Path) -> None:
    """Texts and numbers by turns: where a text is typed into a filled one, a blank one has a number."""
    report = BOOKS[name]
    texts_first = name.endswith("filled")
    book = opened(written(report))
    free, _ = spots(book, report.edition)
    assert len(free) > 1_000
    gone = []
    for number, some in enumerate(stripes(free)):
        markers: dict[Spot, object] = {}
        is_text = (number % 2 == 0) == texts_first
        for count, spot in enumerate(some):
            markers[spot] = f"记号甲{count}" if is_text else 900_000 + count
        gone += lost(typed(book, markers, tmp_path / f"{number}.xlsx"), markers)
    assert [(*spot,) for spot in gone] == []


@pytest.mark.parametrize("name", ["2019 filled", "2021 blank"])
def test_over_a_text_of_ours(name: str, tmp_path: Path) -> None:
    report = BOOKS[name]
    book = opened(written(report))
    _, ours = spots(book, report.edition)
    gone, parts = [], saved(book)
    for number, round_ in enumerate(rounds(ours)):
        text = name.endswith("blank") and number % 2 == 0
        markers = {
            spot: f"记号乙{spot[1]}" if text else 800_000 + i for i, spot in enumerate(round_)
        }
        gone += lost(parts.typed(markers, tmp_path / f"{number}.xlsx"), markers)
    assert [(*spot,) for spot in gone] == []


@pytest.mark.parametrize("words", ["（记号丙请再核对）", "？", "※"])
@pytest.mark.parametrize("name", ["2019 filled", "2021 filled", "2021 blank"])
def test_behind_a_text_of_ours(name: str, words: str, tmp_path: Path) -> None:
    """Notes that somebody writes behind labels and hints; the labels themselves stay known."""
    report = BOOKS[name]
    book = opened(written(report))
    _, ours = spots(book, report.edition)
    markers: dict[Spot, object] = {}
    for sheet, address in ours:
        text = book[sheet][address].value
        if isinstance(text, str) and not text.startswith("="):
            markers[sheet, address] = text + words
    assert len(markers) > 150
    assert lost(typed(book, markers, tmp_path / "a.xlsx"), markers) == []


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_said_of_a_workbook_that_holds_only_our_texts(name: str, tmp_path: Path) -> None:
    data = written(BOOKS[name])
    (tmp_path / "a.xlsx").write_bytes(data)
    opened(data).save(tmp_path / "b.xlsx")
    for book in ("a.xlsx", "b.xlsx"):
        assert not [f for f in check_report(tmp_path / book) if f.code in ("S108", "S113", "S114")]


def test_a_sheet_of_ones_own_is_told_in_a_few_words_unless_it_is_empty(tmp_path: Path) -> None:
    def note(rows: list[list[object]]) -> list[Finding]:
        book = opened(written(consistent_report()))
        sheet = book.create_sheet("底稿")
        for row in rows:
            sheet.append(row)
        book.save(tmp_path / "a.xlsx")
        return [f for f in check_report(tmp_path / "a.xlsx") if f.code == "S114"]

    assert note([]) == []
    (told,) = note([["联系人", "李某"], [None, 12]])
    assert (told.place.sheet, told.severity.value, told.others) == ("底稿", "note", ("A1:B2",))


def test_jottings_are_listed_once_a_sheet_with_their_text(tmp_path: Path) -> None:
    path = typed(
        opened(written(consistent_report())),
        {
            ("基本信息", "D4"): "请李科长核对",
            ("基本信息", "E12"): 5,
            ("三、依申请公开", "L40"): "备注",
        },
        tmp_path / "a.xlsx",
    )
    notes = [f for f in check_report(path) if f.code == "S114"]
    assert [(f.place.sheet, f.others) for f in notes] == [
        ("基本信息", ("D4", "E12")),
        ("三、依申请公开", ("L40",)),
    ]
    assert notes[0].found == "请李科长核对\n5.0"
    assert "D4、E12" in notes[0].message


@pytest.mark.parametrize("amount", [None, "0", "0.394", "96171.6"])
def test_the_amount_in_yuan_beside_the_fees_is_no_figure_of_the_table(
    amount: str | None, tmp_path: Path
) -> None:
    from decimal import Decimal

    value = None if amount is None else Decimal(amount)
    yuan = value and value * 10_000
    report = consistent_report().with_values({"proactive.fees.amount": value})
    (tmp_path / "a.xlsx").write_bytes(written(report))
    assert not [f for f in check_report(tmp_path / "a.xlsx") if f.code in ("S108", "S114")]
    shown = load_workbook(tmp_path / "a.xlsx", data_only=True)["二、主动公开"]["C16"]
    assert (shown.value or 0) == (yuan or 0)
    assert shown.number_format == '"折合 "#,##0.00" 元"'
    wrong = typed(opened(written(report)), {("二、主动公开", "C16"): 123}, tmp_path / "b.xlsx")
    assert [f.place.cell for f in check_report(wrong) if f.code == "S108"] == ["C16"]


FORMER = (
    (GUIDE_SHEET, "A29", "校验"),
    (GUIDE_SHEET, "B20", "没有发生的一律填 0。空白表示还没有填，校验会指出来；不要填“/”“—”“无”。"),
    (
        GUIDE_SHEET,
        "B28",
        "一段一行，不要在段内换行，不必空两格。“层级”从列表中选（正文、（一）、1.、（1））；"
        "不选时按段首的序号判断。行数不够可以插入行。",
    ),
    (
        "说明事项",
        "A2",
        "数据属实而校验仍报错误时才填：照抄校验结果里的规则代码、单元格和数值（应为/实为，如 5/4），"
        "写明原因。填好后该项不再阻止生成报告；数值改变后须重新说明。一项一行。",
    ),
)
"""Texts that earlier versions printed."""


@pytest.mark.parametrize(("sheet", "cell", "former"), FORMER)
def test_a_text_of_an_earlier_version_is_not_taken_for_a_typed_one(
    sheet: str, cell: str, former: str, tmp_path: Path
) -> None:
    data = written(consistent_report())
    path = typed(opened(data), {(sheet, cell): former}, tmp_path / "a.xlsx")
    assert not [f for f in check_report(path) if f.code == "S114"]
    changed = {(sheet, cell): f"请核对：{former}"}
    other = typed(opened(data), changed, tmp_path / "b.xlsx")
    assert [f for f in check_report(other) if f.code == "S114"]


FORMER_SUMS = {
    (GUIDE_SHEET, "B16"): "自动计算的合计，填了数才显示，不必手填。",
    (GUIDE_SHEET, "B19"): "红灯：合计比各项之和少 9。逐格核对这一行或这一列，找到填错的那一格。",
    (
        GUIDE_SHEET,
        "B20",
    ): "红灯：有格子填成了文字（如“12件”、文本格式的数字），合计没有算上，请改成数字。",
    (GUIDE_SHEET, "B21"): "黄灯：有了分项，还没有合计。",
    (GUIDE_SHEET, "A25"): "合计",
    (
        GUIDE_SHEET,
        "B25",
    ): "合计是锁定的公式。本单位公布的合计确实不等于各项之和时：审阅→撤销工作表保护（没有密码），直接填写，"
    "再在“说明事项”写明原因。",
    (
        GUIDE_SHEET,
        "B27",
    ): "先核对原始台账，改正填错的格子；每件申请只计入一行、一列。不要为了凑数改合计。"
    "确因口径等原因不能成立的，在“说明事项”写明原因。",
    (
        GUIDE_SHEET,
        "B28",
    ): "从别的表格复制数字时，用“选择性粘贴→数值”；直接粘贴会带入格式，使检查失效，"
    "文字形式的数字也不会计入合计。",
    (
        "三、依申请公开",
        "A2",
    ): "没有发生的填 0，不要留空。一件申请只计入一行、一列。灰色的合计自动计算；"
    "右侧和下方的“勾稽”全部显示“√ 平”才算填对。",
    (
        "四、复议诉讼",
        "A2",
    ): "没有发生的填 0，不要留空。灰色的合计自动计算；下方的“勾稽”全部显示“√ 平”才算填对。",
}
"""Texts of versions that called a 总计 合计."""

FORMER_CELLS = {
    (GUIDE_SHEET, "B15"): "填写的格子；其他颜色都不必动。",
    (
        GUIDE_SHEET,
        "B20",
    ): "红灯：有格子填成了文字（如“12件”、文本格式的数字），总计没有算上，请改成数字。",
    (
        GUIDE_SHEET,
        "B24",
    ): "件数填不小于 0 的整数；金额以万元为单位，可带小数（3940 元填 0.394）。格子里只填数字。",
    (
        GUIDE_SHEET,
        "B27",
    ): "先核对原始台账，改正填错的格子；每件申请只计入一行、一列。不要为了凑数改总计。"
    "确因口径等原因不能成立的，在“说明事项”写明原因。",
    (
        GUIDE_SHEET,
        "B33",
    ): "govdisclose check 本文件.xlsx\n列出每一处问题：在哪个格子、应为多少、实为多少、怎么改。",
    (
        "二、主动公开",
        "A2",
    ): "没有发生的填 0，不要留空。件数填整数；金额以万元为单位，可带小数。",
    (
        "三、依申请公开",
        "A2",
    ): "没有发生的填 0，不要留空。一件申请只计入一行、一列。灰色的总计自动计算；"
    "右侧和下方的“勾稽”全部显示“√ 平”才算填对。",
    (
        "四、复议诉讼",
        "A2",
    ): "没有发生的填 0，不要留空。灰色的总计自动计算；下方的“勾稽”全部显示“√ 平”才算填对。",
}
"""Texts of versions that called a 单元格 格子."""


@pytest.mark.parametrize("former", [FORMER_SUMS, FORMER_CELLS], ids=["totals", "cells"])
@pytest.mark.parametrize("edition", [EDITION_2019, EDITION_2021], ids=lambda edition: edition.name)
def test_a_former_word_is_no_note(
    edition: Edition, former: dict[tuple[str, str], str], tmp_path: Path
) -> None:
    data = written(consistent_report(edition))
    path = typed(opened(data), former, tmp_path / "a.xlsx")
    # openpyxl drops the results of formulas, and the checks say so
    assert [finding.code for finding in check_report(path)] == ["V113", "V113"]
