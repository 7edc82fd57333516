"""Small files that unfold into much, or take for ever to search: read or refused, within seconds."""

from __future__ import annotations

import contextlib
import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from docx import Document

from govdisclose import Paragraph, check_report, read_report
from govdisclose.errors import InputError
from govdisclose.read.published.document import MAX_LINES
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.pdf import reader as pdf_reader
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.text.reader import read_text
from govdisclose.read.published.word.reader import read_docx
from support.paths import DATA
from support.reports import consistent_report
from support.webpages import page, word

BOUNDS = DATA / "bounds"
SECONDS = 10
"""Of the processor: far above what these take, far below what they would take without bounds."""


@pytest.mark.parametrize("name", ["txt-layout-punct-24.txt", "txt-layout-punct3-24.txt"])
def test_stray_marks_between_the_pieces_of_a_label_cost_nothing(name: str) -> None:
    start = time.process_time()
    reading = read_report(BOUNDS / name)
    assert time.process_time() - start < SECONDS
    assert None not in reading.report.values().values()


@pytest.mark.parametrize(
    "pieces", [["总"] * 40, ["其", "他"] * 20, ["、", "结"] * 30, ["（一）"] * 40]
)
def test_repeated_pieces_of_labels_cost_nothing(pieces: list[str]) -> None:
    header = "项目 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
    row = " ".join(pieces) + " 1 2 3 4 5 6 7"
    start = time.process_time()
    read_text("\n".join([header, *[row] * 50]).encode(), "r.txt")
    assert time.process_time() - start < SECONDS


HOSTILE: dict[str, Callable[[], bytes]] = {
    "marks of a heading": lambda: b"# " + b" " * 1_000_000 + b"x",
    "punctuation": lambda: "、".encode() * 400_000,
    "blanks after a character": lambda: "甲".encode() + b" " * 1_000_000,
    "brackets": lambda: b"(" * 1_000_000,
    "stars": lambda: b"*" * 1_000_000,
    "pipes": lambda: b"|" * 500_000,
    "pipes in lines": lambda: b"|1|2|\n" * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_one_kind_of_character_is_soon_done_with(name: str) -> None:
    start = time.process_time()
    for read, file in ((read_text, "r.txt"), (read_html, "r.html")):
        try:
            read_published(read(HOSTILE[name](), file), Path(file))
        except InputError:
            continue
    assert time.process_time() - start < SECONDS


def test_a_text_of_more_lines_than_a_report_has_is_refused() -> None:
    with pytest.raises(InputError, match="行，超过"):
        read_text(b"x\n" * (MAX_LINES + 1), "r.txt")


def test_a_page_with_cells_beyond_counting_is_refused() -> None:
    table = (
        "<table><tr><td>a</td></tr>"
        + "<tr><td rowspan=200 colspan=200></td><td></td></tr>" * 3
        + "</table>"
    )
    with pytest.raises(InputError, match="单元格"):
        read_html((table * 10).encode(), "r.html")


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    [
        "<table><tr>" + "<td>1</td>" * 20_000 + "</tr></table>",
        "<style>" + ".a>.b .c+.d{display:none}" * 10_000 + "</style>" + "<p class=a>x</p>" * 2_000,
        "<style>" + "a " * 250_000 + "{display:none}</style><p>x</p>",
        "<table><tr><td>" * 200 + "x" + "</td></tr></table>" * 200,
    ],
    ids=["a long row", "many rules", "a long selector", "nested tables"],
)
def test_a_page_made_to_be_slow_is_read_or_refused(html: str) -> None:
    start = time.process_time()
    with contextlib.suppress(InputError):
        read_html(html.encode(), "r.html")
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(("span", "rows", "first"), [(1000, 300, 2), (2, 3000, 500)])
def test_a_word_table_with_cells_beyond_counting_is_refused(
    span: int, rows: int, first: int
) -> None:
    document = Document()
    document.add_table(1, 2)
    made = io.BytesIO()
    document.save(made)
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p/></w:tc>'
    row = f"<w:tr>{cell}</w:tr>"
    wide = f"<w:tr>{cell * first}</w:tr>"
    with pytest.raises(InputError, match="单元格"):
        read_docx(_with_rows(made.getvalue(), wide + row * rows), "r.docx")


