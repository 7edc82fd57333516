"""落款 and 成文日期: off unless filled in, set as GB/T 9704 has it, and read back from every output."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from govdisclose import (
    AnnualReport,
    Paragraph,
    check_report,
    compile_report,
    read_report,
    write_workbook,
)
from govdisclose.errors import OutputError
from govdisclose.form.printed import chinese_date
from govdisclose.form.sheets import BASICS_SHEET
from govdisclose.write.office_text import set_as_in_word
from govdisclose.write.signing import NAME_ABOVE_DATE, left_indent, office_left_indents
from govdisclose.write.web import fragment_html, page_html
from support.documents import as_pdfs, made, without_tables
from support.office import needs_libreoffice
from support.pages import MM, RIGHT, Page, last_page
from support.reports import consistent_report
from support.word_parts import edited

DAY = date(2025, 1, 17)
EM = 16.0
FOUR_CHARACTERS = 4 * 156 / 28 * MM
LONG = "某某市人民政府政务公开工作领导小组办公室"
SIGNATURES = {
    "the agency": ("", DAY),
    "a short name": ("某某市民委", date(2025, 1, 7)),
    "a long name": (LONG, date(2025, 11, 17)),
}
each = pytest.mark.parametrize(("signature", "signed"), SIGNATURES.values(), ids=SIGNATURES)


def signed_report(signature: str, signed: date | None) -> AnnualReport:
    return consistent_report().evolve(signature=signature, signed=signed)


def saved(data: bytes | str, path: Path) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@each
@pytest.mark.parametrize("make", [page_html, fragment_html, made])
def test_name_and_date_are_read_back(
    make: object, signature: str, signed: date, tmp_path: Path
) -> None:
    report = signed_report(signature, signed)
    suffix = "docx" if make is made else "html"
    path = saved(make(report), tmp_path / f"r.{suffix}")  # type: ignore[operator]  # one of three
    found = read_report(path).report
    assert (found.signature, found.signed) == (signature, signed)
    assert found.other_matters == report.other_matters
    if suffix == "html":
        assert found == report


@each
def test_json_and_workbook_keep_them(signature: str, signed: date, tmp_path: Path) -> None:
    report = signed_report(signature, signed)
    assert AnnualReport.from_dict(report.to_dict()) == report
    found = read_report(write_workbook(report, tmp_path / "b.xlsx")).report
    assert found == report


def test_nothing_is_printed_without_them() -> None:
    report = consistent_report()
    assert "signature" not in report.to_dict()
    assert 'class="gd-signed"' not in page_html(report)
    assert b"Signature" not in document(made(report))


def document(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/document.xml")


SIGNED = [signed_report(*one) for one in SIGNATURES.values()]
LINES_OF_A_PAGE = 22


def signed_after(lines: int) -> AnnualReport:
    """A report whose last section has so many lines, and three more."""
    prose = [Paragraph("字" * 26) for _ in range(lines)] + [Paragraph("文" * 60)]
    return signed_report("", DAY).evolve(other_matters=prose)


@pytest.fixture(scope="module")
def last_pages() -> list[Page]:
    """The last page of each report, all by one start of LibreOffice."""
    longer = [signed_after(lines) for lines in range(1, LINES_OF_A_PAGE + 1)]
    words = [without_tables(made(report)) for report in (*SIGNED, *longer)]
    return [last_page(pdf) for pdf in as_pdfs(words)]


@pytest.mark.libreoffice
@needs_libreoffice
def test_the_name_is_centred_above_the_date_that_ends_four_characters_before_the_margin(
    last_pages: list[Page],
) -> None:
    for report, page in zip(SIGNED, last_pages, strict=False):
        name, day = page.text[-2:]
        assert name.text == (report.signature or report.agency.name)
        middles = [(line.left + line.right) / 2 for line in (name, day)]
        assert middles[0] == pytest.approx(middles[1], abs=0.3 * MM)
        if len(name.text) <= NAME_ABOVE_DATE:
            assert RIGHT - day.right == pytest.approx(FOUR_CHARACTERS, abs=MM / 2)
        assert name.right < RIGHT + 1


def test_in_word_every_date_ends_four_characters_before_the_margin() -> None:
    for day in (date(2025, 1, 7), date(2025, 1, 17), date(2025, 11, 17)):
        text = chinese_date(day)
        digits = sum(character.isdigit() for character in text)
        width = digits * EM / 2 + (len(text) - digits) * EM - len(text) / 4
        box = 156 * MM - left_indent(len(text)) / 20
        assert (box - width) / 2 == pytest.approx(FOUR_CHARACTERS, abs=MM / 4)


def test_every_place_of_the_date_is_known_to_the_step_that_makes_a_pdf() -> None:
    for days in (date(2025, 1, 7), date(2025, 1, 17), date(2025, 11, 17)):
        word = made(signed_report("", days))
        before = re.findall(b'w:ind w:left="([0-9]+)"', look(word))
        after = re.findall(b'w:ind w:left="([0-9]+)"', look(set_as_in_word(word)))
        moved = office_left_indents()
        assert [moved[int(left)] for left in before] == [int(left) for left in after]
        assert before


def look(data: bytes) -> bytes:
    """The styles and the text of a document."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/styles.xml") + archive.read("word/document.xml")


@pytest.mark.libreoffice
@needs_libreoffice
def test_name_and_date_do_not_stand_alone_on_a_page(last_pages: list[Page]) -> None:
    alone = [len(page.text) <= 2 for page in last_pages[len(SIGNED) :]]
    assert len(alone) == LINES_OF_A_PAGE
    # LibreOffice leaves the text where its last line ends the page exactly.
    assert sum(alone) <= 1


@pytest.mark.parametrize(
    ("signature", "signed", "said"),
    [
        ("某某局", None, "填了落款，没有填成文日期"),
        (None, "一月十七", "“一月十七”不是日期"),
        (None, "2025-02-30", "“2025-02-30”不是日期"),
        (None, "2024-12-25", "成文日期 2024-12-25 时 2024 年度还没有结束"),
        (None, "2025-01-22", "成文日期 2025-01-22 晚于发布日期 2025-01-20"),
        ("某某局", "2025年1月17日", None),
        (None, None, None),
    ],
)
@pytest.mark.slow
def test_a_bad_date_is_a_finding_at_its_cell(
    signature: str | None, signed: str | None, said: str | None, tmp_path: Path
) -> None:
    report = consistent_report().evolve(year=2024, published=date(2025, 1, 20))
    path = write_workbook(report, tmp_path / "b.xlsx")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[BASICS_SHEET]
    rows = {row[0].value: row[1] for row in sheet.iter_rows()}
    rows["落款"].value, rows["成文日期"].value = signature, signed
    workbook.save(path)
    found = [f for f in check_report(read_report(path)) if f.path in ("signature", "signed")]
    assert [f.text for f in found if said and said in f.text] or not said
    assert len(found) == bool(said)
    for finding in found:
        assert finding.place.cell == rows["成文日期"].coordinate


def test_a_template_without_them_is_refused_for_a_signed_report(tmp_path: Path) -> None:
    report = signed_report("", DAY)
    own = saved(edited("{{ signed }}", ""), tmp_path / "own.docx")
    book = write_workbook(report, tmp_path / "b.xlsx")
    with pytest.raises(OutputError, match="没有印落款"):
        compile_report(book, tmp_path / "r.docx", template=own)
    assert not (tmp_path / "r.docx").exists()
