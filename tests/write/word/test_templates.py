"""The packaged templates are what the form gives; a user's template is checked before it is used."""

from __future__ import annotations

import posixpath
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose import AnnualReport, check_report
from govdisclose.errors import TemplateError
from govdisclose.form.edition import EDITION_2021, EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS, blank_report
from govdisclose.write.context import build_context
from govdisclose.write.draft import describe
from govdisclose.write.word import render
from govdisclose.write.word.draft_marks import with_draft
from govdisclose.write.word.fill import fill
from govdisclose.write.word.loading import load_template, make_template
from govdisclose.write.word.syntax import parse_source
from govdisclose.write.word.template_check import parse, template_faults
from govdisclose.write.word.tree import Body, source_of
from support.paths import ROOT
from support.reports import reports
from support.word_parts import DOCUMENT, edited, members, packaged, packed

sys.path.insert(0, str(ROOT / "tools"))
import build_templates  # a script, found through the line above
from support.templates import CELL, FAULTS

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# The packaged templates


def test_the_committed_templates_are_what_the_form_gives_now() -> None:
    assert build_templates.stale(ROOT / "templates") == []
    assert build_templates.main(["--check"]) == 0


def test_a_stale_or_missing_template_is_told(tmp_path: Path) -> None:
    (tmp_path / "2021.docx").write_bytes(edited("{{ title }}", "{{ title }}!"))
    stale = build_templates.stale(tmp_path)
    assert {"2019.docx", "2021.docx", "layouts/2021-cover.docx"} <= set(stale)


@each_edition
def test_building_twice_gives_the_same_bytes(edition: Edition) -> None:
    assert build_templates.build(edition) == build_templates.build(edition)


@each_edition
def test_every_statutory_cell_is_one_tag(edition: Edition) -> None:
    tags = Counter(re.findall(r"\{\{ ([\w.]+) \}\}", members(packaged(edition))[DOCUMENT].decode()))
    assert {path: tags[path] for path in outline(edition).cells} == dict.fromkeys(
        outline(edition).cells, 1
    )


@each_edition
def test_every_label_of_the_form_is_printed(edition: Edition) -> None:
    text = "".join(ElementTree.fromstring(members(packaged(edition))[DOCUMENT]).itertext())
    labels = {
        label for cell in outline(edition).cells.values() for label in (*cell.row, *cell.column)
    }
    missing = [label for label in (*labels, *(s.heading for s in SECTIONS)) if label not in text]
    assert missing == []


@each_edition
def test_a_template_is_a_sound_package(edition: Edition) -> None:
    parts = members(packaged(edition))
    for name, content in parts.items():
        root = ElementTree.fromstring(content)
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            assert all(posixpath.join(folder, entry.get("Target", "")) in parts for entry in root)
    kinds = ElementTree.fromstring(parts["[Content_Types].xml"])
    assert all(
        entry.get("PartName", "/").lstrip("/") in parts
        for entry in kinds
        if entry.tag.endswith("Override")
    )


@each_edition
def test_tables_are_rectangles_exactly_as_wide_as_the_text(edition: Edition) -> None:
    body = ElementTree.fromstring(members(packaged(edition))[DOCUMENT])
    tables = list(body.iter(W + "tbl"))
    assert len(tables) == 3
    for table in tables:
        grid = [int(column.get(W + "w", "")) for column in table.iter(W + "gridCol")]
        assert sum(grid) == 8845
        for row in table.iter(W + "tr"):
            widths = [int(cell.find(f"{W}tcPr/{W}tcW").get(W + "w")) for cell in row.iter(W + "tc")]  # type: ignore[arg-type, union-attr]  # a missing one fails the test
            assert sum(widths) == 8845
            assert row.find(f"{W}trPr/{W}cantSplit") is not None


