"""Whether a user's template can give a correct report, decided before anything is rendered.

Only names that the report has may be printed, tested or looped over, and nothing can be called.
Every problem is one Chinese phrase that names the part and the text nearby.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import chain, islice
from xml.etree import ElementTree

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.report import SECTIONS, Agency, AnnualReport, Paragraph, blank_report
from govdisclose.form.sheets import PREFACE_SHEET, PROSE_SHEETS
from govdisclose.write.context import build_context, known_names
from govdisclose.write.word.chart_places import chart_faults
from govdisclose.write.word.fill import fill
from govdisclose.write.word.name_uses import NameUse, Printed, Unknown, foreign_names, name_uses
from govdisclose.write.word.parsed_template import Fault, Part

_PARTS = {
    "document": "正文",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "styles": "样式表",
    "numbering": "编号",
    "settings": "文档设置",
    "comments": "批注栏",
}
_FULL_WIDTH = re.compile(
    r"｛\s*(?:[｛{%％]|[A-Za-z_][\w.]*\s*｝)|\{\s*[｛％]|[%％｝}]\s*｝|[％｝]\s*\}"
)
# A search is ten times faster where a pattern begins with a letter, not with a look behind it.
_APART = re.compile(r"\{(?<!\{\{)\s+[{%](?!\{)|\}(?<!\}\})\s+\}(?!\})|%(?<!\}%)\s+\}(?!\})")
_SINGLE = re.compile(r"\{(?<![{%#]\{)\s*[A-Za-z_][\w.]*\s*\}(?!\})")
_BETWEEN = re.compile(r"<(?!w:t[ >])[^>]*>[^<]*\{\{")
"""A value between paragraphs or cells, which docxtpl makes of ``{{p name }}``."""

_SPELLING = (
    (_FULL_WIDTH, "标签用了全角括号，请改为半角 {{ }}"),
    (_APART, "标签的两个括号要连在一起，中间不能有空格"),
    (_SINGLE, "标签要写两层花括号 {{ }}"),
    (_BETWEEN, "{{ }} 标签不能带 p、tr、tc、r，只有 {% %} 标签可以"),
)
_MARKUP = re.compile(r"<[^<>\s][^<>]*>")
"""An XML tag; not the sign in ``{% if loop.index < 2 %}``."""

_PAIRS = (("{{", "}}"), ("{%", "%}"))
_LEFT_OVER = re.compile(r".{0,20}(?:\{[{%#]|[%}#]\}).{0,20}")
_NAMED = 5
"""Missing tags that a message names; it says how many there are."""

_NEARBY = 60
"""Characters of a paragraph that a message quotes."""

_ADVISED = 30
"""Unknown names for which a similar one is searched."""

_SIMILAR = 0.6
"""The least similarity of two names, as difflib measures it."""


def lint(parts: Mapping[str, Part], edition: Edition) -> list[str]:
    """Everything that is wrong with a template; empty if it can be used for ``edition``."""
    uses: dict[str, list[NameUse]] = {}
    for name, part in parts.items():
        uses[name] = list(name_uses(part.syntax, edition))
    all_uses = list(chain.from_iterable(uses.values()))
    unknown = dict.fromkeys(use.path for use in all_uses if isinstance(use, Unknown))
    meant = _meant(unknown, edition)
    problems: list[str] = []
    for name, part in parts.items():
        lines = part.source.split("\n")
        problems += _placed(name, lines, _source_faults(name, part))
        problems += _placed(name, lines, _name_faults(uses[name], meant, edition))
    foreign = list(_other_editions(edition, unknown))
    if not foreign:
        printed = {use.path for use in all_uses if isinstance(use, Printed)}
        printed.update(meant.values())
        whole = all(part.syntax.whole for part in parts.values())
        problems += _missing(edition, printed, prose=whole)
    problems = foreign + problems
    if not problems:
        problems += _rehearse(parts, edition)
    return list(dict.fromkeys(problems))


def part_name(part: str) -> str:
    """What users call a part: ``word/footer1.xml`` → 页脚."""
    _, _, file = part.rpartition("/")
    stem, _, _ = file.partition(".")
    kind = stem.rstrip("0123456789")
    return _PARTS.get(kind, part)


def unfinished(source: str) -> Iterator[int]:
    """The lines (from 1), one paragraph each, that open a tag without closing it or the reverse."""
    for number, line in enumerate(source.split("\n"), 1):
        has_tags = "{" in line or "}" in line
        if has_tags and _is_unfinished(line):
            yield number


def _is_unfinished(line: str) -> bool:
    text = _MARKUP.sub("", line)
    for opening, closing in _PAIRS:
        opened = text.count(opening)
        closed = text.count(closing)
        if opened != closed:
            return True
    return False


def _placed(name: str, lines: Sequence[str], faults: Iterable[Fault]) -> Iterator[str]:
    """Each fault with its place."""
    where = part_name(name)
    for fault in faults:
        nearby = _nearby(lines, fault.line)
        yield f"{where}“{nearby}”：{fault.words}"


def _nearby(lines: Sequence[str], number: int) -> str:
    """The text of a line, or of the nearest one before it with text."""
    last = min(number, len(lines)) - 1
    for index in range(last, -1, -1):
        text = _MARKUP.sub("", lines[index]).strip()
        if text:
            return text[:_NEARBY]
    return ""


# --- names ----------------------------------------------------------------------------------------


def _meant(unknown: Iterable[str], edition: Edition) -> dict[str, str]:
    """The names that the first unknown ones resemble; looking takes milliseconds for each."""
    known = known_names(edition)
    foreign = foreign_names(edition)
    found: dict[str, str] = {}
    for path in islice(unknown, _ADVISED):
        if path in foreign:
            continue
        near = get_close_matches(path, known, 1, _SIMILAR)
        if near:
            found[path] = near[0]
    return found


def _name_faults(
    uses: Iterable[NameUse], meant: Mapping[str, str], edition: Edition
) -> Iterator[Fault]:
    """Faults in the names of one part; names of other editions are reported together."""
    foreign = foreign_names(edition)
    for use in uses:
        if isinstance(use, Fault):
            yield use
        elif isinstance(use, Unknown) and use.path not in foreign:
            words = f"没有 {use.path} 的数据"
            if use.path in meant:
                words += f"，是否应为 {meant[use.path]}"
            yield Fault(use.line, words)


# --- the source -----------------------------------------------------------------------------------


def _source_faults(name: str, part: Part) -> Iterator[Fault]:
    """Faults that the source of a part alone shows."""
    misspelt = list(_misspelt(part.source))
    yield from misspelt
    known = {fault.line for fault in misspelt}
    for line in set(unfinished(part.source)) - known:
        yield Fault(line, "有标签没有写完，{{ 与 }}、{% 与 %} 要成对")
    is_main = part_name(name) == _PARTS["document"]
    yield from chart_faults(part.source, main=is_main)
    yield from part.syntax.faults


def _misspelt(source: str) -> Iterator[Fault]:
    for pattern, words in _SPELLING:
        line = 1
        counted = 0
        for found in pattern.finditer(source):
            end = found.end()
            line += source.count("\n", counted, end)
            counted = end
            yield Fault(line, words)


# --- all parts together ---------------------------------------------------------------------------


def _other_editions(edition: Edition, unknown: Iterable[str]) -> Iterator[str]:
    """Whether unknown names are those of another edition."""
    foreign = foreign_names(edition)
    of_others = [path for path in unknown if path in foreign]
    for name, other in EDITIONS.items():
        if other == edition:
            continue
        cells = outline(other).cells
        if any(path in cells for path in of_others):
            yield f"有 {name} 格式的标签，不能用于 {edition.name} 格式的报告"


def _missing(edition: Edition, printed: set[str], *, prose: bool) -> Iterator[str]:
    """Data of the report that no part prints; ``prose`` if loops could be made out."""
    cells = [path for path in outline(edition).cells if path not in printed]
    count = len(cells)
    if count:
        more = "等" if count > _NAMED else ""
        names = "、".join(cells[:_NAMED])
        yield f"缺少 {count} 个法定数据的标签：{names}{more}"
    if "title" not in printed:
        yield "缺少报告标题的标签 {{ title }}"
    if not prose:
        return
    headings = {section.key: section.heading for section in SECTIONS}
    headings["preface"] = PREFACE_SHEET
    for key in PROSE_SHEETS:
        if key not in printed:
            loop = f"{{%p for p in {key} %}}，循环中要有 {{{{ p.text }}}}"
            yield f"缺少“{headings[key]}”的段落循环 {loop}"


# --- the rehearsal --------------------------------------------------------------------------------


def _rehearse(parts: Mapping[str, Part], edition: Edition) -> Iterator[str]:
    """Fill in sample reports: the result must be whole XML without leftovers of tags."""
    for report in _samples(edition):
        names = build_context(report)
        for name, part in parts.items():
            fault = _filling_fault(part, names)
            if fault:
                yield f"{part_name(name)}{fault}"


def _filling_fault(part: Part, names: Mapping[str, object]) -> str:
    try:
        filled = fill(part.syntax.body, names)
    except TypeError:  # '一' > 2
        return "：标签不能填写"
    # The standard parser is safe here: a DTD comes before the root, where no part has any text.
    try:
        root = ElementTree.fromstring(filled.encode())
    except (ElementTree.ParseError, ValueError):
        return "：循环或条件跨越了段落或表格，请让 {%p %} 标签各自独占一段"
    shown = "".join(root.itertext())
    left = _LEFT_OVER.search(shown)
    if left is None:
        return ""
    return f"“{left[0]}”：留有没有填的标签"


def _samples(edition: Edition) -> Iterator[AnnualReport]:
    """A blank report, and one with a long title and prose of every level."""
    yield blank_report(edition, title="标题")
    prose = tuple(Paragraph(f"（一）第{level}级。其余文字", level) for level in (0, 2, 3, 4))
    full = blank_report(
        edition,
        agency=Agency("甲" * 30, "1"),
        title="甲" * 30 + "乙",
        published=date(2000, 1, 2),
        **dict.fromkeys(PROSE_SHEETS, prose),
    )
    ones = dict.fromkeys(outline(edition).cells, 1)
    yield full.with_values(ones)
