"""The roster: which units should report, and which belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeGuard, TypeVar

from attrs import astuple, evolve, field, frozen

from govdisclose.errors import FindingsError, InputError
from govdisclose.finding import Finding, Place
from govdisclose.form.report import Agency
from govdisclose.form.sheets import (
    ALIAS_COLUMNS,
    ALIAS_SEPARATORS,
    CONTACT_COLUMNS,
    ROSTER_COLUMNS,
    ROSTER_WORDS,
)
from govdisclose.read.grid import Grid, Raw
from govdisclose.read.tables.labels import code_key, label, name_key, squeeze
from govdisclose.read.workbook.opening import load
from govdisclose.read.workbook.sheets import read_grids
from govdisclose.rules.aggregation import H105
from govdisclose.source import PathLike
from govdisclose.write.atomic import publish

_REQUIRED = 2
"""How many of the columns a roster must have: 代码 may be blank in every row, but not missing."""

_HEADER_ROWS = 20
"""The header stands in one of so many first rows."""

_EXACT = 10**15
"""From here on a spreadsheet no longer holds every digit of a number."""

_KNOWN_COLUMNS = tuple(
    dict.fromkeys((*ROSTER_COLUMNS, *ALIAS_COLUMNS, *chain.from_iterable(CONTACT_COLUMNS.values())))
)


@frozen
class Contact:
    """Whom to write to at a unit; whatever the roster leaves out is empty."""

    person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@frozen
class RosterUnit:
    """One unit of a roster.

    ``key`` tells it from all others: its code, or its name where it has none. ``parent`` is the key
    of the unit that it belongs to, ``level`` any word for its level (县级, 乡级 …). ``reports`` says
    whether it hands in a workbook of its own; with ``None`` it does if nothing belongs to it.
    ``aliases`` are earlier or shorter names that its report may carry. ``contact`` is whom to write
    to when something must be corrected.
    """

    key: str
    name: str
    code: str | None = None
    parent: str | None = None
    level: str = ""
    reports: bool | None = None
    aliases: tuple[str, ...] = ()
    contact: Contact = Contact()
    place: Place = field(default=Place(), repr=False, eq=False)

    def was_called(self, name: str) -> bool:
        """Whether ``name`` is one of its aliases, however it is typed."""
        wanted = name_key(name)
        return any(name_key(alias) == wanted for alias in self.aliases)


@frozen
class Identity:
    """Whose report this is: a unit of the roster, or ``None`` with the reason in Chinese.

    ``contradicts`` when its code and its name disagree: somebody must settle that.
    """

    unit: RosterUnit | None
    reason: str = ""
    contradicts: bool = False


@frozen(slots=False)
class Roster:
    """The units that should report, in the order of the sheet; parents may stand anywhere.

    Make one with ``make_roster`` or ``read_roster``, which refuse contradictions.
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
        """Find the unit of an agency. Its code and its name must agree.

        A known alias agrees, and so does a name that differs only in blanks, width or brackets. The
        name alone decides only where one side has no code and the name occurs once: there are
        twenty 区财政局.
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
        """An agency whose code, if it has one, is not on the roster."""
        name = name_key(agency.name)
        named = self._named.get(name) or self._aliased.get(name, ())
        if not named:
            return Identity(None, "花名册上没有这个单位")
        if len(named) > 1:
            said = code or "空着"
            reason = f"花名册上有 {len(named)} 家“{agency.name}”，要用代码区分，报告的代码{said}"
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
    """Make a roster of ``units``, whose ``parent`` may be a code, or a name that occurs once.

    Raises ``FindingsError`` (H105) for blank names, doubled codes or names, unknown parents and
    cycles.
    """
    rows = [evolve(unit, key=code_key(unit.code) or name_key(unit.name)) for unit in units]
    codes = _grouped((code_key(unit.code), unit) for unit in rows)
    names = _grouped((name_key(unit.name), unit) for unit in rows)
    parents = [_find_parent(unit, codes, names) for unit in rows]
    parent_keys = {unit.key: parent.key for unit, parent in zip(rows, parents, strict=True)}
    findings = [
        *_doubled(rows),
        *_unknown_parents(rows, parents),
        *_cycles(rows, parent_keys),
    ]
    if not rows:
        findings.append(H105.finding("花名册上没有单位", Place(source.name if source else None)))
    if findings:
        raise FindingsError(findings)
    return Roster(tuple(_settled(rows, parent_keys)), source)


def _settled(rows: Iterable[RosterUnit], parents: Mapping[str, str | None]) -> Iterator[RosterUnit]:
    """The units with the keys of their parents.

    A unit reports by default if nothing belongs to it.
    """
    above = set(parents.values())
    for unit in rows:
        reports = unit.key not in above if unit.reports is None else unit.reports
        yield evolve(unit, parent=parents[unit.key], reports=reports)


def _doubled(rows: Sequence[RosterUnit]) -> Iterator[Finding]:
    seen: dict[str, RosterUnit] = {}
    for unit in rows:
        if not unit.name.strip():
            yield H105.finding("名称空着", unit.place)
        if not unit.key:
            continue
        first = seen.setdefault(unit.key, unit)
        if first is unit:
            continue
        if unit.code:
            text = f"代码 {unit.code}与 {first.place} 重复"
        else:
            text = (
                f"名称“{unit.name}”（都没有代码）与 {first.place} 重复；"
                "如果是同名的两家，请各填代码"
            )
        yield H105.finding(text, unit.place)


_Units = Mapping[str, tuple[RosterUnit, ...]]


@frozen
class _Parent:
    """The key of a unit's parent, or what is wrong with its 上级."""

    key: str | None = None
    problem: str = ""


