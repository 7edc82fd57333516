"""Which edition the tables of a source belong to, and which grid each table is taken from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple, TypeAlias

from govdisclose.finding import Finding, Place, quoted
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.read.grid import Raw
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.match_cache import Matcher
from govdisclose.read.tables.view import passed_over, visible_first
from govdisclose.rules.importing import I110
from govdisclose.rules.structure import S101, S102, S110

Sections: TypeAlias = Mapping[str, str]
"""The name of each grid of a published document, and the section that it is in."""


class TableChoice(NamedTuple):
    """The edition, one match for each table that is there, and the missing and doubled tables.

    ``edition`` is ``None`` when no table was found at all.
    """

    edition: Edition | None
    matches: tuple[Match, ...]
    findings: tuple[Finding, ...]


class _Candidates(NamedTuple):
    """The grids that could be each table of one edition.

    ``findings`` name the hidden sheets that were passed over for visible ones.
    """

    edition: Edition
    of_table: Mapping[str, list[Match]]
    findings: tuple[Finding, ...]

    @property
    def are_certain(self) -> bool:
        """Whether every table is there once and without a fault."""
        for matches in self.of_table.values():
            if len(matches) != 1:
                return False
            only = matches[0]
            if only.findings:
                return False
        return True

    def fit(self, key: str) -> int:
        """How well the best candidate for one table fits."""
        return max(map(_fit, self.of_table[key]), default=-1)


def choose(
    matchers: Sequence[Matcher],
    likely: Edition,
    source: str | None,
    sections: Sections | None,
    hidden: Collection[str],
) -> TableChoice:
    """The edition whose tables fit best, and its tables; ``likely`` is tried first.

    ``sections`` is ``None`` for a workbook, whose ``hidden`` sheets are passed over where a visible
    one fits too.
    """
    tried: list[_Candidates] = []
    editions_to_try = dict.fromkeys((likely, *EDITIONS.values()))
    for edition in editions_to_try:
        candidates = _candidates(matchers, edition, hidden)
        if candidates.are_certain:
            only = tuple(chain.from_iterable(candidates.of_table.values()))
            return TableChoice(edition, only, candidates.findings)
        tried.append(candidates)
    editions = _editions(tried)
    best = list(editions.values()) or [likely]
    mixed: list[Finding] = []
    if len(set(best)) > 1:
        mixed.append(_mixed(editions, source))
    tried_by_edition = {candidates.edition: candidates for candidates in tried}
    chosen = tried_by_edition[best[0]]
    return _settle(chosen, matchers, source, sections, mixed)


def _settle(
    chosen: _Candidates,
    matchers: Sequence[Matcher],
    source: str | None,
    sections: Sections | None,
    mixed: Sequence[Finding],
) -> TableChoice:
    """One match for each table of an edition whose candidates are not certain."""
    findings = [*chosen.findings, *mixed]
    if sections is not None and _begin_again(chosen, matchers):
        sections = {}  # a heading may be that of either set of tables
    taken: list[Match] = []
    for key, matches in chosen.of_table.items():
        settled = _settled(key, matches, sections)
        findings.extend(settled.findings)
        faults = _missing_or_doubled(key, settled.matches, source)
        findings.extend(faults)
        if settled.matches:
            best = max(settled.matches, key=_fit)
            taken.append(best)
    edition = chosen.edition if taken else None
    return TableChoice(edition, tuple(taken), tuple(findings))


def _candidates(
    matchers: Sequence[Matcher], edition: Edition, hidden: Collection[str]
) -> _Candidates:
    """The candidates for each table of an edition; hidden sheets only where no other one fits."""
    of_table: dict[str, list[Match]] = {}
    findings: list[Finding] = []
    for key in edition.tables:
        found: list[Match] = []
        for matcher in matchers:
            match = matcher.match(edition, key)
            if match is not None:
                found.append(match)
        taken = _visible(found, hidden) if hidden else found
        of_table[key] = taken
        findings.extend(_passed_over(found, taken, key))
    return _Candidates(edition, of_table, tuple(findings))


def _visible(candidates: list[Match], hidden: Collection[str]) -> list[Match]:
    """The candidates on sheets that are not hidden, or all where every one is."""
    names = [match.grid.name for match in candidates]
    taken = visible_first(names, hidden)
    return [match for match in candidates if match.grid.name in taken]


def _passed_over(candidates: list[Match], taken: list[Match], key: str) -> Iterator[Finding]:
    names = [match.grid.name for match in taken]
    heading = HEADINGS[key]
    for match in candidates:
        grid = match.grid
        if grid.name not in names:
            yield passed_over(grid.name, names[0], heading, grid.file)


def _editions(tried: Sequence[_Candidates]) -> dict[str, Edition]:
    """The edition that each table fits best.

    Only tables that are there, and that are not the same in all editions, have a say.
    """
    found: dict[str, Edition] = {}
    editions = [candidates.edition for candidates in tried]
    for key in editions[0].tables:
        declared = {id(edition.tables[key]) for edition in editions}
        are_the_same = len(declared) == 1
        if are_the_same:
            continue
        best = max(tried, key=lambda candidates: candidates.fit(key))
        if best.of_table[key]:
            found[key] = best.edition
    return found


def _mixed(editions: Mapping[str, Edition], source: str | None) -> Finding:
    """S110: the tables are of several editions."""
    used = []
    for key, edition in editions.items():
        heading = HEADINGS[key]
        clause = f"“{heading}”为 {edition.name} 版"
        used.append(clause)
    listed = "，".join(used)
    said = f"各表格式版本不一致：{listed}"
    return S110.finding(said, Place(source))


def _begin_again(chosen: _Candidates, matchers: Sequence[Matcher]) -> bool:
    """Whether a document has the tables twice over, and not only one of them.

    Then several tables are there more than once, and an earlier one of the form comes after a
    later one.
    """
    order: dict[int, int] = {}
    for number, matcher in enumerate(matchers):
        order[id(matcher.grid)] = number
    places: list[list[int]] = []
    doubled = 0
    for matches in chosen.of_table.values():
        if not matches:
            continue
        numbers = [order[id(match.grid)] for match in matches]
        places.append(numbers)
        if len(numbers) > 1:
            doubled += 1
    if doubled < 2:
        return False
    for numbers, following in pairwise(places):
        last = max(numbers)
        if last > min(following):
            return True
    return False


class _SettledTables(NamedTuple):
    """The candidates for one table that are left, and I110 where one was taken instead of others."""

    matches: list[Match]
    findings: tuple[Finding, ...] = ()


def _settled(key: str, candidates: list[Match], sections: Sections | None) -> _SettledTables:
    """One of several candidates in a published document.

    The candidates in the table's own section come first. They are one when they hold the same; else
    nothing tells them apart, and all of them are left.
    """
    if sections is None or len(candidates) < 2:
        return _SettledTables(candidates)
    in_section = []
    for match in candidates:
        if sections.get(match.grid.name) == key:
            in_section.append(match)
    here = in_section or candidates
    first, *others = here
    content = _content(first)
    if any(_content(match) != content for match in others):
        return _SettledTables(here)
    why = "内容相同" if others else "它在这一部分的标题之下"
    sheets = _sheets(candidates)
    heading = HEADINGS[key]
    taken = first.grid.name
    said = f"{sheets}都可以认作“{heading}”的表格，{why}，取“{taken}”"
    finding = I110.finding(said, first.grid.whole, path=key)
    return _SettledTables([first], (finding,))


def _content(match: Match) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for path, at in match.cells.items():
        found[path] = match.grid.raw(*at)
    return found


def _sheets(matches: Sequence[Match]) -> str:
    return quoted([match.grid.name for match in matches])


def _fit(match: Match) -> int:
    """How well a match fits: its cells count for it, its findings against it."""
    cells = len(match.cells)
    findings = len(match.findings)
    return 2 * cells - findings


def _missing_or_doubled(
    key: str, matches: Sequence[Match], source: str | None
) -> Iterator[Finding]:
    heading = HEADINGS[key]
    place = Place(source)
    if not matches:
        said = f"没有找到“{heading}”的表格"
        yield S101.finding(said, place, path=key)
    elif len(matches) > 1:
        sheets = _sheets(matches)
        said = f"{sheets} 都是“{heading}”的表格，不知以哪一张为准"
        yield S102.finding(said, place, path=key)
