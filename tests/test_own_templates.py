"""A user's own template: copied out, restyled, checked, and filled with every number in its place."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from govdisclose import EDITIONS, compile_report, import_report, outline, read_report  # fmt: skip
from govdisclose.errors import TemplateError, UsageError  # fmt: skip
from govdisclose.form.edition import Edition  # fmt: skip
from govdisclose.form.report import SECTIONS
from govdisclose.own_templates import check_template, new_template  # fmt: skip
from govdisclose.read.published.word.reader import read_document
from govdisclose.write.word.loading import template_folder
from support.commands import Run
from support.office import needs_libreoffice
from support.pages import MM, Page, as_pages, squeezed
from support.paths import ROOT
from support.reports import EDITION_2021, consistent_report, write_book
from support.templates import FAULTS
from support.validator import VALIDATOR, faults
from support.word_parts import DOCUMENT, edited, members, packaged, packed

sys.path.insert(0, str(ROOT / "tools"))
from restyled_templates import RESTYLED, logo  # a script, found through the line above

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
each_style = pytest.mark.parametrize("style", RESTYLED)
CELL = "{{ requests.received.total }}"
BESIDE = "{{ requests.carried_in.total }}"


def template(folder: Path, data: bytes) -> Path:
    path = folder / "我的模板.docx"
    path.write_bytes(data)
    return path


def replaced(*pairs: tuple[str, str]) -> bytes:
    """The packaged template with texts of its document replaced."""
    parts = members(packaged())
    text = parts[DOCUMENT].decode()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return packed({**parts, DOCUMENT: text.encode()})


# A copy


@pytest.mark.slow
@each_edition
def test_a_copy_is_the_packaged_template_and_passes_its_check(
    edition: Edition, tmp_path: Path
) -> None:
    copy = new_template(tmp_path / "我的.docx", edition=edition.name)
    assert copy.read_bytes() == packaged(edition)
    found = check_template(copy)
    assert (found.edition, found.problems, found.notes, found.undeclared) == (edition, (), (), ())
    assert (found.cells, found.names) == (
        len(outline(edition).cells),
        ("title", "signature", "signed"),
    )
    assert set(found.fonts) == {"宋体", "黑体", "仿宋_GB2312", "楷体_GB2312", "方正小标宋简体"}


def test_a_copy_is_of_the_newest_edition_and_named_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert new_template() == Path("报告模板-2021.docx")
    with pytest.raises(UsageError, match="已存在"):
        new_template()
    assert new_template(force=True).read_bytes() == packaged()


def test_a_copy_of_no_known_edition_or_over_the_packaged_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有 2008 版格式"):
        new_template(tmp_path / "x.docx", edition="2008")
    with pytest.raises(UsageError, match="就是输入文件"):
        new_template(template_folder() / "2021.docx", force=True)
    with pytest.raises(UsageError, match="没有 2008 版格式"):
        check_template(template_folder() / "2021.docx", edition="2008")


# The check


@pytest.mark.slow
@pytest.mark.parametrize(("make", "words"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_listed_with_its_place(
    make: Callable[[], bytes], words: str, tmp_path: Path
) -> None:
    found = check_template(template(tmp_path, make()), edition="2021")
    assert any(re.search(words, problem) for problem in found.problems), found.problems


CONDITIONAL = {
    "requests.received.total": "{{% if year == '2024' %}}7{{% endif %}}{cell}",
    "requests.carried_in.total": "{{% if year > '2030' %}}7{{% endif %}}{cell}",
    "requests.outcomes.granted.total": "{{% if requests.outcomes.granted.total == '0' %}}无{{% else %}}{cell}{{% endif %}}",
    "requests.outcomes.partly_granted.total": "{{% if not problems %}}7{{% endif %}}{cell}",
    "requests.outcomes.total.total": "{{% if overview|length == 2 %}}7{{% endif %}}{cell}",
    "requests.carried_out.total": "{cell}{{{{ '7' if agency.name == '某局' else '' }}}}",
    "disputes.review.total": "{cell}{{{{ '7' if published == '2026年1月20日' else '' }}}}",
}  # fmt: skip
"""Cells beside conditions: a year, also by order, a value, a blank report, paragraphs, a name, a date."""


@pytest.mark.slow
def test_a_condition_that_spoils_some_reports_is_found_before_any_is_made(tmp_path: Path) -> None:
    cells = {path: f"{{{{ {path} }}}}" for path in CONDITIONAL}
    tags = {path: tag.format(cell=cells[path]) for path, tag in CONDITIONAL.items()}
    own = replaced(*((cells[path], escape(tag, quote=False)) for path, tag in tags.items()))
    problems = check_template(template(tmp_path, own)).problems
    spoilt = [path for path in cells for said in problems if f"{cells[path]} 在" in said]
    assert spoilt == [*cells]
    assert all("受条件限制" in said for said in problems)


@pytest.mark.slow
def test_a_condition_that_drops_prose_is_found_too(tmp_path: Path) -> None:
    text = "{{ p.lead }}{{ p.text }}"
    own = edited(text, f"{{% if year != '2024' %}}{text}{{% endif %}}")
    (said,) = check_template(template(tmp_path, own)).problems
    assert "文字部分受条件限制" in said


@pytest.mark.slow
def test_what_the_check_finds_stops_a_report_too(tmp_path: Path) -> None:
    year = "{% if year == '2024' %}7{% endif %}"
    own = template(tmp_path, edited(CELL, year + CELL))
    with pytest.raises(TemplateError, match=r"requests.received.total .*受条件限制"):
        compile_report(write_book(tmp_path, consistent_report()), tmp_path / "x.docx", template=own)
    assert not (tmp_path / "x.docx").exists()


HARMLESS = [
    "{%p if problems %}{{ year }}{%p else %}本部分无内容{%p endif %}",
    "{% if published %}{{ published }}{% endif %}{{ agency.code or '无' }}",
    "{% if requests.received.total == '0' %}没有收到申请{% endif %}",
]


@pytest.mark.slow
def test_conditions_outside_the_statutory_text_do_no_harm(tmp_path: Path) -> None:
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        for text in re.split(r"(?<=%})|(?={%)", "".join(HARMLESS))
        if text
    )
    own = edited("<w:sectPr", paragraphs + "<w:sectPr")
    assert check_template(template(tmp_path, own)).problems == ()


def test_all_faults_are_listed_not_only_the_first(tmp_path: Path) -> None:
    data = replaced(
        (CELL, "{{ requests.recieved.total }}"),
        (BESIDE, ""),
        ("{{ title }}", "｛｛ title ｝｝"),
        ("{{ disputes.review.upheld }}", "{{ disputes review upheld }}"),
        ("{{ disputes.review.total }}", "{{ title|upper }}"),
        ("{%p endfor %}", ""),
    )
    said = "\n".join(check_template(template(tmp_path, data)).problems)
    for words in ("没有 requests.recieved.total .*是否应为 requests.received.total", "全角括号", "没有结束",
                  "“{{ disputes review upheld }}”：标签中的名称写法有误", "过滤器 upper 不可用",
                  "缺少 3 个法定数据的标签：requests.carried_in.total", "缺少报告标题"):  # fmt: skip
        assert re.search(words, said), (words, said)
    assert "requests.received.total、" not in said, "a misspelt tag is not also a missing one"


@pytest.mark.slow
def test_without_an_edition_it_is_that_of_the_tags(tmp_path: Path) -> None:
    path = template(tmp_path, packaged(EDITIONS["2019"]))
    assert check_template(path).edition is EDITIONS["2019"]
    assert check_template(path, edition="2021").problems == (
        "有 2019 格式的标签，不能用于 2021 格式的报告",
    )


@pytest.mark.slow
def test_tags_that_changed_places_are_told_by_their_labels(tmp_path: Path) -> None:
    swapped = replaced((CELL, "@"), (BESIDE, CELL), ("@", BESIDE))
    found = check_template(template(tmp_path, swapped)).problems
    assert [problem.split(" ")[1] for problem in found] == [
        "requests.received.total",
        "requests.carried_in.total",
    ]
    assert "“一、本年新收政府信息公开申请数量／总计”" in found[0]


@pytest.mark.slow
def test_a_changed_label_is_told(tmp_path: Path) -> None:
    found = check_template(template(tmp_path, edited("（一）予以公开", "（一）公开"))).problems
    assert found
    assert all("granted" in problem or "“三、本年度办理结果" in problem for problem in found)


@pytest.mark.slow
def test_prose_that_would_be_lost_is_told(tmp_path: Path) -> None:
    (said,) = check_template(
        template(tmp_path, edited("{{ p.lead }}{{ p.text }}", "{{ p.text }}"))
    ).problems
    assert "{{ p.lead }}{{ p.text }}" in said


@pytest.mark.slow
def test_a_tag_formatted_in_two_ways_is_usable_and_noted(tmp_path: Path) -> None:
    document = Document(io.BytesIO(packaged()))
    title = document.paragraphs[0]
    title.runs[0].text = "{{ ti"
    title.add_run("tle }}").font.color.rgb = RGBColor(255, 0, 0)
    stream = io.BytesIO()
    document.save(stream)
    found = check_template(template(tmp_path, stream.getvalue()))
    assert found.problems == ()
    assert found.notes == ("正文“{{ title }}”：标签里的字格式不一，生成时都按第一个字的格式",)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "spacing", "noted"),
    [
        ("报告标题", None, True),
        ("报告正文", None, True),
        ("Normal", None, False),
        ("报告标题", 1.0, False),
        ("Normal", Pt(20), True),
    ],
)
def test_a_picture_that_a_fixed_line_height_cuts_off_is_noted(
    style: str, spacing: float | None, noted: bool, tmp_path: Path
) -> None:
    document = Document(str(new_template(tmp_path / "t.docx")))
    paragraph = document.paragraphs[0].insert_paragraph_before(style=style)
    paragraph.add_run().add_picture(logo(), width=Mm(30))
    paragraph.paragraph_format.line_spacing = spacing
    document.save(str(tmp_path / "t.docx"))
    found = check_template(tmp_path / "t.docx")
    assert found.problems == ()
    assert bool(found.notes) == noted == ("单倍行距" in "".join(found.notes))


def test_what_is_no_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="空文件"):
        check_template(template(tmp_path, b""))
    with pytest.raises(TemplateError, match="不存在"):
        check_template(tmp_path / "none.docx")


# The commands


@pytest.mark.slow
def test_the_commands_copy_check_and_tell_the_faults_with_exit_code_4(
    run: Callable[..., Run], tmp_path: Path
) -> None:
    path = tmp_path / "模板.docx"
    assert run("template", "new", "-o", path, "--edition", "2019").code == 0
    assert run("template", "new", "-o", path).code == 2
    good = run("template", "check", path)
    assert (good.code, good.out.splitlines()[0]) == (0, f"{path}：2019 版模板，可以使用。")
    path.write_bytes(replaced((CELL, ""), ("{{ title }}", "{{ titel }}")))
    bad = run("template", "check", path)
    assert bad.code == 4
    assert "2021 版模板，有 2 处问题" in bad.out
    assert "1. 正文“{{ titel }}”：没有 titel 的数据，是否应为 title\n2. 缺少 1 个" in bad.out
    path.write_bytes(b"x")
    assert (
        run("template", "check", path).code,
        run("template", "check", tmp_path / "无.docx").code,
    ) == (4, 4)
    assert run("template").out == run("template", "--help").out
    assert "可用：new、check" in run("template", "chek").err


# Restyled copies


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """The report of a whole sample, compiled with each restyled template of each edition."""
    folder = tmp_path_factory.mktemp("own")
    made = {}
    for edition in EDITIONS.values():
        (folder / edition.name).mkdir()
        book = write_book(folder / edition.name, consistent_report(edition, seed=7))
        for style, restyle in RESTYLED.items():
            own = folder / f"template-{style}-{edition.name}.docx"
            own.write_bytes(restyle(template_folder() / f"{edition.name}.docx"))
            output = folder / f"{style}-{edition.name}.docx"
            made[style, edition.name] = compile_report(book, output, template=own).path
    return made


@pytest.mark.slow
@each_style
@each_edition
def test_a_restyled_template_passes_and_names_what_it_uses(
    style: str, edition: Edition, tmp_path: Path
) -> None:
    path = template(tmp_path, RESTYLED[style](template_folder() / f"{edition.name}.docx"))
    found = check_template(path)
    assert (found.edition, found.problems, found.cells) == (
        edition,
        (),
        len(outline(edition).cells),
    )
    assert set(found.names) == {
        "agency.name", "year", "published", "title", "signature", "signed",
    }  # fmt: skip
    assert set(found.undeclared) == {{"cover": "楷体", "landscape": "微软雅黑"}[style]}


@pytest.mark.slow
@each_style
@each_edition
def test_every_number_and_every_paragraph_is_read_back_from_a_restyled_report(
    style: str, edition: Edition, filled: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    report = consistent_report(edition, seed=7)
    back = read_report(filled[style, edition.name]).report
    assert back.values() == report.values()
    assert (back.overview, back.problems, back.other_matters) == (
        report.overview,
        report.problems,
        report.other_matters,
    )
    again = import_report(filled[style, edition.name], tmp_path / "back.xlsx").path
    assert read_report(again).report.values() == report.values()


@pytest.mark.slow
@pytest.mark.validator
@pytest.mark.skipif(VALIDATOR is None, reason="no validator; test_validity fails for that in CI")
@each_style
def test_a_restyled_report_obeys_the_schemas(
    style: str, filled: dict[tuple[str, str], Path]
) -> None:
    assert faults(filled[style, "2021"]) == []


@pytest.mark.slow
def test_tags_in_headers_and_text_boxes_are_filled(filled: dict[tuple[str, str], Path]) -> None:
    report = consistent_report(EDITION_2021)
    cover, across = (Document(str(filled[style, "2021"])) for style in ("cover", "landscape"))
    assert (
        cover.sections[0].header.paragraphs[0].text
        == f"{report.agency.name}政府信息公开工作年度报告"
    )
    assert squeezed(across.sections[0].even_page_header.paragraphs[0].text) == report.title
    boxes = [
        "".join(t.text for t in box.iter(qn("w:t")))
        for box in across.element.body.iter(qn("w:txbxContent"))
    ]
    assert boxes == [f"{report.agency.name}{report.year}年度　发布日期：2025年1月20日"]


@pytest.fixture(scope="module")
def restyled(
    filled: dict[tuple[str, str], Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], list[Page]]:
    documents = {
        f"{style}-{edition}": path.read_bytes() for (style, edition), path in filled.items()
    }
    pages = as_pages(documents, tmp_path_factory.mktemp("restyled"))
    return {key: pages["-".join(key)] for key in filled}


def boxes(page: Page) -> list[tuple[str, bool]]:
    """The text of every cell, and whether all of it lies inside its box."""
    return [
        (
            squeezed("".join(c["text"] for c in chars)),
            all(
                c["x0"] > box[0] - 1 and c["x1"] < box[2] + 1 and c["bottom"] < box[3] + 0.5
                for c in chars
            ),
        )
        for table in page.cells
        for box, chars in table
    ]


@pytest.mark.libreoffice
@needs_libreoffice
@each_style
@each_edition
def test_pages_of_a_restyled_report_are_whole(
    style: str,
    edition: Edition,
    filled: dict[tuple[str, str], Path],
    restyled: dict[tuple[str, str], list[Page]],
) -> None:
    pages = restyled[style, edition.name]
    size = {"cover": (210, 297), "landscape": (297, 210)}[style]
    assert {(round(page.width / MM), round(page.height / MM)) for page in pages} == {size}
    cells = [cell for page in pages for cell in boxes(page)]
    assert [text for text, inside in cells if not inside] == []
    grids = read_document(filled[style, edition.name].read_bytes()).grids
    expected = {
        squeezed(str(value))
        for grid in grids
        for row in grid.rows
        for value in row
        if value not in (None, "")
    }
    assert expected <= {text for text, _ in cells}


@pytest.mark.libreoffice
@needs_libreoffice
@each_style
def test_a_table_longer_than_a_page_begins_under_its_heading_and_repeats_its_header(
    style: str, restyled: dict[tuple[str, str], list[Page]]
) -> None:
    pages = restyled[style, "2021"]
    heading = squeezed(next(section.heading for section in SECTIONS if section.key == "requests"))
    (first,) = [n for n, page in enumerate(pages) if heading in {line.text for line in page.text}]
    labels = {"申请人情况", "法人或其他组织", "自然人", "商业企业", "总计"}
    for page in pages[first : first + 2]:
        assert labels <= {text for text, _ in boxes(page)}
    last = "四、结转下年度继续办理"
    assert last not in {text for text, _ in boxes(pages[first])}
    assert last in {text for text, _ in boxes(pages[first + 1])}