def _find_parent(unit: RosterUnit, codes: _Units, names: _Units) -> _Parent:
    said = name_key(unit.parent)
    if not said:
        return _Parent()
    found = codes.get(code_key(unit.parent)) or names.get(said)
    if not found:
        return _Parent(problem=f"“{unit.name}”的上级“{unit.parent}”不在花名册上")
    if len(found) > 1:
        many = f"“{unit.name}”的上级“{unit.parent}”在花名册上有 {len(found)} 家，请改填代码"
        return _Parent(problem=many)
    return _Parent(found[0].key)


def _unknown_parents(rows: Sequence[RosterUnit], parents: Sequence[_Parent]) -> Iterator[Finding]:
    for unit, parent in zip(rows, parents, strict=True):
        if parent.problem:
            yield H105.finding(parent.problem, unit.place)


def _cycles(rows: Sequence[RosterUnit], parents: Mapping[str, str | None]) -> Iterator[Finding]:
    """One finding for each circle of units that belong to one another, at its first unit."""
    names = {unit.key: unit.name for unit in rows}
    told: set[str] = set()
    for unit in rows:
        trail: list[str] = []
        at: str | None = unit.key
        while at is not None and at not in trail and at not in told:
            trail.append(at)
            at = parents[at]
        if at is not None and at in trail:
            circle = [*trail[trail.index(at) :], at]
            said = " → ".join(names[key] for key in circle)
            yield H105.finding(f"上级成了循环：{said}", unit.place)
        told.update(trail)


# --- the sheet ----------------------------------------------------------------------------------


def roster_of(roster: PathLike | Roster) -> Roster:
    """A roster as it is, or read from a file. Raises as ``read_roster`` does."""
    return roster if isinstance(roster, Roster) else read_roster(roster)


def read_roster(path: PathLike) -> Roster:
    """Read a roster from the first worksheet that has the columns 代码 and 名称.

    上级 holds the code or the name of another row, 层级 any word, 填报 是 or 否, 曾用名 (or 别名) other names,
    separated by 、 or ；, 联系人, 电话, 邮箱 and 地址 whom to write to. These columns may be left out. Raises ``InputError`` when the file is no
    workbook or has no such sheet, ``FindingsError`` (H105) for what is wrong on the sheet.
    """
    source = Path(path)
    for grid in read_grids(load(source), source.name):
        for row in range(min(_HEADER_ROWS, len(grid.rows))):
            if _is_header(grid.rows[row]):
                return _read_sheet(grid, row, source)
    needed = "”“".join(ROSTER_COLUMNS[:_REQUIRED])
    raise InputError(f"{source.name} 不是花名册：没有找到含“{needed}”两列的标题行")


def _is_header(row: Sequence[Raw]) -> bool:
    names = _names(row)
    return all(name in names for name in ROSTER_COLUMNS[:_REQUIRED])


def _names(row: Sequence[Raw]) -> list[str]:
    return [label(raw) if isinstance(raw, str) else "" for raw in row]


def _read_sheet(grid: Grid, header: int, source: Path) -> Roster:
    """The roster below a header row. Raises ``FindingsError`` with everything that is wrong."""
    names = _names(grid.rows[header])
    columns = {name: names.index(name) for name in _KNOWN_COLUMNS if name in names}
    rows = [_read_row(grid, row, columns) for row in range(header + 1, len(grid.rows))]
    findings = [*_doubled_columns(names, grid, header)]
    for row in rows:
        findings += row.findings
    try:
        roster = make_roster([row.unit for row in rows if row.unit is not None], source)
    except FindingsError as error:
        raise FindingsError([*findings, *error.findings]) from None
    if findings:
        raise FindingsError(findings)
    return roster


