"""What a Word document shows of a cell is what is read of it: as LibreOffice prints it, or told and left unread."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pdfplumber
import pytest

from govdisclose import Reading
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.looks_word import CASES, STYLES, paragraph, run
from support.office import converted, needs_libreoffice
from support.reports import consistent_report
from support.webpages import short_word

pytestmark = pytest.mark.slow

LICENCES = "proactive.licences.decisions"
REPORT = consistent_report(seed=5).with_values({LICENCES: 447228})
CELL = re.compile(r"<w:p>(?:(?!<w:p>).)*?447228.*?</w:p>", re.S)


def edited(change) -> bytes:
    """The report as a Word file with the styles of the cases, its text changed."""
    package = zipfile.ZipFile(io.BytesIO(short_word(REPORT)))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/styles.xml":
                data = data.replace(b"</w:styles>", f"{STYLES}</w:styles>".encode())
            if name == "word/document.xml":
                data = change(data.decode()).encode()
            target.writestr(name, data)
    return made.getvalue()


def imported(cell: str) -> Reading:
    data = edited(lambda text: CELL.sub(lambda _: cell, text, count=1))
    return read_published(read_docx(data, "r.docx"), Path("r.docx"))


ROW = 40
"""Points: the height of a row."""


def row(number: int, cell: str) -> str:
    cells = "".join(
        f"<w:tc><w:tcPr/>{inner}</w:tc>" for inner in (paragraph(run(f"N{number}N")), cell)
    )
    return f'<w:tr><w:trPr><w:trHeight w:val="{ROW * 20}" w:hRule="exact"/></w:trPr>{cells}</w:tr>'


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What LibreOffice prints of each case: figures on the line, larger than a mark."""
    folder = tmp_path_factory.mktemp("printed")
    rows = "".join(row(number, cell) for number, cell in enumerate(CASES.values()))
    grid = '<w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>'
    table = f'<w:tbl><w:tblPr><w:tblW w:w="6000" w:type="dxa"/></w:tblPr>{grid}{rows}</w:tbl><w:p/>'
    body = re.compile("(<w:body>).*(<w:sectPr.*?</w:body>)", re.S)
    data = edited(lambda text: body.sub(lambda found: f"{found[1]}{table}{found[2]}", text))
    (folder / "cases.docx").write_bytes(data)
    converted([folder / "cases.docx"], "pdf", folder)
    found: dict[str, str] = {}
    with pdfplumber.open(folder / "cases.pdf") as document:
        for page in document.pages:
            for word_found in page.extract_words():
                name = re.fullmatch("N(\\d+)N", word_found["text"])
                if name:
                    top = word_found["top"] - 10
                    inside = [
                        c
                        for c in page.chars
                        if c["x0"] > word_found["x1"] and top < c["top"] < top + ROW
                    ]
                    found[list(CASES)[int(name[1])]] = shown(
                        [c for c in inside if not is_struck(c, page)]
                    )
    return found


def is_struck(char: dict, page) -> bool:
    """Whether a line is drawn through the middle of a character."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    drawn = [*page.lines, *page.rects, *page.curves]
    near = char["size"] * 0.3
    return any(
        d["x0"] <= x <= d["x1"] and abs((d["top"] + d["bottom"]) / 2 - y) < near for d in drawn
    )


def shown(chars: list[dict]) -> str:
    """The characters of a cell that have the usual size and stand on one line, ``more`` when others do too."""
    chars = [char for char in chars if char["text"].strip() and char["size"] > 2]
    if not chars:
        return ""
    size = max(char["size"] for char in chars)
    bottom = max(char["bottom"] for char in chars if char["size"] == size)
    if any(char["size"] < 0.8 * size or abs(char["bottom"] - bottom) > 1 for char in chars):
        return "more"
    return "".join(char["text"] for char in chars)


def test_there_are_many_ways() -> None:
    assert len(CASES) > 60


ODD = {
    name
    for name in CASES
    if name.startswith(("moved away", "prompt", "unknown choice", "code of a field", "deleted"))
}
"""LibreOffice prints deletions, prompts, and branches it does not know; Word's final text has none of them."""


@needs_libreoffice
@pytest.mark.libreoffice
@pytest.mark.parametrize("name", CASES)
def test_a_cell_is_what_is_printed_or_told_and_unread(name: str, printed: dict[str, str]) -> None:
    reading = imported(CASES[name])
    value = reading.report.values()[LICENCES]
    told = [finding for finding in reading.findings if finding.path == LICENCES and finding.stops]
    if value is not None:
        assert not told
        assert str(value) == printed[name] or (name in ODD and value == 66)
    elif not told:
        assert printed[name] in ("", "more")
