"""A published report, as a source in its order → a reading: headings, prose, tables, basics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITION_2021, edition_for
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS, Agency, Paragraph, Section
from govdisclose.form.sheets import LEVEL_WORDS, PROSE_SHEETS
from govdisclose.read.assemble import assemble
from govdisclose.read.grid import Grid
from govdisclose.read.published.article import Trail, article_of, is_inside, split_head
from govdisclose.read.published.document import MAX_LINES, Document, TextLine
from govdisclose.read.published.headings import RANK, find_headings, is_bare_ordinal, section_of
from govdisclose.read.published.masthead import (
    Title,
    find_published,
    find_title,
    level_of,
    read_date,
    read_title,
    split_preface,
)
from govdisclose.read.published.page_marks import (
    joined,
    marked_headings,
    marked_level,
    marked_title,
    part_of,
    stated,
    stated_value,
)
from govdisclose.read.published.split_disputes import join_disputes
from govdisclose.read.published.split_tables import join_parts, table_of
from govdisclose.read.published.table_texts import all_texts, stray_texts
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.labels import label, squeeze
from govdisclose.read.tables.values import Tables, read_tables
from govdisclose.read.texts import Prose, clean, paragraph_level
from govdisclose.rules import Rule
from govdisclose.rules.importing import (
    I101,
    I102,
    I103,
    I104,
    I105,
    I106,
    I120,
    I121,
    I122,
    I123,
    I124,
    I125,
    I131,
)  # fmt: skip

_FOOTER = re.compile(
    r"(扫一扫|分享(到|至)?:?|分享(到|至):.{0,30}|上一[篇条]|下一[篇条]|相关(链接|文档|信息|附件|稿件|文章|新闻):?|附件(下载)?:.{0,60}|(主办|承办)(单位)?:.{0,60}"
    r"|版权(所有|声明).{0,60}|网站(标识码|地图).{0,60}|联系我们|责任编辑.{0,20}|返回(顶部|列表)|友情链接.{0,60}|.{0,60}(ICP备|公网安备).{0,30}"
    r"|copyright.{0,80}|扫一扫.{0,20}|[【\[]?(我要)?(打印|关闭|收藏|纠错)(本页|此页|页面|窗口)?[】\]]?([【\[|]?(打印|关闭)(本页|此页|页面|窗口)?[】\]]?)?|[上下]一[篇条]:.{0,60})",
    re.IGNORECASE,
)
_PROMPT = re.compile(r"[(\[【]?文字(描述|说明)?[)\]】]?|[.…]*|[xX×]*")
"""What the form prints where the text of a section goes."""
_LEADERS = ".…·⋯"
_TABLE_WORDS = re.compile(
    r"[-—–/]*(?:\d{1,3}[-—–/]*)?|第\d{1,3}页[/,]?(共\d{1,3}页)?|第二十条第\(.\)项|\(?续表[一二三四1-4]?\)?|\(?单位:.{1,6}\)?"
    r"|\(?(本列数据的)?勾稽关系.{0,60}|表[一二三四1-4]"
)


@define
class _Report:
    """A source being read: its blocks, where the sections begin, and what has been found."""

    source: Document
    blocks: list[TextLine | Grid]
    headings: dict[int, str]
    tables: dict[int, str]
    prose: Prose = field(factory=Prose)
    left: list[TextLine] = field(factory=list)

    @property
    def article(self) -> Trail:
        """The part of the page that holds all headings."""
        found = [
            block for index in self.headings if isinstance(block := self.blocks[index], TextLine)
        ]
        return article_of(found)

    def start(self, key: str) -> int:
        """Where the heading of a section stands; before everything if it has none."""
        return next((i for i, k in self.headings.items() if k == key), -1)

    def section(self, key: str) -> Sequence[TextLine | Grid]:
        """The blocks from a heading to what comes next."""
        start = next((i for i, k in self.headings.items() if k == key), None)
        if start is None:
            return ()
        stops = [i for i in self.headings if i > start]
        if key in PROSE_SHEETS:
            stops += [i for i in self.tables if i > start]
        return self.blocks[start + 1 : min(stops, default=len(self.blocks))]

    def note(
        self, rule: Rule, text: str, place: Place | None = None, path: str | None = None
    ) -> None:
        """Add a finding."""
        self.prose.findings.append(rule.finding(text, place or Place(self.source.file), path=path))


def read_published(source: Document, path: Path) -> Reading:
    """Read a published report. Raises ``InputError`` when it is none, or nothing of it can be read."""
    if len(source.blocks) > MAX_LINES:
        raise InputError(
            f"{source.file} 有 {len(source.blocks)} 段，超过 {MAX_LINES} 段，不像年度报告"
        )
    found: list[Finding] = []
    blocks = join_disputes(list(_blocks(source)), found)
    tables = {
        i: key
        for i, b in enumerate(blocks)
        if isinstance(b, Grid) and (key := table_of(b)) is not None
    }
    _refuse_two(source.file, blocks, tables)
    report = _Report(
        source, blocks, marked_headings(blocks) or find_headings(blocks, tables), tables
    )
    report.prose.findings.extend(found)
    first = min([*report.headings, *tables], default=len(blocks))
    head = [b for b in blocks[:first] if isinstance(b, TextLine)]
    title = marked_title(head, source.title) or find_title([line for line in head if not line.mark])
    _read_basics(report, head, title)
    statistics = _read_tables(report)
    if statistics.edition is None:
        _explain_absence(report, titled=title is not None)
    _read_preface(report, head, title)
    _read_sections(report)
    _refuse_form(report, statistics)
    _read_table_notes(report)
    _say_left_out(report, report.left, "报告正文以外")
    _say_strays(report, statistics)
    report.prose.findings.extend(source.findings)
    year = report.prose.attributes["year"]
    return assemble(path, report.prose, statistics, edition_for(year) if year else EDITION_2021)


def _refuse_two(file: str, blocks: Sequence[TextLine | Grid], tables: dict[int, str]) -> None:
    """Raises ``InputError`` for two reports in one file: which text belongs to which cannot be told."""
    keys = list(tables.items())
    again = next((n for n in range(1, len(keys)) if RANK[keys[n][1]] < RANK[keys[n - 1][1]]), None)
    if again is None:
        return
    spans = (blocks[: keys[0][0]], blocks[keys[again - 1][0] : keys[again][0]])
    first, second = (
        next(
            (
                t
                for b in reversed(span)
                if isinstance(b, TextLine) and (t := read_title(b.text)) is not None
            ),
            None,
        )
        for span in spans
    )
    if (
        first is not None
        and second is not None
        and (first.year, first.name) != (second.year, second.name)
    ):
        raise InputError(
            f"{file} 里有两份报告（“{first.text}”和“{second.text}”），请各存成一个文件再读入"
        )


def _blocks(source: Document) -> Iterator[TextLine | Grid]:
    """The blocks with each printed line by itself; an ordinal on a line of its own belongs to the next line."""
    ordinal: TextLine | None = None
    for block in _printed_lines(source):
        if ordinal is not None:
            whole = (
                evolve(block, text=ordinal.text + block.text)
                if isinstance(block, TextLine)
                else None
            )
            if whole is not None and section_of(whole)[0] is not None:
                block = whole
            else:
                yield ordinal
            ordinal = None
        if isinstance(block, TextLine) and not block.mark and is_bare_ordinal(block):
            ordinal = block
            continue
        yield block
    if ordinal is not None:
        yield ordinal


def _printed_lines(source: Document) -> Iterator[TextLine | Grid]:
    """The blocks with each printed line by itself, but for those that a page of ours says are one."""
    for block in joined(source.blocks):
        if isinstance(block, TextLine) and not block.mark:
            yield from (
                evolve(block, text=text.strip(" \t\u3000\xa0"))
                for text in block.text.split("\n")
                if text.strip()
            )
        else:
            yield block


# --- basics -------------------------------------------------------------------------------------


def _read_basics(report: _Report, head: list[TextLine], title: Title | None) -> None:
    source, found = report.source, report.prose
    facts = dict(_facts(report, head))
    said = read_title(re.split("[-_|]", source.title)[0]) if source.title else None
    if title is None and said is not None:
        title = said
    elif (
        title is not None
        and said is not None
        and (said.year != title.year or (said.name and said.name != title.name))
    ):
        report.note(
            I121, f"文件属性中的标题是“{said.text[:60]}”，正文标题是“{title.text[:60]}”，取正文标题"
        )
    concluded = ["报告标题取自文件属性"] if title is not None and title.first < 0 else []
    if title is None:
        report.note(I120, "没有认出报告标题，机关名称和报告年度要补填", path="title")
    elif not title.name and "name" not in facts:
        report.note(I120, f"标题“{title.text}”里没有机关名称，要补填", path="agency.name")
    if title is not None and title.first >= 0:
        found.places = (
            dict.fromkeys(("title", "year", "agency.name"), head[title.first].place) | found.places
        )
    published, place = find_published(head)
    if published is None and (published := read_date(source.published)) is not None:
        concluded.append(f"发布日期 {published} 取自网页属性")
    if place is not None:
        found.places.setdefault("published", place)
    name = facts.get("name") or (title.name if title else "")
    if name and "level" not in facts:
        concluded.append(f"按名称“{name}”，报告类别为“{LEVEL_WORDS[level_of(name)]}”")
    if concluded:
        report.note(I125, "；".join(concluded), path="agency.level")
    found.attributes.update(
        agency=Agency(name, facts.get("code"), facts.get("level") or level_of(name)),
        year=facts.get("year") or (title.year if title else None),
        published=facts.get("published") or published,
        title=title.text if title else "",
    )


def _facts(report: _Report, head: list[TextLine]) -> Iterator[tuple[str, Any]]:
    """What the box under the title of a page of ours says, with its places."""
    for key, line in stated(head).items():
        path = f"agency.{key}" if key in ("name", "code", "level") else key
        value = stated_value(key, clean(line.text, line.place, path, report.prose.findings))
        if value is None:
            report.note(I120, f"“{line.text[:30]}”读不出，要核对", line.place, path)
        else:
            report.prose.places[path] = line.place
            yield key, value


# --- tables -------------------------------------------------------------------------------------


def _read_tables(report: _Report) -> Tables:
    """The three tables, joined where they are in parts, each known by the section it stands in."""
    starts = sorted(report.headings)
    sections = {}
    for index, block in enumerate(report.blocks):
        if isinstance(block, Grid):
            sections[block.name] = next(
                (report.headings[i] for i in reversed(starts) if i < index), ""
            )
    printed = [block for block in report.blocks if isinstance(block, Grid)]
    grids = list(join_parts(printed, report.prose.findings))
    year = report.prose.attributes["year"]
    return read_tables(
        grids,
        edition_for(year) if year else EDITION_2021,
        source=report.source.file,
        printed=sections,
    )


def _explain_absence(report: _Report, *, titled: bool) -> None:
    """Say why there are no tables: a finding for a recognised report, ``InputError`` for anything else."""
    rule, said = _absence(report)
    if rule is not I105 and titled and report.headings:
        report.note(rule, said)
        return
    raise InputError(f"{report.source.file}：{said}。{rule.fix}（{rule.code}）")


def _absence(report: _Report) -> tuple[Rule, str]:
    source = report.source
    lines = [squeeze(line.text) for line in source.lines]
    titles = {t.text for line in source.lines if (t := read_title(line.text)) is not None}
    if source.script_only:
        return I104, "网页没有内容，要由浏览器运行脚本才显示"
    if any("收费及减免" in line for line in lines):
        return I105, "没有统计表，是旧条例的七部分报告（概述、主动公开、依申请公开、收费及减免等）"
    if len(titles) > 2 and not report.headings:
        return I101, f"网页是目录，列有 {len(titles)} 份报告的标题，不是报告本身"
    if source.attachments and not report.headings:
        return (
            I102,
            f"网页上没有报告正文，报告在附件里（{source.attachments[0].rpartition('/')[2][:40]}）",
        )
    if source.images and report.headings:
        return I103, f"没有找到统计表，却有 {source.images} 张图片，统计表可能是图片"
    return I106, "没有找到法定统计表"


# --- prose --------------------------------------------------------------------------------------


def _read_preface(report: _Report, head: list[TextLine], title: Title | None) -> None:
    under = head[title.last + 1 :] if title is not None else head
    above = head[: max(title.first, 0)] if title is not None else []
    report.left.extend(line for line in above if not line.mark)
    if any(line.mark for line in head):
        lines = _marked_preface(report, head, title)
    else:
        found = split_head(under, title, report.article)
        lines = list(found.preface)
        report.left.extend(line for line in found.page if not _repeats(line, title))
    toc = [
        line
        for line in lines
        if not line.mark and section_of(_without_leaders(line))[0] is not None
    ]
    if toc:
        _say_left_out(report, toc, "前言中像目录或重复标题的")
    report.prose.attributes["preface"] = tuple(
        _paragraphs(report, [x for x in lines if x not in toc], "preface", None)
    )


def _without_leaders(line: TextLine) -> TextLine:
    """A line of a table of contents without the dots that lead to the number of a page."""
    before_number = line.text.rstrip("0123456789 \u3000")
    text = before_number.rstrip(_LEADERS + " ")
    return evolve(line, text=text) if len(before_number) > len(text) + 1 else line


def _repeats(line: TextLine, title: Title | None) -> bool:
    """Whether a line says nothing but what the title says."""
    return title is not None and squeeze(line.text) in squeeze(title.text)


def _marked_preface(report: _Report, head: list[TextLine], title: Title | None) -> list[TextLine]:
    """The paragraphs marked as the preface, and what an editor has put before and between them under the title."""
    first = next(i for i, line in enumerate(head) if line.mark)
    under = head[title.last + 1 if title and title.first >= 0 else first :]
    rest = [line for line in under if not line.mark or part_of(line) == "preface"]
    pages_own = [line for line, own in split_preface([x for x in rest if not x.mark], title) if own]
    report.left.extend(line for line in pages_own if not _repeats(line, title))
    return [line for line in rest if line not in pages_own]


def _read_sections(report: _Report) -> None:
    for index, key in report.headings.items():
        line = report.blocks[index]
        if isinstance(line, TextLine) and squeeze(line.text) != squeeze(HEADINGS[key]):
            report.note(I123, f"标题“{line.text[:60]}”认作“{HEADINGS[key]}”", line.place, key)
    for key in HEADINGS:
        if key not in report.headings.values():
            report.note(I122, f"没有找到“{HEADINGS[key]}”这一部分的标题", path=key)
    last = max(report.headings, default=None)
    for key in PROSE_SHEETS:
        if key == "preface":
            continue
        inside = report.section(key)
        for block in inside:
            if isinstance(block, Grid):
                said, place = f"“{HEADINGS[key]}”中的表格没有收入", Place(block.file, block.name)
                whole = "\n".join(all_texts(block))
                report.prose.findings.append(I124.finding(said, place, path=key, found=whole))
        lines = [block for block in inside if isinstance(block, TextLine)]
        while (
            lines
            and not lines[0].mark
            and section_of(lines[0])[0] == key
            and section_of(lines[0])[1] > 1
        ):
            report.note(I124, f"重复的标题“{lines.pop(0).text}”没有收入", path=key)
        following = next(
            (k for i, k in sorted(report.headings.items()) if inside and i > report.start(key)),
            None,
        )
        while lines and following and not lines[-1].mark and _repeats_heading(lines[-1], following):
            report.note(I124, f"重复的标题“{lines.pop().text}”没有收入", path=following)
        heading = next((report.blocks[i] for i, k in report.headings.items() if k == key), None)
        if last is not None and report.headings[last] == key:
            marked = max((i + 1 for i, line in enumerate(lines) if line.mark), default=0)
            lines = lines[:marked] + _without_footer(report, lines[marked:])
        level = heading.heading if isinstance(heading, TextLine) else None
        report.prose.attributes[key] = tuple(_paragraphs(report, lines, key, level))


def _repeats_heading(line: TextLine, key: str) -> bool:
    """Whether a line is the statutory heading of a section, word for word."""
    return squeeze(line.text) == squeeze(HEADINGS[key])


def _paragraphs(
    report: _Report, lines: Sequence[TextLine], key: str, outer: int | None
) -> Iterator[Paragraph]:
    """Paragraphs with the level of their ordinal, else of their outline level below the section's."""
    for index, line in enumerate(lines):
        path = f"{key}.{index}"
        report.prose.places[path] = line.place
        own = marked_level(line)
        level = own if own is not None else paragraph_level("", line.text) or 0
        if (
            own is None
            and level == 0
            and line.heading is not None
            and outer is not None
            and line.heading > outer
        ):
            level = min(line.heading - outer + 1, 4)
        yield Paragraph(clean(line.text, line.place, path, report.prose.findings), level)