def _doubled_columns(names: Sequence[str], grid: Grid, header: int) -> Iterator[Finding]:
    for name in _KNOWN_COLUMNS:
        if names.count(name) > 1:
            yield H105.finding(f"有两列“{name}”", grid.place(header))


@frozen
class _Row:
    """One row: its unit, ``None`` for a blank row, and what is wrong with its cells."""

    unit: RosterUnit | None
    findings: tuple[Finding, ...]


def _read_row(grid: Grid, row: int, columns: Mapping[str, int]) -> _Row:
    cells: dict[str, str] = {}
    findings: list[Finding] = []
    for name, column in columns.items():
        raw = grid.raw(row, column)
        cells[name] = _text(raw)
        problem = _unreadable(raw)
        if problem:
            findings.append(H105.finding(problem, grid.place(row, column)))
    if not any(cells.values()):
        return _Row(None, tuple(findings))
    word = cells.get("填报", "")
    if word and word not in ROSTER_WORDS:
        words = "或".join(f"“{known}”" for known in ROSTER_WORDS)
        findings.append(H105.finding(f"“{word}”应为{words}", grid.place(row, columns["填报"])))
    return _Row(_unit(cells, _place(cells, grid, row, columns)), tuple(findings))


def _place(cells: Mapping[str, str], grid: Grid, row: int, columns: Mapping[str, int]) -> Place:
    """The code of a unit, or its name where one of the two is missing."""
    has_both = cells.get("代码") and cells.get("名称")
    return grid.place(row, columns["代码" if has_both else "名称"])


def _unit(cells: Mapping[str, str], place: Place) -> RosterUnit:
    """The unit of one row; ``make_roster`` gives it its key."""
    return RosterUnit(
        key="",
        name=cells.get("名称", ""),
        code=squeeze(cells.get("代码", "")) or None,
        parent=cells.get("上级") or None,
        level=cells.get("层级", ""),
        reports=ROSTER_WORDS.get(cells.get("填报", "")),
        aliases=tuple(_aliases(cells)),
        contact=_contact(cells),
        place=place,
    )


def _contact(cells: Mapping[str, str]) -> Contact:
    """Whom to write to; several columns of one kind (电话, 手机) are joined."""
    said: dict[str, str] = {}
    for attribute, columns in CONTACT_COLUMNS.items():
        filled = [cells[column] for column in columns if cells.get(column)]
        said[attribute] = "、".join(filled)
    return Contact(**said)


def _aliases(cells: Mapping[str, str]) -> Iterator[str]:
    """Every other name that a row gives its unit."""
    for column in ALIAS_COLUMNS:
        for name in re.split(f"[{ALIAS_SEPARATORS}]", cells.get(column, "")):
            if name.strip():
                yield name.strip()


def _text(raw: Raw) -> str:
    """The text of a cell; ``""`` for a blank one and for what is no text."""
    if isinstance(raw, str):
        return raw.strip()
    return str(int(raw)) if _is_exact(raw) else ""


def _is_exact(raw: Raw) -> TypeGuard[float]:
    """Whether a cell holds a whole number that a spreadsheet keeps to the last digit."""
    return isinstance(raw, float) and raw.is_integer() and raw < _EXACT


def _unreadable(raw: Raw) -> str:
    """Why a cell has no text; ``""`` when it has one or is blank."""
    if raw is None or isinstance(raw, str) or _is_exact(raw):
        return ""
    if isinstance(raw, float) and raw >= _EXACT:
        return "以数字存放，第 16 位起已丢失，请设为文本格式后重新输入"
    return "不是文字"


def write_roster(
    output: PathLike, units: Iterable[RosterUnit] = (), *, force: bool = False
) -> Path:
    """Write a roster to fill in or correct in Excel; without ``units`` a blank one.

    Raises ``UsageError`` when ``output`` exists, ``OutputError`` when it cannot be written.
    """
    from govdisclose.write.workbook.roster import roster_bytes

    rows = [_cells(unit) for unit in units]
    publish(Path(output), roster_bytes(rows), force=force)
    return Path(output)


def _cells(unit: RosterUnit) -> tuple[str, ...]:
    """A unit as a row of the sheet, in the order of ``ROSTER_COLUMNS``."""
    words: dict[bool | None, str] = {value: word for word, value in ROSTER_WORDS.items()}
    return (
        unit.code or "",
        unit.name,
        unit.parent or "",
        unit.level,
        words.get(unit.reports, ""),
        "、".join(unit.aliases),
        *astuple(unit.contact),
    )