@each_edition
def test_heading_table_and_air_of_tables_two_and_four_are_whole_lines(edition: Edition) -> None:
    """What follows them is on the grid of lines: the lowest rule is 10 twips high, a line 579."""
    body = ElementTree.fromstring(members(packaged(edition))[DOCUMENT])[0]
    heights = []
    before, after = set[str](), set[str]()
    for node in body:
        if node.tag == W + "tbl":
            heights.append(sum(int(row.get(W + "val", "")) for row in node.iter(W + "trHeight")))
        for spacing in node.findall(f"{W}pPr/{W}spacing"):
            before.add(spacing.get(W + "before", "0"))
            after.add(spacing.get(W + "after", "0"))
    air = sum(map(int, before)) + sum(map(int, after))
    assert air > 0
    for height in (heights[0], heights[2]):
        lines = (579 + height + 10 + air) / 579
        assert lines == pytest.approx(round(lines), abs=2 / 579)


@each_edition
def test_style_names_are_defined_and_every_font_has_an_east_asian_one(edition: Edition) -> None:
    parts = members(packaged(edition))
    styles = ElementTree.fromstring(parts["word/styles.xml"])
    defined = {style.get(W + "styleId") for style in styles.iter(W + "style")}
    for name in (DOCUMENT, "word/footer1.xml", "word/footer2.xml"):
        root = ElementTree.fromstring(parts[name])
        used = {
            node.get(W + "val") for kind in ("pStyle", "rStyle") for node in root.iter(W + kind)
        }
        assert used <= defined
    assert all(fonts.get(W + "eastAsia") for fonts in styles.iter(W + "rFonts"))


# Filled by our own code

JINJA = jinja2.Environment(
    autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
)


@cache
def both_ways(edition: Edition) -> tuple[jinja2.Template, Body]:
    """The packaged template as Jinja fills it, and the tree that we fill, with the marks of a draft."""
    parsed = parse(packaged(edition), "x")
    body = with_draft(parsed.parts[parsed.main].syntax.body)
    return JINJA.from_string(source_of(body)), body


def nested(context: dict[str, Any]) -> dict[str, Any]:
    """A context with its dotted names as Jinja looks them up."""
    names: dict[str, Any] = {}
    for flat, value in context.items():
        *groups, leaf = flat.split(".")
        node = names
        for group in groups:
            node = node.setdefault(group, {})
        node[leaf] = value
    return names


@each_edition
def test_a_tree_written_as_source_is_parsed_as_the_same_tree(edition: Edition) -> None:
    parsed = parse(packaged(edition), "x")
    body = parsed.parts[parsed.main].syntax.body
    again = parse_source(source_of(body))
    assert source_of(again) == source_of(body)


@pytest.mark.slow
@given(report=reports(), draft=st.booleans())
def test_templates_are_filled_as_jinja_would_fill_them(report: AnnualReport, draft: bool) -> None:
    context = {**build_context(report), "draft": draft, "findings": describe(check_report(report))}
    source, body = both_ways(report.edition)
    assert fill(body, context) == source.render(nested(context))


@pytest.mark.parametrize(
    "source",
    [
        "{{ title }}{{ year }}{{ agency.name }} & {# x #}{{ 'a<b' }}{{ 5 }}",
        "{% for p in overview %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}"
        "{{ p.text }}{% else %}none{% endfor %}",
        "{% for title in overview %}{{ title.text }}{% endfor %}{{ title }}",
        "{% if a.b == '1' and not title or year in title %}x{% elif year != '2' %}y{% else %}{% endif %}",
        "{{ title if problems else year }}{{ overview|length }}{{ 1 < 2 <= 2 }}{{ 'a' > 'b' }}{{ 1 >= 2 }}{{ 1 not in [] }}",
    ],
)
@pytest.mark.parametrize(
    "prose", [[], [SimpleNamespace(text="甲<"), SimpleNamespace(text="乙")]], ids=["blank", "prose"]
)
def test_whatever_lint_lets_through_means_what_jinja_means(
    source: str, prose: list[object]
) -> None:
    source = source.replace("{{ 1 not in [] }}", "")
    context = {
        "title": "标题<&>\"'", "year": "2024", "agency.name": "某局", "a.b": "1", "overview": prose, "problems": prose,
    }  # fmt: skip
    body = parse_source(source)
    expected = JINJA.from_string(source).render(nested(context))
    assert fill(body, context) == expected
    assert fill(parse_source(source_of(body)), context) == expected


