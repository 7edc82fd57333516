"""Family N: statements, omissions and wrong years in the prose. No finding stops a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING

from govdisclose.check.paragraphs import is_first, prose_of, section_of
from govdisclose.check.prose_claim import Claim
from govdisclose.check.sensitive import masked, may_be_sensitive, sensitive_numbers
from govdisclose.check.sentences import claims_in
from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS, Prose
from govdisclose.form.sheets import PROSE_SHEETS
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.rules.narrative import N101, N102, N103, N104, N105, N106, N108
from govdisclose.rules.structure import S109
from govdisclose.rules.values import V106

if TYPE_CHECKING:
    from govdisclose.check.causes import Causes

_HEADINGS = {section.key: section.heading for section in SECTIONS if not section.is_table}
_NOTHING = re.compile(
    r"[\W_]*(?:(?=[^\W_])(?:无|没有|暂无|略|同上)?(?:相关)?(?:内容|情况|事项)?[\W_]*)?"
)
_FEES = re.compile("处理费|收费|费用|收取[^。]{0,12}费")
_FEES_SINCE = 2021
"""The first year whose report speaks of fees: 国办函〔2020〕109号 is in force since 1 January 2021."""

ASPECTS = {
    "主动公开": "主动公开",
    "依申请公开": "申请",
    "政府信息管理": "信息管理|信息资源|公开属性|保密审查|先审|信息审核|审核制度|源头管理|动态调整",
    "政府信息公开平台建设": "平台|网站|专栏|新媒体|公众号|公报",
    "监督保障": "监督|保障|考核|培训|评议|追责|问责",
}
"""The five aspects of section one; any of the words shows that the text speaks of the aspect."""

GOVERNMENT_ASPECTS = {
    "工作考核": "考核|考评|评估|测评",
    "社会评议": "评议|评价|满意度|民意|问卷",
    "责任追究": "追究|追责|问责",
}
"""The aspects that a government's report has besides (Regulations, article 50 (1) 4)."""

LENGTH = 1000
"""Characters of section one, blanks not counted."""


def _text(reading: Reading, key: str) -> str:
    prose: Prose = getattr(reading.report, key)
    return "\n".join([paragraph.text for paragraph in prose])


def check_content(reading: Reading) -> Iterator[Finding]:
    """N101, N104, N105 and N106: the required content of each section."""
    unwritten: set[str | None] = set()
    for finding in reading.findings:
        if finding.code == S109.code:
            unwritten.add(finding.path)
    for key, heading in _HEADINGS.items():
        text = _text(reading, key)
        if not _NOTHING.fullmatch(text):
            continue
        unwritten.add(key)
        if text.strip():
            said = f"“{heading}”只写了“无”一类的话"
            place = reading.place(f"{key}.0")
            yield N101.finding(said, place, path=key)
    if "other_matters" not in unwritten:
        yield from _fees(reading)
    if "overview" not in unwritten:
        yield from _left_out(reading)
        yield from _length(reading)


def _fees(reading: Reading) -> Iterator[Finding]:
    """N104, from the reports on ``_FEES_SINCE`` on."""
    report = reading.report
    year = report.year or report.edition.first_year
    if year < _FEES_SINCE:
        return
    text = _text(reading, "other_matters")
    if not _FEES.search(text):
        heading = _HEADINGS["other_matters"]
        said = f"“{heading}”没有提到信息处理费"
        place = reading.place("other_matters.0")
        yield N104.finding(said, place, path="other_matters")


def _left_out(reading: Reading) -> Iterator[Finding]:
    """N105: aspects that 总体情况 does not speak of."""
    wanted = ASPECTS
    if reading.report.agency.level == "government":
        wanted = ASPECTS | GOVERNMENT_ASPECTS
    text = _text(reading, "overview")
    left_out = []
    for name, signs in wanted.items():
        if not _speaks_of(text, signs):
            left_out.append(name)
    if left_out:
        names = "、".join(left_out)
        heading = _HEADINGS["overview"]
        said = f"“{heading}”没有写到：{names}"
        place = reading.place("overview.0")
        yield N105.finding(said, place, path="overview")


