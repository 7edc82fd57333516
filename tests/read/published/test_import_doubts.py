"""A figure of 66 with a 1 beside it that a reader does not see as a digit is read as 66, or told and left unread."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose import Reading
from govdisclose.read.published.html.page import read_html
from govdisclose.read.published.reader import read_published
from govdisclose.read.published.word.reader import read_docx
from support.reports import consistent_report
from support.webpages import page, word
from support.word_parts import DOCUMENT, members, packed

LICENCES = "proactive.licences.decisions"
REPORT = consistent_report(seed=5).with_values({LICENCES: 447228})
PAGE = page(REPORT)
PARTS = members(word(REPORT))
STYLES = [
    "zoom:.01", "mask-image:linear-gradient(transparent,transparent)", "color:rgb(0 0 0 / 0)", "color:hsl(0 0% 0% / 0)",
    "position:relative;inset-block-start:-5px", "font-variant-position:super", "font-variant:super", "baseline-shift:super",
    "vertical-align:top;font-size:8px", "display:inline-block;vertical-align:top;font-size:60%", "margin-right:-12px",
    "margin:0 0 0 -12px", "margin-inline-start:-12px", "word-spacing:-9px", "writing-mode:vertical-rl",
    "block-size:0;overflow:hidden;display:block", "inline-size:0;overflow:hidden;display:inline-block",
    "font-size-adjust:0", "float:inline-start", "float:inline-end", "animation:gone 0s forwards", "font-size:5px",
    "grid-area:1/1", "DISPLAY:\\6eone", "display:none!important;display:inline",
]  # fmt: skip
HARMLESS = [
    "zoom:1", "vertical-align:middle", "font-family:仿宋_GB2312;mso-hansi-font-family:宋体", "letter-spacing:-1px",
    "line-height:28px;mso-line-height-rule:exactly", "font-size:10.5pt", "text-autospace:none;margin:0 -1px",
]  # fmt: skip
ELEMENTS = [
    '66<a href="#n1">1</a>', "66<small>1</small>", '66<font size="1">1</font>', "66<noframes>1</noframes>",
    "66<noembed>1</noembed>", "66<span popover>1</span>", "66<details open><summary></summary>1</details>",
    "66<dialog open>1</dialog>", "66<sup></sup>", "66<sup> </sup>", '<bdo dir="ltr">66</bdo>',
]  # fmt: skip
SHEETS = {
    "nested rule": ("<style>.a{color:red;i{display:none}}</style>", "<b class=a>66<i>1</i></b>"),
    "layer": (
        "<style>@layer a{#x{display:inline}}.x{display:none}</style>",
        "66<i class=x id=x>1</i>",
    ),
    "container": (
        "<style>@container (min-width:1px){.x{display:none}}</style>",
        "66<i class=x>1</i>",
    ),
    "scope": ("<style>@scope (td){.x{display:none}}</style>", "66<i class=x>1</i>"),
    "sheet for print": (
        "<style>.x{display:none}</style><style media=print>.x{display:inline}</style>",
        "66<i class=x>1</i>",
    ),
    "vendor selector": (
        "<style>.x{display:none}.x::-moz-foo,.x{display:inline}</style>",
        "66<b class=x>1</b>",
    ),
    "first letter": ("<style>.x::first-letter{font-size:0}</style>", "<p class=x>166</p>"),
    "picture after": ("<style>.x::after{content:url(1.png)}</style>", "<b class=x>66</b>"),
    "line drawn over": (
        '<style>.s::after{content:"";position:absolute;top:50%}</style>',
        "66<b class=s>1</b>",
    ),
    "picture instead": ("<style>.x{content:url(1.png)}</style>", "<b class=x>66</b>"),
    "list": ("<style>ul{list-style:decimal}</style>", "<ul><li>66</li></ul>"),
    "reversed": (
        "<style>.f{display:flex;flex-flow:row-reverse}</style>",
        "<div class=f><b>6</b><b>6</b></div>",
    ),
    "identifier of another file": ("<link rel=stylesheet href=a.css>", '66<span id="n">1</span>'),
    "attribute of another file": ("<link rel=stylesheet href=a.css>", "66<span data-note>1</span>"),
    "element of another file": ("<link rel=stylesheet href=a.css>", "66<em>1</em>"),
    "class here and there": (
        "<link rel=stylesheet href=a.css><style>.n{color:red}</style>",
        '66<i class="n">1</i>',
    ),
    "late sheet": (
        '<link rel=preload as=style href=a.css onload="rel=1">',
        '66<span class="n">1</span>',
    ),
    "too many steps": (
        "<style>" + "b " * 14 + ".x{display:none}</style>",
        "66" + "<b>" * 14 + "<i class=x>1</i>",
    ),
}
WHOLE = {
    "print only": ("<style media=print>.x{display:none}</style>", "6<i class=x>6</i>"),
    "no style sheet": ("<style type=text/x>.x{display:none}</style>", "6<i class=x>6</i>"),
    "unknown state": ("<style>.x,:foo{color:red}</style>", "6<b class=x>6</b>"),
    "one class throughout": (
        "<link rel=stylesheet href=a.css>",
        "<p class=a><span>6</span><font>6</font></p>",
    ),
}


def of_page(head: str, cell: str) -> Reading:
    html = f"<html><head>{head}</head><body>{PAGE.replace('447228', cell)}</body></html>"
    return read_published(read_html(html.encode(), "r.html"), Path("r.html"))


def is_right_or_told(reading: Reading) -> bool:
    value = reading.report.values()[LICENCES]
    told = any(finding.path == LICENCES and finding.stops for finding in reading.findings)
    return told if value is None else value == 66


@pytest.mark.parametrize("style", STYLES)
def test_a_styled_1_beside_66_is_no_digit(style: str) -> None:
    assert is_right_or_told(of_page("", f'66<span style="{style}">1</span>'))


@pytest.mark.parametrize("style", HARMLESS)
def test_a_style_that_changes_nothing_is_no_reason_to_leave_a_figure_unread(style: str) -> None:
    assert of_page("", f'6<span style="{style}">6</span>').report.values()[LICENCES] == 66


@pytest.mark.parametrize("cell", ELEMENTS)
def test_a_1_in_an_element_beside_66_is_no_digit(cell: str) -> None:
    assert is_right_or_told(of_page("", cell))


@pytest.mark.parametrize("name", SHEETS)
def test_what_only_a_browser_can_tell_is_told(name: str) -> None:
    assert is_right_or_told(of_page(*SHEETS[name]))


@pytest.mark.parametrize("name", WHOLE)
def test_sheets_that_are_not_in_force_change_nothing(name: str) -> None:
    reading = of_page(*WHOLE[name])
    assert reading.report.values()[LICENCES] == 66


RUN = "<w:r><w:rPr>{look}</w:rPr><w:t>1</w:t></w:r>"
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
RUNS = [
    RUN.format(look=look)
    for look in (
        "<w:webHidden/>", '<w:sz w:val="1pt"/>', '<w:sz w:val="8"/>', '<w:spacing w:val="-6pt"/>', '<w:fitText w:val="1"/>',
        f"<w14:textFill {W14}><w14:noFill/></w14:textFill>", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>',
    )
]  # fmt: skip
FIELDS = [
    "ADVANCE \\u5",
    "NOTEREF a",
    "SYMBOL 49",
    "SAVEDATE",
    "MACROBUTTON x 1",
    "NUMWORDS",
    "= 1",
    "REF a",
]
CONTROLS = [
    "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>66</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    '<w:p><w:r><w:t>66</w:t></w:r><w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>1</w:t></w:r></w:p>',
    "<w:p><w:r><w:t>66</w:t><w:pgNum/></w:r></w:p>",
    '<w:p><w:r><w:t>66</w:t></w:r><x:r xmlns:x="urn:x"><w:t>1</w:t></x:r></w:p>',
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>66</w:t></w:r></w:p>',
]


def of_document(cell: str) -> Reading:
    before, _, after = PARTS[DOCUMENT].decode().partition("447228")
    start, end = before.rindex("<w:p>"), after.index("</w:p>") + len("</w:p>")
    data = packed({**PARTS, DOCUMENT: (before[:start] + cell + after[end:]).encode()})
    return read_published(read_docx(data, "r.docx"), Path("r.docx"))


def field(code: str) -> str:
    marks = {
        kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
        for kind in ("begin", "separate", "end")
    }
    said = f"{marks['begin']}<w:r><w:instrText>{code[:1]}</w:instrText><w:instrText>{code[1:]}</w:instrText></w:r>"
    return said + marks["separate"] + RUN.format(look="") + marks["end"]


@pytest.mark.parametrize("beside", [*RUNS, *map(field, FIELDS)])
def test_a_1_that_word_draws_otherwise_is_no_digit(beside: str) -> None:
    assert is_right_or_told(of_document(f"<w:p><w:r><w:t>66</w:t></w:r>{beside}</w:p>"))


@pytest.mark.parametrize("cell", CONTROLS)
def test_what_is_no_text_of_the_cell_is_told(cell: str) -> None:
    assert is_right_or_told(of_document(cell))
