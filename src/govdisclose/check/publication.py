"""Family P: when the report was published, and under which title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from govdisclose.finding import Finding
from govdisclose.form.reading import Reading
from govdisclose.form.report import Level, standard_title
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.rules.publication import P101, P102

DEADLINES: dict[Level, tuple[int, int]] = {"agency": (1, 31), "government": (3, 31)}
"""Month and day of the year after, by article 49 of the Regulations."""

_YEAR = LazyPattern(r"((?:19|20)\d\d)年")


def deadline(year: int, level: Level) -> date:
    """The last day on which the report on ``year`` may be published (article 49)."""
    month, day = DEADLINES[level]
    return date(year + 1, month, day)


def check_publication(reading: Reading) -> Iterator[Finding]:
    """P101 and P102, as far as year, dates and title are stated."""
    yield from _date(reading)
    yield from _signed(reading)
    yield from _title(reading)


def _date(reading: Reading) -> Iterator[Finding]:
    report = reading.report
    if report.year is None or report.published is None:
        return
    last = deadline(report.year, report.agency.level)
    if report.published.year <= report.year:
        said = f"{report.published} 公布时 {report.year} 年度还没有结束"
    elif report.published > last:
        said = f"{report.published} 公布，晚于法定期限 {last}"
    else:
        return
    yield P101.finding(
        said,
        reading.place("published"),
        path="published",
        expected=str(last),
        found=str(report.published),
    )


def _signed(reading: Reading) -> Iterator[Finding]:
    """P101: the date below the report is in its year, or after its publication."""
    report = reading.report
    signed = report.signed
    if report.year is None or signed is None:
        return
    if signed.year <= report.year:
        said = f"成文日期 {signed} 时 {report.year} 年度还没有结束"
    elif report.published is not None and signed > report.published:
        said = f"成文日期 {signed} 晚于发布日期 {report.published}"
    else:
        return
    place = reading.place("signed")
    yield P101.finding(said, place, path="signed", found=str(signed))


def _title(reading: Reading) -> Iterator[Finding]:
    """P102: full-width forms, blanks and “年度” for “年” do not matter, anything else does."""
    report = reading.report
    name = report.agency.name
    if not report.title or not name or not report.year:
        return
    standard = standard_title(name, report.year)
    title = _plain(report.title)
    if title == _plain(standard):
        return
    years = set(_YEAR.findall(title))
    years.discard(str(report.year))
    if years:
        named = "、".join(sorted(years))
        said = f"标题中的年份是 {named}，报告年度是 {report.year}"
    elif _plain(name) not in title:
        said = f"标题中没有机关名称“{name}”"
    else:
        said = "标题与规定的写法不同"
    yield P102.finding(
        f"{said}：标题为“{report.title}”，应为“{standard}”",
        reading.place("title"),
        path="title",
        expected=standard,
        found=report.title,
    )


def _plain(text: str) -> str:
    half_width = unicodedata.normalize("NFKC", text)
    without_blanks = re.sub(r"\s+", "", half_width)
    return without_blanks.replace("年度政府", "年政府")
