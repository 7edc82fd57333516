"""A prepared template gives the same documents as its .docx file, and is checked as strictly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose import compile_report
from govdisclose.errors import TemplateError, UsageError
from govdisclose.form.edition import EDITION_2019, EDITION_2021, EDITIONS, Edition
from govdisclose.form.report import Agency, AnnualReport, Paragraph, blank_report
from govdisclose.own_templates import check_template, prepare_template
from govdisclose.write.word import load_template, render
from govdisclose.write.word.loading import make_template, template_folder
from govdisclose.write.word.template_check import prepare_template as prepared_form
from support.commands import Run
from support.reports import consistent_report, reports, write_book
from support.templates import CELL
from support.word_parts import DOCUMENT, edited, members, packaged, packed

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "tools"))
from restyled_templates import RESTYLED  # noqa: E402  # a script, found through the line above

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)


@cache
def prepared(edition: Edition = EDITION_2021) -> bytes:
    return prepared_form(packaged(edition), "x.docx", edition)


def sample(edition: Edition) -> AnnualReport:
    prose = (
        Paragraph("（一）主动公开。共 8 件 <&>", 2),
        Paragraph("正文"),
        Paragraph("1.小标题", 3),
    )
    return blank_report(
        edition,
        agency=Agency("某局", "1"),
        published=date(2025, 1, 2),
        overview=prose,
        problems=prose,
    )


# The same documents


@pytest.mark.slow
@each_edition
@pytest.mark.parametrize("style", [None, *RESTYLED])
def test_a_prepared_template_gives_the_same_bytes(edition: Edition, style: str | None) -> None:
    path = template_folder() / f"{edition.name}.docx"
    data = path.read_bytes() if style is None else RESTYLED[style](path)
    made = make_template(data, "x.docx", edition)
    loaded = make_template(prepared_form(data, "x.docx", edition), "x.docx", edition)
    report = sample(edition)
    for draft in (False, True):
        assert render(report, loaded, draft=draft) == render(report, made, draft=draft)


@pytest.mark.slow
@pytest.mark.parametrize(
    "tag",
    [
        "{{ agency.code or '无' }}",
        "{% if not year == '2024' and edition %}{{ published }}{% elif title %}1{% else %}2{% endif %}",
        "{% for p in preface %}{{ loop.index }}{{ p.text }}{% else %}{{ title }}{% endfor %}",
        "{{ title if overview|length > 0 else year }}{% if 1 < 2 <= 2 and 'a' not in title %}&amp;{% endif %}",
    ],
)
def test_every_kind_of_tag_is_kept(tag: str) -> None:
    data = edited(CELL, CELL + tag.replace("<", "&lt;"))
    made = make_template(data, "x.docx", EDITION_2021)
    loaded = make_template(prepared_form(data, "x.docx", EDITION_2021), "x.docx", EDITION_2021)
    assert render(sample(EDITION_2021), loaded) == render(sample(EDITION_2021), made)


@pytest.mark.slow
@settings(max_examples=15)
@given(report=reports())
def test_whatever_a_report_says_the_bytes_are_the_same(report: AnnualReport) -> None:
    loaded = make_template(prepared(report.edition), "x.docx", report.edition)
    assert render(report, loaded) == render(report, load_template(report.edition))


@pytest.mark.slow
def test_it_is_accepted_where_a_template_is(tmp_path: Path) -> None:
    book = write_book(tmp_path, consistent_report())
    own = tmp_path / "我的模板.docx"
    own.write_bytes(edited("{{ title }}", "关于 {{ title }}"))
    path = prepare_template(own)
    assert path == tmp_path / "我的模板.prepared.json"
    assert check_template(path).problems == ()
    compile_report(book, tmp_path / "a.docx", template=own)
    compile_report(book, tmp_path / "b.docx", template=path)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


@pytest.mark.slow
def test_the_command_writes_it_and_refuses_what_check_refuses(tmp_path: Path, run: Run) -> None:
    own = tmp_path / "t.docx"
    own.write_bytes(packaged())
    assert run("template", "prepare", own).code == 0
    assert (tmp_path / "t.prepared.json").read_bytes() == prepared()
    assert run("template", "prepare", own).code == UsageError.exit_code
    assert run("template", "prepare", own, "-o", tmp_path / "t.docx", "--force").code == 2
    own.write_bytes(edited(CELL, ""))
    refused = run("template", "prepare", own, "-o", tmp_path / "u.json")
    assert refused.code == TemplateError.exit_code
    assert "缺少 1 个法定数据的标签" in refused.err
    assert not (tmp_path / "u.json").exists()


@pytest.mark.slow
def test_a_tag_in_a_wrong_column_is_refused_when_it_is_prepared(tmp_path: Path) -> None:
    own = tmp_path / "t.docx"
    text = members(packaged())[DOCUMENT].decode()
    one, other, mark = "{{ requests.received.natural_person }}", CELL, "swapped"
    swapped = text.replace(one, mark).replace(other, one).replace(mark, other)
    own.write_bytes(packed({**members(packaged()), DOCUMENT: swapped.encode()}))
    with pytest.raises(TemplateError, match="不在"):
        prepare_template(own)


@pytest.mark.slow
def test_it_is_used_without_docxtpl_lxml_and_jinja(tmp_path: Path) -> None:
    path = tmp_path / "t.prepared.json"
    path.write_bytes(prepared())
    book = write_book(tmp_path, consistent_report())
    code = (
        "import sys\n"
        "for name in ('docxtpl', 'docx', 'lxml', 'jinja2'): sys.modules[name] = None\n"
        "from govdisclose import compile_report\n"
        f"compile_report({str(book)!r}, {str(tmp_path / 'out.docx')!r}, template={str(path)!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.docx").exists()


# Checked as strictly


def changed(change: Callable[[Any], None]) -> bytes:
    content = json.loads(prepared())
    change(content)
    return json.dumps(content).encode()


def body(content: Any) -> list[Any]:
    (nodes,) = content["parts"].values()
    return nodes  # type: ignore[no-any-return]  # JSON


def replaced(old: str, new: str) -> bytes:
    """The prepared template with a text of its XML or a name replaced."""
    text = prepared().decode()
    assert old in text
    return text.replace(old, new).encode()


def deep(levels: int) -> Any:
    node: Any = "x"
    for _ in range(levels):
        node = {"not": node}
    return {"print": node, "line": 1}


def unreached(xml: str) -> bytes:
    """XML in a branch that no sample report reaches."""
    branch = {
        "test": {"compare": "year", "steps": [["==", {"constant": "1066"}]]},
        "body": [xml],
        "line": 1,
    }
    node = {"if": [branch], "else": []}
    return changed(lambda c: body(c).insert(_place_of_a_paragraph(body(c)), node))


def _place_of_a_paragraph(nodes: list[Any]) -> int:
    """Split the first text after the mark of a draft, and say where the second half begins."""
    mark = "<!--draft top-->"
    for index, node in enumerate(nodes):
        if isinstance(node, str) and mark in node:
            before, _, after = node.partition(mark)
            nodes[index : index + 1] = [before + mark, after]
            return index + 1
    raise AssertionError


def _after_title(content: Any) -> int:
    nodes = body(content)
    return (
        next(i for i, n in enumerate(nodes) if isinstance(n, dict) and n.get("print") == "title")
        + 1
    )


P, R = "<w:p>", "<w:r><w:t>甲</w:t></w:r>"
TAMPERED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no JSON": (lambda: b"{", "重新生成"),
    "a list": (lambda: b'{"a": []}', "重新生成"),
    "another format": (lambda: replaced("govdisclose/template/1", "govdisclose/template/9"), "重新生成"),
    "one key more": (lambda: changed(lambda c: c.update(more=1)), "重新生成"),
    "no base": (lambda: changed(lambda c: c.update(base="")), "空文件"),
    "a base that is no package": (lambda: changed(lambda c: c.update(base="aGVsbG8=")), "不是 Office 文档"),
    "an unknown node": (lambda: changed(lambda c: body(c).append({"call": "x"})), "重新生成"),
    "a node with more": (lambda: changed(lambda c: body(c).append({"print": "year", "line": 1, "x": 1})), "重新生成"),
    "an unknown operator": (
        lambda: changed(lambda c: body(c).append({"print": {"compare": "year", "steps": [["is", "x"]]}, "line": 1})), "重新生成"),
    "no number": (lambda: changed(lambda c: body(c).append({"print": {"constant": float("nan")}, "line": 1})), "重新生成"),
    "a long number": (lambda: replaced('"print":"title","line":', '"print":"title","line":' + "9" * 5000), "重新生成"),
    "nested too deep": (lambda: changed(lambda c: body(c).append(deep(500))), "重新生成"),
    "lists without end": (lambda: b'{"a":' + b"[" * 100_000, "重新生成"),
    "too many tags": (lambda: changed(lambda c: body(c).extend([{"print": "year", "line": 1}] * 210_000)), "标签太多"),
    "main elsewhere": (lambda: changed(lambda c: c.update(main="word/other.xml")), "重新生成"),
    "core elsewhere": (lambda: changed(lambda c: c.update(core="word/document2.xml")), "被改动过"),
    "a part twice": (lambda: changed(lambda c: c["parts"].update({"word/styles.xml": ["<a/>"]})), "被改动过"),
    "a part that nothing leads to": (lambda: changed(lambda c: c["parts"].update({"word/more.xml": ["<a/>"]})), "被改动过"),
    "no mark for a draft": (lambda: replaced("<!--draft top-->", ""), "被改动过"),
    "marks in the wrong order": (
        lambda: replaced("<!--draft top-->", "<!--x-->").replace(b"draft bottom", b"draft top").replace(b"<!--x-->", b"<!--draft bottom-->"), "被改动过"),
    "XML that is not whole": (lambda: replaced("</w:body>", ""), "已损坏"),
    "a DTD": (lambda: replaced("<w:document", "<!DOCTYPE a [<!ENTITY b 'c'>]><w:document"), "被改动过"),
    "another name": (lambda: replaced('"requests.received.total"', '"requests.recieved.total"'), "没有 requests.recieved.total .*是否应为 requests.received.total"),
    "a method": (lambda: changed(lambda c: body(c).insert(_after_title(c), {"print": "title.__class__", "line": 1})), "没有 title.__class__"),
    "a missing cell": (lambda: replaced('"requests.received.total"', '"title"'), "缺少 1 个法定数据的标签"),
    "a loop in a loop": (
        lambda: changed(lambda c: next(n for n in body(c) if "each" in n)["body"].append(
            {"each": "problems", "item": "q", "body": [], "else": [], "line": 1})), "不能对 problems 循环"),
    "tracked text in a branch": (lambda: unreached(f"{P}<w:ins w:id='1'>{R}</w:ins></w:p>"), "修订"),
    "hidden text in a branch": (lambda: unreached(f"{P}<w:r><w:rPr><w:vanish/></w:rPr><w:t>甲</w:t></w:r></w:p>"), "隐藏文字"),
    "a field in a branch": (lambda: unreached(f'{P}<w:fldSimple w:instr="DDEAUTO x"/></w:p>'), "DDEAUTO"),
    "a comment in a branch": (lambda: unreached("<!-- x -->"), "被改动过"),
    "half an element in a branch": (lambda: unreached(P), "已损坏"),
    "a tag as text": (lambda: unreached(f"{P}<w:r><w:t>{{{{ year</w:t></w:r></w:p>"), "没有写完"),
    "the other edition": (lambda: prepared(EDITION_2019), "2019 格式的标签"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("make", "words"), TAMPERED.values(), ids=TAMPERED)
def test_a_file_that_was_changed_is_refused(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        make_template(make(), "我的.prepared.json", EDITION_2021)


@pytest.mark.slow
@given(data=st.data())
def test_whatever_stands_in_the_place_of_a_node_is_refused_or_is_a_template(data: Any) -> None:
    content = json.loads(prepared())
    nodes = body(content)
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["print", "if", "else", "line", "each", "not", "or", "test"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=6,
    )
    nodes[data.draw(st.integers(0, len(nodes) - 1))] = data.draw(values)
    try:
        made = make_template(json.dumps(content).encode(), "x", EDITION_2021)
    except TemplateError:
        return
    assert render(sample(EDITION_2021), made)
