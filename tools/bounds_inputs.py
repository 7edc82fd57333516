"""The hostile inputs of tools/bounds.py: small files, or files just below the limits, that ask for much."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence

from attrs import frozen

from bad_inputs_rows import book, report
from govdisclose.write.data import report_to_json
from govdisclose.write.web import page_html
from govdisclose.write.word.loading import template_folder
from mutants_inputs import good_inputs
from mutants_package import Member, pack, unpack

MILLION = 1_000_000
_TABLE = "xl/worksheets/sheet6.xml"
_WORD = "word/document.xml"


@frozen
class Hostile:
    """One input: the ending of its file, how it is made, and whether it is small enough for the tests."""

    name: str
    ending: str
    make: Callable[[], bytes]
    quick: bool = False


def stored(members: Sequence[Member]) -> bytes:
    """A package that is not compressed, so that it is not taken for a bomb before anybody looks into it."""
    return pack(list(members), zipfile.ZIP_STORED)


# --- workbooks ----------------------------------------------------------------------------------


def part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The good workbook with one part changed."""
    return stored(
        [Member(m.name, change(m.content) if m.name == name else m.content) for m in unpack(book())]
    )


def rows(count: int, cells: str = "", first: int = 100) -> Callable[[bytes], bytes]:
    """Rows below the table, with ``cells`` in each."""

    def change(sheet: bytes) -> bytes:
        added = "".join(
            f'<row r="{n}" ht="20">{cells.replace("#", str(n))}</row>'
            for n in range(first, first + count)
        )
        return sheet.replace(b"</sheetData>", added.encode() + b"</sheetData>")

    return change


def merges(*areas: str) -> Callable[[bytes], bytes]:
    """Merged areas, and no others."""

    def change(sheet: bytes) -> bytes:
        bare = re.sub(rb"<mergeCells.*?</mergeCells>", b"", sheet)
        cells = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
        added = f'</sheetData><mergeCells count="{len(areas)}">{cells}</mergeCells>'
        return bare.replace(b"</sheetData>", added.encode())

    return change


def labels(text: str) -> Callable[[bytes], bytes]:
    """Two hundred cells beside the table, each with a very long text."""
    return rows(200, f'<c r="A#" t="inlineStr"><is><t>{text}</t></is></c>')


def far(sheets: bytes) -> bytes:
    """A cell in the last column and in a late row."""
    return sheets.replace(
        b"</sheetData>", b'<row r="9999"><c r="ZZ9999"><v>7</v></c></row></sheetData>'
    )


def far_everywhere() -> bytes:
    """The same in every sheet."""
    return pack(
        [
            Member(m.name, far(m.content) if "/sheet" in m.name else m.content)
            for m in unpack(book())
        ]
    )


def strings(count: int, item: str) -> Callable[[bytes], bytes]:
    """More shared strings."""
    return lambda content: content.replace(b"</sst>", item.encode() * count + b"</sst>")


def styles(content: bytes) -> bytes:
    """Three hundred thousand cell styles."""
    return content.replace(
        b"</cellXfs>",
        b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * 300_000 + b"</cellXfs>",
    )


def blanks() -> bytes:
    """A small file with a very large part."""
    return pack(
        [
            Member(m.name, m.content + b" " * 60 * MILLION * (m.name == _TABLE))
            for m in unpack(book())
        ]
    )


def members() -> bytes:
    """Twenty thousand members."""
    return pack([*unpack(book()), *(Member(f"x/{n}.xml", b"<a/>") for n in range(20_000))])


# --- documents ----------------------------------------------------------------------------------


def document(body: bytes) -> bytes:
    """A good document with something more at its end."""
    found = []
    for member in unpack(good_inputs("docx", 1)[0].data):
        content = member.content
        if member.name == _WORD:
            content = content.replace(b"<w:sectPr", body + b"<w:sectPr", 1)
        found.append(Member(member.name, content))
    return stored(found)


def cell(span: int, height: str = "") -> bytes:
    """A table cell over ``span`` columns."""
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{height}</w:tcPr><w:p/></w:tc>'.encode()


def template(added: str) -> bytes:
    """The packaged template with a paragraph more."""
    paragraph = f"<w:p><w:r><w:t>{added}</w:t></w:r></w:p><w:sectPr".encode()
    found = []
    for member in unpack((template_folder() / "2021.docx").read_bytes()):
        content = member.content
        if member.name == _WORD:
            content = content.replace(b"<w:sectPr", paragraph, 1)
        found.append(Member(member.name, content))
    return stored(found)