def _speaks_of(text: str, signs: str) -> bool:
    words = signs.split("|")
    return any(word in text for word in words)


def _length(reading: Reading) -> Iterator[Finding]:
    """N106: the characters of 总体情况."""
    text = _text(reading, "overview")
    words = text.split()
    length = sum(map(len, words))
    if length > LENGTH:
        heading = _HEADINGS["overview"]
        said = f"“{heading}”有 {length} 字，原则上不超过 {LENGTH} 字"
        place = reading.place("overview.0")
        yield N106.finding(said, place, path="overview", expected=LENGTH, found=length)


# --- prose against tables -----------------------------------------------------------------------

_LINES = {
    "new": ("requests.received",),
    "received": ("requests.received",),
    "carried_in": ("requests.carried_in",),
    "carried_out": ("requests.carried_out",),
    "processed": ("requests.outcomes.total",),
    "granted": ("requests.outcomes.granted",),
    "partly_granted": ("requests.outcomes.partly_granted",),
    "refused": ("requests.outcomes.refused",),
    "unable": ("requests.outcomes.unable",),
    "not_processed": ("requests.outcomes.not_processed",),
    "other": ("requests.outcomes.other",),
    "review": ("disputes.review",),
    "litigation": ("disputes.litigation.direct", "disputes.litigation.after_review"),
    "direct": ("disputes.litigation.direct",),
    "after_review": ("disputes.litigation.after_review",),
}
"""Topic → the lines of the tables whose totals it speaks of."""

_CELLS_NAMED = 3
"""A finding names at most this many cells of the tables."""

_COMPARED_TOO = ("received", "carried_in", "partly_granted", "other")
"""Topics whose totals may be added to those of another one."""


@cache
def _totals(edition: Edition, topic: str) -> tuple[str, ...]:
    """The cells that a topic speaks of: of requests and disputes the totals of its lines."""
    if topic not in _LINES:
        cell = f"proactive.{topic}"
        if cell in outline(edition).cells:
            return (cell,)
        return ()
    starts = tuple(f"{line}." for line in _LINES[topic])
    totals: list[str] = []
    for path in outline(edition).cells:
        if not path.startswith(starts):
            continue
        if path.endswith(".total"):
            totals.append(path)
    return tuple(totals)


class _StatedFigures:
    """The figures of one report's tables, by topic."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.form = outline(reading.report.edition)
        self.values = reading.report.values()

    def is_misadded(self, topics: Iterable[str]) -> bool:
        """Whether a formula total that ``topics`` are compared with leaves out a cell: then the
        cell is to blame.
        """
        codes = [finding.code for finding in self.reading.findings]
        has_text_number = V106.code in codes
        if not self.reading.unread and not has_text_number:
            return False
        cells: list[str] = []
        for topic in (*topics, *_COMPARED_TOO):
            cells.extend(_totals(self.form.edition, topic))
        return any(self._causes.misadds(path) for path in cells)

    @cached_property
    def _causes(self) -> Causes:
        from govdisclose.check.causes import find_causes  # most sentences agree with the tables

        return find_causes(self.reading)

    def _stated(self, topic: str) -> int | None:
        """The figure of a topic; ``None`` when a cell of it is blank."""
        figures: list[int] = []
        for path in _totals(self.form.edition, topic):
            value = self.values[path]
            if value is None:
                return None
            figures.append(int(value))
        return sum(figures) if figures else None

    def readings(self, topic: str) -> tuple[int, ...]:
        """Every figure that a sentence on a topic may rightly state, the plain one first."""
        plain = self._stated(topic)
        if plain is None:
            return ()
        carried_in = self._stated("carried_in") or 0
        received = self._stated("received") or 0
        if topic == "received":
            return plain, plain + carried_in
        if topic == "granted":
            partly = self._stated("partly_granted") or 0
            return plain, plain + partly
        if topic == "processed":
            other = self._stated("other") or 0
            return (
                plain,
                plain - carried_in,
                plain - other,
                plain - carried_in - other,
                received,
                received + carried_in,
            )
        return (plain,)

    def allowed(self, claim: Claim) -> list[int]:
        """Every number that a claim may rightly state, the plain one first; empty for blank cells."""
        readings = [self.readings(topic) for topic in claim.topics]
        combinations = product(*readings)
        return [sum(numbers) for numbers in combinations]

    def agrees(self, claim: Claim) -> bool:
        """Whether the tables state the figure too, under some reading, or are blank there."""
        allowed = self.allowed(claim)
        return not allowed or claim.number in allowed

    def label(self, topic: str) -> str:
        """The printed label of a topic's line."""
        totals = _totals(self.form.edition, topic)
        cell = self.form.cells[totals[0]]
        if topic not in _LINES:
            return cell.label
        first_line = _LINES[topic][0]
        group = first_line.count(".") - 1
        if cell.row:
            return cell.row[group]
        if topic == "litigation":
            return cell.column[0]
        return cell.column[group]


