"""Family N: statements, omissions and wrong years in the prose. No finding stops a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING

from govdisclose.check.prose_claim import Claim
from govdisclose.check.sensitive import masked, sensitive_numbers
from govdisclose.check.sentences import claims_in
from govdisclose.finding import Finding
from govdisclose.form.edition import Edition
from govdisclose.form.outline import outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS, Paragraph
from govdisclose.form.sheets import PROSE_SHEETS
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
"""The first year whose report has to speak of fees: 国办函〔2020〕109号 has been in force since 1 January 2021."""

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


def prose_of(reading: Reading) -> Iterator[tuple[str, int, Paragraph]]:
    """Every paragraph with its attribute and index, in printed order."""
    for key in PROSE_SHEETS:
        for index, paragraph in enumerate(getattr(reading.report, key)):
            yield key, index, paragraph


def _text(reading: Reading, key: str) -> str:
    return "\n".join(p.text for p in getattr(reading.report, key))


def check_content(reading: Reading) -> Iterator[Finding]:
    """N101, N104, N105 and N106: the required content of each section."""
    missing = {finding.path for finding in reading.findings if finding.code == S109.code}
    empty = {key for key in _HEADINGS if _NOTHING.fullmatch(_text(reading, key))}
    for key in _HEADINGS:
        if key in empty and _text(reading, key).strip():
            said = f"“{_HEADINGS[key]}”只写了“无”一类的话"
            yield N101.finding(said, reading.place(f"{key}.0"), path=key)
    if "other_matters" not in empty | missing:
        yield from _fees(reading)
    if "overview" not in empty | missing:
        yield from _left_out(reading)
        yield from _length(reading)


def _fees(reading: Reading) -> Iterator[Finding]:
    """N104, from the reports on ``_FEES_SINCE`` on."""
    year = reading.report.year or reading.report.edition.first_year
    if year < _FEES_SINCE:
        return
    text = _text(reading, "other_matters")
    if not _FEES.search(text):
        said = f"“{_HEADINGS['other_matters']}”没有提到信息处理费"
        yield N104.finding(said, reading.place("other_matters.0"), path="other_matters")


def _left_out(reading: Reading) -> Iterator[Finding]:
    """N105: aspects that 总体情况 does not speak of."""
    wanted = ASPECTS
    if reading.report.agency.level == "government":
        wanted = ASPECTS | GOVERNMENT_ASPECTS
    text = _text(reading, "overview")
    left_out = [name for name, signs in wanted.items() if not _speaks_of(text, signs)]
    if left_out:
        said = f"“{_HEADINGS['overview']}”没有写到：{'、'.join(left_out)}"
        yield N105.finding(said, reading.place("overview.0"), path="overview")


def _speaks_of(text: str, signs: str) -> bool:
    return any(word in text for word in signs.split("|"))


def _length(reading: Reading) -> Iterator[Finding]:
    """N106: the characters of 总体情况."""
    length = len("".join(_text(reading, "overview").split()))
    if length > LENGTH:
        said = f"“{_HEADINGS['overview']}”有 {length} 字，原则上不超过 {LENGTH} 字"
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
        return (cell,) if cell in outline(edition).cells else ()
    starts = tuple(f"{line}." for line in _LINES[topic])
    totals = (path for path in outline(edition).cells if path.endswith(".total"))
    return tuple(path for path in totals if path.startswith(starts))


class _StatedFigures:
    """The figures of one report's tables, by topic."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.form = outline(reading.report.edition)
        self.values = reading.report.values()

    def is_misadded(self, topics: Iterable[str]) -> bool:
        """Whether a formula total that ``topics`` are compared with leaves out a cell: then the cell is to blame."""
        if not self.reading.unread and all(f.code != V106.code for f in self.reading.findings):
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
        figures = [self.values[p] for p in _totals(self.form.edition, topic)]
        if not figures or None in figures:
            return None
        return sum(int(figure or 0) for figure in figures)

    def readings(self, topic: str) -> tuple[int, ...]:
        """Every figure that a sentence on a topic may rightly state, the plain one first."""
        plain = self._stated(topic)
        if plain is None:
            return ()
        carried_in, received = (self._stated(t) or 0 for t in ("carried_in", "received"))
        if topic == "received":
            return plain, plain + carried_in
        if topic == "granted":
            return plain, plain + (self._stated("partly_granted") or 0)
        if topic == "processed":
            other = self._stated("other") or 0
            less = (plain - carried_in, plain - other, plain - carried_in - other)
            return plain, *less, received, received + carried_in
        return (plain,)

    def allowed(self, claim: Claim) -> list[int]:
        """Every number that a claim may rightly state, the plain one first; empty for blank cells."""
        readings = [self.readings(topic) for topic in claim.topics]
        return [sum(numbers) for numbers in product(*readings)]

    def agrees(self, claim: Claim) -> bool:
        """Whether the tables state the figure too, under some reading, or are blank there."""
        allowed = self.allowed(claim)
        return not allowed or claim.number in allowed

    def label(self, topic: str) -> str:
        """The printed label of a topic's line."""
        cell = self.form.cells[_totals(self.form.edition, topic)[0]]
        if topic not in _LINES:
            return cell.label
        group = len(_LINES[topic][0].split(".")) - 2
        return cell.row[group] if cell.row else cell.column[0 if topic == "litigation" else group]


