"""The roster as a sheet: read from any workbook that has its columns, and written to be filled."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TypeGuard

from attrs import astuple, evolve, field, frozen

from govdisclose.errors import FindingsError, InputError
from govdisclose.finding import NOWHERE, Finding, Place, some_of
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.sheets import (
    ALIAS_COLUMNS,
    ALIAS_SEPARATORS,
    CHANGE_COLUMNS,
    CHANGE_YEAR_COLUMN,
    CONTACT_COLUMNS,
    DISSOLVED_COLUMN,
    FORMER_CODE_COLUMN,
    FOUNDED_COLUMN,
    MERGED_COLUMN,
    ROSTER_COLUMNS,
    ROSTER_WORDS,
    SPLIT_COLUMN,
)
from govdisclose.many.roster import NO_CELLS, NOBODY, Contact, Roster, RosterUnit
from govdisclose.many.roster_making import key_of, make_roster
from govdisclose.read.grid import ErrorValue, Grid, Raw, Uncalculated, position
from govdisclose.read.source import InputFile, Readable, input_file
from govdisclose.read.tables.labels import code_key, label, plain_code, squeeze
from govdisclose.read.texts import clean, one_line
from govdisclose.read.workbook.appearance import Appearance
from govdisclose.read.workbook.display import Display
from govdisclose.read.workbook.opening import load
from govdisclose.read.workbook.parts import BookParts
from govdisclose.read.workbook.sheets import read_grids, styles_of
from govdisclose.rules.aggregation import H105, H119
from govdisclose.source import PathLike
from govdisclose.write.atomic import publish

_REQUIRED = 2
"""How many of the columns a roster must have: 代码 may be blank in every row, but not missing."""

_HEADER_ROWS = 20
"""The header stands in one of so many first rows."""

_EXACT = 10**15
"""From here on a spreadsheet no longer holds every digit of a number."""

_KNOWN_COLUMNS = tuple(
    dict.fromkeys(
        (
            *ROSTER_COLUMNS,
            *ALIAS_COLUMNS,
            *chain.from_iterable(CONTACT_COLUMNS.values()),
            CHANGE_YEAR_COLUMN,
        )
    )
)

_LISTS = frozenset({*ALIAS_COLUMNS, FORMER_CODE_COLUMN, SPLIT_COLUMN, MERGED_COLUMN})
"""The columns that may hold several names or codes, also on lines of their own."""

_RECALLING: Mapping[str, str] = {
    "上级": "上级",
    "隶属": "上级",
    "层级": "层级",
    "是否填报": "填报",
    "填报否": "填报",
    "曾用": ALIAS_COLUMNS[0],
    "别名": ALIAS_COLUMNS[1],
    "原代码": FORMER_CODE_COLUMN,
    "旧代码": FORMER_CODE_COLUMN,
    "原名": ALIAS_COLUMNS[0],
    "旧名": ALIAS_COLUMNS[0],
    "更名前": ALIAS_COLUMNS[0],
    "分设": SPLIT_COLUMN,
    "设立": FOUNDED_COLUMN,
    "并入": MERGED_COLUMN,
    "撤并": DISSOLVED_COLUMN,
    "撤销": DISSOLVED_COLUMN,
}
"""Words in headings that nobody reads, and the column that such a heading probably means."""

_OF_PEOPLE = ("人", "员", "领导", "电话", "手机", "邮箱", "地址")
"""How headings about people end: 上级领导 is no 上级."""

_HIDDEN, _STRUCK = b"hidden", b"strike"
"""Words in every part that hides a row, or strikes a text out."""

_SHOWN = 5
"""How many units one sentence names."""

_NO_NAME = re.compile(
    r"[合总小共]\s*计(\s*[:：(（\d共].*)?"
    r"|(注|备注|附注|说明|制表人?|填表人?|审核人?|填报人?)\s*[:：].*"
    r"|\d+\s*[家个]?|[一二三四五六七八九十]+、.*",
    re.DOTALL,
)
"""What stands in the column 名称 and names no unit: a total, a note, a number, a heading."""

_LOST_CODE = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
"""A long number as a spreadsheet shows it, kept as a text."""

_QUOTES = "'‘’`\"“”"
"""Signs that other programs put before a code, so that it stays a text."""

_YEARS_OF_NAME = re.compile(r"[(（][^()（）]*(19|20)\d\d[^()（）]*[)）]$")
"""In brackets after a former name: the years in which it was used."""

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?", re.ASCII)
_NAME_SEPARATORS = f"[{ALIAS_SEPARATORS}，,\n]"
_CODE_SEPARATORS = rf"[{ALIAS_SEPARATORS}，,\s]+"


def roster_of(roster: Readable | Roster) -> Roster:
    """A roster as it is, or read from a file. Raises as ``read_roster`` does."""
    return roster if isinstance(roster, Roster) else read_roster(roster)


def known_roster(roster: Readable | Roster | None) -> Roster | None:
    """The same where a roster need not be given."""
    return None if roster is None else roster_of(roster)


def read_roster(source: Readable) -> Roster:
    """Read a roster from the first worksheet that has the columns 代码 and 名称.

    上级 holds the code or the name of another row, 层级 any word, 填报 是 or 否, 曾用名 (or 别名) other names
    and 原代码 former codes, separated by 、 or ；. 分设自 and 并入 hold codes or names of other rows, with
    the year of the change in 设立年份 and 撤并年份. 联系人, 电话, 邮箱 and 地址 say whom to write to. These columns
    may be left out. A hidden worksheet is read only if no other one has the columns; ``doubts`` of
    the result tell of units on other worksheets and in hidden rows (H119).

    Raises ``InputError`` when the file is no workbook or lacks this sheet, ``FindingsError``
    (H105) for faults on the sheet.

    Examples:
        >>> from govdisclose.roster import RosterUnit, read_roster, write_roster
        >>> path = write_roster("名单.xlsx", [RosterUnit("", "甲局", founded=2024)], force=True)
        >>> [(unit.name, unit.founded) for unit in read_roster(path).units]
        [('甲局', 2024)]
    """
    file = input_file(source)
    sheet = _read_sheet(file)
    path = file.path if file.data is None else None
    try:
        roster = make_roster(sheet.units, path)
    except FindingsError as error:
        raise FindingsError([*sheet.findings, *error.findings]) from None
    if sheet.findings:
        raise FindingsError(sheet.findings)
    return evolve(roster, doubts=tuple(sheet.doubts)) if sheet.doubts else roster


@frozen
class _SheetUnits:
    """The units of a sheet, and the faults in its headings and cells.

    ``doubts`` are warnings about units that are not read, or that nobody sees.
    """

    units: Sequence[RosterUnit]
    findings: Sequence[Finding]
    doubts: Sequence[Finding] = ()


@frozen(slots=False)
class _Table:
    """A sheet with the columns of a roster, and the row of its header."""

    grid: Grid
    header: int

    @cached_property
    def names(self) -> Sequence[str]:
        """The labels of its columns. A label in merged cells counts for the lowest row of them."""
        return _names(self.grid, self.header)


def _read_sheet(file: InputFile) -> _SheetUnits:
    """The rows below the header of a roster; the workbook is out of memory afterwards."""
    book = load(file)
    tables = list(_tables(read_grids(book, file.name)))
    if not tables:
        needed = "”“".join(ROSTER_COLUMNS[:_REQUIRED])
        raise InputError(f"{file.name} 不是花名册：没有找到含“{needed}”两列的标题行")
    hidden = {sheet.name for sheet in book.parts.sheets if sheet.hidden}
    seen = [table for table in tables if table.grid.name not in hidden]
    table = (seen or tables)[0]
    read = _below(table)
    doubts = list(_unlike_others(table, read.units, book.parts))
    for other in tables:
        if other is not table:
            doubts.extend(_not_read(other, table, read.units))
    return evolve(read, doubts=doubts)


def _tables(grids: Iterable[Grid]) -> Iterator[_Table]:
    """The sheets that have the columns of a roster."""
    for grid in grids:
        for row in range(min(_HEADER_ROWS, len(grid.rows))):
            table = _Table(grid, row)
            if all(name in table.names for name in ROSTER_COLUMNS[:_REQUIRED]):
                yield table
                break


def _names(grid: Grid, row: int) -> list[str]:
    """The labels in a row. Merged cells hold their text in the first of their rows."""
    raws = list(grid.rows[row])
    for merge in grid.merges:
        if merge.top < row == merge.bottom and merge.left < len(raws):
            raws[merge.left] = grid.raw(merge.top, merge.left)
    labels: list[str] = []
    for raw in raws:
        text = label(raw) if isinstance(raw, str) else ""
        labels.append(text)
    return labels


def _below(table: _Table) -> _SheetUnits:
    """The units below a header row."""
    grid = table.grid
    header = table.header
    names = table.names
    columns = {name: names.index(name) for name in _KNOWN_COLUMNS if name in names}
    units: list[RosterUnit] = []
    filled: set[int] = set()
    findings = [*_doubled_columns(names, grid, header), *_near_misses(names, grid, header)]
    for number in range(header + 1, len(grid.rows)):
        row = _read_row(grid, number, columns)
        findings += row.findings
        if row.unit is not None:
            units.append(row.unit)
            filled.add(number)
    findings += _merged(grid, columns, filled)
    return _SheetUnits(units, findings)


def _merged(grid: Grid, columns: Mapping[str, int], filled: Container[int]) -> Iterator[Finding]:
    """Merged cells over several units: all but the first of these would have none of the text.

    ``filled`` are the rows with units.
    """
    for merge in grid.merges:
        lower = range(merge.top + 1, merge.bottom + 1)
        if not any(row in filled for row in lower):
            continue
        for name, column in columns.items():
            if merge.left <= column <= merge.right:
                first = grid.cell_name(merge.top, merge.left)
                last = grid.cell_name(merge.bottom, merge.right)
                yield H105.finding(
                    f"“{name}”的 {first}:{last} 是合并单元格，内容只在第一行：请取消合并，每一行都填",
                    grid.place(merge.top, column),
                )


def _unlike_others(
    table: _Table, units: Sequence[RosterUnit], parts: BookParts
) -> Iterator[Finding]:
    """H119 for units in rows that are hidden, filtered out or struck out: they count all the same."""
    name = table.grid.name
    if not _may_differ(name, parts):
        return
    file = table.grid.file or ""
    display = Display(parts, styles_of(parts, file), file)
    column = table.names.index("名称")
    rows: dict[int, RosterUnit] = {}
    for unit in units:
        row, _ = position(str(unit.place.cell))
        rows[row] = unit
    cells = [(row, column) for row in rows]
    hidden = display.hidden_parts(name, cells).rows
    if hidden:
        yield _counts_all_the_same("隐藏着或被筛选掉了", [rows[row] for row in hidden])
    drawn = display.look(name, cells)
    struck: list[RosterUnit] = []
    for at in sorted(drawn):
        if _is_struck(drawn[at]):
            row, _ = at
            struck.append(rows[row])
    if struck:
        yield _counts_all_the_same("的名称划了删除线", struck)


def _may_differ(name: str, parts: BookParts) -> bool:
    """Whether any row of a sheet may be hidden, or any text struck out."""
    named = [sheet.part for sheet in parts.sheets if sheet.name == name]
    for part in (*named, parts.styles, parts.strings):
        content = parts.content(part)
        if _HIDDEN in content or _STRUCK in content:
            return True
    return False


def _is_struck(drawn: Appearance) -> bool:
    """Whether all of a text is struck out."""
    if not drawn.runs:
        return drawn.struck
    with_letters = [run for run in drawn.runs if run.text.strip()]
    return all(run.struck for run in with_letters)


def _counts_all_the_same(how: str, units: Sequence[RosterUnit]) -> Finding:
    names = [f"“{unit.name}” {unit.place}" for unit in units]
    shown = some_of(names, _SHOWN, "家")
    count = len(units)
    said = f"花名册有 {count} 行{how}，照样算在内：{shown}"
    return H119.finding(said, units[0].place)


def _not_read(other: _Table, table: _Table, units: Iterable[RosterUnit]) -> Iterator[Finding]:
    """H119 for a further sheet with the columns of a roster that has units of its own."""
    known = {unit.key for unit in units}
    further = [unit for unit in _below(other).units if unit.key not in known]
    if further:
        count = len(further)
        names = [f"“{unit.name}”" for unit in further]
        shown = some_of(names, _SHOWN, "家")
        sheet = other.grid.name
        read = table.grid.name
        said = (
            f"花名册的工作表“{sheet}”也有“代码”“名称”两列，没有读，只读了“{read}”；"
            f"那里没有的 {count} 家没有算在内：{shown}"
        )
        yield H119.finding(said, other.grid.whole)


def _doubled_columns(names: Sequence[str], grid: Grid, header: int) -> Iterator[Finding]:
    for name in _KNOWN_COLUMNS:
        if names.count(name) > 1:
            yield H105.finding(f"有两列“{name}”", grid.place(header))


def _near_misses(names: Sequence[str], grid: Grid, header: int) -> Iterator[Finding]:
    """Headings that nobody would read, and that probably mean a column that is not there."""
    for column, name in enumerate(names):
        if name in _KNOWN_COLUMNS:
            continue
        meant = _probably(name)
        if meant and meant not in names:
            yield H105.finding(
                f"不认得“{name}”一列；如果就是“{meant}”，请把列名改为“{meant}”，"
                "不是的，请换一个不会弄混的列名",
                grid.place(header, column),
            )


def _probably(name: str) -> str:
    """The column that an unknown heading recalls; ``""`` if it recalls none."""
    if name.endswith(_OF_PEOPLE):
        return ""
    for word, column in _RECALLING.items():
        if word in name:
            return column
    return ""


@frozen
class _SheetRow:
    """One row: its unit, ``None`` for a blank row, and the faults in its cells."""

    unit: RosterUnit | None
    findings: tuple[Finding, ...]


def _read_row(grid: Grid, row: int, columns: Mapping[str, int]) -> _SheetRow:
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    for name, column in columns.items():
        raw = grid.raw(row, column)
        texts[name] = _text(raw, joined=name not in _LISTS)
        problem = _unreadable(raw)
        if problem:
            findings.append(H105.finding(problem, grid.place(row, column)))
    if not any(texts.values()):
        return _SheetRow(None, tuple(findings))
    cells = _RowCells(grid, row, columns, texts)
    return _SheetRow(cells.unit(), (*findings, *cells.findings()))


@frozen
class _RowCells:
    """The texts of a row by their columns, and where they are."""

    grid: Grid
    row: int
    columns: Mapping[str, int]
    texts: Mapping[str, str] = field(repr=False)

    def unit(self) -> RosterUnit:
        """The unit of the row, as it stands on the sheet."""
        name = self._text("名称")
        said = self._text("代码")
        code = plain_code(said) if code_key(said) else None
        return RosterUnit(
            key=key_of(name, code),
            name=name,
            code=code,
            parent=self._text("上级") or None,
            level=self._text("层级"),
            reports=ROSTER_WORDS.get(self._text("填报")),
            aliases=self._aliases(),
            former_codes=tuple(
                filter(None, re.split(_CODE_SEPARATORS, self._text(FORMER_CODE_COLUMN)))
            ),
            split_from=self._names(SPLIT_COLUMN),
            founded=self._founded(),
            merged_into=self._names(MERGED_COLUMN),
            dissolved=self._dissolved(),
            contact=self._contact(),
            place=self._of_unit(),
            cells=self._of_changes(),
        )

    def findings(self) -> Iterator[Finding]:
        """The faults in single cells."""
        name = self._text("名称")
        if _NO_NAME.fullmatch(name):
            text = f"“{name}”不是单位名称；总计、说明、小标题的行请删去，或移到别的列"
            yield H105.finding(text, self._place("名称"))
        code = self._text("代码")
        if not code.isalnum():  # nearly every code has letters and digits only
            yield from self._of_code(squeeze(code))
        word = self._text("填报")
        if word and word not in ROSTER_WORDS:
            words = "或".join(f"“{known}”" for known in ROSTER_WORDS)
            yield H105.finding(f"“{word}”应为{words}", self._place("填报"))
        for column in (FOUNDED_COLUMN, DISSOLVED_COLUMN, CHANGE_YEAR_COLUMN):
            said = self._text(column)
            if said and self._year(column) is None:
                text = f"“{said}”不是年份，请只填四位年份，如 2024"
                yield H105.finding(text, self._place(column))
        if self._text(CHANGE_YEAR_COLUMN) and self._founds() == self._dissolves():
            text = (
                f"分不清“{CHANGE_YEAR_COLUMN}”说的是设立还是撤并，"
                f"请改填“{FOUNDED_COLUMN}”或“{DISSOLVED_COLUMN}”两列"
            )
            yield H105.finding(text, self._place(CHANGE_YEAR_COLUMN))

    def _of_code(self, code: str) -> Iterator[Finding]:
        """The faults in a code that has other signs than letters and digits."""
        if _LOST_CODE.fullmatch(code):
            text = f"“{code}”是变成了数字的代码，后面的数字已丢失，请设为文本格式后重新输入"
            yield H105.finding(text, self._place("代码"))
        elif code.strip(_QUOTES) != code:
            text = f"代码“{code}”前后有引号，请删去"
            yield H105.finding(text, self._place("代码"))

    def _text(self, column: str) -> str:
        return self.texts.get(column, "")

    def _place(self, column: str) -> Place:
        return self.grid.place(self.row, self.columns[column])

    def _of_unit(self) -> Place:
        """The code of the unit, or its name where one of the two is missing."""
        has_both = self._text("代码") and self._text("名称")
        return self._place("代码" if has_both else "名称")

    def _of_changes(self) -> Mapping[str, Place]:
        """The filled cells that tell of changes."""
        cells = {column: self._place(column) for column in CHANGE_COLUMNS if self._text(column)}
        return cells or NO_CELLS

    def _names(self, column: str) -> tuple[str, ...]:
        """The names in a cell that may hold several."""
        names = re.split(_NAME_SEPARATORS, self._text(column))
        return tuple(name.strip() for name in names if name.strip())

    def _aliases(self) -> tuple[str, ...]:
        """Every other name that the row gives its unit."""
        found: list[str] = []
        for column in ALIAS_COLUMNS:
            for name in self._names(column):
                found.append(_YEARS_OF_NAME.sub("", name).strip())
        return tuple(filter(None, found))

    def _contact(self) -> Contact:
        """Whom to write to; several columns of one kind (电话, 手机) are joined."""
        said: dict[str, str] = {}
        for attribute, columns in CONTACT_COLUMNS.items():
            filled = [self.texts[column] for column in columns if self._text(column)]
            said[attribute] = "、".join(filled)
        if not any(said.values()):
            return NOBODY
        return Contact(**said)

    def _founds(self) -> bool:
        """Whether 变动年份 can be the year in which the unit was founded."""
        return bool(self._text(SPLIT_COLUMN)) and not self._text(FOUNDED_COLUMN)

    def _dissolves(self) -> bool:
        """Whether 变动年份 can be the year in which the unit was dissolved."""
        return bool(self._text(MERGED_COLUMN)) and not self._text(DISSOLVED_COLUMN)

    def _founded(self) -> int | None:
        return self._year(CHANGE_YEAR_COLUMN if self._founds() else FOUNDED_COLUMN)

    def _dissolved(self) -> int | None:
        return self._year(CHANGE_YEAR_COLUMN if self._dissolves() else DISSOLVED_COLUMN)

    def _year(self, column: str) -> int | None:
        """The year in a cell; ``None`` for a blank cell and for other content."""
        match = _YEAR.fullmatch(squeeze(self._text(column)))
        return int(match[1]) if match else None


def _text(raw: Raw, *, joined: bool) -> str:
    """The text of a cell as a report has it, without characters that nobody sees.

    It is ``joined`` to one line, or may hold a list with a line for each. ``""`` for a blank cell
    and for other content.
    """
    if isinstance(raw, str):
        if raw.isprintable():  # nearly every text
            return raw.strip()
        text = clean(raw, NOWHERE, "").text.strip()
        return one_line(text, NOWHERE, "").text if joined else text
    return str(int(raw)) if _is_exact(raw) else ""


def _is_exact(raw: Raw) -> TypeGuard[float]:
    """Whether a cell holds a whole number that a spreadsheet keeps to the last digit."""
    return isinstance(raw, float) and raw.is_integer() and raw < _EXACT


def _unreadable(raw: Raw) -> str:
    """Why a cell has no text; ``""`` when it has one or is blank."""
    if isinstance(raw, str):
        bad = None if raw.isprintable() else FORBIDDEN.search(raw)
        if bad is None:
            return ""
        number = ord(bad[0])
        return f"有不能写入文件的字符 U+{number:04X}，请删去"
    if raw is None or _is_exact(raw):
        return ""
    if isinstance(raw, float) and raw >= _EXACT:
        return "以数字存放，第 16 位起已丢失，请设为文本格式后重新输入"
    if isinstance(raw, Uncalculated):
        return "公式还没有算出结果，请用 Excel 或 WPS 打开后保存"
    if isinstance(raw, ErrorValue):
        return f"是错误值 {raw.text}"
    return "不是文字"


def write_roster(
    output: PathLike, units: Iterable[RosterUnit] = (), *, force: bool = False
) -> Path:
    """Write a roster to fill in or correct in Excel; without ``units`` a blank one.

    Raises ``UsageError`` when ``output`` exists, ``OutputError`` when it cannot be written.

    Examples:
        >>> from govdisclose.roster import RosterUnit, write_roster
        >>> city = RosterUnit("", "甲市人民政府", level="市级")
        >>> write_roster("名单.xlsx", [city, RosterUnit("", "甲局", parent="甲市人民政府")]).name
        '名单.xlsx'
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
        "、".join(unit.former_codes),
        "、".join(unit.split_from),
        _year_text(unit.founded),
        "、".join(unit.merged_into),
        _year_text(unit.dissolved),
        *astuple(unit.contact),
    )


def _year_text(year: int | None) -> str:
    return "" if year is None else str(year)
