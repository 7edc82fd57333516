"""The sheet 基本信息 → agency data, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from govdisclose.finding import Finding, Place, quoted
from govdisclose.form.entry import YEARS
from govdisclose.form.report import Agency, Level
from govdisclose.form.sheets import BASICS, BASICS_SHEET, LEVEL_WORDS
from govdisclose.lazy_pattern import LazyPattern
from govdisclose.read.grid import Grid, Position, Raw
from govdisclose.read.tables.labels import LONGEST, label, may_be_label, squeeze
from govdisclose.read.tables.match_cache import MatchCache, asked_once
from govdisclose.read.texts import clean, one_line
from govdisclose.read.workbook.cell_texts import text_of, unreadable_text
from govdisclose.read.workbook.display import Display
from govdisclose.read.workbook.hidden import visible
from govdisclose.rules.structure import S102, S112

_TITLE = LazyPattern(
    r"^(?P<name>.{2,}?)(?P<year>(?:19|20)\d\d)年(?:度)?政府信息公开(?:工作)?年度报告"
)
_YEAR = re.compile(r"(\d{4})(\.0)?(年|年度)?", re.ASCII)
_DATE = LazyPattern(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", re.ASCII)
_EXACT = 10**15
"""From here on a spreadsheet no longer holds every digit."""

_BY_KEY = {basic.key: basic for basic in BASICS}


def _keys_by_label() -> dict[str, str]:
    keys: dict[str, str] = {}
    for basic in BASICS:
        for name in (basic.label, *basic.variants):
            keys[label(name)] = basic.key
    return keys


_KEYS = _keys_by_label()


def _levels() -> dict[str, Level]:
    """The level that each name stands for, the English one or the Chinese word."""
    levels: dict[str, Level] = {}
    for level, word in LEVEL_WORDS.items():
        levels[level] = level
        levels[word] = level
    return levels


_LEVELS = _levels()

_Cells = dict[str, Position]
"""The key of each line of 基本信息, and the cell of its value."""


class SheetBasics(NamedTuple):
    """Agency data, as attributes of a report; ``cells`` are those of ``sheet`` that were read."""

    attributes: dict[str, Any]
    edition_name: str | None
    places: dict[str, Place]
    findings: list[Finding]
    sheet: str | None
    cells: frozenset[Position]


def read_basics(
    grids: Sequence[Grid], source: str | None, display: Display, layouts: MatchCache | None
) -> SheetBasics:
    """Agency data from 基本信息 or, where it is missing there, from the report's title."""
    found = _find_sheet(grids, display, layouts)
    reader = _BasicsReader(found, source, display)
    if "name" not in found.cells or "year" not in found.cells:
        reader.title = _find_title(grids)
    return reader.read()


# --- the values ---------------------------------------------------------------------------------


