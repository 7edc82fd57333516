"""Charts in a user's own Word template: the picture, its text alternative, its size; and who has no tag has none."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.shared import Pt

from govdisclose import AnnualReport, blank_report, compile_report, read_report
from govdisclose.errors import OutputError, TemplateError
from govdisclose.form.outline import outline
from govdisclose.own_templates import check_template
from govdisclose.proof import ProvedTemplate
from govdisclose.read.published.word.reader import read_document
from govdisclose.write.charts import draw_charts
from govdisclose.write.context import CHARTS
from govdisclose.write.word import render
from govdisclose.write.word.loading import load_template, make_template
from govdisclose.write.word.template import Template
from support.reports import EDITION_2019, EDITION_2021, consistent_report

pytestmark = pytest.mark.usefixtures("small_pictures")
HUAIAN = read_report("sample_workbooks/huaian-2024.xlsx").report
EMU_A_MM = 36_000
VALIDATOR = shutil.which("ooxml-validator")
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def with_tags(*tags: str, edition: str = "2021", split: bool = False) -> bytes:
    """The packaged template with paragraphs before section six."""
    document = Document(f"templates/{edition}.docx")
    place = next(p for p in document.paragraphs if p.text.startswith("六、"))
    for tag in tags:
        paragraph = place.insert_paragraph_before("", style=place.style)
        paragraph.paragraph_format.line_spacing = Pt(28)  # 28 pt exactly, as body text has it
        for piece in [tag[:6], tag[6:]] if split else [tag]:
            paragraph.add_run(piece)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


ALL = with_tags(*(f"{{{{ charts.{name} }}}}" for name in CHARTS))


@pytest.fixture(scope="module")
def template() -> Template:
    return make_template(ALL, "图.docx", EDITION_2021)


@pytest.fixture(scope="module")
def document(template: Template) -> bytes:
    return render(HUAIAN, template)


def member(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


@pytest.mark.slow
def test_each_chart_is_a_picture_with_its_text_alternative(document: bytes) -> None:
    shown = ElementTree.fromstring(member(document, "word/document.xml")).iter(f"{DRAWING}docPr")
    assert [(d.get("name"), d.get("descr")) for d in shown] == [
        (c.title, c.alt) for c in draw_charts(HUAIAN)
    ]
    ids = re.findall(r'<wp:docPr id="(\d+)"', member(document, "word/document.xml"))
    assert len(set(ids)) == 4


def test_each_picture_is_in_the_package_and_related(document: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        for name in CHARTS:
            assert archive.read(f"word/media/gd-{name}.png").startswith(b"\x89PNG")
    assert len(Document(io.BytesIO(document)).inline_shapes) == 4


def test_a_picture_fits_the_text_area(document: bytes, template: Template) -> None:
    assert template.pictures is not None
    assert (
        template.pictures.width / EMU_A_MM,
        template.pictures.height / EMU_A_MM,
    ) == pytest.approx((156, 225), abs=1)
    for shape in Document(io.BytesIO(document)).inline_shapes:
        assert shape.width <= template.pictures.width
        assert shape.height <= template.pictures.height


def test_a_paragraph_with_a_picture_has_no_exact_line_height_and_no_indent(document: bytes) -> None:
    root = ElementTree.fromstring(member(document, "word/document.xml"))
    paragraphs = [p for p in root.iter(f"{WORD}p") if p.find(f".//{WORD}drawing") is not None]
    assert len(paragraphs) == 4
    for paragraph in paragraphs:
        spacing, indent = (paragraph.find(f"{WORD}pPr/{WORD}{name}") for name in ("spacing", "ind"))
        assert spacing is not None
        assert indent is not None
        assert spacing.get(f"{WORD}lineRule") == "auto"
        assert indent.get(f"{WORD}firstLineChars") == "0"


def test_a_tag_that_word_has_split_is_one_tag() -> None:
    made = make_template(with_tags("{{ charts.outcomes }}", split=True), "图.docx", EDITION_2021)
    assert made.pictures is not None
    assert "<w:drawing>" in member(render(HUAIAN, made), "word/document.xml")


@pytest.mark.parametrize("report", [HUAIAN, consistent_report(seed=5)], ids=["huaian", "made up"])
def test_a_document_with_pictures_passes_the_proof_and_reads_back(
    report: AnnualReport, template: Template
) -> None:
    proved = ProvedTemplate(template)
    for _ in range(2):  # by labels, then by place
        proved.verify(render(report, template), report)


def test_the_same_report_gives_the_same_bytes(template: Template) -> None:
    assert render(HUAIAN, template) == render(HUAIAN, template)


def test_a_chart_with_nothing_to_show_is_a_sentence() -> None:
    made = make_template(ALL, "图.docx", EDITION_2021)
    noughts = blank_report(EDITION_2021, year=2024, title="甲").with_values(
        dict.fromkeys(outline(EDITION_2021).cells, 0)
    )
    data = render(noughts, made)
    assert "<w:drawing>" not in member(data, "word/document.xml")
    assert (
        "\u3000\u3000本年新收政府信息公开申请数量（2024年）：各项均为0件。"
        in read_document(data).paragraphs
    )
    assert not [
        n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if n.startswith("word/media/gd-")
    ]
    assert "gd-" not in member(data, "word/_rels/document.xml.rels")


@pytest.mark.slow
def test_last_years_report_is_drawn_too(tmp_path: Path) -> None:
    (tmp_path / "图.docx").write_bytes(ALL)
    book = Path("sample_workbooks/huaian-2024.xlsx")
    last = HUAIAN.evolve(year=2023)
    made = compile_report(book, tmp_path / "r.docx", template=tmp_path / "图.docx", previous=last)
    assert "（2023年3001件）" in member(made.path.read_bytes(), "word/document.xml")


def test_the_2019_form_has_the_same_charts() -> None:
    made = make_template(
        with_tags("{{ charts.refusals }}", edition="2019"), "图.docx", EDITION_2019
    )
    assert "<w:drawing>" in member(
        render(consistent_report(EDITION_2019), made), "word/document.xml"
    )


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (["{{ charts.outcome }}"], "是否应为 charts.outcomes"),
        (["{{ charts }}"], "charts 是一组数据"),
        (["{{ charts.outcomes }}", "{{ charts.outcomes }}"], "用了两次"),
        (["{{ charts.outcomes.svg }}"], "没有 charts.outcomes.svg"),
        (["见图 {{ charts.outcomes }} 所示"], "独占一段"),
        (["{{ charts.outcomes }}{{ charts.refusals }}"], "独占一段"),
    ],
)
def test_a_tag_that_cannot_be_drawn_is_refused(tags: list[str], said: str) -> None:
    with pytest.raises(TemplateError, match=said):
        make_template(with_tags(*tags), "图.docx", EDITION_2021)


def test_every_chart_tag_that_stands_where_a_picture_cannot_is_named_at_once(
    tmp_path: Path,
) -> None:
    document = Document("templates/2021.docx")
    document.sections[0].footer.paragraphs[0].add_run("{{ charts.outcomes }}")
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "{{ charts.applicants }}"
    document.add_paragraph("{{ charts.refusals }}")
    document.add_paragraph("见{{ charts.refusals }}")
    document.add_paragraph("{% if year %}{{ charts.disputes }}{% endif %}")
    path = tmp_path / "图.docx"
    document.save(str(path))
    problems = check_template(path).problems
    assert [problem.partition("：")[2][:12] for problem in problems] == [
        "图的标签不能放在表格或文",
        "图的标签要独占一段，同一",
        "图的标签只能放在正文里",
    ]
    with pytest.raises(TemplateError, match="独占一段"):
        make_template(path.read_bytes(), "图.docx", EDITION_2021)


def test_without_the_extra_the_way_to_install_it_is_said(
    monkeypatch: pytest.MonkeyPatch, template: Template
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(OutputError, match=r"govdisclose\[charts\]"):
        render(HUAIAN, template)


@pytest.mark.parametrize("edition", [EDITION_2021, EDITION_2019], ids=lambda e: e.name)
def test_the_packaged_templates_have_no_charts(edition: object) -> None:
    assert load_template(edition).pictures is None  # type: ignore[arg-type]  # an edition


@pytest.mark.validator
@pytest.mark.skipif(not VALIDATOR and "CI" not in os.environ, reason="no validator")
def test_the_open_xml_validator_finds_nothing(document: bytes, tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(document)
    done = subprocess.run(
        [VALIDATOR or "ooxml-validator", str(tmp_path / "r.docx")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
