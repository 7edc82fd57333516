"""The roster: which units are to report, and which belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from govdisclose.compile import PathLike
from govdisclose.errors import FindingsError, InputError
from govdisclose.finding import Finding, Place
from govdisclose.form.report import Agency
from govdisclose.form.sheets import ALIAS_COLUMNS, ALIAS_SEPARATORS, ROSTER_COLUMNS, ROSTER_WORDS
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.tables.labels import code_key, label, name_key, squeeze
from govdisclose.read.workbook.reader import load, read_grids
from govdisclose.rules.aggregation import H105
from govdisclose.write.atomic import publish

_REQUIRED = 2
"""How many of the columns a roster must have: 代码 may be blank in every row, but not missing."""

_HEADER_ROWS = 20
_EXACT = 10**15
"""From here on a spreadsheet no longer holds every digit of a number."""


@frozen
class RosterUnit:
    """One unit of a roster.

    ``key`` tells it from all others: its code, or its name where it has none. ``parent`` is the key of
    the unit that it belongs to, ``level`` what the roster calls its level (县级, 乡级 …). ``reports`` is
    whether it hands in a workbook of its own; ``None`` stands for: if nothing belongs to it. ``aliases`` are
    earlier or shorter names under which its report may come.
    """

    key: str
    name: str
    code: str | None = None
    parent: str | None = None
    level: str = ""
    reports: bool | None = None
    aliases: tuple[str, ...] = ()
    place: Place = field(default=Place(), repr=False, eq=False)

    def was_called(self, name: str) -> bool:
        """Whether ``name`` is one of its aliases, however it is typed."""
        wanted = name_key(name)
        return any(name_key(alias) == wanted for alias in self.aliases)


@frozen
class Identity:
    """Whose report this is: a unit of the roster, or none and why not, in Chinese.

    ``contradicts`` when its code and its name say different things: somebody must settle that.
    """

    unit: RosterUnit | None
    reason: str = ""
    contradicts: bool = False


@frozen(slots=False)
class Roster:
    """The units that are to report, in the order of the sheet; parents may stand anywhere.

    Build one with ``make_roster`` or ``read_roster``, which refuse what is contradictory.
    """

    units: tuple[RosterUnit, ...]
    source: Path | None = None

    @cached_property
    def by_key(self) -> Mapping[str, RosterUnit]:
        """Every unit by its key."""
        return {unit.key: unit for unit in self.units}

    @cached_property
    def children(self) -> Mapping[str | None, tuple[RosterUnit, ...]]:
        """The units that belong to each, by its key; under ``None`` those that belong to nobody."""
        return _grouped((unit.parent, unit) for unit in self.units)

    @cached_property
    def _named(self) -> Mapping[str, tuple[RosterUnit, ...]]:
        return _grouped((name_key(unit.name), unit) for unit in self.units)

    @cached_property
    def _aliased(self) -> Mapping[str, tuple[RosterUnit, ...]]:
        return _grouped((name_key(alias), unit) for unit in self.units for alias in unit.aliases)

    def find(self, agency: Agency) -> Identity:
        """Which unit an agency is. Its code and its name must agree; a code alone decides nothing.

        A known alias agrees, and so does a name that differs only in blanks, width or brackets. By name
        alone only where one side has no code and the name is there once: there are twenty 区财政局.
        """
        code = code_key(agency.code)
        unit = self.by_key.get(code) if code else None
        if unit is not None and unit.code:
            return self._of_code(unit, agency)
        return self._of_name(agency, code)

    def _of_code(self, unit: RosterUnit, agency: Agency) -> Identity:
        """An agency whose code is that of ``unit``."""
        namesakes = self._named.get(name_key(agency.name), ())
        alias = unit.was_called(agency.name)
        if unit in namesakes or (alias and not namesakes):
            return Identity(unit)
        said = f"代码 {unit.code} 在花名册上是“{unit.name}”，"
        if not name_key(agency.name):
            why = "报告没有填写名称，只凭代码不能认定"
        elif alias:
            why = f"“{agency.name}”是它的曾用名，却也是花名册上另一家现在的名称"
        elif namesakes:
            why = f"名称却是花名册上的另一家“{agency.name}”"
        else:
            why = f"报告的名称却是“{agency.name}”，花名册上没有这个名称"
        return Identity(None, said + why, contradicts=True)

    def _of_name(self, agency: Agency, code: str) -> Identity:
        """An agency whose code, if it has one, is on the roster nowhere."""
        name = name_key(agency.name)
        named = self._named.get(name) or self._aliased.get(name, ())
        if not named:
            return Identity(None, "花名册上没有这个单位")
        if len(named) > 1:
            reason = f"花名册上有 {len(named)} 家“{agency.name}”，要用代码区分，报告的代码{code or '空着'}"
            return Identity(None, reason, contradicts=bool(code))
        (unit,) = named
        if code and unit.code:
            reason = f"花名册上“{unit.name}”的代码是 {unit.code}，报告的代码是 {code}"
            return Identity(None, reason, contradicts=True)
        return Identity(unit)


_Word = TypeVar("_Word", str, "str | None")


def _grouped(units: Iterable[tuple[_Word, RosterUnit]]) -> dict[_Word, tuple[RosterUnit, ...]]:
    found: dict[_Word, list[RosterUnit]] = {}
    for word, unit in units:
        found.setdefault(word, []).append(unit)
    return {word: tuple(group) for word, group in found.items()}


def make_roster(units: Iterable[RosterUnit], source: Path | None = None) -> Roster:
    """A roster of ``units``, whose ``parent`` may be a code or a name that occurs once.

    Raises ``FindingsError`` (H105) for blank names, doubled codes or names, unknown parents and cycles.
    """
    rows = [evolve(unit, key=code_key(unit.code) or name_key(unit.name)) for unit in units]
    findings = list(_doubled(rows))
    codes = _grouped((code_key(unit.code), unit) for unit in rows)
    names = _grouped((name_key(unit.name), unit) for unit in rows)
    parents: dict[str, str | None] = {}
    for unit in rows:
        parent, problem = _parent(unit, codes, names)
        findings += [H105.finding(problem, unit.place)] if problem else []
        parents[unit.key] = parent
    findings += _cycles(rows, parents)
    if not rows:
        findings.append(H105.finding("花名册上没有单位", Place(source.name if source else None)))
    if findings:
        raise FindingsError(findings)
    above = set(parents.values())
    settled = []
    for unit in rows:
        reports = unit.reports if unit.reports is not None else unit.key not in above
        settled.append(evolve(unit, parent=parents[unit.key], reports=reports))
    return Roster(tuple(settled), source)


def _doubled(rows: Sequence[RosterUnit]) -> Iterator[Finding]:
    seen: dict[str, RosterUnit] = {}
    for unit in rows:
        if not unit.name.strip():
            yield H105.finding("名称空着", unit.place)
        if not unit.key:
            continue
        first = seen.setdefault(unit.key, unit)
        if first is not unit:
            if unit.code:
                text = f"代码 {unit.code}与 {first.place} 重复"
            else:
                text = f"名称“{unit.name}”（都没有代码）与 {first.place} 重复；如果是同名的两家，请各填代码"
            yield H105.finding(text, unit.place)


_Units = Mapping[str, tuple[RosterUnit, ...]]


def _parent(unit: RosterUnit, codes: _Units, names: _Units) -> tuple[str | None, str]:
    """The key that a unit's 上级 means, and what is wrong with it."""
    said = name_key(unit.parent)
    if not said:
        return None, ""
    found = codes.get(code_key(unit.parent)) or names.get(said)
    if not found:
        return None, f"“{unit.name}”的上级“{unit.parent}”不在花名册上"
    if len(found) > 1:
        return None, f"“{unit.name}”的上级“{unit.parent}”在花名册上有 {len(found)} 家，请改填代码"
    return found[0].key, ""