def check_figures(reading: Reading) -> Iterator[Finding]:
    """N102: each number in a sentence that the tables state otherwise under every reading."""
    figures = _StatedFigures(reading)
    year = reading.report.year
    heading = ""
    for path, paragraph in prose_of(reading):
        if is_first(path):
            heading = ""
        text = paragraph.text
        claims = list(claims_in(text, year, heading))
        if "规章" in text or "规范性文件" in text:
            claims.extend(_document_claims(text, year))
        for claim in claims:
            yield from _against(claim, figures, reading, path)
        if paragraph.level:
            heading = text[:40]


def _document_claims(text: str, year: int | None) -> Iterator[Claim]:
    """The claims of a paragraph about regulations and normative documents."""
    from govdisclose.check.regulation_claims import document_claims  # compiles a dozen patterns

    return document_claims(text, year)


def _against(
    claim: Claim, figures: _StatedFigures, reading: Reading, path: str
) -> Iterator[Finding]:
    """N102, unless the tables agree or a formula total is to blame."""
    if figures.agrees(claim):
        return
    if figures.is_misadded(claim.topics):
        return
    cells: list[str] = []
    for topic in claim.topics:
        cells.extend(_totals(figures.form.edition, topic))
    expected = figures.allowed(claim)[0]
    labels = [figures.label(topic) for topic in claim.topics]
    names = "加".join(labels)
    places = []
    for cell in cells[:_CELLS_NAMED]:
        place = str(reading.place(cell))
        places.append(place or cell)
    where = "、".join(places)
    clause = masked(claim.clause)
    yield N102.finding(
        f"“{clause}”：文字写的是 {claim.number}，表中“{names}”为 {expected}（{where}）",
        reading.place(path),
        path=path,
        expected=expected,
        found=claim.number,
        others=cells,
    )


# --- years, people ------------------------------------------------------------------------------

_PERIOD = re.compile(r"统计(?:的)?(?:期限|时限|时间|期间|周期|时段|区间|口径)[^。；;]*")
_NAMED = re.compile(r"(\d{4})年度?政府信息公开(?:工作)?(?:的)?年度?报告")
_OPENS = LazyPattern(
    r"(?:^|[。；;\n])[^\S\n]*(?:[（(][一二三四五六七八九十]+[)）][^。，,]{0,16}。\s*)?(\d{4})年(?:度|全年|里)?[，,](?P<rest>[^。；;\n]*)"
)
_YEAR_AND_COMMA = re.compile("年(?:度|全年|里)?[，,]")
"""A part of ``_OPENS`` that is found fast and that most paragraphs do not have."""
_AHEAD = ("要", "继续", "进一步", "应")
"""Words of plans only where the year is the next one: last year's sentences have them too."""
_PLANS = ("将", "计划", "拟", "力争", "打算", "下一步", "较", "比", "同期", "以来", "起")


