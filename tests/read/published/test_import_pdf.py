"""A PDF that was printed from a report is read back as that report."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from govdisclose import EDITIONS, AnnualReport, Paragraph, read_report
from govdisclose.errors import InputError
from govdisclose.form.edition import Edition
from govdisclose.read.published.pdf.pages import MAX_PAGES
from govdisclose.read.published.pdf.reader import read_pdf
from support.documents import made
from support.importing import says
from support.office import converted, needs_libreoffice
from support.pdfs import blank_pdf
from support.reports import consistent_report
from support.webpages import word
from support.word_parts import DOCUMENT, members, packed

LONG = (
    "围绕年度重点工作，全年按计划公开各类信息 128 条，逐条核对内容、时限和载体，" * 6 + "群众满意。"
)


def with_long_paragraphs(edition: Edition) -> AnnualReport:
    report = consistent_report(edition, seed=5)
    return report.evolve(
        overview=(*report.overview, Paragraph(LONG)), problems=(Paragraph(LONG), Paragraph(LONG))
    )


FILLING = (15, 16, 17, 18)
"""Lines with which one section or the other comes to the end of a page."""


def with_full_lines(lines: int) -> AnnualReport:
    """Two sections with paragraphs of so many full lines; the next page may have nothing but openings."""
    full = Paragraph(("全年按时公开各类信息并答复" * 50)[: 28 * lines - 3] + "。")
    short = (Paragraph("本年没有收取费用。"), Paragraph("没有其他事项。"))
    return consistent_report().evolve(overview=(full,), problems=(full,), other_matters=short)


# --- a paragraph at any place -------------------------------------------------------------------


def visible_places(text: str) -> list[int]:
    """Where a paragraph may be put so that a page shows it.

    A cell that continues the merged one above it is not drawn.
    """
    return [found.start() for found in re.finditer("<w:p[ >]", text) if drawn(text, found.start())]


def drawn(text: str, at: int) -> bool:
    cell = text.rfind("<w:tc>", 0, at)
    is_inside = cell > text.rfind("</w:tc>", 0, at)
    return not (is_inside and re.search('<w:vMerge(/>| w:val="continue")', text[cell:at]))


RARE = "".join(map(chr, range(0x8700, 0x8700 + 400)))
"""Characters that no report has. A single one stays whole where a line or a page ends in a cell."""

DOCUMENTS = 4
"""The paragraphs of one document stand so many places apart, so that they disturb little."""


def marked(edition: Edition) -> list[tuple[bytes, str]]:
    """Documents with a mark at every place, and their marks.

    The editions differ in the cells of one table: of the older one, one document is enough.
    """
    parts = members(word(consistent_report(edition)))
    text = parts[DOCUMENT].decode()
    places = visible_places(text)
    assert 250 < len(places) <= len(RARE)
    typed = [*zip(places, RARE, strict=False)]
    made = []
    for first in range(DOCUMENTS if edition.last_year is None else 1):
        some = typed[first::DOCUMENTS]
        changed = text
        for at, mark in reversed(some):
            changed = f"{changed[:at]}<w:p><w:r><w:t>{mark}</w:t></w:r></w:p>{changed[at:]}"
        marks = "".join(mark for _, mark in some)
        made.append((packed({**parts, DOCUMENT: changed.encode()}), marks))
    return made


@frozen
class Printed:
    """PDF files in a folder, and the marks of those that have some by their names."""

    folder: Path
    marks: dict[str, str]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The PDF files of all tests, printed by one start of LibreOffice, which takes longer than a file."""
    folder = tmp_path_factory.mktemp("printed")
    words: dict[str, bytes] = {}
    marks: dict[str, str] = {}
    for name, edition in EDITIONS.items():
        words[name] = made(with_long_paragraphs(edition))
        for number, (data, some) in enumerate(marked(edition)):
            words[f"{name}-{number}"] = data
            marks[f"{name}-{number}"] = some
    for lines in FILLING:
        words[f"{lines}-lines"] = made(with_full_lines(lines))
    paths = []
    for name, data in words.items():
        paths.append(folder / f"{name}.docx")
        paths[-1].write_bytes(data)
    converted(paths, "pdf", folder)
    return Printed(folder, marks)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF files are read here, as where no process can be started: a process takes half the time."""
    monkeypatch.setattr(sys, "executable", "")


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_every_value_and_paragraph_of_a_printed_report_comes_back(
    edition: Edition, printed: Printed
) -> None:
    report = with_long_paragraphs(edition)
    reading = read_report(printed.folder / f"{edition.name}.pdf")
    assert reading.report.values() == report.values()
    assert (reading.report.agency.name, reading.report.year) == (report.agency.name, report.year)
    for key in ("preface", "overview", "problems", "other_matters"):
        back, written = (
            [p.text.replace(" ", "") for p in getattr(r, key)] for r in (reading.report, report)
        )
        assert back == written, key
    place = reading.place("requests.received.natural_person")
    assert place.sheet is not None
    assert str(place).startswith("第")
    assert "页第" in place.sheet
    assert not [f for f in reading.findings if f.severity.value == "error"]


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.usefixtures("in_this_process")
def test_a_page_that_begins_with_a_heading_or_a_short_paragraph_goes_on_with_none(
    printed: Printed,
) -> None:
    for lines in FILLING:
        report = with_full_lines(lines)
        back = read_report(printed.folder / f"{lines}-lines.pdf").report
        for key in ("overview", "problems", "other_matters"):
            found = [paragraph.text for paragraph in getattr(back, key)]
            assert found == [paragraph.text for paragraph in getattr(report, key)]


@pytest.mark.libreoffice
@needs_libreoffice
@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_paragraph_at_any_place_of_a_printed_pdf_is_read_or_told(
    edition: str, printed: Printed
) -> None:
    documents = [name for name in printed.marks if name.startswith(edition)]
    assert documents
    for name in documents:
        said = says(read_report(printed.folder / f"{name}.pdf"))
        assert [mark for mark in printed.marks[name] if mark not in said] == [], name


def _drawn(content: str) -> bytes:
    """A PDF of one page with this content."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = "".join(f"{number} 0 obj\n{text}\nendobj\n" for number, text in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer << /Size 6 /Root 1 0 R >>\n%%EOF".encode()


