"""Ways to write a figure of 66 beside something that is hidden, struck, raised or moved, in a Word document."""

from __future__ import annotations


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def styled(name: str, text: str, more: str = "") -> str:
    return run(text, f'<w:rStyle w:val="{name}"/>{more}')


def paragraph(inner: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{inner}</w:p>"


def control(content: str, more: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{more}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def alternate(*branches: str) -> str:
    return (
        f'<w:r><mc:AlternateContent xmlns:mc="{MC}">{"".join(branches)}</mc:AlternateContent></w:r>'
    )


def choice(needs: str, text: str) -> str:
    return f'<mc:Choice Requires="{needs}"><w:t>{text}</w:t></mc:Choice>'


def field(code: str, result: str) -> str:
    signs = {
        kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'
        for kind in ("begin", "separate", "end")
    }
    text = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return signs["begin"] + text + signs["separate"] + run(result) + signs["end"]


MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TRACKED = 'w:id="1" w:author="a" w:date="2025-01-01T00:00:00Z"'
DELETED = f"<w:del {TRACKED}><w:r><w:delText>5</w:delText></w:r></w:del>"

STYLES = """
<w:style w:type="character" w:styleId="cHidden"><w:name w:val="cHidden"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="cStruck"><w:name w:val="cStruck"/><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="cTwice"><w:name w:val="cTwice"/><w:rPr><w:dstrike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="cRaised"><w:name w:val="cRaised"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="cMoved"><w:name w:val="cMoved"/><w:rPr><w:position w:val="10"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="cChild"><w:name w:val="cChild"/><w:basedOn w:val="cHidden"/></w:style>
<w:style w:type="character" w:styleId="cGrand"><w:name w:val="cGrand"/><w:basedOn w:val="cChild"/></w:style>
<w:style w:type="character" w:styleId="cFreed"><w:name w:val="cFreed"/><w:basedOn w:val="cHidden"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="cLowChild"><w:name w:val="cLowChild"/><w:basedOn w:val="cRaised"/></w:style>
<w:style w:type="paragraph" w:styleId="pHidden"><w:name w:val="pHidden"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="pStruck"><w:name w:val="pStruck"/><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="pRaised"><w:name w:val="pRaised"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="pChild"><w:name w:val="pChild"/><w:basedOn w:val="pStruck"/></w:style>
"""

BESIDE = {
    "hidden": run("1", "<w:vanish/>"),
    "hidden, on": run("1", '<w:vanish w:val="on"/>'),
    "hidden, true": run("1", '<w:vanish w:val="true"/>'),
    "struck": run("1", "<w:strike/>"),
    "struck, 1": run("1", '<w:strike w:val="1"/>'),
    "struck twice": run("1", "<w:dstrike/>"),
    "raised": run("1", '<w:vertAlign w:val="superscript"/>'),
    "lowered": run("1", '<w:vertAlign w:val="subscript"/>'),
    "raised by position": run("1", '<w:position w:val="10"/>'),
    "lowered by position": run("1", '<w:position w:val="-6"/>'),
    "hidden by style": styled("cHidden", "1"),
    "struck by style": styled("cStruck", "1"),
    "struck twice by style": styled("cTwice", "1"),
    "raised by style": styled("cRaised", "1"),
    "moved by style": styled("cMoved", "1"),
    "hidden by the style's parent": styled("cChild", "1"),
    "hidden by the parent's parent": styled("cGrand", "1"),
    "raised by the style's parent": styled("cLowChild", "1"),
    "tiny": run("1", '<w:sz w:val="2"/>'),
    "narrow": run("1", '<w:w w:val="1"/>'),
    "deleted": DELETED,
    "moved away": f"<w:moveFrom {TRACKED}>{run('1')}</w:moveFrom>",
    "prompt": control(run("1"), "<w:showingPlcHdr/>"),
    "symbol": '<w:r><w:sym w:font="Symbol" w:char="F031"/></w:r>',
    "equation": '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>1</m:t></m:r></m:oMath>',
    "combined letters": run("1", '<w:eastAsianLayout w:id="1" w:combine="1"/>'),
    "unknown choice": alternate(choice("zzz", "1")),
    "code of a field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    + run("1")
    + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
}
WHOLE = {
    "plain": run("66"),
    "two runs": run("6") + run("6", "<w:b/>"),
    "not hidden": run("6") + run("6", '<w:vanish w:val="0"/>'),
    "not struck": run("6") + run("6", '<w:strike w:val="false"/>'),
    "baseline": run("6") + run("6", '<w:vertAlign w:val="baseline"/>'),
    "not moved": run("6") + run("6", '<w:position w:val="0"/>'),
    "style made visible": run("6") + styled("cHidden", "6", '<w:vanish w:val="0"/>'),
    "style based on a hidden one, made visible": run("6") + styled("cFreed", "6"),
    "no such style": run("6") + styled("nowhere", "6"),
    "inserted": f"<w:ins {TRACKED}>{run('66')}</w:ins>",
    "inserted for deleted": DELETED + f"<w:ins {TRACKED}>{run('66')}</w:ins>",
    "moved here": f"<w:moveTo {TRACKED}>{run('66')}</w:moveTo>",
    "control": control(run("66")),
    "field": field(" =60+6 ", "66"),
    "page number": field(" PAGE ", "66"),
    "simple field": f'<w:fldSimple w:instr="PAGE">{run("66")}</w:fldSimple>',
    "link": f'<w:hyperlink w:anchor="a">{run("66")}</w:hyperlink>',
    "smart tag": f'<w:smartTag w:uri="u" w:element="e">{run("66")}</w:smartTag>',
    "first choice": alternate(choice("wps", "66"), "<mc:Fallback><w:t>7</w:t></mc:Fallback>"),
    "second choice": alternate(choice("zzz", "7"), choice("wps", "66")),
    "fallback": alternate(choice("zzz", "7"), "<mc:Fallback><w:t>66</w:t></mc:Fallback>"),
    "ruby": "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>1</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>66</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    "right to left": run("66", "<w:rtl/>"),
    "overridden direction": f'<w:bdo w:val="rtl">{run("61")}</w:bdo>',
}
PARAGRAPHS = {
    "hidden by the paragraph": paragraph(run("1"), "pHidden") + paragraph(run("66")),
    "struck by the paragraph": paragraph(run("1"), "pStruck") + paragraph(run("66")),
    "struck by the paragraph's parent": paragraph(run("1"), "pChild") + paragraph(run("66")),
    "raised by the paragraph": paragraph(run("66"), "pRaised"),
    "hidden by both": paragraph(styled("cHidden", "66"), "pHidden"),
    "struck by both": paragraph(styled("cStruck", "66"), "pStruck"),
    "visible in a hidden paragraph": paragraph(run("66", '<w:vanish w:val="0"/>'), "pHidden"),
}
CASES: dict[str, str] = {
    **{name: paragraph(run("66") + beside) for name, beside in BESIDE.items()},
    **{f"{name}, before": paragraph(beside + run("66")) for name, beside in BESIDE.items()},
    **{name: paragraph(inner) for name, inner in WHOLE.items()},
    **PARAGRAPHS,
}
"""By name: the paragraphs of a cell."""
