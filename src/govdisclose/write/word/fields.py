"""The fields of a Word part: which instructions a template may carry into every report.

A field is a small program that Word runs when the document is opened or printed. Fields that number
pages and refer within the document are let through. A field that fetches, links, asks or starts
something is refused, and so is every field not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from attrs import define, field

from govdisclose.write.word.markup import Names, local, value

ALLOWED = (
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "NOTEREF", "STYLEREF", "SEQ", "DATE", "TIME",
)  # fmt: skip
"""Fields that number, refer within the document, or print the day."""

_INNER = "\ufffc"
"""Stands in an instruction for a field inside it."""

_NAME = re.compile(rf'\s*([^\s\\"{_INNER}]+)')
_ARITHMETIC = re.compile(rf"\s*=[\s\d+*/().{_INNER}-]*(\\[#*]\s*[\w#.,]+\s*)*")
_LOCAL_LINK = re.compile(
    r'\s*HYPERLINK(\s+\\[hnt])*\s+\\l\s+("[^"\\]*"|[^\s"\\]+)(\s+\\[hnt])*\s*', re.IGNORECASE
)
_WORD = "wordprocessingml"
_MARKS = frozenset(("fldChar", "fldSimple", "instrText"))
"""The elements of which fields consist."""

_MOST_SHOWN = 40
"""Characters of an instruction in a message."""


@define
class _Field:
    """A field that has begun: its instruction so far, and whether that is complete."""

    text: list[str] = field(factory=list)
    separated: bool = False

    @property
    def instruction(self) -> str:
        """What has been written of the instruction."""
        return "".join(self.text)


def field_faults(root: Element, names: Names) -> Iterator[str]:
    """The faults of the fields of one part, in Chinese phrases that name each field."""
    if _MARKS.isdisjoint(names.elements):
        return
    reader = _Fields()
    for node in root.iter():
        if _WORD in node.tag:
            yield from reader.read(node)
    yield from reader.end()


class _Fields:
    """Follows the fields of a part in the order of its text; they nest and span paragraphs."""

    def __init__(self) -> None:
        self.open: list[_Field] = []

    def read(self, node: Element) -> Iterator[str]:
        """Take one element of the part."""
        name = local(node)
        if name == "fldChar":
            yield from self._mark(value(node, "fldCharType"))
        elif name == "fldSimple":
            self._write(_INNER)
            yield from _instruction_faults(value(node, "instr"))
        elif name in ("instrText", "t"):
            text = node.text or ""
            if name == "instrText" and not self._is_writing:
                yield f"有不属于任何域的域代码“{_short(text)}”"
            else:
                self._write(text)

    def end(self) -> Iterator[str]:
        """The fields that are open at the end of the part."""
        for left in self.open:
            shown = _short(left.instruction)
            yield f"域“{shown}”没有结束"

    def _mark(self, kind: str) -> Iterator[str]:
        if kind == "begin":
            self._write(_INNER)
            self.open.append(_Field())
        elif not self.open or kind not in ("separate", "end"):
            yield "有域的开始和结束不配对"
        elif kind == "separate":
            self.open[-1].separated = True
        else:
            ended = self.open.pop()
            yield from _instruction_faults(ended.instruction)

    @property
    def _is_writing(self) -> bool:
        """Whether an instruction is being written; later text is the last result of its field."""
        return bool(self.open) and not self.open[-1].separated

    def _write(self, text: str) -> None:
        """Add to the instruction that is being written, if any."""
        if self._is_writing:
            self.open[-1].text.append(text)


def _instruction_faults(text: str) -> Iterator[str]:
    """The fault of one instruction; its inner fields are judged separately."""
    if "{" in text or "}" in text:
        yield f"域“{_short(text)}”的代码里不能写标签"
        return
    if _ARITHMETIC.fullmatch(text) or _LOCAL_LINK.fullmatch(text):
        return
    found = _NAME.match(text)
    name = found[1].upper() if found else ""
    shown = _short(text)
    if name == "HYPERLINK":
        yield f"链接“{shown}”指向文档之外，请取消超链接"
    elif name not in ALLOWED or _INNER in text:
        allowed = "、".join(ALLOWED)
        yield f"域“{shown}”不能用，只能用页码、目录和文内引用的域（{allowed}）"


def _short(text: str) -> str:
    """An instruction as messages quote it: on one line, and not too long."""
    whole = text.replace(_INNER, "{…}")
    words = " ".join(whole.split())
    if len(words) <= _MOST_SHOWN:
        return words
    return f"{words[: _MOST_SHOWN - 1]}…"