def _with_rows(data: bytes, rows: str) -> bytes:
    import zipfile

    package = zipfile.ZipFile(io.BytesIO(data))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                part = part.replace(b"</w:tbl>", f"{rows}</w:tbl>".encode())
            target.writestr(name, part)
    return made.getvalue()


def _pdf(*objects: bytes) -> bytes:
    """A PDF of some objects, the first of which is the catalogue."""
    made, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        made
        + head
        + table
        + b"trailer<</Root 1 0 R/Size %d>>startxref\n%d\n%%%%EOF" % (len(objects) + 1, len(made))
    )


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def _laughs() -> list[bytes]:
    """Forms that draw each other ten times over, nine deep."""
    forms = [_stream(b"/F%d Do " % (n + 1) * 10, b"/Subtype/Form/BBox[0 0 9 9]") for n in range(9)]
    return [*forms, _stream(b"BT ET", b"/Subtype/Form/BBox[0 0 9 9]")]


@pytest.mark.slow
def test_a_pdf_that_unfolds_beyond_all_bounds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They take all the seconds that are allowed: one here instead of eight."""
    monkeypatch.setattr(pdf_reader, "LIMITS", evolve(pdf_reader.LIMITS, seconds=1))
    catalogue, pages = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    files = {
        "bomb.pdf": (BOUNDS / "pdf-flate-double-bomb.pdf").read_bytes(),
        "forms.pdf": _pdf(
            catalogue,
            pages,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject 5 0 R>>>>",
            _stream(b"/F0 Do"),
            b"<<" + b"".join(b"/F%d %d 0 R" % (n, n + 6) for n in range(10)) + b">>",
            *_laughs(),
        ),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        began = time.monotonic()
        with pytest.raises(InputError, match=f"{name} 展开后过大或过于复杂"):
            read_report(tmp_path / name)
        assert time.monotonic() - began < 9 * SECONDS


def test_an_ordinary_page_is_within_all_bounds() -> None:
    reading = read_published(
        read_html(page(consistent_report()).encode(), "r.html"), Path("r.html")
    )
    assert not [finding for finding in reading.findings if finding.stops]


@pytest.mark.parametrize(
    "made",
    [
        "<style>td{width:%s}</style>",
        "<p style='width:%spx'>一</p>",
        "<table><td rowspan=%s>1</table>",
    ],
)
def test_numbers_of_thousands_of_digits_in_a_page_are_no_fault(made: str) -> None:
    assert read_html(
        page(consistent_report()).replace("<p>", made % ("9" * 5000) + "<p>", 1).encode(), "r.html"
    ).blocks


@pytest.mark.parametrize("encoding", ["gb18030", "x", "utf-16"])
def test_a_document_whose_properties_are_in_an_odd_encoding_is_read_without_them(
    encoding: str,
) -> None:
    odd = word(consistent_report())
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(odd)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name in ("docProps/core.xml", "word/styles.xml"):
                content = re.sub(
                    rb"<\?xml[^>]*\?>",
                    b'<?xml version="1.0" encoding="%s"?>' % encoding.encode(),
                    content,
                )
            new.writestr(name, content)
    assert read_docx(out.getvalue(), "r.docx").blocks


@pytest.mark.slow
def test_more_paragraphs_than_any_report_has_are_refused() -> None:
    many = page(consistent_report()) + "<p>" + "一<br>" * (MAX_LINES + 1) + "</p>"
    with pytest.raises(InputError, match=str(MAX_LINES)):
        read_published(read_html(many.encode(), "r.html"), Path("r.html"))


def test_a_count_of_thousands_of_digits_in_the_prose_is_no_fault() -> None:
    report = consistent_report().evolve(
        overview=(Paragraph("全年新收政府信息公开申请" + "9" * 5000 + "件。"),)
    )
    assert check_report(report)


def test_style_sheets_nested_without_end_are_read_or_refused() -> None:
    rules = "@media screen {" * 3000 + "td { display: none }" + "}" * 3000
    document = read_html(f"<style>{rules}</style><p>一、总体情况</p>".encode(), "r.html")
    assert [line.text for line in document.lines] == ["一、总体情况"]