def _cycles(rows: Sequence[RosterUnit], parents: dict[str, str | None]) -> Iterator[Finding]:
    """One finding for each circle of units that belong to one another, at its first unit."""
    names = {unit.key: unit.name for unit in rows}
    told: set[str] = set()
    for unit in rows:
        trail: list[str] = []
        at: str | None = unit.key
        while at in parents and at not in trail and at not in told:
            trail.append(at)
            at = parents[at]
        if at in trail:
            circle = trail[trail.index(at) :]
            yield H105.finding(
                f"上级成了循环：{' → '.join(names[k] for k in [*circle, at])}", unit.place
            )
        told.update(trail)


# --- the sheet ----------------------------------------------------------------------------------


def read_roster(path: PathLike) -> Roster:
    """Read a roster from the first sheet of a workbook that has the columns 代码 and 名称.

    上级 holds the code or the name of another row, 层级 any word, 填报 是 or 否, 曾用名 (or 别名) other names,
    separated by 、 or ；; these columns may be left out. Raises ``InputError`` when the file is no workbook,
    ``FindingsError`` (H105) for what it says.
    """
    source = Path(path)
    for grid in read_grids(load(source), source.name):
        header = next(
            (i for i, row in enumerate(grid.rows[:_HEADER_ROWS]) if _is_header(row)), None
        )
        if header is not None:
            return _roster(grid, header, source)
    needed = "”“".join(ROSTER_COLUMNS[:_REQUIRED])
    raise InputError(f"{source.name} 不是花名册：没有找到含“{needed}”两列的标题行")


