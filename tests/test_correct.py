"""A clerk's workbook with a few cells corrected: those cells change, and nothing else in the file."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from govdisclose import check_report, read_report
from govdisclose.correct import correct_workbook
from govdisclose.errors import InputError, UsageError
from govdisclose.form.outline import outline
from govdisclose.form.report import AnnualReport
from support.paths import ROOT
from support.sheets import repacked

SAMPLES = sorted((ROOT / "sample_workbooks").glob("*.xlsx"))
GOOD = next(book for book in SAMPLES if book.stem == "huaian-2024")
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")
APPLICANT = "requests.received.natural_person"
TOTAL = "requests.received.total"


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def prose(report: AnnualReport) -> dict[str, list[str]]:
    keys = ("preface", "overview", "problems", "other_matters")
    return {key: [block.text for block in getattr(report, key)] for key in keys}


@pytest.mark.slow
@pytest.mark.parametrize("book", SAMPLES, ids=lambda book: book.stem)
def test_any_figure_that_is_no_formula_may_be_corrected(book: Path) -> None:
    before = read_report(book)
    formulas = before.formulas()
    free = [path for path in outline(before.report.edition).cells if path not in formulas]
    chosen = random.Random(1).sample(free, 12)
    for path in chosen:
        made = correct_workbook(book.read_bytes(), book.name, {path: "7"})
        found = read_report(io.BytesIO(made.data))
        assert found.report.values()[path] == 7
        changed = {p for p, v in found.report.values().items() if v != before.report.values()[p]}
        assert changed <= {path, *formulas}
        sums = [addends for total, addends in formulas.items() if total in changed]
        assert all(set(addends) & changed for addends in sums)
        assert prose(found.report) == prose(before.report)


def test_every_other_part_of_the_file_is_the_same() -> None:
    data = GOOD.read_bytes()
    made = members(correct_workbook(data, GOOD.name, {APPLICANT: "100"}).data)
    before = members(data)
    assert list(made) == list(before)
    differing = {name for name in made if made[name] != before[name]}
    (sheet,) = differing
    old, new = before[sheet].split(b"<c "), made[sheet].split(b"<c ")
    assert len(old) == len(new)
    assert sum(one != other for one, other in zip(old, new, strict=True)) <= 4
    assert b'fullCalcOnLoad="1"' in made["xl/workbook.xml"]


def test_totals_that_are_formulas_get_their_new_results() -> None:
    before = read_report(GOOD).report.values()
    made = correct_workbook(GOOD.read_bytes(), GOOD.name, {APPLICANT: "1"})
    after = made.reading.report.values()
    part, whole = Decimal(before[APPLICANT] or 0), Decimal(before[TOTAL] or 0)
    assert after[TOTAL] == whole - part + 1
    opened = load_workbook(io.BytesIO(made.data))
    place = made.reading.place(TOTAL)
    assert str(opened[place.sheet][place.cell].value).startswith("=")


def test_formats_and_comments_stay() -> None:
    opened = load_workbook(MISTAKES)
    place = read_report(MISTAKES).place("disputes.review.total")
    cell = opened[place.sheet][place.cell]
    cell.comment = Comment("看过", "某人")
    kept = (cell.font.name, cell.fill.fgColor.rgb, cell.number_format, cell.border.left.style)
    stream = io.BytesIO()
    opened.save(stream)
    made = correct_workbook(stream.getvalue(), "a.xlsx", {"disputes.review.upheld": "2"})
    again = load_workbook(io.BytesIO(made.data))[place.sheet][place.cell]
    assert again.comment.text == "看过"
    shown = (again.font.name, again.fill.fgColor.rgb, again.number_format, again.border.left.style)
    assert shown == kept


def test_paragraphs_and_basics_may_be_corrected() -> None:
    changes = {
        "agency.name": "示例县农业农村局",
        "overview.2": "（二）依申请公开情况。本年新收政府信息公开申请150件 & <完> _x0041_。",
    }
    made = correct_workbook(MISTAKES.read_bytes(), MISTAKES.name, changes)
    report = read_report(io.BytesIO(made.data)).report
    assert report.agency.name == changes["agency.name"]
    assert report.overview[2].text == changes["overview.2"]
    codes = [finding.code for finding in check_report(report)]
    assert "S112" not in codes


def test_what_is_no_number_is_written_as_typed_and_found_by_the_check() -> None:
    made = correct_workbook(GOOD.read_bytes(), GOOD.name, {APPLICANT: "12件"})
    assert APPLICANT in made.reading.unread
    full_width = correct_workbook(GOOD.read_bytes(), GOOD.name, {APPLICANT: "１２"})
    assert full_width.reading.report.values()[APPLICANT] == 12
    blank = correct_workbook(GOOD.read_bytes(), GOOD.name, {APPLICANT: ""})
    assert blank.reading.report.values()[APPLICANT] is None


def test_the_spreadsheet_is_told_to_calculate_anew() -> None:
    opened = load_workbook(GOOD)
    opened.calculation.fullCalcOnLoad = False
    stream = io.BytesIO()
    opened.save(stream)
    filled = correct_workbook(stream.getvalue(), "a.xlsx", {"agency.name": "某某局"})
    assert b'fullCalcOnLoad="1"' in members(filled.data)["xl/workbook.xml"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({TOTAL: "9"}, "是自动求和的公式，不要改"),
        ({"overview.99": "新的一段"}, "没有对应的单元格"),
        ({"overview.0": "一\n二"}, "一段文字里不能换行"),
    ],
)
def test_what_only_the_spreadsheet_can_do_is_refused(
    changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        correct_workbook(GOOD.read_bytes(), GOOD.name, changes)


def test_a_text_that_no_workbook_can_hold_is_refused() -> None:
    with pytest.raises(InputError, match="控制字符"):
        correct_workbook(GOOD.read_bytes(), GOOD.name, {"agency.name": "某\x07局"})


def test_a_text_among_the_parts_of_a_sum_is_to_be_corrected_first() -> None:
    opened = load_workbook(GOOD)
    reading = read_report(GOOD)
    parts = [path for path in reading.formulas()[TOTAL] if path != APPLICANT]
    place = reading.place(parts[0])
    opened[place.sheet][place.cell].value = "120"
    stream = io.BytesIO()
    opened.save(stream)
    with pytest.raises(UsageError, match=f"{place.cell} 的数是文本，公式不会把它加进去"):
        correct_workbook(stream.getvalue(), "a.xlsx", {APPLICANT: "1"})


ODD_PARTS = {
    "another encoding": (lambda part: part.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "少见的编码"),
    "named otherwise": (lambda part: part.replace(b"UTF-8", b"ISO-8859-1"), "少见的编码"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), ODD_PARTS.values(), ids=ODD_PARTS)
def test_a_part_that_cannot_be_changed_byte_by_byte_is_refused(
    change: Callable[[bytes], bytes], said: str
) -> None:
    made = repacked(GOOD.read_bytes(), {"xl/workbook.xml": change})
    with pytest.raises(UsageError, match=said):
        correct_workbook(made, "a.xlsx", {APPLICANT: "3"})


def test_a_signature_that_a_correction_breaks_is_named() -> None:
    stream = io.BytesIO(GOOD.read_bytes())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<a/>")
    made = correct_workbook(stream.getvalue(), "a.xlsx", {APPLICANT: "3"})
    assert any("数字签名" in lost for lost in made.lost)


def test_a_format_of_parts_of_a_text_that_a_correction_loses_is_named() -> None:
    opened = load_workbook(GOOD, rich_text=True)
    for sheet in opened:
        for row in sheet.iter_rows(max_row=12):
            for cell in row:
                if cell.value == "淮安市人民政府":
                    bold = TextBlock(InlineFont(b=True), "人民政府")
                    cell.value = CellRichText("淮安市", bold)
                    where = sheet.title
    stream = io.BytesIO()
    opened.save(stream)
    made = correct_workbook(stream.getvalue(), "a.xlsx", {"agency.name": "某某局"})
    assert made.lost == (f"“{where}”改过的格里部分文字的格式",)


def test_a_formula_of_ones_own_stops_a_correction() -> None:
    opened = load_workbook(GOOD)
    reading = read_report(GOOD)
    place = reading.place("proactive.regulations.in_force")
    opened[place.sheet][place.cell].value = "=B5*2"
    stream = io.BytesIO()
    opened.save(stream)
    with pytest.raises(UsageError, match="是公式，在这里算不出"):
        correct_workbook(stream.getvalue(), "a.xlsx", {APPLICANT: "1"})


def test_a_workbook_with_prefixes_is_corrected_too() -> None:
    data = members(GOOD.read_bytes())
    reading = read_report(GOOD)
    place = reading.place(APPLICANT)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in data.items():
            if name.startswith("xl/worksheets/sheet"):
                content = _prefixed(content)
            archive.writestr(name, content)
    made = correct_workbook(stream.getvalue(), "a.xlsx", {APPLICANT: "3"})
    assert made.reading.report.values()[APPLICANT] == 3
    assert made.reading.place(APPLICANT).cell == place.cell


def _prefixed(content: bytes) -> bytes:
    """The same XML with a prefix at every element of the main namespace."""
    from xml.etree import ElementTree

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ElementTree.register_namespace("x", main)
    return ElementTree.tostring(ElementTree.fromstring(content), encoding="utf-8")
