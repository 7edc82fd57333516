"""Matched grids → the values of the three tables: which edition, which cell, which number.

Shared by every source.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from attrs import define, field, frozen

from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import Cell, outline
from govdisclose.read.grid import Grid, Raw, Uncalculated
from govdisclose.read.tables.formulas import fill_totals, own_totals, spreadsheet_totals
from govdisclose.read.tables.header import HEADINGS
from govdisclose.read.tables.match import Match
from govdisclose.read.tables.match_cache import MatchCache, Matcher
from govdisclose.read.tables.numbers import Problem, read_number
from govdisclose.read.tables.places import Places
from govdisclose.read.tables.view import View, passed_over, visible_first
from govdisclose.rules.importing import I110
from govdisclose.rules.structure import S101, S102, S110, S111
from govdisclose.rules.values import V113, V115

_CONVERT = "选中按文本存放的各格，点“转换为数字”，保存后再检查。"

_DIGITS = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@frozen
class Tables:
    """The statutory cells of one source. ``edition`` is ``None`` when no table was found at all."""

    edition: Edition | None
    values: dict[str, Value]
    places: Places
    unread: frozenset[str]
    findings: tuple[Finding, ...]


@define
class _Building:
    """Tables in the making; lives only inside ``read_tables``."""

    edition: Edition
    cells: Mapping[str, Cell]
    places: Places
    printed: bool = False
    view: View | None = None
    values: dict[str, Value] = field(factory=dict)
    unread: set[str] = field(factory=set)
    findings: list[Finding] = field(factory=list)
    formulas: dict[str, str] = field(factory=dict)


def read_tables(
    grids: Sequence[Grid],
    likely: Edition,
    source: str | None = None,
    printed: Mapping[str, str] | None = None,
    view: View | None = None,
    cache: MatchCache | None = None,
) -> Tables:
    """Find and read the three tables; ``likely`` is the edition tried first.

    For a published document ``printed`` maps the name of each grid to the section that it stands in
    (``""`` for none): there digits are numbers, and of two candidates the one in its section is taken.
    ``view`` says what a person sees of a workbook: a figure that looks different from its stored value
    stays unread. ``cache`` knows the layouts of grids read before.
    """
    hidden = view.hidden_sheets if view is not None else frozenset()
    matchers = [Matcher(grid, printed=printed is not None, cache=cache) for grid in grids]
    edition, matches, findings = _choose(matchers, likely, source, printed, hidden)
    if edition is None:
        return Tables(None, {}, Places(), frozenset(), tuple(findings))
    building = _Building(
        edition,
        outline(edition).cells,
        Places(matches),
        printed is not None,
        view,
        findings=findings,
    )
    for match in matches:
        building.findings.extend(match.findings)
        if len(match.cells) < len(match.table.cells):
            building.unread |= {cell.path for cell in match.table.cells} - match.cells.keys()
        _read_cells(match, building)
        _hold_against_display(match, match.cells, building)
    if building.formulas:
        _work_out_totals(building, _positions(matches))
    return Tables(
        edition,
        building.values,
        building.places,
        frozenset(building.unread),
        tuple(building.findings),
    )


def _work_out_totals(building: _Building, positions: dict[str, tuple[str, int, int]]) -> None:
    """Totals without a stored result: those that are the statutory sum are worked out, others reported."""
    form = outline(building.edition)
    own = own_totals(form, building.formulas, positions)
    others = building.formulas.keys() - own.keys()
    for path in sorted(others):
        building.values[path], problem = read_number(
            Uncalculated(building.formulas[path]), building.cells[path].kind
        )
        if problem is not None:
            _tell(problem, path, building)
    unseen = building.unread - building.formulas.keys()
    added = fill_totals(building.values, own, {*others, *unseen})
    building.unread.difference_update(added)
    added_here = {path: own[path] for path in added}
    texts = _number_texts(building)
    shown = (
        spreadsheet_totals(building.values, added_here, building.formulas, texts) if texts else {}
    )
    for table in form.tables.values():
        paths = [
            c.path for c in table.cells if c.path in added and building.values[c.path] is not None
        ]
        if paths:
            first = f"{form.cells[paths[0]].label}为 {building.values[paths[0]]}"
            text = f"{len(paths)} 个合计公式尚未计算，已照公式求得（{first}{'，等' if len(paths) > 1 else ''}）"
            text += _text_cells(paths, added_here, texts, building)
            building.findings.append(
                V113.finding(text, building.places[paths[0]], path=paths[0], others=paths[1:])
            )
    for match in building.places.matches:
        _hold_against_display(match, set(added) & match.cells.keys(), building)
    _refuse_other_totals(shown, added_here, texts, building)


def _number_texts(building: _Building) -> dict[str, Place]:
    """The cells whose number is stored as text, and where they stand."""
    texts: dict[str, Place] = {}
    for match in building.places.matches:
        for path, at in match.cells.items():
            if isinstance(match.grid.raw(*at), str) and building.values[path] is not None:
                texts[path] = building.places[path]
    return texts


def _text_cells(
    totals: Iterable[str],
    own: Mapping[str, tuple[str, ...]],
    texts: Mapping[str, Place],
    building: _Building,
) -> str:
    """A clause that names the text cells that some totals add, with their addresses; empty where there are none."""
    added = {addend for total in totals for addend in own[total]}
    cells = [
        f"{building.cells[path].label} {place.cell}"
        for path, place in texts.items()
        if path in added
    ]
    return f"；其中按文本存放的 {len(cells)} 格也已计入：{'、'.join(cells)}" if cells else ""


def _refuse_other_totals(
    shown: Mapping[str, Value],
    own: Mapping[str, tuple[str, ...]],
    texts: Mapping[str, Place],
    building: _Building,
) -> None:
    """Leave unread, and report, every total that Excel would show otherwise because it adds no texts."""
    for path, value in shown.items():
        known = building.values[path]
        if known is None or value == known:
            continue
        sees = "空白" if value is None else str(value)
        cells = [addend for addend in own[path] if addend in texts] or [
            a for a in own[path] if a in shown
        ]
        names = "、".join(str(building.places[cell].cell) for cell in cells)
        said = f"公式尚未计算，照公式求得 {known}，Excel 打开后却会显示 {sees}：{names} 的数字按文本存放，不参加求和"
        building.values[path] = None
        building.unread.add(path)
        text = f"{building.cells[path].label}：{said}"
        found = V115.finding(
            text, building.places[path], path=path, found=sees, others=cells, hint=_CONVERT
        )
        building.findings.append(found)


def _choose(
    matchers: Sequence[Matcher],
    likely: Edition,
    source: str | None,
    printed: Mapping[str, str] | None,
    hidden: Collection[str],
) -> tuple[Edition | None, list[Match], list[Finding]]:
    """The edition whose tables fit best, its matches, and what is missing, doubled or mixed."""
    order = [likely, *(e for e in EDITIONS.values() if e is not likely)]
    found: dict[str, dict[str, list[Match]]] = {}
    passed: dict[str, list[Finding]] = {}
    for edition in order:
        found[edition.name] = {
            key: list(_matches(matchers, edition, key)) for key in edition.tables
        }
        passed[edition.name] = []
        for key, candidates in found[edition.name].items() if hidden else ():
            found[edition.name][key] = _visible(candidates, hidden)
            passed[edition.name].extend(_passed_over(candidates, found[edition.name][key], key))
        if all(len(m) == 1 and not m[0].findings for m in found[edition.name].values()):
            return edition, [m[0] for m in found[edition.name].values()], passed[edition.name]
    telling = [
        key for key, cls in likely.tables.items() if any(e.tables[key] is not cls for e in order)
    ]
    choice = {key: max(order, key=lambda e: _fit(found[e.name][key])) for key in telling}
    present = [key for key in telling if found[choice[key].name][key]]
    edition = choice[present[0]] if present else likely
    findings = passed[edition.name]
    if {choice[key].name for key in present} > {edition.name}:
        used = "，".join(f"“{HEADINGS[key]}”为 {choice[key].name} 版" for key in present)
        findings.append(S110.finding(f"各表格式版本不一致：{used}", Place(source)))
    matches: list[Match] = []
    grids = [matcher.grid for matcher in matchers]
    again = _begin_again(list(found[edition.name].values()), grids)
    for key, candidates in found[edition.name].items():
        if printed is not None and len(candidates) > 1:
            candidates = _settled(key, candidates, {} if again else printed, findings)
        findings.extend(_missing_or_doubled(key, candidates, source))
        matches.extend(sorted(candidates, key=lambda m: -_fit([m]))[:1])
    return (edition if matches else None), matches, findings


def _matches(matchers: Iterable[Matcher], edition: Edition, key: str) -> Iterable[Match]:
    return (m for m in (matcher.match(edition, key) for matcher in matchers) if m is not None)


def _visible(candidates: list[Match], hidden: Collection[str]) -> list[Match]:
    """The candidates on sheets that are not hidden, or all where every one is."""
    names = visible_first([match.grid.name for match in candidates], hidden)
    return [match for match in candidates if match.grid.name in names]


def _passed_over(candidates: list[Match], taken: list[Match], key: str) -> Iterator[Finding]:
    names = [match.grid.name for match in taken]
    for match in candidates:
        if match.grid.name not in names:
            yield passed_over(match.grid.name, names[0], HEADINGS[key], match.grid.file)


def _begin_again(found: list[list[Match]], grids: Sequence[Grid]) -> bool:
    """Whether the tables, not only one of them, stand there again: an earlier one of the form behind a later one."""
    order = {id(grid): number for number, grid in enumerate(grids)}
    places = [[order[id(match.grid)] for match in matches] for matches in found if matches]
    doubled = sum(len(one) > 1 for one in places)
    return doubled > 1 and any(max(one) > min(following) for one, following in pairwise(places))


def _settled(
    key: str, candidates: list[Match], printed: Mapping[str, str], findings: list[Finding]
) -> list[Match]:
    """The one candidate to take, with I110 saying why; all of them when nothing tells them apart.

    In a page with two sets of tables a section's heading may be that of either, and ``printed`` is empty.
    """
    here = [m for m in candidates if printed.get(m.grid.name) == key] or candidates
    said = [{path: m.grid.raw(*at) for path, at in m.cells.items()} for m in here]
    if any(values != said[0] for values in said):
        return here
    why = "内容相同" if len(here) > 1 else "它在这一部分的标题之下"
    names = "、".join(f"“{m.grid.name}”" for m in candidates)
    text = f"{names}都可以认作“{HEADINGS[key]}”的表格，{why}，取“{here[0].grid.name}”"
    findings.append(I110.finding(text, Place(here[0].grid.file, here[0].grid.name), path=key))
    return here[:1]


def _fit(matches: list[Match]) -> int:
    return max((len(m.cells) * 2 - len(m.findings) for m in matches), default=-1)


def _missing_or_doubled(key: str, candidates: list[Match], source: str | None) -> Iterable[Finding]:
    heading = HEADINGS[key]
    if not candidates:
        yield S101.finding(f"没有找到“{heading}”的表格", Place(source), path=key)
    elif len(candidates) > 1:
        names = "、".join(f"“{m.grid.name}”" for m in candidates)
        yield S102.finding(
            f"{names} 都是“{heading}”的表格，不知以哪一张为准", Place(source), path=key
        )


def _positions(matches: list[Match]) -> dict[str, tuple[str, int, int]]:
    return {path: (m.grid.name, *at) for m in matches for path, at in m.cells.items()}


def _read_cells(match: Match, building: _Building) -> None:
    raw_at, cells = match.grid.raw, building.cells
    for path, (row, column) in match.cells.items():
        raw = raw_at(row, column)
        value, problem = read_number(
            _printed_number(raw) if building.printed else raw, cells[path].kind
        )
        building.values[path] = value
        if path in match.shared:
            building.values[path] = None
            building.unread.add(path)
            text = f"{cells[path].label}：数据单元格被合并，读不出这一格的数"
            building.findings.append(S111.finding(text, building.places[path], path=path))
        elif isinstance(raw, Uncalculated):
            building.formulas[path] = raw.formula
            building.unread.add(path)
        elif problem is not None:
            _tell(problem, path, building)


def _hold_against_display(match: Match, paths: Collection[str], building: _Building) -> None:
    """Leave unread, and report, every figure that a person sees otherwise than it is stored."""
    if building.view is None:
        return
    values = {path: building.values[path] for path in match.cells if path in paths}
    for path, problem in building.view.figure_problems(match, values):
        building.values[path] = None
        building.findings = [f for f in building.findings if f.path != path]
        _tell(problem, path, building)


def _printed_number(raw: Raw) -> Raw:
    """Plain digits on paper are a number; anything else is for the reader of numbers to judge."""
    text = raw.strip() if isinstance(raw, str) else ""
    return Decimal(text) if _DIGITS.fullmatch(text) else raw


def _tell(problem: Problem, path: str, building: _Building) -> None:
    """Put what is wrong with a cell into the building, whose value of it stands there already."""
    if building.values[path] is None:
        building.unread.add(path)
    building.findings.append(
        problem.finding(building.cells[path].label, building.places[path], path)
    )