def _is_header(row: Sequence[Raw]) -> bool:
    names = [label(raw) for raw in row if isinstance(raw, str)]
    return all(name in names for name in ROSTER_COLUMNS[:_REQUIRED])


def _roster(grid: Grid, header: int, source: Path) -> Roster:
    names = [label(raw) if isinstance(raw, str) else "" for raw in grid.rows[header]]
    known = dict.fromkeys((*ROSTER_COLUMNS, *ALIAS_COLUMNS))
    findings = [
        H105.finding(f"有两列“{name}”", grid.place(header))
        for name in known
        if names.count(name) > 1
    ]
    columns = {name: names.index(name) for name in known if name in names}
    units = []
    for row in range(header + 1, len(grid.rows)):
        cells = {name: _text(grid, row, column, findings) for name, column in columns.items()}
        if not any(cells.values()):
            continue
        word = cells.get("填报", "")
        if word and word not in ROSTER_WORDS:
            words = "或".join(f"“{known}”" for known in ROSTER_WORDS)
            findings.append(H105.finding(f"“{word}”应为{words}", grid.place(row, columns["填报"])))
        units.append(_unit(cells, grid, row, columns))
    try:
        roster = make_roster(units, source)
    except FindingsError as error:
        raise FindingsError([*findings, *error.findings]) from None
    if findings:
        raise FindingsError(findings)
    return roster


def _unit(cells: Mapping[str, str], grid: Grid, row: int, columns: Mapping[str, int]) -> RosterUnit:
    """The unit of one row; its place is its code, or its name where one of the two is missing."""
    code, name = cells.get("代码", ""), cells.get("名称", "")
    place = grid.place(row, columns["代码" if code and name else "名称"])
    return RosterUnit(
        "",
        name,
        squeeze(code) or None,
        cells.get("上级") or None,
        cells.get("层级", ""),
        ROSTER_WORDS.get(cells.get("填报", "")),
        tuple(_aliases(cells)),
        place,
    )


def _aliases(cells: Mapping[str, str]) -> Iterator[str]:
    """Every other name that a row gives its unit."""
    for column in ALIAS_COLUMNS:
        for name in re.split(f"[{ALIAS_SEPARATORS}]", cells.get(column, "")):
            if name.strip():
                yield name.strip()


def _text(grid: Grid, row: int, column: int, findings: list[Finding]) -> str:
    raw = grid.raw(row, column)
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer() and raw < _EXACT:
        return str(int(raw))
    if isinstance(raw, str):
        return raw.strip()
    lost = isinstance(raw, float) and raw >= _EXACT
    why = "以数字存放，第 16 位起已丢失，请设为文本格式后重新输入" if lost else "不是文字"
    findings.append(H105.finding(why, grid.place(row, column)))
    return ""


def write_roster(
    output: PathLike, units: Iterable[RosterUnit] = (), *, force: bool = False
) -> Path:
    """Write a roster to be filled or corrected in Excel; without ``units`` a blank one.

    Raises ``UsageError`` when ``output`` exists, ``OutputError`` when it cannot be written.
    """
    from govdisclose.write.workbook.roster import roster_bytes

    words: dict[bool | None, str] = {value: word for word, value in ROSTER_WORDS.items()}
    rows = [
        (
            u.code or "",
            u.name,
            u.parent or "",
            u.level,
            words.get(u.reports, ""),
            "、".join(u.aliases),
        )
        for u in units
    ]
    publish(Path(output), roster_bytes(rows), force=force)
    return Path(output)