CONDITIONS_IN_A_LOOP = (
    "{% for p in overview %}"
    "{% if p.level == 2 and p.lead %}<{{ p.lead }}{% if not p.text %}!{% elif loop.last or p.text == '甲' %}={{ p.text }}{% endif %}"
    "{% elif year and loop.index > 2 %}+{{ p.text }}"
    "{% else %}-{{ p.lead }}{% for p in problems %}{% if p.text and title %}{{ p.text }}{{ loop.index }}{% endif %}{% endfor %}"
    "{% endif %}{% if p.lead|length == 1 %}.{% endif %}{{ p.text if p.level else p.lead }}"
    "{% endfor %}"
)
ITEMS = st.lists(
    st.builds(
        SimpleNamespace,
        level=st.integers(0, 3),
        lead=st.sampled_from(["", "一", "一。"]),
        text=st.sampled_from(["", "甲", "乙<"]),
    ),
    max_size=8,
)


@given(ITEMS, ITEMS, st.sampled_from(["", "2024"]))
def test_each_item_of_a_loop_answers_its_conditions_for_itself(
    overview: list[object], problems: list[object], year: str
) -> None:
    context = {"overview": overview, "problems": problems, "year": year, "title": year}
    expected = JINJA.from_string(CONDITIONS_IN_A_LOOP).render(context)
    assert fill(parse_source(CONDITIONS_IN_A_LOOP), context) == expected


# A user's template


def write(folder: Path, data: bytes) -> Path:
    path = folder / "我的模板.docx"
    path.write_bytes(data)
    return path


@pytest.mark.slow
def test_a_restyled_copy_is_used_and_a_loaded_one_passed_on(tmp_path: Path) -> None:
    path = write(tmp_path, edited('w:val="44"', 'w:val="40"', "word/styles.xml"))
    first = load_template(EDITION_2021, path)
    assert load_template(EDITION_2021, first) is first
    assert b'w:val="40"' in members(render(blank_report(EDITION_2021), first))["word/styles.xml"]
    data = path.read_bytes()
    report = blank_report(EDITION_2021, title="标题")
    assert render(report, load_template(EDITION_2021, data)) == render(report, first)


def test_a_tag_split_by_word_and_tags_in_footers_are_filled() -> None:
    split = '{</w:t></w:r><w:r><w:t>{ ti</w:t></w:r><w:r><w:t xml:space="preserve">tle }</w:t></w:r><w:r><w:t>}'
    data = edited("{{ title }}", split)
    parts = members(data)
    parts["word/footer1.xml"] = parts["word/footer1.xml"].replace(
        "— ".encode(), b"{{ agency.name }} "
    )
    out = members(
        render(
            blank_report(EDITION_2021, title="标题甲"),
            make_template(packed(parts), "x", EDITION_2021),
        )
    )
    assert "标题甲" in out[DOCUMENT].decode()
    assert "{{" not in out["word/footer1.xml"].decode()


ATTACKS = [
    "{{ cycler.__init__.__globals__ }}",
    "{{ ''.__class__ }}",
    "{{ title.__class__ }}",
    "{{ title.upper() }}",
    "{{ title[0] }}",
    "{{ [1] }}",
    "{{ 9**99 }}",
    "{{ title|attr('x') }}",
    "{{ title|list }}",
    "{% set x = 1 %}",
    "{% include 'x' %}",
    "{% macro m() %}{% endmacro %}",
    "{{ loop.first }}",
    "{{ self }}",
]


@pytest.mark.parametrize("name", ["unknown tag", "footer"])
def test_a_fault_is_told_with_its_place(name: str) -> None:
    """Every kind of fault is among the tests of ``check_template``, which looks for the same ones."""
    make, words = FAULTS[name]
    with pytest.raises(TemplateError, match=words) as raised:
        make_template(make(), "我的模板.docx", EDITION_2021)
    assert raised.value.exit_code == 4
    assert "模板 我的模板.docx 不能使用" in str(raised.value)