def _without_footer(report: _Report, lines: list[TextLine]) -> list[TextLine]:
    """The lines of the last section up to where the page goes on about itself."""
    inside = [line for line in lines if is_inside(line, report.article)]
    ends = (
        i for i, line in enumerate(inside) if line.linked or _FOOTER.fullmatch(squeeze(line.text))
    )
    end = next(ends, len(inside))
    report.left.extend(lines[end:])
    return _without_signature(report, inside[:end])


def _without_signature(report: _Report, lines: list[TextLine]) -> list[TextLine]:
    """The lines before agency and date at the end of the report; the date is that of publication."""
    attributes = report.prose.attributes
    day = read_date(lines[-1].text) if lines and len(squeeze(lines[-1].text)) <= 11 else None
    if day is None:
        return lines
    signed = lines[-1]
    if attributes["published"] is None:
        attributes["published"], report.prose.places["published"] = day, signed.place
    elif attributes["published"] != day:
        report.note(
            I121,
            f"落款日期 {day} 与发布日期 {attributes['published']} 不同，取发布日期",
            signed.place,
        )
    name = attributes["agency"].name
    return (
        lines[:-2]
        if len(lines) > 1 and squeeze(lines[-2].text) in (name, name + ":")
        else lines[:-1]
    )


def _read_table_notes(report: _Report) -> None:
    """Text beside the tables has no place in a report: what is neither label nor page number is said."""
    for section in SECTIONS:
        if section.is_table:
            rest = [b for b in report.section(section.key) if isinstance(b, TextLine)]
            lines = [line for line in rest if not _is_caption(line.text, section)]
            _say_left_out(report, lines, f"“{section.heading}”中", section.key)


