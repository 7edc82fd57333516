"""Files that hold no report, two reports, or only the blank form: each is refused in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from govdisclose.errors import InputError, NoReportError
from govdisclose.finding import Finding, Place
from govdisclose.form.outline import outline
from govdisclose.form.report import Paragraph
from govdisclose.read.published.arrangement import Arrangement
from govdisclose.read.published.document import MAX_LINES, Document, DocumentBlock, TextLine
from govdisclose.read.published.headings import RANK
from govdisclose.read.published.masthead import Title, read_title
from govdisclose.read.tables.labels import squeeze
from govdisclose.read.tables.values import Tables
from govdisclose.rules import Rule
from govdisclose.rules.importing import I101, I102, I103, I104, I105, I106, I131

_PROMPT = re.compile(r"[(\[【]?文字(描述|说明)?[)\]】]?|[.…]*|[xX×]*")
"""What the form prints where the text of a section goes."""
_OLD_FORM = "收费及减免"
"""A heading of the reports under the regulations before 2019, which had no tables."""
_NOTICES = ("通知", "函", "方案", "说明")
"""Endings of the titles of other documents about reports, which an office also sends."""
_COMPARISON = "年度报告比较"
"""How the title of our comparison ends, which has all headings of a report."""
_FEW = 2
"""A text with so many headings of a report may be one, whatever its title."""


def refuse_too_long(document: Document) -> None:
    """Raises ``InputError`` for a document longer than any report."""
    count = len(document.blocks)
    if count > MAX_LINES:
        raise InputError(f"{document.file} 有 {count} 段，超过 {MAX_LINES} 段，不像年度报告")


# --- two reports --------------------------------------------------------------------------------


def refuse_two(arrangement: Arrangement) -> None:
    """Raises ``InputError`` for two reports: nobody can tell which text belongs to which."""
    indexes = list(arrangement.tables)
    again = _second_beginning(arrangement)
    if again is None:
        return
    first = _last_title(arrangement.blocks[: indexes[0]])
    before = indexes[again - 1]
    second = _last_title(arrangement.blocks[before : indexes[again]])
    if first is None or second is None:
        return
    are_same = first.year == second.year and first.name == second.name
    if not are_same:
        titles = f"“{first.text}”和“{second.text}”"
        raise InputError(f"{arrangement.file} 里有两份报告（{titles}），请各存成一个文件再读入")


def _second_beginning(arrangement: Arrangement) -> int | None:
    """The table that comes before its predecessor in the statutory order."""
    keys = arrangement.tables.values()
    ranks = [RANK[key] for key in keys]
    for number in range(1, len(ranks)):
        if ranks[number] < ranks[number - 1]:
            return number
    return None


def _last_title(blocks: Iterable[DocumentBlock]) -> Title | None:
    found: Title | None = None
    for block in blocks:
        title = None
        if isinstance(block, TextLine):
            title = read_title(block.text)
        found = title or found
    return found


# --- no tables ----------------------------------------------------------------------------------


@frozen
class _Absence:
    """Why there are no tables."""

    rule: Rule
    said: str


def absence_of_tables(document: Document, arrangement: Arrangement, title: Title | None) -> Finding:
    """A finding that says why a report has no tables.

    Raises ``InputError`` for a document that is not recognised as a report, ``NoReportError`` if
    not even its title is one of a report.
    """
    absence = _absence(document, arrangement)
    is_report = title is not None and bool(arrangement.headings)
    if is_report and absence.rule is not I105:
        place = Place(document.file)
        return absence.rule.finding(absence.said, place)
    rule = absence.rule
    advice = f"{rule.fix}（{rule.code}）"
    said = f"{document.file}：{absence.said}。{advice}"
    is_notice = title is None or title.text.endswith(_NOTICES)
    has_few_headings = len(arrangement.headings) < _FEW
    is_other = (is_notice and has_few_headings) or _is_comparison(document)
    if absence.rule is I106 and is_other:
        raise NoReportError(said)
    raise InputError(said)


def _is_comparison(document: Document) -> bool:
    """Whether a document is one of our comparisons."""
    first = next(iter(document.lines), None)
    return first is not None and squeeze(first.text).endswith(_COMPARISON)


def _absence(document: Document, arrangement: Arrangement) -> _Absence:
    has_headings = bool(arrangement.headings)
    if document.script_only:
        return _Absence(I104, "网页没有内容，要由浏览器运行脚本才显示")
    texts = [squeeze(line.text) for line in document.lines]
    if any(_OLD_FORM in text for text in texts):
        said = "没有统计表，是旧条例的七部分报告（概述、主动公开、依申请公开、收费及减免等）"
        return _Absence(I105, said)
    titles = _titles(document)
    count = len(titles)
    if count > 2 and not has_headings:
        return _Absence(I101, f"网页是目录，列有 {count} 份报告的标题，不是报告本身")
    if document.attachments and not has_headings:
        first = document.attachments[0]
        _, _, name = first.rpartition("/")
        shown = name[:40]
        return _Absence(I102, f"网页上没有报告正文，报告在附件里（{shown}）")
    if document.images and has_headings:
        said = f"没有找到统计表，却有 {document.images} 张图片，统计表可能是图片"
        return _Absence(I103, said)
    return _Absence(I106, "没有找到法定统计表")


def _titles(document: Document) -> set[str]:
    """The different titles of reports in a document."""
    titles = (read_title(line.text) for line in document.lines)
    return {title.text for title in titles if title is not None}


# --- blank form ---------------------------------------------------------------------------------


def refuse_form(
    file: str, agency: str, prose: Mapping[str, tuple[Paragraph, ...]], statistics: Tables
) -> None:
    """Raises ``InputError`` for the blank form of the notice.

    It has all tables without a figure, no name, and no text but prompts.
    """
    if statistics.edition is None or agency or statistics.unread:
        return
    form = outline(statistics.edition)
    if len(statistics.values) < len(form.cells):
        return
    if any(value is not None for value in statistics.values.values()):
        return
    for paragraphs in prose.values():
        for paragraph in paragraphs:
            if _PROMPT.fullmatch(squeeze(paragraph.text)) is None:
                return
    name = statistics.edition.name
    basis = statistics.edition.basis
    raise InputError(
        f"{file} 是空白的法定格式（{name} 版，{basis}），没有填数据，不是报告。"
        f"{I131.fix}（{I131.code}）"
    )
