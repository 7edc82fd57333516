"""What is pasted: a section in one cell, a name with line breaks, paragraphs beside their column."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

from govdisclose import (
    Agency,
    Finding,
    Paragraph,
    check_report,
    compile_report,
    export_report,
    read_report,
    write_workbook,
)
from support.reports import consistent_report, write_book

GOOD = consistent_report()
PIECES = (
    "2024年按时公开。",
    "（一）主动公开情况。",
    "全年公开信息 12 条。",
    "1.网站。",
    "（1）专栏。",
)
LEVELS = [0, 2, 0, 3, 4]


def paste(cell: str, text: object, sheet: str = "一、总体情况"):
    def edit(workbook: Workbook) -> None:
        workbook[sheet][cell] = text

    return edit


def found(folder: Path, edit, code: str) -> list[Finding]:
    return [f for f in check_report(write_book(folder, GOOD, edit)) if f.code == code]


@pytest.mark.slow
@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n", "\n\u3000\u3000", "\u2028"])
def test_a_section_pasted_into_one_cell_becomes_its_paragraphs(
    separator: str, tmp_path: Path
) -> None:
    reading = read_report(write_book(tmp_path, GOOD, paste("B4", separator.join(PIECES))))
    report = reading.report
    assert [p.text for p in report.overview[:5]] == list(PIECES)
    assert [p.level for p in report.overview[1:5]] == LEVELS[1:]
    (note,) = [f for f in check_report(reading) if f.code == "S122"]
    assert (note.place.cell, note.severity.value, note.found) == ("B4", "note", 5)
    assert reading.place("overview.4").cell == "B4"


LEVELLED = {
    "　　对照要求，还有差距。": 0,
    "（一）存在的主要问题": 2,
    "1.公开不够及时。有的信息超过20个工作日。": 3,
    "2、解读形式单一": 3,
    "（1）只有文字": 4,
    "⑵图解少": 4,
    "一是人手少。": 0,
    "(二)改进情况。一是培训。": 2,
    "㈢下一步": 2,
    "⒈加强学习。": 3,
    "2025年再公开3.5万件。": 0,
}
"""The lines of a pasted section, each with the level that its ordinal gives it."""


@pytest.mark.slow
def test_every_level_of_a_pasted_section_goes_through_word_and_web_and_back(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        sheet = workbook["五、问题及改进"]
        for row in range(4, sheet.max_row + 1):
            sheet.cell(row, 1).value = sheet.cell(row, 2).value = None
        sheet["B4"] = "\n\n".join(LEVELLED)

    book = write_book(tmp_path, GOOD, edit)
    expected = [Paragraph(text.strip(), level) for text, level in LEVELLED.items()]
    assert list(read_report(book).report.problems) == expected
    word = compile_report(book, tmp_path / "a.docx").path
    page = export_report(book, tmp_path / "a.html", to="html").path
    fragment = export_report(book, tmp_path / "f.html", to="html-fragment").path
    for made in (word, page, fragment):
        assert list(read_report(made).report.problems) == expected, made.name


def test_its_first_level_is_that_of_its_ordinal_where_none_is_chosen(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["一、总体情况"]["A4"] = None
        workbook["一、总体情况"]["B4"] = "（一）甲。\n乙。\n"

    assert read_report(write_book(tmp_path, GOOD, edit)).report.overview[:2] == (
        Paragraph("（一）甲。", 2),
        Paragraph("乙。"),
    )


def _overview_of(tmp_path: Path, rows: list[str]) -> Path:
    """A workbook whose section one has these rows and no others."""

    def edit(workbook: Workbook) -> None:
        sheet = workbook["一、总体情况"]
        for row in range(4, sheet.max_row + 1):
            sheet.cell(row, 1).value = sheet.cell(row, 2).value = None
        for row, text in enumerate(rows, 4):
            sheet.cell(row, 2).value = text

    return write_book(tmp_path, GOOD, edit)


@pytest.mark.parametrize(
    "rows",
    [
        ["一、总体情况", "2024年按时公开。", "（一）主动公开情况。"],
        ["一、总体情况\n2024年按时公开。\n（一）主动公开情况。"],
        ["　一、 总体情况", "2024年按时公开。\n（一）主动公开情况。"],
    ],
)
def test_the_heading_of_the_section_pasted_with_its_text_is_printed_once(
    rows: list[str], tmp_path: Path
) -> None:
    from docx import Document

    book = _overview_of(tmp_path, rows)
    reading = read_report(book)
    assert [p.text for p in reading.report.overview] == ["2024年按时公开。", "（一）主动公开情况。"]
    assert [f for f in check_report(book) if f.code == "N107"] == []
    last = 4 + len(rows) - 1
    assert reading.place("overview.1").cell == f"B{last}"
    made = compile_report(book, tmp_path / "a.docx")
    printed = [p.text for p in Document(str(made.path)).paragraphs]
    assert printed.count("一、总体情况") == 1


@pytest.mark.parametrize("heading", ["一、工作总体情况", "二、主动公开政府信息情况"])
def test_another_heading_stays_and_is_reported(heading: str, tmp_path: Path) -> None:
    book = _overview_of(tmp_path, [heading, "2024年按时公开。"])
    assert read_report(book).report.overview[0].text == heading
    assert [f.found for f in check_report(book) if f.code == "N107"] == [heading[:12]]


def test_the_paragraphs_stand_apart_in_word(tmp_path: Path) -> None:
    from docx import Document

    book = write_book(tmp_path, GOOD, paste("B4", "\n".join(PIECES)))
    made = compile_report(book, tmp_path / "a.docx")
    printed = [p.text for p in Document(str(made.path)).paragraphs]
    assert set(PIECES) <= set(printed)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["甲\n乙", "甲\n\n乙", "\n甲", "甲\n", "甲\n \n乙\n丙", "（一）甲\n（二）乙"]
)
@pytest.mark.parametrize("level", [0, 2, 3, 4])
def test_a_line_break_within_a_paragraph_passes_through_a_workbook(
    text: str, level: int, tmp_path: Path
) -> None:
    report = GOOD.evolve(overview=(Paragraph("前段"), Paragraph(text, level), Paragraph("后段")))
    book = write_workbook(report, tmp_path / "a.xlsx")
    assert read_report(book).report.overview == report.overview
    assert not any(f.code.startswith("S") for f in check_report(book))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("某某市文化\n和旅游局", "某某市文化和旅游局"),
        ("某某市文化 \r\n 和旅游局", "某某市文化和旅游局"),
        ("某某市\n文化\n和旅游局", "某某市文化和旅游局"),
        ("某某市ABC\nDEF中心", "某某市ABC DEF中心"),
    ],
)
def test_a_name_with_line_breaks_is_joined_and_told(typed: str, read: str, tmp_path: Path) -> None:
    book = write_book(tmp_path, GOOD, paste("B4", typed, "基本信息"))
    reading = read_report(book)
    (told,) = [f for f in reading.findings if f.code == "S123"]
    assert (reading.report.agency.name, told.place.cell, told.severity.value) == (
        read,
        "B4",
        "warning",
    )
    built = GOOD.evolve(agency=Agency(typed, None, "agency"), title="")
    assert [f.path for f in check_report(built) if f.code == "S123"] == ["agency.name"]


@pytest.mark.parametrize(("cell", "path"), [("B5", "agency.code"), ("B9", "title")])
def test_so_are_a_code_and_a_title(cell: str, path: str, tmp_path: Path) -> None:
    whole = {"B5": "11420100000000001X", "B9": GOOD.title}[cell]
    reading = read_report(
        write_book(tmp_path, GOOD, paste(cell, f"{whole[:6]}\n{whole[6:]}", "基本信息"))
    )
    assert [f.path for f in reading.findings if f.code == "S123"] == [path]
    assert reading.report.agency.code == GOOD.agency.code
    assert reading.report.title == GOOD.title


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell", ["A1", "A2", "C2", "A3", "B3", "C3", "D3", "A4", "C4", "D4", "A9", "C9", "C40", "F40"]
)
def test_text_beside_the_column_of_paragraphs_is_an_error_at_its_cell(
    cell: str, tmp_path: Path
) -> None:
    said = "贴错地方的一段话。"
    errors = [f for f in found(tmp_path, paste(cell, said), "S113") if f.found == said]
    assert [f.place.cell for f in errors] == [cell] or cell == "A4"
    if cell == "A4":  # beside a text it is a level that does not exist
        assert [f.place.cell for f in check_report(tmp_path / "book.xlsx") if f.code == "S112"] == [
            "A4"
        ]


def test_a_paragraph_in_cells_merged_over_both_columns_is_an_error_at_its_cell(
    tmp_path: Path,
) -> None:
    def edit(workbook: Workbook) -> None:
        sheet = workbook["一、总体情况"]
        sheet["B4"] = None
        sheet["A4"] = "合并单元格后写的一段。"
        sheet.merge_cells("A4:B4")

    assert [f.place.cell for f in found(tmp_path, edit, "S113")] == ["A4"]


@pytest.mark.slow
def test_previews_are_no_typed_text_also_when_figures_have_changed_since(tmp_path: Path) -> None:
    text = "全年新收 {表三.本年新收.总计} 件，上年 {表三.本年新收.总计|上年} 件。"
    report = GOOD.evolve(
        problems=(Paragraph("问题。"), Paragraph(text), Paragraph(f"{text}\n{text}"))
    )
    assert not any(
        f.code == "S113" for f in check_report(write_workbook(report, tmp_path / "a.xlsx"))
    )
    edit = paste("C5", "全年新收 98765 件，上年 {表三.本年新收.总计|上年} 件。", "五、问题及改进")
    assert not any(f.code == "S113" for f in check_report(write_book(tmp_path, report, edit)))
    edit = paste("C5", "全年新收 98765 件，这是另外写的。", "五、问题及改进")
    assert [
        f.place.cell for f in check_report(write_book(tmp_path, report, edit)) if f.code == "S113"
    ] == ["C5"]