def _refuse_form(report: _Report, statistics: Tables) -> None:
    """Raises ``InputError`` for the blank form of the notice: all tables without a figure, and no text but prompts."""
    if statistics.edition is None or len(statistics.values) < len(
        outline(statistics.edition).cells
    ):
        return
    if any(value is not None for value in statistics.values.values()) or statistics.unread:
        return
    prose = [paragraph.text for key in PROSE_SHEETS for paragraph in report.prose.attributes[key]]
    nameless = not report.prose.attributes["agency"].name
    if nameless and all(_PROMPT.fullmatch(squeeze(text)) for text in prose):
        name, basis = statistics.edition.name, statistics.edition.basis
        raise InputError(
            f"{report.source.file} 是空白的法定格式（{name} 版，{basis}），没有填写数据，不是报告。{I131.fix}（{I131.code}）"
        )


def _say_strays(report: _Report, statistics: Tables) -> None:
    """Texts in tables that are neither labels nor figures, and tables that belong to no part of the report."""
    said = "\n".join(f"{finding.message}\n{finding.found}" for finding in statistics.findings)
    prose = [block for key in PROSE_SHEETS for block in report.section(key)]
    for index, block in enumerate(report.blocks):
        if not isinstance(block, Grid) or any(block is one for one in prose):
            continue
        texts = stray_texts(block, said) if index in report.tables else all_texts(block)
        if texts:
            shown = "；".join(text[:30] for text in texts[:3])
            text = f"表格中有 {len(texts)} 处文字没有收入：{shown}"
            report.prose.findings.append(
                I124.finding(
                    text,
                    Place(block.file, block.name),
                    path=report.tables.get(index),
                    found="\n".join(texts),
                )
            )


def _is_caption(text: str, section: Section) -> bool:
    """Whether a line says nothing but what the table is, or which page this is."""
    return (
        label(text) == label(section.heading) or _TABLE_WORDS.fullmatch(squeeze(text)) is not None
    )


def _say_left_out(
    report: _Report, lines: Sequence[TextLine], where: str, key: str | None = None
) -> None:
    """One finding for all ``lines``: the first are quoted in it, and all of them are what was found."""
    if not lines:
        return
    shown = "；".join(line.text[:30] for line in lines[:3])
    said = f"{where}有 {len(lines)} 段文字没有收入：{shown}"
    whole = "\n".join(line.text for line in lines)
    report.prose.findings.append(I124.finding(said, lines[0].place, path=key, found=whole))