# --- pages, texts, data -------------------------------------------------------------------------


def page(added: str) -> bytes:
    """A good page with something more at its end."""
    return page_html(report()).replace("</body>", added + "</body>").encode()


def text(added: str) -> bytes:
    """A good text with something more at its end."""
    return good_inputs("txt", 1)[0].data + b"\n" + added.encode()


def repeated_header() -> bytes:
    """A text in which a line of a header is there a thousand times."""
    lines = good_inputs("txt", 3)[2].data.split(b"\n")
    at = next(number for number, line in enumerate(lines) if line.count("自然人".encode()))
    return b"\n".join([*lines[:at], *[lines[at]] * 1000, *lines[at:]])


def data(old: str, new: str) -> bytes:
    """A good JSON export with other words."""
    return report_to_json(report()).replace(old, new, 1).encode()


def pdf(drawn: bytes, filters: str, pages: int = 1) -> bytes:
    """A PDF whose pages draw a stream, which was encoded for ``filters``."""
    kids = " ".join(f"{number + 4} 0 R" for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for _ in range(pages):
        box = "/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {pages + 4} 0 R >>".encode())
    head = f"<< /Length {len(drawn)} /Filter {filters} >>\nstream\n".encode()
    objects.append(head + drawn + b"\nendstream")
    return _with_table(objects)


def _with_table(objects: list[bytes]) -> bytes:
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(offsets) + 1, start)
    )
    return out.getvalue()