def check_figures(reading: Reading) -> Iterator[Finding]:
    """N102: each number in a sentence that the tables state otherwise under every reading."""
    figures = _StatedFigures(reading)
    heading = ""
    for key, index, paragraph in prose_of(reading):
        heading = "" if index == 0 else heading
        year = reading.report.year
        claims = [
            *claims_in(paragraph.text, year, heading),
            *_document_claims(paragraph.text, year),
        ]
        for claim in claims:
            yield from _against(claim, figures, reading, f"{key}.{index}")
        heading = paragraph.text[:40] if paragraph.level else heading


def _document_claims(text: str, year: int | None) -> Iterator[Claim]:
    """The claims of a paragraph about regulations and normative documents."""
    if "规章" in text or "规范性文件" in text:
        from govdisclose.check.regulation_claims import document_claims  # compiles a dozen patterns

        yield from document_claims(text, year)


def _against(
    claim: Claim, figures: _StatedFigures, reading: Reading, path: str
) -> Iterator[Finding]:
    """N102, unless the tables agree or a formula total is to blame."""
    if figures.agrees(claim) or figures.is_misadded(claim.topics):
        return
    cells: list[str] = []
    for topic in claim.topics:
        cells.extend(_totals(figures.form.edition, topic))
    expected = figures.allowed(claim)[0]
    names = "加".join(map(figures.label, claim.topics))
    places = [str(reading.place(cell)) or cell for cell in cells[:_CELLS_NAMED]]
    where = "、".join(places)
    yield N102.finding(
        f"“{masked(claim.clause)}”：文字写的是 {claim.number}，表中“{names}”为 {expected}（{where}）",
        reading.place(path),
        path=path,
        expected=expected,
        found=claim.number,
        others=cells,
    )


# --- years, people ------------------------------------------------------------------------------

_PERIOD = re.compile(r"统计(?:的)?(?:期限|时限|时间|期间|周期|时段|区间|口径)[^。；;]*")
_NAMED = re.compile(r"(\d{4})年度?政府信息公开(?:工作)?(?:的)?年度?报告")
_OPENS = re.compile(
    r"(?:^|[。；;\n])[^\S\n]*(?:[（(][一二三四五六七八九十]+[)）][^。，,]{0,16}。\s*)?(\d{4})年(?:度|全年|里)?[，,](?P<rest>[^。；;\n]*)"
)
_AHEAD = ("要", "继续", "进一步", "应")
"""Words of plans only where the year is the next one: last year's sentences have them too."""
_PLANS = ("将", "计划", "拟", "力争", "打算", "下一步", "较", "比", "同期", "以来", "起")


def check_years(reading: Reading) -> Iterator[Finding]:
    """N103: the period of the figures, and years left over from last year's report."""
    year = reading.report.year
    if year is None:
        return
    figures = _StatedFigures(reading)
    for key, index, paragraph in prose_of(reading):
        text = paragraph.text
        for said in (*_wrong_years(key, text, year), *_stale_years(key, text, year, figures)):
            path = f"{key}.{index}"
            yield N103.finding(said, reading.place(path), path=path, expected=str(year))


def _wrong_years(key: str, text: str, year: int) -> Iterator[str]:
    period = _PERIOD.search(text)
    said = period.group() if period else ""
    if re.search(r"\d\s*月", said) and not _whole_year(said, year):
        whole_year = f"{year}年1月1日至{year}年12月31日"
        yield f"“{masked(said[:60])}”：统计期限应为 {whole_year}"
    if key == "preface":
        for named in _NAMED.finditer(text):
            if int(named[1]) != year:
                yield f"“{named.group()}”：报告年度是 {year}"
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
        told_already = key == "overview" and _OPENS.match(sentence)
        claims = claims_in(sentence, year - 1, "政府信息公开申请")
        if not told_already and all(figures.agrees(claim) for claim in claims):
            yield f"“{masked(sentence)[:24]}……”：报告年度是 {year}，疑似沿用了上年的年份"


def _opening_years(text: str, year: int) -> Iterator[str]:
    """Sentences of section one that begin with last year's number.

    So do those that begin with next year's and tell no plan.
    """
    for match in _OPENS.finditer(text):
        named, rest = int(match[1]), match["rest"]
        names_this_year_too = f"{year}年" in text[match.start() :]
        if abs(named - year) != 1 or names_this_year_too:
            continue
        plans = _PLANS if named < year else (*_PLANS, *_AHEAD)
        if not any(word in rest for word in plans):
            opening = f"{named}年，{masked(rest)[:16]}"
            yield f"“{opening}……”：报告年度是 {year}，疑似沿用了别的年份"


def _whole_year(text: str, year: int) -> bool:
    """Whether a text names 1 January to 31 December of ``year``."""
    plain = re.sub(r"\s", "", text)
    first, last = rf"(?<!\d){year}年0?1月0?1日", "12月31日"
    between = rf"[^月]{{0,8}}?(?:{year}年|年|同年|当年)?"
    return re.search(first + between + last, plain) is not None


def check_personal(reading: Reading) -> Iterator[Finding]:
    """N108: ID and mobile numbers, one finding each, never shown in full."""
    for key, index, paragraph in prose_of(reading):
        for number in sensitive_numbers(paragraph.text):
            path = f"{key}.{index}"
            said = f"第 {number.start + 1} 个字起是{number.kind} {number.shown}"
            yield N108.finding(said, reading.place(path), path=path, found=number.shown)
