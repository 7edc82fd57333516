"""What a draft shows besides the report: a mark above the text, the findings below it.

Both are trees put into every template, so that template authors need not know of drafts. They use
no style but the template's default one.
"""

from __future__ import annotations

from collections.abc import Iterator

from govdisclose.write.word.tree import (
    BOTTOM_MARK,
    TOP_MARK,
    Body,
    Branch,
    Each,
    If,
    Length,
    Name,
    Node,
    Text,
    Value,
)

_LINE = 1
"""The draft's nodes come from no paragraph of the template."""


def with_draft(body: Body) -> Body:
    """The tree of a main part with the draft's nodes in the place of their marks."""
    return tuple(_marked(body))


def _marked(body: Body) -> Iterator[Node]:
    for node in body:
        if not isinstance(node, Text):
            yield node
            continue
        before, top, rest = node.xml.rpartition(TOP_MARK)
        between, bottom, after = rest.partition(BOTTOM_MARK)
        yield Text(before)
        if top:
            yield _TOP
        yield Text(between)
        if bottom:
            yield _BOTTOM
            yield Text(after)


def _if(name: str, *body: Node) -> If:
    return If((Branch(Name(name), body, _LINE),), ())


def _value(path: str) -> Value:
    return Value(Name(path), _LINE)


def _paragraph(text: Body, look: str, size: int, colour: str = "000000") -> Body:
    """``size`` in half points; ``look`` are paragraph properties."""
    letters = (
        '<w:rPr><w:rFonts w:ascii="黑体" w:hAnsi="黑体" w:eastAsia="黑体"/>'
        f'<w:color w:val="{colour}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )
    start = f'<w:p><w:pPr>{look}</w:pPr><w:r>{letters}<w:t xml:space="preserve">'
    return (Text(start), *text, Text("</w:t></w:r></w:p>"))


def _border(side: str, colour: str) -> str:
    return f'<w:{side} w:val="single" w:sz="12" w:space="4" w:color="{colour}"/>'


def _frame(colour: str) -> str:
    sides = _border("top", colour) + _border("bottom", colour)
    return f'<w:pBdr>{sides}</w:pBdr><w:spacing w:after="240"/><w:jc w:val="center"/>'


_RED, _GREY = "C00000", "595959"
_NO_INDENT = 'w:firstLineChars="0" w:firstLine="0"'
_OFF_GRID = '<w:snapToGrid w:val="0"/>'
_LOOK = f'{_OFF_GRID}<w:spacing w:before="60" w:after="60"/><w:ind {_NO_INDENT}/>'
_HINT_LOOK = f'{_OFF_GRID}<w:spacing w:after="60"/><w:ind w:left="420" {_NO_INDENT}/>'
_LIST_LOOK = f"<w:keepNext/><w:pageBreakBefore/>{_LOOK}"

_WARNING = (Text("草稿　尚未通过检查，不得公布"),)
_TITLE = (
    Text("草稿附：检查结果（"),
    Value(Length(Name("findings")), _LINE),
    Text(" 项）"),
)
_FINDING = (
    _value("loop.index"),
    Text(". 【"),
    _value("finding.label"),
    Text(" "),
    _value("finding.code"),
    Text("】"),
    _value("finding.message"),
)
_HINT = _if("finding.hint", *_paragraph((_value("finding.hint"),), _HINT_LOOK, 21, _GREY))
_FINDINGS = Each(Name("findings"), "finding", (*_paragraph(_FINDING, _LOOK, 21), _HINT), (), _LINE)

_TOP = _if("draft", *_paragraph(_WARNING, _frame(_RED), 32, _RED))
_BOTTOM = _if("draft", *_paragraph(_TITLE, _LIST_LOOK, 32, _RED), _FINDINGS)