def deflated(content: bytes, times: int = 1) -> bytes:
    """``content`` deflated, several times over."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content


INPUTS: Sequence[Hostile] = (
    # workbooks
    Hostile("60 MB of blanks in a sheet", "xlsx", blanks),
    Hostile("60,000 formatted empty rows", "xlsx", lambda: part(_TABLE, rows(60_000))),
    Hostile("1,048,000 formatted empty rows", "xlsx", lambda: part(_TABLE, rows(1_048_000))),
    Hostile("150,000 cells below a table", "xlsx", lambda: part(_TABLE, rows(15_000, "".join(f'<c r="{c}#"><v>1</v></c>' for c in "ABCDEFGHIJ")))),
    Hostile("2,000,000 cells below a table", "xlsx", lambda: part(_TABLE, rows(200_000, "".join(f'<c r="{c}#"><v>1</v></c>' for c in "ABCDEFGHIJ")))),
    Hostile("a cell far away", "xlsx", lambda: part(_TABLE, far), quick=True),
    Hostile("a cell far away in every sheet", "xlsx", far_everywhere),
    Hostile("a whole sheet merged", "xlsx", lambda: part(_TABLE, merges("A1:XFD1048576")), quick=True),
    Hostile("a whole sheet merged, from its end", "xlsx", lambda: part(_TABLE, merges("XFD1048576:A1"))),
    Hostile("2,000 large merged areas", "xlsx", lambda: part(_TABLE, merges(*(f"A{n}:GR{n + 999}" for n in range(1, 2001))))),
    Hostile("200,000 small merged areas", "xlsx", lambda: part(_TABLE, merges(*(f"A{n}:B{n}" for n in range(1, 200_001))))),
    Hostile("a sheet nested a million deep", "xlsx", lambda: part(_TABLE, lambda sheet: sheet.replace(b"<sheetData>", b"<a>" * MILLION + b"<sheetData>"))),
    Hostile("an attribute of 40 MB", "xlsx", lambda: part(_TABLE, lambda sheet: sheet.replace(b"<sheetData", b'<x y="' + bytes(range(97, 122)) * (40 * MILLION // 25) + b'"/><sheetData', 1))),
    Hostile("count of shared strings 10¹²", "xlsx", lambda: part("xl/sharedStrings.xml", lambda s: re.sub(rb'ount="\d+"', b'ount="1000000000000"', s)), quick=True),
    Hostile("500,000 shared strings", "xlsx", lambda: part("xl/sharedStrings.xml", strings(500_000, "<si><t>一</t></si>"))),
    Hostile("500,000 runs in a shared string", "xlsx", lambda: part("xl/sharedStrings.xml", strings(1, "<si>" + "<r><t>一</t></r>" * 500_000 + "</si>"))),
    Hostile("300,000 cell styles", "xlsx", lambda: part("xl/styles.xml", styles)),
    Hostile("20,000 members", "xlsx", members),
    *(Hostile(f"labels of 30,000 {word!r}", "xlsx", lambda word=word: part(_TABLE, labels(word * (30_000 // len(word))))) for word in ("、", "（一）", "其中", "1.", "1,", " ", "总计")),
    # JSON
    Hostile("JSON nested a million deep", "json", lambda: b"[" * MILLION, quick=True),
    Hostile("a number of 10 MB", "json", lambda: data('"year": 2024', '"year": ' + "9" * 10 * MILLION)),
    Hostile("a text of 15 MB", "json", lambda: data('"preface": [', '"preface": [{"level": 0, "text": "' + "一、" * (15 * MILLION // 6) + '"},')),
    Hostile("200,000 paragraphs", "json", lambda: data('"preface": [', '"preface": [' + '{"level": 0, "text": "一"},' * 200_000)),
    Hostile("a million keys", "json", lambda: data('"preface"', "".join(f'"k{n}": 1,' for n in range(MILLION)) + '"preface"')),
    # pages
    Hostile("a page of 15 MB of <", "html", lambda: page("<" * 15 * MILLION)),
    Hostile("a page of 100,000 nested elements", "html", lambda: page("<div>" * 100_000)),
    Hostile("a page of 500,000 cells", "html", lambda: page("<table>" + "<tr><td>1</td></tr>" * 500_000 + "</table>")),
    Hostile("a page of huge spans", "html", lambda: page("<table><tr>" + "<td rowspan=9999999 colspan=9999999>1</td>" * 5_000 + "</tr></table>"), quick=True),
    Hostile("a page of 1,000 nested tables", "html", lambda: page("<table><tr><td>" * 1_000)),
    Hostile("a page of 50,000 style rules", "html", lambda: page("<style>" + "".join(f".a{n} .b{n} > p:not(.c){{color:red}}" for n in range(50_000)) + "</style>")),
    Hostile("a page of one paragraph of 10 MB", "html", lambda: page("<p>" + "一、" * (10 * MILLION // 6) + "</p>")),
    Hostile("a page of 500,000 line breaks", "html", lambda: page("<p>" + "一<br>" * 500_000 + "</p>")),
    Hostile("a page of digits", "html", lambda: page("<p>" + "1" * 5 * MILLION + "</p>")),
    # texts
    Hostile("a header a thousand times", "rows.txt", repeated_header, quick=True),
    *(Hostile(f"a text of 3 MB of {word!r}", "txt", lambda word=word: text(word * (3 * MILLION // len(word.encode())))) for word in ("、", "一", "1 ", "\n", "| ", "\t", "总计\n", "一、\n", "其中 ")),
    Hostile("a line of 200,000 stray marks", "txt", lambda: text(" 、 " * 200_000)),
    # documents
    Hostile("wide cells in 20,000 rows", "docx", lambda: document(b"<w:tbl>" + (b"<w:tr>" + cell(1000) + b"</w:tr>") * 20_000 + b"</w:tbl>")),
    Hostile("1,000 nested tables in a document", "docx", lambda: document(b"<w:tbl><w:tr><w:tc>" * 1_000 + b"<w:p/>" + b"<w:p/></w:tc></w:tr></w:tbl>" * 1_000)),
    Hostile("500,000 paragraphs in a document", "docx", lambda: document(b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 500_000)),
    Hostile("a paragraph of 10 MB in a document", "docx", lambda: document(b"<w:p><w:r><w:t>" + "一、".encode() * (10 * MILLION // 6) + b"</w:t></w:r></w:p>")),
    # PDFs
    Hostile("a PDF stream deflated twice", "pdf", lambda: pdf(deflated(b" " * 300 * MILLION, 2), "[/FlateDecode /FlateDecode]")),
    Hostile("a PDF of 3 million operators", "pdf", lambda: pdf(deflated(b"q Q " * 3 * MILLION), "/FlateDecode")),
    Hostile("a PDF of a million words", "pdf", lambda: pdf(deflated(b"BT /F1 9 Tf (x) Tj ET " * MILLION), "/FlateDecode")),
    Hostile("a PDF of 3,000 pages", "pdf", lambda: pdf(deflated(b"BT /F1 9 Tf (x) Tj ET"), "/FlateDecode", 3_000)),
    # templates
    Hostile("a template with 500,000 braces", "template.docx", lambda: template("{{" * 250_000), quick=True),
    Hostile("a template nested deep", "template.docx", lambda: template("{% if year %}" * 2_000 + "x" + "{% endif %}" * 2_000)),
    Hostile("a template with 3,000 tags", "template.docx", lambda: template("{{ year }}" * 3_000)),
)  # fmt: skip
"""Every input."""
