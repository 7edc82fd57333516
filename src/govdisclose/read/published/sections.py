"""The prose of a published report: the preface and sections one, five and six, as paragraphs.

Lines that belong to the page and not to the report are kept apart, so that they can be reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import dropwhile

from attrs import define, evolve, field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.report import Paragraph
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.read.grid import Grid
from govdisclose.read.published.arrangement import Arrangement
from govdisclose.read.published.article import is_inside, split_head
from govdisclose.read.published.basics import PublishedBasics
from govdisclose.read.published.document import DocumentBlock, TextLine, text_lines
from govdisclose.read.published.headings import section_of
from govdisclose.read.published.leftovers import left_out
from govdisclose.read.published.masthead import Dated, Title, is_office, read_date, split_preface
from govdisclose.read.published.page_marks import marked_level, part_of, signing
from govdisclose.read.published.table_texts import all_texts
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.labels import squeeze
from govdisclose.read.texts import clean, paragraph_level
from govdisclose.rules import Rule
from govdisclose.rules.importing import I120, I121, I122, I123, I124

_FOOTERS = (
    r"扫一扫.{0,20}",
    r"分享(到|至)?:?",
    r"分享(到|至):.{0,30}",
    r"[上下]一[篇条](:.{0,60})?",
    r"相关(链接|文档|信息|附件|稿件|文章|新闻):?",
    r"附件(下载)?:.{0,60}",
    r"(主办|承办)(单位)?:.{0,60}",
    r"版权(所有|声明).{0,60}",
    r"网站(标识码|地图).{0,60}",
    r"联系我们",
    r"责任编辑.{0,20}",
    r"返回(顶部|列表)",
    r"友情链接.{0,60}",
    r".{0,60}(ICP备|公网安备).{0,30}",
    r"copyright.{0,80}",
    r"[【\[]?(我要)?(打印|关闭|收藏|纠错)(本页|此页|页面|窗口)?[】\]]?"
    r"([【\[|]?(打印|关闭)(本页|此页|页面|窗口)?[】\]]?)?",
)
_FOOTER = re.compile(f"({'|'.join(_FOOTERS)})", re.IGNORECASE)
"""A line of the page below the report."""
_LEADERS = ".…·⋯"
_PAGE_NUMBER = "0123456789 \u3000"
_LONGEST_DATE = 11
"""Characters of a line that holds only a date: 2025年12月31日."""
_DEEPEST = 4
"""The level of paragraphs below which no outline of a file goes."""


@frozen
class Sections:
    """The paragraphs of each part, their places, and the doubtful or omitted texts.

    ``outside`` are lines of the page around the report, ``signature`` and ``signed`` are the name
    and the date at its end; ``is_marked`` says that the page itself marks them.
    """

    paragraphs: Mapping[str, tuple[Paragraph, ...]]
    places: Mapping[str, Place]
    findings: tuple[Finding, ...]
    outside: tuple[TextLine, ...]
    signature: str
    signed: Dated | None
    is_marked: bool


def read_sections(
    arrangement: Arrangement, basics: PublishedBasics, title: Title | None
) -> Sections:
    """Read the prose. ``title`` is the printed title, if there is one."""
    reader = _SectionReader(arrangement, basics.agency.name, basics.published)
    paragraphs = {"preface": tuple(reader.preface(title))}
    reader.report_headings()
    for key in PROSE_SHEETS:
        if key != "preface":
            paragraphs[key] = tuple(reader.section(key))
    return Sections(
        paragraphs=paragraphs,
        places=reader.places,
        findings=tuple(reader.findings),
        outside=tuple(reader.outside),
        signature=reader.signature,
        signed=reader.signed,
        is_marked=reader.is_marked,
    )


@define
class _SectionReader:
    """Reads one part after the other, and collects the findings about them."""

    arrangement: Arrangement
    agency: str
    published: date | None
    places: dict[str, Place] = field(factory=dict)
    findings: list[Finding] = field(factory=list)
    outside: list[TextLine] = field(factory=list)
    signature: str = ""
    signed: Dated | None = None
    is_marked: bool = False

    # --- preface --------------------------------------------------------------------------------

    def preface(self, title: Title | None) -> Iterator[Paragraph]:
        """The paragraphs between the title and section one."""
        head = self.arrangement.head
        if title is not None:
            above = head[: max(title.first, 0)]
            for line in above:
                if not line.mark:
                    self.outside.append(line)
        if any(line.mark for line in head):
            lines = self._marked_preface(head, title)
        else:
            lines = self._unmarked_preface(head, title)
        contents = []
        for line in lines:
            if _is_of_contents(line):
                contents.append(line)
        not_read = left_out(contents, "前言中像目录或重复标题的")
        self.findings.extend(not_read)
        rest = [line for line in lines if line not in contents]
        yield from self._paragraphs(rest, "preface", None)

    def _unmarked_preface(self, head: list[TextLine], title: Title | None) -> list[TextLine]:
        under = head
        if title is not None:
            under = head[title.last + 1 :]
        found = split_head(under, title, self.arrangement.article)
        self._leave_outside(found.page, title)
        return list(found.preface)

    def _marked_preface(self, head: list[TextLine], title: Title | None) -> list[TextLine]:
        """The paragraphs marked as the preface, and what an editor added before and between them."""
        rest = []
        for line in _under_title(head, title):
            if _may_be_preface(line):
                rest.append(line)
        unmarked = [line for line in rest if not line.mark]
        of_page = [line for line, is_own in split_preface(unmarked, title) if is_own]
        self._leave_outside(of_page, title)
        return [line for line in rest if line not in of_page]

    def _leave_outside(self, lines: Sequence[TextLine], title: Title | None) -> None:
        """Keep lines of the page apart, except those that only repeat the title."""
        for line in lines:
            if not _repeats_title(line, title):
                self.outside.append(line)

    # --- sections -------------------------------------------------------------------------------

    def report_headings(self) -> None:
        """Report headings in other words, and sections without a heading."""
        for index, key in self.arrangement.headings.items():
            line = self.arrangement.blocks[index]
            if not isinstance(line, TextLine):
                continue
            if _is_statutory(line, key):
                continue
            shown = line.text[:60]
            heading = HEADINGS[key]
            said = f"标题“{shown}”认作“{heading}”"
            finding = I123.finding(said, line.place, path=key)
            self.findings.append(finding)
        for key, heading in HEADINGS.items():
            if self.arrangement.heading_of(key) is None:
                said = f"没有找到“{heading}”这一部分的标题"
                self._note(I122, said, key)

    def section(self, key: str) -> Iterator[Paragraph]:
        """The paragraphs of a section."""
        blocks = self.arrangement.section(key)
        self._report_tables(blocks, key)
        written = text_lines(blocks)
        lines = self._without_marked_signature(written)
        lines = self._without_repeated_headings(lines, key)
        if self.arrangement.last_section == key:
            lines = self._without_footer(lines)
        heading = self.arrangement.heading_of(key)
        outer = None if heading is None else heading.heading
        yield from self._paragraphs(lines, key, outer)

    def _report_tables(self, blocks: Sequence[DocumentBlock], key: str) -> None:
        """Report tables among the prose: a report has no room for them."""
        for block in blocks:
            if isinstance(block, Grid):
                said = f"“{HEADINGS[key]}”中的表格没有收入"
                texts = "\n".join(all_texts(block))
                finding = I124.finding(said, block.whole, path=key, found=texts)
                self.findings.append(finding)

    def _without_repeated_headings(self, lines: list[TextLine], key: str) -> list[TextLine]:
        """The lines without the section's heading at the beginning and the next one's at the end."""
        first = 0
        last = len(lines)
        for line in lines:
            if not _repeats_own_heading(line, key):
                break
            self._report_repeated(line, key)
            first += 1
        following = self.arrangement.section_after(key)
        if not following:
            return lines[first:last]
        while first < last and _repeats_next_heading(lines[last - 1], following):
            last -= 1
            self._report_repeated(lines[last], following)
        return lines[first:last]

    def _report_repeated(self, line: TextLine, key: str) -> None:
        said = f"重复的标题“{line.text}”没有收入"
        self._note(I124, said, key)

    def _note(self, rule: Rule, said: str, key: str) -> None:
        """Add a finding about a whole section."""
        place = Place(self.arrangement.file)
        finding = rule.finding(said, place, path=key)
        self.findings.append(finding)

    # --- the end of the report ------------------------------------------------------------------

    def _without_footer(self, lines: list[TextLine]) -> list[TextLine]:
        """The lines of the last section up to the first line of the page itself."""
        certain = 0
        for index, line in enumerate(lines, 1):
            if line.mark:
                certain = index
        rest = lines[certain:]
        article = self.arrangement.article
        inside = []
        for line in rest:
            if is_inside(line, article):
                inside.append(line)
        end = _footer_start(inside)
        self.outside.extend(rest[end:])
        unmarked = self._without_signature(inside[:end])
        return lines[:certain] + unmarked

    def _without_marked_signature(self, lines: list[TextLine]) -> list[TextLine]:
        """The lines without those that a page of ours marks as its name and date at the end."""
        found = signing(lines)
        if not found:
            return lines
        self.is_marked = True
        if "signature" in found:
            self._sign(found["signature"])
        if "signed" in found:
            line = found["signed"]
            day = read_date(line.text)
            if day is None:
                shown = line.text[:30]
                said = f"成文日期“{shown}”读不出，要核对"
                finding = I120.finding(said, line.place, path="signed")
                self.findings.append(finding)
            else:
                self.signed = Dated(day, line.place)
        return [line for line in lines if line not in found.values()]

    def _sign(self, line: TextLine) -> None:
        """Keep the name at the end of the report; that of the agency itself goes without saying."""
        name = self._cleaned(line, "signature").strip()
        self.signature = name
        if squeeze(name) == squeeze(self.agency):
            self.signature = ""
        self.places["signature"] = line.place

    def _without_signature(self, lines: list[TextLine]) -> list[TextLine]:
        """The lines without name and date at the end; a lone date is that of publication."""
        if not lines:
            return lines
        *above, last = lines
        if len(squeeze(last.text)) > _LONGEST_DATE:
            return lines
        day = read_date(last.text)
        if day is None:
            return lines
        self.signed = Dated(day, last.place)
        if self.published is not None and self.published != day:
            said = f"落款日期 {day} 与发布日期 {self.published} 不同，取发布日期"
            finding = I121.finding(said, last.place)
            self.findings.append(finding)
        if not above:
            return above
        *rest, name = above
        if not self._is_signature(name):
            return above
        self._sign(name)
        return rest

    def _is_signature(self, line: TextLine) -> bool:
        """Whether a line above the last date is the name of an office and no sentence."""
        text = squeeze(line.text).rstrip(":")
        if text == squeeze(self.agency):
            return True
        return is_office(text)

    # --- paragraphs -----------------------------------------------------------------------------

    def _paragraphs(
        self, lines: Sequence[TextLine], key: str, outer: int | None
    ) -> Iterator[Paragraph]:
        """The paragraphs of a part; ``outer`` is the outline level of its heading."""
        for index, line in enumerate(lines):
            path = f"{key}.{index}"
            self.places[path] = line.place
            text = self._cleaned(line, path)
            level = _level_of(line, outer)
            yield Paragraph(text, level)

    def _cleaned(self, line: TextLine, path: str) -> str:
        """The text of a line as a report may hold it."""
        cleaned = clean(line.text, line.place, path)
        self.findings.extend(cleaned.findings)
        return cleaned.text


def _level_of(line: TextLine, outer: int | None) -> int:
    """The level of a paragraph: as marked, by its ordinal, or by the outline of the file."""
    marked = marked_level(line)
    if marked is not None:
        return marked
    level = paragraph_level("", line.text) or 0
    if level or line.heading is None or outer is None:
        return level
    below = line.heading - outer
    if below <= 0:
        return level
    return min(below + 1, _DEEPEST)


def _footer_start(lines: Sequence[TextLine]) -> int:
    """The first line that is a link or belongs to the page."""
    for index, line in enumerate(lines):
        if line.linked or _FOOTER.fullmatch(squeeze(line.text)):
            return index
    return len(lines)


def _under_title(head: list[TextLine], title: Title | None) -> list[TextLine]:
    """The lines of a page of ours under its title, or from its first marked line on."""
    if title is not None and title.is_printed:
        return head[title.last + 1 :]
    return list(dropwhile(_is_unmarked, head))


def _is_unmarked(line: TextLine) -> bool:
    return not line.mark


def _may_be_preface(line: TextLine) -> bool:
    return not line.mark or part_of(line) == "preface"


def _is_of_contents(line: TextLine) -> bool:
    """Whether a line of the preface is one of a table of contents, not a sentence."""
    if line.mark or line.text.endswith("。"):
        return False
    return section_of(_without_leaders(line)).key is not None


def _without_leaders(line: TextLine) -> TextLine:
    """A line of a table of contents without the dots that lead to the number of a page."""
    before_number = line.text.rstrip(_PAGE_NUMBER)
    text = before_number.rstrip(f"{_LEADERS} ")
    has_leaders = len(before_number) > len(text) + 1
    return evolve(line, text=text) if has_leaders else line


def _repeats_title(line: TextLine, title: Title | None) -> bool:
    """Whether a line only repeats the title."""
    if title is None:
        return False
    return squeeze(line.text) in squeeze(title.text)


def _is_statutory(line: TextLine, key: str) -> bool:
    """Whether a line is the statutory heading of a section, word for word."""
    return squeeze(line.text) == squeeze(HEADINGS[key])


def _repeats_own_heading(line: TextLine, key: str) -> bool:
    """Whether a line at the beginning of a section is its heading once more."""
    if line.mark:
        return False
    likeness = section_of(line)
    return likeness.key == key and likeness.weight > 1


def _repeats_next_heading(line: TextLine, key: str) -> bool:
    """Whether a line at the end of a section is the heading of the next."""
    return not line.mark and _is_statutory(line, key)