@pytest.mark.slow
def test_text_in_the_frame_of_a_table_but_in_none_of_its_cells_is_kept() -> None:
    """Three ruled cells, and a note where the fourth would be."""
    cells = "100 600 100 50 re S 200 600 100 50 re S 100 650 100 50 re S "
    words = {"one": (110, 670), "two": (110, 620), "three": (210, 620), "note": (230, 670)}
    text = "".join(f"BT /F 10 Tf {x} {y} Td ({word}) Tj ET " for word, (x, y) in words.items())
    document = read_pdf(_drawn(cells + text), "r.pdf")
    held = [raw for grid in document.grids for row in grid.rows for raw in row if raw]
    assert sorted(held) == ["one", "three", "two"]
    assert [line.text for line in document.lines] == ["note"]


ENCRYPTED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "00" * 32 + "> /U <" + "11" * 32 + "> >> "
    "/ID [<00> <00>] "
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (blank_pdf(), "没有文字层"),
        (blank_pdf(trailer=ENCRYPTED), "打开密码"),
        (blank_pdf(MAX_PAGES + 1), f"{MAX_PAGES + 1} 页"),
        (b"%PDF-1.7\nnothing", "已损坏"),
        (blank_pdf()[:150], "没有文字层|已损坏"),
    ],
    ids=["scanned", "encrypted", "a book", "no structure", "cut off"],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_pdf(data, "r.pdf")
    assert refused.value.exit_code == 3
    assert "r.pdf" in str(refused.value)


def test_a_missing_pdfplumber_is_said_with_the_command_that_installs_it(monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pdfplumber", None)
    with pytest.raises(InputError, match=r"pip install govdisclose\[pdf-import\]"):
        read_pdf(blank_pdf(), "r.pdf")


@pytest.mark.slow
def test_a_scanned_pdf_stops_the_import_and_nothing_is_written(run: Any, tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_bytes(blank_pdf())
    done = run("import", tmp_path / "r.pdf")
    assert (done.code, done.out) == (3, "")
    assert [p.name for p in tmp_path.iterdir()] == ["r.pdf"]