class _BasicsReader:
    """Reads the values of one sheet 基本信息, which may be missing."""

    def __init__(self, sheet: _FoundSheet, source: str | None, display: Display) -> None:
        self.sheet = sheet
        self.display = display
        self.name: str | None = None
        if sheet.grid is not None:
            self.name = sheet.grid.name
        self.here = Place(source, self.name)
        self.findings = list(sheet.findings)
        self.places: dict[str, Place] = {}
        self.raws: dict[str, Raw] = {}
        self.texts: dict[str, str] = {}
        self.title: re.Match[str] | None = None

    def read(self) -> SheetBasics:
        if self.sheet.grid is not None:
            self._read_cells(self.sheet.grid)
        name = self._name()
        year = self._year()
        published = self._day("published")
        signature = self._written("signature")
        signed = self._day("signed")
        if signature and not self._written("signed"):
            self._fault("signed", "填了落款，没有填成文日期")
        level = self._level()
        self._check_code()
        code = self._written("code") or None
        attributes = {
            "agency": Agency(name, code, level),
            "year": year,
            "published": published,
            "title": self._written("title"),
            "signature": signature,
            "signed": signed,
        }
        edition_name = self._written("edition") or None
        cells = frozenset(self.sheet.cells.values())
        return SheetBasics(
            attributes,
            edition_name=edition_name,
            places=self.places,
            findings=self.findings,
            sheet=self.name,
            cells=cells,
        )

    def _written(self, key: str) -> str:
        """The text of a value, empty if there is none."""
        return self.texts.get(key, "")

    def _read_cells(self, grid: Grid) -> None:
        for key, (row, column) in self.sheet.cells.items():
            path = _path(key)
            self.places[path] = grid.place(row, column)
            self.raws[key] = grid.raw(row, column)
        self._look(grid)
        for key, raw in self.raws.items():
            self.texts[key] = self._text(key, raw)

    def _look(self, grid: Grid) -> None:
        """Keep only what a person sees of the values."""
        cells = self.sheet.cells
        numbers = []
        for key, raw in self.raws.items():
            if key == "year":
                continue
            if isinstance(raw, int | float):
                numbers.append(cells[key])
        values = frozenset(cells.values())
        drawn = self.display.look(grid.name, values, closely=numbers)
        if not drawn:
            return
        from govdisclose.read.workbook.seen import TextSpot, seen_basic  # few workbooks need it

        for key, at in cells.items():
            if at not in drawn:
                continue
            place = grid.place(*at)
            spot = TextSpot(place, _path(key), _BY_KEY[key].label)
            raw = self.raws[key]
            seen = seen_basic(raw, key, drawn[at], spot)
            self.findings.extend(seen.findings)
            self.raws[key] = seen.raw

    def _text(self, key: str, raw: Raw) -> str:
        """The text of a value on one line."""
        place = self._place(key)
        path = _path(key)
        unreadable = unreadable_text(raw, place, path)
        if unreadable is not None:
            self.findings.append(unreadable)
            return ""
        cleaned = clean(text_of(raw), place, path)
        joined = one_line(cleaned.text.strip(), place, path)
        self.findings.extend(cleaned.findings)
        self.findings.extend(joined.findings)
        return joined.text

    def _name(self) -> str:
        name = self._written("name")
        if not name and self.title is not None:
            name = self.title["name"].strip()
        if not name:
            self._fault("name", "没有填")
        return name

    def _year(self) -> int | None:
        raw = self.raws.get("year")
        if raw is None and self.title is not None:
            raw = self.title["year"]
        year = _year(raw)
        text = self._written("year")
        if year is None and text:
            first = YEARS[0]
            last = YEARS[-1]
            said = f"“{text}”不是 {first} 至 {last} 之间的四位年份"
            self._fault("year", said)
        elif year is None:
            self._fault("year", "没有填")
        return year

    def _day(self, key: str) -> date | None:
        """The date on a line, if there is one."""
        raw = self.raws.get(key)
        day = _date(raw)
        if day is not None or not squeeze(text_of(raw)):
            return day
        text = self.texts[key]
        if text:
            self._fault(key, f"“{text}”不是日期")
        return None

    def _level(self) -> Level:
        text = self._written("level")
        if not text:
            if "level" in self.sheet.cells:
                self._fault("level", "没有填")
            return "agency"
        level = _LEVELS.get(text)
        if level is None:
            self._fault("level", f"“{text}”无法识别")
        return level or "agency"

    def _check_code(self) -> None:
        code = self.raws.get("code")
        if isinstance(code, float) and code >= _EXACT:
            said = f"以数字存放，第 16 位起已丢失（读作 {code:.0f}），请设为文本格式后重新输入"
            self._fault("code", said)

    def _place(self, key: str) -> Place:
        return self.places.get(_path(key), self.here)

    def _fault(self, key: str, said: str) -> None:
        basic = _BY_KEY[key]
        named = f"{basic.label}：{said}"
        place = self._place(key)
        path = _path(key)
        finding = S112.finding(named, place, path=path, hint=basic.help)
        self.findings.append(finding)


def _path(key: str) -> str:
    if key in ("name", "code", "level"):
        return f"agency.{key}"
    return key


def _year(raw: Raw) -> int | None:
    text = squeeze(text_of(raw))
    match = _YEAR.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    return year if year in YEARS else None


def _date(raw: Raw) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = squeeze(text_of(raw))
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- the sheet ----------------------------------------------------------------------------------


