"""A number wider than its cell gets narrower letters, in every template; any other keeps its look."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph

from govdisclose import EDITIONS, Agency, AnnualReport, blank_report, outline
from govdisclose.blank_form.template import template_from_form
from govdisclose.form.edition import Edition
from govdisclose.own_templates import new_template
from govdisclose.proof import ProvedTemplate
from govdisclose.write.office_text import set_as_in_word
from govdisclose.write.word import Template, load_template, render
from govdisclose.write.word.cell_room import TextInCell, cell_texts
from govdisclose.write.word.loading import make_template
from govdisclose.write.word.narrow_numbers import narrowed
from support.blank_forms import blank_form
from support.validator import VALIDATOR, faults

LONGEST = 10
each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)


def of_every_length(edition: Edition) -> AnnualReport:
    """A report with numbers of one to ten digits, of other lengths in cells beside each other."""
    values = {}
    for number, path in enumerate(outline(edition).cells):
        values[path] = 10 ** (number % LONGEST) * 9
    return blank_report(edition, agency=Agency("某局"), year=2024).with_values(values)


def numbers(document: bytes) -> Iterator[TextInCell]:
    """The numbers in the cells of a document."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
        styles = ElementTree.fromstring(archive.read("word/styles.xml"))
    for text in cell_texts(body, styles):
        if re.fullmatch(r"[+−]?\d+", text.element.text or ""):
            yield text


def breadth(text: TextInCell, digit: float) -> float:
    """How wide a number is, in twips."""
    said = text.element.text or ""
    one = digit * text.letters.size * 10 * text.letters.percent / 100
    return (len(said) + said.count("−")) * one + len(said) * text.letters.spacing


def assert_all_fit(document: bytes, edition: Edition, digit: float) -> None:
    found = list(numbers(document))
    assert len(found) == len(outline(edition).cells)
    for text in found:
        assert breadth(text, digit) <= text.room, text
        assert text.letters.percent >= 50


@pytest.mark.slow
@pytest.mark.parametrize("layout", [None, "landscape"])
@each_edition
def test_every_number_fits_its_cell_in_every_packaged_template(
    edition: Edition, layout: Literal["landscape"] | None, tmp_path: Path
) -> None:
    path = new_template(tmp_path / "t.docx", edition=edition.name, layout=layout)
    report = of_every_length(edition)
    template = load_template(edition, path if layout else None)
    document = render(report, template)
    assert_all_fit(document, edition, 0.5)
    assert_all_fit(set_as_in_word(document), edition, 0.56)
    ProvedTemplate(template).verify(document, report)


@each_edition
def test_a_number_that_fits_keeps_its_look(edition: Edition) -> None:
    for text in numbers(render(of_every_length(edition), load_template(edition))):
        is_changed = text.letters.percent < 100
        digits = len(text.element.text or "")
        is_long = digits > (6 if text.letters.size == 21 else 8)
        if text.room > 1000:
            assert not is_changed
        elif text.room < 600 and digits > 8:
            assert is_changed
        else:
            assert is_changed == is_long


def restyled(change: Callable[[Paragraph], None]) -> Template:
    """The packaged template with every paragraph of a cell of numbers changed."""
    document = Document("templates/2021.docx")
    for table in document.tables:
        for paragraph in table._element.iter(f"{{{table._element.nsmap['w']}}}p"):
            if "{{" in "".join(paragraph.itertext()):
                change(Paragraph(paragraph, table))
    made = io.BytesIO()
    document.save(made)
    return make_template(made.getvalue(), "t.docx", EDITIONS["2021"])


def big_red_indented(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.left_indent = Twips(60)
    for run in paragraph.runs:
        run.font.name = "Arial"
        run.font.size = Pt(12)
        run.font.color.rgb = RGBColor(200, 0, 0)
        run.font.underline = True


@pytest.mark.slow
def test_the_own_look_of_a_tag_counts_and_is_kept(tmp_path: Path) -> None:
    template = restyled(big_red_indented)
    report = of_every_length(EDITIONS["2021"])
    document = render(report, template)
    assert_all_fit(document, EDITIONS["2021"], 0.6)
    for text in numbers(document):
        assert text.letters.font == "Arial"
    ProvedTemplate(template).verify(document, report)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        xml = archive.read("word/document.xml").decode()
    assert re.search(r'<w:color w:val="C80000"/><w:w w:val="\d+"/><w:sz w:val="\d+"/>', xml)
    if VALIDATOR is not None:
        (tmp_path / "r.docx").write_bytes(document)
        assert faults(tmp_path / "r.docx") == []


@pytest.mark.slow
@each_edition
def test_numbers_fit_in_a_template_made_of_the_blank_form(edition: Edition) -> None:
    made = template_from_form(blank_form(edition))
    template = make_template(made.data, "t.docx", edition)
    report = of_every_length(edition)
    document = render(report, template)
    assert_all_fit(document, edition, 0.6)
    ProvedTemplate(template).verify(document, report)


CELL = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:tbl><w:tblPr/>{grid}<w:tr><w:tc>{cell}<w:p>{paragraph}<w:r>{run}<w:t>{text}</w:t></w:r></w:p>"
    "</w:tc></w:tr></w:tbl></w:body></w:document>"
)


USUAL_SIZE = 20
"""Half points."""

GRID = '<w:tblGrid><w:gridCol w:w="600"/></w:tblGrid>'


def cell(**parts: str) -> str:
    usual = {"grid": GRID, "cell": "", "paragraph": "", "run": "", "text": "1234567"}
    return CELL.format(**(usual | parts))


def width_of(document: str) -> int:
    """How wide the letters of the only run are, in percent of the usual ones."""
    found = re.search(r'<w:w w:val="(\d+)"/>(?:<w:sz w:val="(\d+)"/>)?', narrowed(document, None))
    if found is None:
        return 100
    return int(found[1]) * int(found[2] or USUAL_SIZE) // USUAL_SIZE


def test_the_room_of_a_cell_is_what_margins_and_indents_leave() -> None:
    usual = width_of(cell())
    no_margin = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    wide = '<w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>'
    percent = '<w:tcPr><w:tcW w:w="5000" w:type="pct"/></w:tcPr>'
    assert usual < 100
    assert width_of(cell(cell=wide)) == 100
    assert width_of(cell(cell=percent)) == usual
    assert width_of(cell(cell=f"<w:tcPr><w:tcMar>{no_margin}</w:tcMar></w:tcPr>")) > usual
    for indent in ('w:left="90"', 'w:firstLine="90"', 'w:end="90"', 'w:firstLineChars="40"'):
        indented = cell(text="12345", paragraph=f"<w:pPr><w:ind {indent}/></w:pPr>")
        assert width_of(indented) < width_of(cell(text="12345"))
    assert width_of(cell(grid="")) == 100  # nothing is known of its width


def test_only_numbers_are_narrowed() -> None:
    assert width_of(cell(text="补正后申请内容仍不明确，行政机关不再处理")) == 100
    assert width_of(cell(text="12")) == 100
    assert width_of(cell(text="共1234567件")) < 100


def test_a_document_of_other_prefixes_and_a_damaged_one_are_not_changed() -> None:
    renamed = cell().replace("w:", "x:").replace("xmlns:w=", "xmlns:x=")
    assert narrowed(renamed, None) == renamed
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", cell() + "<")
    with zipfile.ZipFile(io.BytesIO(set_as_in_word(packed.getvalue()))) as archive:
        assert archive.read("word/document.xml").decode() == cell() + "<"
