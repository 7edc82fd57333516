"""Title, agency, year and date of publication of a published report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.report import Agency, Level
from govdisclose.form.sheets import LEVEL_WORDS
from govdisclose.read.published.document import Document, TextLine
from govdisclose.read.published.masthead import (
    Dated,
    Title,
    find_published,
    level_of,
    read_date,
    read_title,
)
from govdisclose.read.published.page_marks import stated, stated_value
from govdisclose.read.texts import clean
from govdisclose.rules.importing import I120, I121, I125

_SITE_NAME = re.compile("[-_|]")
"""What separates the title of an article from the name of the site in ``<title>``."""


_QUOTED = 60
"""Characters of a title in a message."""
_NO_TITLE = Title("", "", None)


@frozen
class PublishedBasics:
    """The agency data of a report, their places, and the doubts about them."""

    agency: Agency
    year: int | None
    published: date | None
    title: str
    places: Mapping[str, Place]
    findings: tuple[Finding, ...]


@frozen
class _FactBox:
    """What the box under the title of a page of ours says."""

    facts: Mapping[str, Any]
    places: Mapping[str, Place]
    findings: tuple[Finding, ...]


def read_basics(
    document: Document, head: Sequence[TextLine], printed: Title | None
) -> PublishedBasics:
    """The basics of a report from the lines before its first section and the file's properties."""
    box = _read_box(head)
    said = _title_in_properties(document)
    title = printed or said or _NO_TITLE
    dated = find_published(head)
    day_of_page = read_date(document.published) if dated is None else None
    published = dated.day if dated is not None else day_of_page
    name = box.facts.get("name") or title.name
    level = box.facts.get("level")
    doubts = _doubts_about_title(document.file, printed, said, name)
    findings = [*box.findings, *doubts]
    concluded = list(_concluded(title, day_of_page, name, level))
    findings += _conclusions(document.file, concluded)
    return PublishedBasics(
        Agency(name, box.facts.get("code"), level or level_of(name)),
        year=box.facts.get("year") or title.year,
        published=box.facts.get("published") or published,
        title=title.text,
        places={**_places_of_head(head, title, dated), **box.places},
        findings=tuple(findings),
    )


def _concluded(
    title: Title, day_of_page: date | None, name: str, level: Level | None
) -> Iterator[str]:
    """Name the facts that the report does not state, and where each was taken from."""
    if title.text and not title.is_printed:
        yield "报告标题取自文件属性"
    if day_of_page is not None:
        yield f"发布日期 {day_of_page} 取自网页属性"
    if name and level is None:
        word = LEVEL_WORDS[level_of(name)]
        yield f"按名称“{name}”，报告类别为“{word}”"


def _conclusions(file: str, concluded: Sequence[str]) -> Iterator[Finding]:
    """One finding for all that the report does not say itself."""
    if concluded:
        said = "；".join(concluded)
        yield I125.finding(said, Place(file), path="agency.level")


def _places_of_head(
    head: Sequence[TextLine], title: Title, dated: Dated | None
) -> dict[str, Place]:
    """The places of the printed title and of the date of publication."""
    places: dict[str, Place] = {}
    if title.is_printed:
        of_title = ("title", "year", "agency.name")
        places = dict.fromkeys(of_title, head[title.first].place)
    if dated is not None:
        places["published"] = dated.place
    return places


def _title_in_properties(document: Document) -> Title | None:
    """The title that the file's properties give."""
    if not document.title:
        return None
    return read_title(_SITE_NAME.split(document.title)[0])


def _doubts_about_title(
    file: str, printed: Title | None, said: Title | None, name: str
) -> Iterator[Finding]:
    """Findings when the title is missing, has no name, or contradicts the file's properties."""
    title = printed or said
    if printed is not None and said is not None and _contradict(printed, said):
        in_properties = said.text[:_QUOTED]
        in_text = printed.text[:_QUOTED]
        text = f"文件属性中的标题是“{in_properties}”，正文标题是“{in_text}”，取正文标题"
        yield I121.finding(text, Place(file))
    if title is None:
        yield I120.finding("没有认出报告标题，机关名称和报告年度要补填", Place(file), path="title")
    elif not name:
        text = f"标题“{title.text}”里没有机关名称，要补填"
        yield I120.finding(text, Place(file), path="agency.name")


def _contradict(printed: Title, said: Title) -> bool:
    if said.year != printed.year:
        return True
    if not said.name:
        return False
    return said.name != printed.name


def _read_box(head: Sequence[TextLine]) -> _FactBox:
    facts: dict[str, Any] = {}
    places: dict[str, Place] = {}
    findings: list[Finding] = []
    for key, line in stated(head).items():
        path = key
        if key in ("name", "code", "level"):
            path = f"agency.{key}"
        cleaned = clean(line.text, line.place, path)
        findings.extend(cleaned.findings)
        value = stated_value(key, cleaned.text)
        if value is None:
            findings.append(
                I120.finding(f"“{line.text[:30]}”读不出，要核对", line.place, path=path)
            )
        else:
            facts[key] = value
            places[path] = line.place
    return _FactBox(facts, places, tuple(findings))
