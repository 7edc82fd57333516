"""A template carries nothing into a report but what its pages show, and nothing that acts."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from govdisclose import EDITIONS, blank_report, compile_report, export_report, read_report
from govdisclose.errors import TemplateError
from govdisclose.form.edition import Edition
from govdisclose.own_templates import check_template
from govdisclose.proof import Templates
from govdisclose.write.word import load_template, render
from govdisclose.write.word.loading import make_template
from support.commands import Run
from support.paths import DATA
from support.reports import EDITION_2021, consistent_report, write_book
from support.word_parts import (
    DOCUMENT,
    RELATIONS,
    SETTINGS,
    STYLES,
    TYPES,
    beside_title,
    edited,
    field,
    mark,
    members,
    packaged,
    packed,
    with_part,
)

RUN = "<w:r>{}<w:t>暗中的字</w:t></w:r>"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
AUTHOR = 'w:id="901" w:author="审核" w:date="2026-01-05T09:00:00Z"'
HIDDEN = RUN.format("<w:rPr><w:vanish/></w:rPr>")
COMMENTS = (
    f"<w:comments {WORD}><w:comment {AUTHOR}><w:p>{RUN.format('')}</w:p></w:comment></w:comments>"
)
PIECE = '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:rect style="{}"{}/></w:pict></w:r>'
DRAWING = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="7" name="x"{}>{}</wp:docPr></wp:inline></w:drawing></w:r>'
)
CHOICE = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:t>甲</w:t></mc:Choice><mc:Fallback><w:t>{}</w:t></mc:Fallback></mc:AlternateContent></w:r>'
)


def styled(
    look: str, *, based: bool = False, use: str = '<w:rPr><w:rStyle w:val="Secret"/></w:rPr>'
) -> bytes:
    """A run in a style that is hidden, or whose parent is."""
    parts = members(beside_title(RUN.format(use)))
    above = (
        '<w:style w:type="character" w:styleId="Above"><w:name w:val="上级"/>{}</w:style>'.format(
            look if based else ""
        )
    )
    own = '<w:basedOn w:val="Above"/>' if based else look
    style = f'<w:style w:type="character" w:styleId="Secret"><w:name w:val="秘密"/>{own}</w:style>'
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", f"{above}{style}</w:styles>".encode())
    return packed(parts)


def header() -> bytes:
    """A header with hidden text, in a part whose name says that it is a picture; nothing shows it."""
    text = f'<?xml version="1.0"?><w:hdr {WORD}><w:p>{HIDDEN}</w:p></w:hdr>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    return with_part("word/header9.png", text, "header", kind)


def shown_header(parts: dict[str, bytes]) -> dict[str, bytes]:
    named = b'<w:headerReference w:type="default" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rIdMore"/>'
    at = parts[DOCUMENT].rindex(b"<w:sectPr>") + len(b"<w:sectPr>")
    return {**parts, DOCUMENT: parts[DOCUMENT][:at] + named + parts[DOCUMENT][at:]}


def linked(entry: str, owner: str = RELATIONS) -> bytes:
    parts = members(packaged())
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    parts[owner] = parts.get(owner, empty).replace(
        b"</Relationships>", f"{entry}</Relationships>".encode()
    )
    return packed(parts)


def relation(kind: str, target: str, mode: str = "") -> str:
    type_ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    return f'<Relationship Id="rIdX" Type="{type_}" Target="{target}"{mode}/>'


EXTERNAL = ' TargetMode="External"'
VANISH = "<w:rPr><w:vanish/></w:rPr>"
ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a comment": (lambda: (DATA / "comment-with-tag.docx").read_bytes(), "正文“{{ title }}”有批注"),
    "a comment nobody refers to": (lambda: with_part("word/comments.xml", COMMENTS, "comments"), "批注栏.*有批注"),
    "an insertion": (lambda: (DATA / "tracked-insertion.docx").read_bytes(), "正文“{{ title }}.*尚未接受或拒绝的修订"),
    "a deletion": (lambda: beside_title(f"<w:del {AUTHOR}><w:r><w:delText>旧</w:delText></w:r></w:del>"), "修订"),
    "text moved away": (lambda: beside_title(f"<w:moveFrom {AUTHOR}>{RUN.format('')}</w:moveFrom>"), "修订"),
    "text moved here": (lambda: beside_title(f"<w:moveTo {AUTHOR}>{RUN.format('')}</w:moveTo>"), "修订"),
    "a changed look": (lambda: beside_title(RUN.format(f"<w:rPr><w:rPrChange {AUTHOR}><w:rPr/></w:rPrChange></w:rPr>")), "修订"),
    "a changed style": (lambda: edited("</w:styles>", f'<w:style w:styleId="x"><w:rPr><w:rPrChange {AUTHOR}/></w:rPr></w:style></w:styles>', STYLES), "样式表有尚未"),
    "an inserted row": (lambda: edited("<w:trPr>", f"<w:trPr><w:ins {AUTHOR}/>"), "修订"),
    "hidden text": (lambda: beside_title(HIDDEN), "正文“{{ title }}.*有隐藏文字"),
    "a hidden tag": (lambda: beside_title(HIDDEN.replace("暗中的字", "{{ year }}")), "有隐藏文字"),
    "text hidden in a footer": (lambda: edited("</w:p>", f"{HIDDEN}</w:p>", "word/footer1.xml"), "页脚.*有隐藏文字"),
    "text hidden by its style": (lambda: styled(VANISH), "的样式“秘密”是隐藏文字"),
    "text hidden by its style's parent": (lambda: styled(VANISH, based=True), "的样式“秘密”是隐藏文字"),
    "a style hidden under another case": (lambda: styled(VANISH, use='<w:rPr><w:rStyle w:val="secret"/></w:rPr>'), "隐藏文字"),
    "all text hidden by default": (lambda: edited("<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>", STYLES), "默认格式是隐藏文字"),
    "a hidden row": (lambda: edited("<w:trPr>", "<w:trPr><w:hidden/>"), "隐藏的表格行"),
    "a hidden drawing": (lambda: beside_title(DRAWING.format(' hidden="1"', "")), "隐藏的图形"),
    "an invisible box": (lambda: beside_title(PIECE.format("width:1pt; visibility: hidden", "")), "隐藏的图形"),
    "dust": (lambda: beside_title(RUN.format('<w:rPr><w:sz w:val="2"/></w:rPr>')), "小得看不见"),
    "DDEAUTO": (lambda: (DATA / "field-dde.docx").read_bytes(), "域“DDEAUTO c:"),
    "DDEAUTO over runs": (lambda: beside_title(field(" DD", "EAU", "TO c:\\\\cmd ")), "域“DDEAUTO"),
    "DDE as a simple field": (lambda: beside_title('<w:fldSimple w:instr=" dde x y "><w:r><w:t>1</w:t></w:r></w:fldSimple>'), "域“dde x y"),
    "DDE in text instead of code": (lambda: beside_title(f"{mark('begin')}<w:r><w:t>DDEAUTO x</w:t></w:r>{mark('separate')}{mark('end')}"), "域“DDEAUTO x"),
    "DDE inside PAGE": (lambda: beside_title(f"{mark('begin')}{field(' DDEAUTO x ')}<w:r><w:instrText>PAGE</w:instrText></w:r>{mark('end')}"), "DDEAUTO"),
    "a name that is put together": (lambda: beside_title(f"{mark('begin')}<w:r><w:instrText>PAGE</w:instrText></w:r>{field('REF x')}{mark('end')}"), "域“PAGE{…}"),
    "a name from another field": (lambda: beside_title(f"{mark('begin')}{field('QUOTE 68 68 69')}<w:r><w:instrText> x</w:instrText></w:r>{mark('end')}"), "QUOTE"),
    "INCLUDEPICTURE": (lambda: (DATA / "field-includepicture.docx").read_bytes(), "域“INCLUDEPICTURE"),
    "INCLUDETEXT": (lambda: beside_title(field(' INCLUDETEXT "c:\\\\x.docx" ')), "INCLUDETEXT"),
    "LINK": (lambda: beside_title(field(" LINK Excel.Sheet x ")), "LINK"),
    "IF": (lambda: beside_title(field(' IF 1=1 "甲" "乙" ')), "域“IF"),
    "DOCPROPERTY": (lambda: beside_title(field(" DOCPROPERTY Secret ")), "DOCPROPERTY"),
    "a bookmark by its name": (lambda: beside_title(field(" secret ")), "域“secret”"),
    "a script link": (lambda: (DATA / "field-hyperlink-field.docx").read_bytes(), "链接“HYPERLINK"),
    "a link with a place in it": (lambda: beside_title(field(' HYPERLINK "http://x/" \\l "a" ')), "链接“HYPERLINK"),
    "a tag in a field": (lambda: beside_title(field(' STYLEREF "{{ title }}" ')), "代码里不能写标签"),
    "a macro button": (lambda: beside_title(field(" MACROBUTTON x 点这里 ")), "MACROBUTTON"),
    "a field in a footer": (lambda: edited(" PAGE ", " AUTHOR ", "word/footer2.xml"), "页脚：域“AUTHOR"),
    "a field without an end": (lambda: beside_title(mark("begin")), "没有结束"),
    "an end without a field": (lambda: beside_title(mark("end")), "不配对"),
    "stray code": (lambda: beside_title("<w:r><w:instrText>DDEAUTO x</w:instrText></w:r>"), "不属于任何域的域代码"),
    "a form field": (lambda: beside_title('<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:entryMacro w:val="x"/></w:ffData></w:fldChar></w:r>' + mark("end")), "窗体域"),
    "an attached template": (lambda: (DATA / "attachedTemplate-RELS-case.docx").read_bytes(), "attachedTemplate → http://evil"),
    "an attached template, spelt otherwise": (lambda: linked(relation("AttachedTemplate", "x.dotm"), "word/_RELS/settings.xml.rEls"), "AttachedTemplate"),
    "an attached template, encoded": (lambda: linked(relation("attachedTemplate", "x.dotm"), "word/_rels/settings.xml.%72els"), "attachedTemplate"),
    "an outside picture": (lambda: linked(relation("image", "http://evil/x.png", EXTERNAL)), "外部链接.*image"),
    "an outside picture without saying so": (lambda: linked(relation("image", "http://evil/x.png")), "image → http://evil"),
    "an outside picture on a share": (lambda: linked(relation("image", "\\\\evil\\x.png")), "image"),
    "an outside picture, in small letters": (lambda: linked(relation("image", "x.png", ' TargetMode="external"')), "image"),
    "an outside picture in a drawing": (lambda: beside_title(PIECE.format("", ' href="http://evil/"')), "外部链接 http://evil/"),
    "an outside picture in a footer": (lambda: linked(relation("image", "http://evil/x", EXTERNAL), "word/_rels/footer1.xml.rels"), "image"),
    "an action of a drawing": (lambda: beside_title(DRAWING.format("", '<a:hlinkClick xmlns:a="x" action="ppaction://program"/>')), "外部链接 ppaction"),
    "another document": (lambda: beside_title('<w:altChunk xmlns:r="x" r:id="rId9"/>'), "嵌入的另一份文档"),
    "another document, related": (lambda: with_part("word/a.html", "<html/>", "aFChunk", "text/html"), "aFChunk"),
    "an embedded object": (lambda: with_part("word/embeddings/o.bin", "x", "oleObject", "application/x"), "oleObject"),
    "an embedded workbook": (lambda: with_part("word/embeddings/o.xlsx", "x", "package", "application/x"), "package"),
    "a control": (lambda: beside_title('<w:control w:name="x"/>'), "控件"),
    "macros": (lambda: with_part("word/vbaProject.bin", "x", "vbaProject", "application/vnd.ms-office.vbaProject"), "含有宏"),
    "macros under another name": (lambda: with_part("word/x.dat", "x", "vbaProject", "application/x"), "vbaProject"),
    "bound data": (lambda: beside_title('<w:sdt><w:sdtPr><w:dataBinding w:xpath="/x"/></w:sdtPr><w:sdtContent/></w:sdt>'), "数据绑定"),
    "a mail merge": (lambda: edited("</w:settings>", "<w:mailMerge/></w:settings>", SETTINGS), "邮件合并"),
    "building blocks": (lambda: with_part("word/glossary/document.xml", f"<w:glossaryDocument {WORD}/>", "glossaryDocument"), "glossaryDocument"),
    "keys that run commands": (lambda: with_part("word/customizations.xml", "<x/>", "keyMapCustomizations"), "keyMapCustomizations"),
    "a part nobody shows": (lambda: packed({**members(packaged()), "word/secret.xml": b"<secret/>"}), "没有用到的部件 word/secret.xml"),
    "a second document": (lambda: packed({**members(packaged()), "word/document2.xml": members(packaged())[DOCUMENT]}), "没有用到的部件"),
    "a tag in a part that is not filled": (lambda: edited("</w:settings>", '<w:alias w:val="{{ title }}"/></w:settings>', SETTINGS), "文档设置里有标签"),
    "two ways to show a text": (lambda: beside_title(CHOICE.format("乙")), "两种写法而文字不同"),
    "a header under an odd name": (lambda: packed(shown_header(members(header()))), "页眉.*有隐藏文字"),
}  # fmt: skip


def template(folder: Path, data: bytes) -> Path:
    path = folder / "我的模板.docx"
    path.write_bytes(data)
    return path


def shortened(data: bytes) -> bytes:
    """A template with its smallest table alone: no attack is about the others, which take the time."""
    parts = members(data)
    _, *others = sorted(re.findall(b"<w:tbl>.*?</w:tbl>", parts[DOCUMENT], re.DOTALL), key=len)
    for table in others:
        parts[DOCUMENT] = parts[DOCUMENT].replace(table, b"")
    return packed(parts)


@pytest.mark.slow
@pytest.mark.parametrize(("make", "words"), ATTACKS.values(), ids=ATTACKS)
def test_what_a_report_must_not_carry_is_refused(make: Callable[[], bytes], words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        make_template(shortened(make()), "x.docx", EDITION_2021)


def test_what_is_said_of_an_attack_is_said_of_nothing_else(tmp_path: Path) -> None:
    found = check_template(template(tmp_path, shortened(packaged()))).problems
    said = [words for _make, words in ATTACKS.values() if re.search(words, "\n".join(found))]
    assert (len(found) > 0, said) == (True, [])


@pytest.mark.slow
def test_check_compile_and_export_refuse_with_exit_code_4(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, consistent_report())
    path = template(tmp_path, (DATA / "tracked-insertion.docx").read_bytes())
    checked = run("template", "check", path)
    assert (checked.code, "修订" in checked.out + checked.err) == (4, True)
    for command in (
        ("compile", book, "-o", tmp_path / "a.docx"),
        ("export", book, "--to", "pdf", "-o", tmp_path / "a.pdf"),
    ):
        done = run(*command, "--template", path)
        assert (done.code, "修订" in done.err) == (4, True)
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.slow
def test_a_tag_in_the_wrong_place_is_refused_by_compile_too_even_where_it_would_not_show(
    tmp_path: Path,
) -> None:
    parts = members(edited("requests.received.total", "@"))
    text = parts[DOCUMENT].decode().replace("requests.carried_in.total", "requests.received.total")
    parts[DOCUMENT] = text.replace("@", "requests.carried_in.total").encode()
    path = template(tmp_path, packed(parts))
    assert check_template(path).problems
    same = consistent_report().with_values(
        {"requests.received.total": 5, "requests.carried_in.total": 5}
    )
    book = write_book(tmp_path, same)
    with pytest.raises(TemplateError, match=r"requests.received.total .*不在"):
        compile_report(book, tmp_path / "a.docx", template=path, draft=True)
    with pytest.raises(TemplateError, match=r"requests.received.total .*不在"):
        export_report(same, tmp_path / "a.pdf", to="pdf", template=path, draft=True)


HARMLESS = {
    "page numbers": field(" PAGE \\* MERGEFORMAT "),
    "pages of a section": field(" SECTIONPAGES "),
    "a page less one": f"{mark('begin')}<w:r><w:instrText> = </w:instrText></w:r>{field(' PAGE ')}<w:r><w:instrText> - 1 \\# 0</w:instrText></w:r>{mark('separate')}{mark('end')}",
    "contents": field(' TOC \\o "1-3" \\h \\z \\u ', result="目录"),
    "a line of contents": field(' HYPERLINK \\l "_Toc1" '),
    "a reference": field(" REF _Ref1 \\h ") + field(' STYLEREF "标题 1" ') + field(" SEQ 图 \\* ARABIC "),
    "the day": field(' DATE \\@ "yyyy年M月d日" '),
    "a look that is not hidden": RUN.format('<w:rPr><w:vanish w:val="0"/><w:webHidden/></w:rPr>'),
    "a hidden style shown again": RUN.format('<w:rPr><w:rStyle w:val="y"/></w:rPr>'),
    "a box in both ways": CHOICE.format("甲"),
    "a bookmark and a spelling mark": '<w:bookmarkStart w:id="1" w:name="a"/><w:bookmarkEnd w:id="1"/><w:proofErr w:type="spellStart"/>',
    "a page number in a control": f"<w:sdt><w:sdtPr><w:docPartObj/></w:sdtPr><w:sdtContent>{field(' PAGE ')}</w:sdtContent></w:sdt>",
}  # fmt: skip
"""What Word and WPS write beside a text."""

UNUSED = f'<w:style w:type="paragraph" w:styleId="z"><w:name w:val="z-窗体顶端"/>{VANISH}</w:style>'
SHOWN_AGAIN = '<w:style w:styleId="y"><w:basedOn w:val="z"/><w:rPr><w:vanish w:val="false"/></w:rPr></w:style>'


@pytest.mark.slow
def test_what_word_and_wps_write_by_themselves_is_no_fault(tmp_path: Path) -> None:
    parts = members(beside_title("".join(HARMLESS.values())))
    styles = f"{UNUSED}{SHOWN_AGAIN}</w:styles>".encode()
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", styles)
    assert check_template(template(tmp_path, packed(parts))).problems == ()


@pytest.mark.slow
def test_data_that_no_page_shows_is_left_behind_and_told(tmp_path: Path) -> None:
    secret = "<s:customData xmlns:s='http://www.wps.cn/officeDocument/2013/wpsCustomData'>机密</s:customData>"
    data = with_part("customXml/item1.xml", secret, "customXml")
    data = with_data(
        data, "docProps/custom.xml", "<Properties>机密</Properties>", "custom-properties"
    )
    data = with_data(
        data,
        "docProps/app.xml",
        "<Properties><Company>机密</Company></Properties>",
        "extended-properties",
    )
    parts = members(data)
    parts[SETTINGS] = parts[SETTINGS].replace(
        b"</w:settings>",
        '<w:docVars><w:docVar w:name="a" w:val="机密"/></w:docVars></w:settings>'.encode(),
    )
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", "<!-- 机密 --></w:styles>".encode())
    parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:body>", "<w:body><!-- 机密 -->".encode())
    path = template(tmp_path, packed(parts))
    found = check_template(path)
    assert found.problems == ()
    assert found.notes == ("模板文件里另有附加数据，页面上看不到，不会带进报告",)
    made = members(
        render(blank_report(EDITION_2021, title="标题"), load_template(EDITION_2021, path))
    )
    assert not [name for name, content in made.items() if "机密".encode() in content]
    assert not [
        name
        for name in made
        if name.startswith("customXml") or name in ("docProps/custom.xml", "docProps/app.xml")
    ]
    assert b"customXml" not in made[RELATIONS] + made[TYPES]
    assert b"custom.xml" not in made["_rels/.rels"] + made[TYPES]


@pytest.mark.slow
def test_a_header_that_no_page_shows_is_left_behind(tmp_path: Path) -> None:
    path = template(tmp_path, header())
    found = check_template(path)
    assert found.problems == ()
    assert "没有用到的图片、页眉或页脚" in found.notes[0]
    made = members(
        render(blank_report(EDITION_2021, title="标题"), load_template(EDITION_2021, path))
    )
    assert "word/header9.png" not in made
    assert b"header9" not in made[RELATIONS] + made[TYPES]


def test_the_properties_of_a_template_are_replaced_whatever_type_they_are_given(
    tmp_path: Path,
) -> None:
    parts = members(packaged())
    parts[TYPES] = parts[TYPES].replace(
        b"application/vnd.openxmlformats-package.core-properties+xml", b"application/xml"
    )
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(
        b"</cp:coreProperties>", "<x>机密</x></cp:coreProperties>".encode()
    )
    loaded = load_template(EDITION_2021, template(tmp_path, packed(parts)))
    made = members(render(blank_report(EDITION_2021, title="标题"), loaded))
    assert "机密".encode() not in made["docProps/core.xml"]


def with_data(data: bytes, name: str, content: str, kind: str) -> bytes:
    parts = members(data)
    entry = f'<Relationship Id="rId{kind}" Type="http://x/{kind}" Target="{name}"/></Relationships>'
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", entry.encode())
    parts[TYPES] = parts[TYPES].replace(
        b"</Types>",
        f'<Override PartName="/{name}" ContentType="application/xml"/></Types>'.encode(),
    )
    return packed({**parts, name: content.encode()})


@pytest.mark.slow
def test_a_template_is_known_by_its_content_not_by_its_time_and_size(tmp_path: Path) -> None:
    templates = Templates()
    path = template(tmp_path, edited("{{ title }}", "关于甲 {{ title }}"))
    first = templates.load(EDITION_2021, path)
    when = path.stat()
    first_word = ord("一")
    for word in map(chr, range(first_word, first_word + 200)):  # one compressed as well as 甲
        path.write_bytes(edited("{{ title }}", f"关于{word} {{{{ title }}}}"))
        if path.stat().st_size == when.st_size:
            break
    os.utime(path, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert path.stat().st_size == when.st_size
    second = templates.load(EDITION_2021, path)
    assert second is not first
    data = render(blank_report(EDITION_2021, title="标题"), second.template)
    assert f"关于{word}" in members(data)[DOCUMENT].decode()
    os.utime(path)
    assert templates.load(EDITION_2021, path) is second


PREFIXES = {
    "of relationships": (' xmlns:r="', ' xmlns:r="http://example.org/other" xmlns:q="', "前缀 r"),
    "of text": (' xmlns:w="', ' xmlns:w="http://example.org/other" xmlns:q="', "前缀 w"),
}


@pytest.mark.parametrize(("old", "new", "words"), PREFIXES.values(), ids=PREFIXES)
def test_a_prefix_that_stands_for_something_else_is_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(TemplateError, match=words):
        make_template(edited(old, new), "x.docx", EDITION_2021)


def test_a_template_that_is_no_ordinary_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.docx")
    (tmp_path / "zero.docx").symlink_to("/dev/zero")
    with open(tmp_path / "large.docx", "wb") as file:
        file.truncate(10**12)
    begun = time.monotonic()
    for name in ("pipe", "zero", "large"):
        with pytest.raises(TemplateError):
            check_template(tmp_path / f"{name}.docx")
    assert time.monotonic() - begun < 5


@pytest.mark.slow
def test_deep_markup_is_refused_or_read_and_never_a_fault_of_the_program(tmp_path: Path) -> None:
    deep = "<w:smartTag>" * 5_000 + "</w:smartTag>" * 5_000
    with pytest.raises(TemplateError):
        check_template(template(tmp_path, beside_title(deep)))


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_the_packaged_templates_carry_nothing(edition: Edition, tmp_path: Path) -> None:
    found = check_template(template(tmp_path, packaged(edition)))
    assert (found.problems, found.notes) == ((), ())


def renamed() -> bytes:
    """The packaged template with its document under another name, as the relationships say."""
    parts = members(packaged())
    parts["word/document2.xml"] = parts.pop(DOCUMENT)
    parts["word/_rels/document2.xml.rels"] = parts.pop(RELATIONS)
    for name in ("_rels/.rels", TYPES):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")
    return packed(parts)


@pytest.mark.slow
def test_the_document_of_a_template_is_the_part_that_the_relationships_lead_to(
    tmp_path: Path,
) -> None:
    path = template(tmp_path, renamed())
    assert check_template(path).problems == ()
    book = write_book(tmp_path, consistent_report())
    for number in range(3):
        made = compile_report(book, tmp_path / f"{number}.docx", template=path).path
        assert read_report(made).report.values() == consistent_report().values()


def test_a_document_under_the_usual_name_that_nothing_leads_to_is_refused(tmp_path: Path) -> None:
    parts = {**members(renamed()), DOCUMENT: b"<decoy/>"}
    assert "没有用到的部件 word/document.xml" in "".join(
        check_template(template(tmp_path, packed(parts))).problems
    )


CLEAR = '<w:r><w:rPr><w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">{}</w14:textFill></w:rPr><w:t>暗</w:t></w:r>'
CLEAR_OR_OUT = {
    "letters without a fill": CLEAR.format("<w14:noFill/>"),
    "transparent letters": CLEAR.format(
        '<w14:solidFill><w14:alpha w14:val="100000"/></w14:solidFill>'
    ),
    "a place in another document": '<w:hyperlink w:docLocation="http://example.com"><w:r><w:t>甲</w:t></w:r></w:hyperlink>',
}


@pytest.mark.parametrize("name", CLEAR_OR_OUT)
def test_clear_letters_and_places_elsewhere_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(beside_title(CLEAR_OR_OUT[name]))
    assert check_template(path).problems