def check_years(reading: Reading) -> Iterator[Finding]:
    """N103: the period of the figures, and years left over from last year's report."""
    year = reading.report.year
    if year is None:
        return
    figures = _StatedFigures(reading)
    for path, paragraph in prose_of(reading):
        if "年" not in paragraph.text and "统计" not in paragraph.text:
            continue
        key = section_of(path)
        wrong = _wrong_years(key, paragraph.text, year)
        stale = _stale_years(key, paragraph.text, year, figures)
        for said in (*wrong, *stale):
            place = reading.place(path)
            yield N103.finding(said, place, path=path, expected=str(year))


def _wrong_years(key: str, text: str, year: int) -> Iterator[str]:
    period = _PERIOD.search(text)
    if period is not None:
        said = period.group()
        names_a_month = re.search(r"\d\s*月", said)
        if names_a_month and not _whole_year(said, year):
            whole_year = f"{year}年1月1日至{year}年12月31日"
            shown = masked(said[:60])
            yield f"“{shown}”：统计期限应为 {whole_year}"
    if key == "preface":
        for named in _NAMED.finditer(text):
            if int(named[1]) != year:
                title = named.group()
                yield f"“{title}”：报告年度是 {year}"
    if key == "overview":
        yield from _opening_years(text, year)


def _stale_years(key: str, text: str, year: int, figures: _StatedFigures) -> Iterator[str]:
    """Sentences that tell this year's work under last year's number.

    Figures that are not those of the tables are last year's indeed.
    """
    if key not in ("overview", "other_matters"):
        return
    if str(year - 1) not in text:
        return
    from govdisclose.check.stale import stale_sentences  # compiles large patterns

    for sentence in stale_sentences(text, year):
        if key == "overview" and _OPENS.match(sentence):
            continue  # told already
        claims = claims_in(sentence, year - 1, "政府信息公开申请")
        if all(figures.agrees(claim) for claim in claims):
            opening = masked(sentence)[:24]
            yield f"“{opening}……”：报告年度是 {year}，疑似沿用了上年的年份"


def _opening_years(text: str, year: int) -> Iterator[str]:
    """Sentences of section one that begin with last year's number.

    So do those that begin with next year's and tell no plan.
    """
    if not _YEAR_AND_COMMA.search(text):
        return
    for match in _OPENS.finditer(text):
        named = int(match[1])
        rest = match["rest"]
        if abs(named - year) != 1:
            continue
        rest_of_text = text[match.start() :]
        if f"{year}年" in rest_of_text:
            continue
        plans = list(_PLANS)
        if named > year:
            plans += _AHEAD
        if not any(word in rest for word in plans):
            opening = masked(rest)[:16]
            yield f"“{named}年，{opening}……”：报告年度是 {year}，疑似沿用了别的年份"


def _whole_year(text: str, year: int) -> bool:
    """Whether a text names 1 January to 31 December of ``year``."""
    plain = re.sub(r"\s", "", text)
    first = rf"(?<!\d){year}年0?1月0?1日"
    last = "12月31日"
    between = rf"[^月]{{0,8}}?(?:{year}年|年|同年|当年)?"
    period = first + between + last
    return re.search(period, plain) is not None


def check_personal(reading: Reading) -> Iterator[Finding]:
    """N108: ID and mobile numbers, one finding each, never shown in full."""
    texts = [_text(reading, key) for key in PROSE_SHEETS]
    if not may_be_sensitive("\n".join(texts)):  # nearly every report
        return
    for path, paragraph in prose_of(reading):
        for number in sensitive_numbers(paragraph.text):
            first = number.start + 1
            said = f"第 {first} 个字起是{number.kind} {number.shown}"
            place = reading.place(path)
            yield N108.finding(said, place, path=path, found=number.shown)