def test_an_expression_that_is_no_name_of_the_report_is_a_fault() -> None:
    paragraphs = "".join(f"<w:p><w:r><w:t>{attack}</w:t></w:r></w:p>" for attack in ATTACKS)
    parsed = parse(edited("<w:body>", f"<w:body>{paragraphs}"), "x.docx")
    said = "".join(template_faults(parsed, EDITION_2021))
    assert [attack for attack in ATTACKS if f"“{attack}”" not in said] == []


TAGS = [
    "{% if problems %}有{% endif %}", "{{ problems|length }}", "{{ agency.code if agency.code else '无' }}",
    "{% if not year == '2024' and edition %}{{ published }}{% endif %}", CELL + CELL, "{# 说明 #}",
    "{{ overview|length }}", "{% if overview|length == 0 %}无{% endif %}", "{% if year == '2024' %}是{% endif %}",
    "{{ agency.code or '无' }}", "{% for p in preface %}{{ p.text }}{% else %}{{ title }}{% endfor %}",
]  # fmt: skip


def test_names_conditions_and_comments_may_be_used() -> None:
    made = make_template(edited(CELL, CELL + "".join(TAGS)), "x.docx", EDITION_2021)
    assert render(blank_report(EDITION_2021), made)


def linked(kind: str, mode: str) -> bytes:
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    entry = f'<Relationship Id="x" Type="{kind}" Target="http://evil/a"{mode}/></Relationships>'
    return edited("</Relationships>", entry, "word/_rels/document.xml.rels")


def retyped(kind: str) -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return edited(main, kind, "[Content_Types].xml")


EXTERNAL = ' TargetMode="External"'
NO_TEMPLATES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "空文件"),
    "text": (lambda: b"hello", "纯文本"),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "已加密"),
    "truncated": (lambda: packaged()[:-40], "已损坏或不完整"),
    "workbook": (lambda: retyped("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), "Excel 工作簿"),
    "macros": (lambda: retyped("application/vnd.ms-word.document.macroEnabled.main+xml"), "含有宏"),
    "macro project": (lambda: packed({**members(packaged()), "word/vbaProject.bin": b""}), "含有宏"),
    "dotx": (lambda: retyped("application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), "不是 .docx"),
    "not a document": (lambda: packed({"[Content_Types].xml": b"<Types/>"}), "不是 .docx"),
    "external picture": (lambda: linked("image", EXTERNAL), "外部链接.*image → http://evil/a"),
    "attached template": (lambda: linked("attachedTemplate", EXTERNAL), "attachedTemplate"),
    "embedded object": (lambda: linked("oleObject", ""), "嵌入对象"),
    "broken xml": (lambda: edited("</w:body>", ""), "部件 word/document.xml 已损坏"),
    "broken relationships": (lambda: edited("</Relationships>", "", "_rels/.rels"), "已损坏"),
    "broken styles": (lambda: edited("</w:styles>", "", "word/styles.xml"), "部件 word/styles.xml 已损坏"),
    "an encoding that nobody knows": (lambda: edited("UTF-8", "x-none", "word/fontTable.xml"), "fontTable.xml 已损坏"),
    "entities": (lambda: edited("<w:document", "<!DOCTYPE a><w:document"), "DTD"),
    "huge": (lambda: edited("</w:body>", f"<!--{'ab' * 2_100_000}--></w:body>"), "过大"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "words"), NO_TEMPLATES.values(), ids=NO_TEMPLATES)
def test_what_is_no_template_is_refused(
    make: Callable[[], bytes], words: str, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError, match=words):
        load_template(EDITION_2021, write(tmp_path, make()))


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="不存在"):
        load_template(EDITION_2021, tmp_path / "none.docx")
    with pytest.raises(TemplateError, match="是文件夹"):
        load_template(EDITION_2021, tmp_path)