class _FoundSheet(NamedTuple):
    """The sheet 基本信息, the cells of its values, and the findings about the choice."""

    grid: Grid | None
    cells: _Cells
    findings: list[Finding]


def _find_sheet(grids: Sequence[Grid], display: Display, layouts: MatchCache | None) -> _FoundSheet:
    """The sheet named 基本信息, or else the one with the most of its labels."""
    labelled = list(_labelled(grids, layouts))
    hidden = display.hidden_sheets
    candidates = [one.grid for one in labelled if one.is_filled]
    filled, findings = visible(candidates, BASICS_SHEET, hidden)
    if not labelled:
        return _FoundSheet(None, {}, findings)
    if filled:
        first = filled[0]
        labelled = [one for one in labelled if one.grid is first or one.grid.name not in hidden]
    if len(filled) > 1:
        findings.append(_several_filled(filled))
    likeliest = max(labelled, key=_likeness)
    return _FoundSheet(likeliest.grid, likeliest.cells, findings)


def _several_filled(grids: Sequence[Grid]) -> Finding:
    """S102: several sheets name an agency and have a place for the year."""
    names = quoted([grid.name for grid in grids])
    said = f"{names} 都写有机关名称和报告年度，不知以哪一张为准"
    place = Place(grids[0].file)
    return S102.finding(said, place, path="agency")


def _labelled(grids: Sequence[Grid], layouts: MatchCache | None) -> Iterator[_LabelledSheet]:
    """Yield the sheets that have labels of 基本信息."""
    for grid in grids:
        cells = _value_cells(grid, layouts)
        if len(cells) >= _FEWEST_LABELS:
            yield _LabelledSheet(grid, cells)


_FEWEST_LABELS = 2
"""A sheet with fewer labels of 基本信息 is none."""


class _LabelledSheet(NamedTuple):
    """A sheet with labels of 基本信息, and the cells of their values."""

    grid: Grid
    cells: _Cells

    @property
    def is_filled(self) -> bool:
        """Whether it names an agency and has a place for the year."""
        if not {"name", "year"} <= self.cells.keys():
            return False
        name = self.grid.raw(*self.cells["name"])
        return name is not None


def _likeness(candidate: _LabelledSheet) -> tuple[bool, int]:
    has_the_name = squeeze(candidate.grid.name) == BASICS_SHEET
    return has_the_name, len(candidate.cells)


def _value_cells(grid: Grid, layouts: MatchCache | None) -> _Cells:
    """The cell right of each label of 基本信息; a known layout is not searched again."""
    find = partial(_places_of_values, grid)
    return asked_once(layouts, grid, "basics", find)


def _places_of_values(grid: Grid) -> _Cells:
    """The cell right of each label of 基本信息, by the key of the label."""
    found: dict[str, Position] = {}
    if not _has_labels(grid):
        return found
    for row, line in enumerate(grid.rows):
        for column, raw in enumerate(line):
            if not isinstance(raw, str):
                continue
            if len(raw) > LONGEST:
                continue
            key = _KEYS.get(label(raw))
            if key is None or key in found:
                continue
            last = _right_end(grid, row, column)
            found[key] = (row, last + 1)
    return found


def _has_labels(grid: Grid) -> bool:
    """Whether any text is a label of 基本信息; many cells of a sheet of paragraphs are alike."""
    for raw in set(chain.from_iterable(grid.rows)):
        if isinstance(raw, str) and may_be_label(raw) and label(raw) in _KEYS:
            return True
    return False


def _right_end(grid: Grid, row: int, column: int) -> int:
    """The last column of a cell, which may be merged with others."""
    for merge in grid.merges:
        if (merge.top, merge.left) == (row, column):
            return merge.right
    return column


def _find_title(grids: Iterable[Grid]) -> re.Match[str] | None:
    """A report title in the first rows of some sheet, for workbooks that are not ours."""
    for grid in grids:
        for line in grid.rows[:5]:
            for raw in line:
                match = None
                if isinstance(raw, str):
                    match = _TITLE.search(squeeze(raw))
                if match:
                    return match
    return None
