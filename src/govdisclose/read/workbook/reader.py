"""A workbook file → grids → a reading.

The parts of the file are found by its relationships, its sheets are checked cell by cell, and what was
checked is written anew for calamine, which alone tells texts, numbers and dates apart. What has no
value for calamine (a formula that was never calculated, an error) is put in beside it.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Finding, Place
from govdisclose.form.edition import EDITION_2021, EDITIONS, Edition, edition_for
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import GUIDE_SHEET, LAST_YEAR_SHEET, NEVER_READ, PROSE_SHEETS
from govdisclose.package import (
    OversizedPartError,
    Package,
    PackageError,
    open_package,
)
from govdisclose.read.assemble import assemble
from govdisclose.read.grid import Grid, a1
from govdisclose.read.source import InputFile, Readable, input_file
from govdisclose.read.tables.values import read_tables
from govdisclose.read.workbook.cells import (
    DamagedSheetError,
    LargeSheetError,
    SheetCells,
    read_cells,
)
from govdisclose.read.workbook.display import Display
from govdisclose.read.workbook.engine import understood
from govdisclose.read.workbook.jottings import Taken, jottings
from govdisclose.read.workbook.parts import BookParts, SheetPart, book_parts
from govdisclose.read.workbook.prose import read_prose
from govdisclose.read.workbook.seen import FigureView, hidden_findings
from govdisclose.read.workbook.strings import BadStringsError, shared_strings
from govdisclose.read.workbook.styles import BadStylesError, Styles, read_styles
from govdisclose.read.workbook.written import is_consolidated, is_written
from govdisclose.read.workbook.xml_parts import is_well_formed
from govdisclose.rules.structure import S102, S115, S124, S125

if TYPE_CHECKING:
    from govdisclose.read.memory import Memory

MAX_CELLS = 1_000_000
"""Filled cells that the sheets of a workbook may hold together; a statutory workbook has some 1,500."""
MAX_AREA = 3_000_000
"""Cells of the rectangles around them, blank ones counted."""
MAX_TAGS = 6_000_000
"""Tags in the XML of the sheets; a row that is only formatted has one, a cell with a value four."""

_PASSWORD = "GOVDISCLOSE_PASSWORD"

_PROSE = frozenset(PROSE_SHEETS.values())
_NO_FIGURES = NEVER_READ | _PROSE | {GUIDE_SHEET, LAST_YEAR_SHEET}
"""Sheets that hold neither figures nor agency data."""


def read_workbook(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """Read a workbook of either edition; ``memory`` makes the next ones faster.

    Raises ``InputError`` when the file cannot be read as a workbook. Whatever is wrong with its
    content is a finding of the reading.
    """
    file = input_file(source)
    book, path = load(file), file.path
    grids = _grids(book, path, NEVER_READ, memory)
    return _with_formula_cells(_reading(grids, path, book, memory=memory), book)


def read_workbook_figures(source: Readable | InputFile, memory: Memory | None = None) -> Reading:
    """As ``read_workbook``, but without the sheets of paragraphs: for sums over many workbooks.

    The paragraphs are read if a look at their bytes does not show that each section is written. A
    consolidated workbook is a sum whose text is yet to be written.
    """
    file = input_file(source)
    book, path = load(file), file.path
    without_prose = is_written(book.parts) or is_consolidated(book.parts)
    grids = _grids(book, path, _NO_FIGURES if without_prose else NEVER_READ, memory)
    reading = _reading(grids, path, book, prose=not without_prose, memory=memory)
    return _with_formula_cells(reading, book)


def read_loaded(book: Book, path: Path) -> Reading:
    """As ``read_workbook``, of a workbook that is in memory already; ``path`` names it."""
    return _with_formula_cells(
        _reading(_read_sheets(book, path.name, NEVER_READ), path, book), book
    )


def _with_formula_cells(reading: Reading, book: Book) -> Reading:
    """The reading of a workbook, which can be asked which of its cells hold formulas."""
    return evolve(
        reading, formulas=partial(_formula_cells, book.data, reading.report.edition, reading.places)
    )


def _formula_cells(
    data: bytes, edition: Edition, places: Mapping[str, Place]
) -> Mapping[str, tuple[str, ...]]:
    from govdisclose.read.workbook.formula_cells import (
        formula_cells,
    )  # most workbooks are never asked

    return formula_cells(data, edition, places)


def _grids(book: Book, path: Path, without: frozenset[str], memory: Memory | None) -> list[Grid]:
    """The sheets of a workbook except those named in ``without``; known ones without a parser."""
    if memory is None:
        return _read_sheets(book, path.name, without)
    known = memory.sheets.recall(book.parts, path.name, without | _PROSE)
    names = {grid.name for grid in known.grids}
    others = _read_sheets(book, path.name, without | names)
    # No two workbooks have as many paragraphs: to learn their sheets would cost more than it saves.
    new = [grid for grid in others if grid.name not in _PROSE and not grid.far]
    if new:
        memory.sheets.learn(book.parts, new)
    return known.beside(others)


def _reading(
    grids: list[Grid],
    path: Path,
    book: Book,
    *,
    prose: bool = True,
    memory: Memory | None = None,
) -> Reading:
    display = Display(book.parts, path.name)
    layouts = None if memory is None else memory.layouts
    texts = read_prose(grids, path.name, prose=prose, display=display, layouts=layouts)
    texts.findings.extend(_far_cells(grids))
    texts.findings.extend(_broken_styles(book, path))
    likely = _likely(texts.edition_name, texts.attributes.get("year"))
    view = FigureView(display)
    tables = read_tables(grids, likely, path.name, view=view, cache=layouts)
    texts.findings.extend(hidden_findings(display, tables.places.matches, texts.places, grids))
    reading = assemble(path, texts, tables, likely)
    agency, year = reading.report.agency, reading.report.year
    words = (agency.name, str(year)) if agency.name and year else ()
    cells = {name: frozenset(taken) for name, taken in texts.cells.items()}
    doubled = " ".join(finding.text for finding in tables.findings if finding.code == S102.code)
    told = texts.sheets | {grid.name for grid in grids if f"“{grid.name}”" in doubled}
    for finding in (*texts.findings, *tables.findings):
        if (
            finding.code == S115.code
            and finding.place.sheet is not None
            and finding.place.cell is None
        ):
            told.add(finding.place.sheet)
    told -= {match.grid.name for match in tables.places.matches}
    left = jottings(
        grids, tables.edition or likely, Taken(tables.places.matches, cells, told, words, layouts)
    )
    reading = evolve(reading, findings=(*reading.findings, *left))
    return reading if prose else evolve(reading, without_prose=True)


_SHOWN = 10
"""How many far cells a finding names."""


def _far_cells(grids: Sequence[Grid]) -> Iterator[Finding]:
    """One finding for each sheet with cells that were not read."""
    for grid in grids:
        if grid.far:
            first = "、".join(a1(*at) for at in grid.far[:_SHOWN])
            more = f" 等 {len(grid.far)} 个单元格" if len(grid.far) > _SHOWN else ""
            yield S124.finding(
                f"{first}{more}有内容，离其他内容太远，没有读取", grid.place(*grid.far[0])
            )


def _broken_styles(book: Book, path: Path) -> Iterator[Finding]:
    """One finding where the styles, which say how a value is shown, can be read in part only."""
    styles = book.parts.content(book.parts.styles)
    if styles and not is_well_formed(styles):
        yield S125.finding("工作簿的样式已损坏，看到的数可能与读到的不同", Place(path.name))


def _likely(name: str | None, year: int | None) -> Edition:
    if name in EDITIONS:
        return EDITIONS[name]
    return edition_for(year) if year else EDITION_2021


# --- the file -----------------------------------------------------------------------------------


@frozen
class Book:
    """The bytes of a workbook that is safe to parse, and where its parts are."""

    data: bytes = field(repr=False)
    parts: BookParts = field(repr=False)


def load(source: Readable | InputFile) -> Book:
    """A workbook file, decrypted if need be. Raises ``InputError`` if it is none, or unsafe."""
    file = input_file(source)
    if file.name.startswith("~$"):
        raise InputError(f"{file.name} 是 Excel 打开文件时的临时文件，请改用 {file.name[2:]}")
    return load_bytes(file.content(), file.path)


def load_bytes(data: bytes, path: Path) -> Book:
    """A workbook that is in memory; ``path`` names it in messages. Raises ``InputError``."""
    data = _plain_bytes(data, path)
    package = _open(data, path)
    try:
        return Book(data, book_parts(package))
    except PackageError as error:
        raise InputError(_advised(f"{path.name} {error}")) from error


def _plain_bytes(data: bytes, path: Path) -> bytes:
    return _decrypt(data, path) if "EncryptedPackage".encode("utf-16-le") in data else data


def _open(data: bytes, path: Path) -> Package:
    try:
        return open_package(data, f"{path.name} ")
    except OversizedPartError as error:
        raise InputError(_why_oversized(data, path, error)) from error
    except PackageError as error:
        raise InputError(_advised(str(error))) from error


def _advised(said: str) -> str:
    """The sentence, with what to do where it does not say so itself."""
    return said if "请" in said else f"{said}。请提供 .xlsx 工作簿"


def _decrypt(data: bytes, path: Path) -> bytes:
    password = os.environ.get(_PASSWORD)
    if not password:
        raise InputError(
            f"{path.name} 设有打开密码：请在 Excel 中取消密码后另存，或用环境变量 {_PASSWORD} 给出密码"
        )
    try:
        import msoffcrypto
    except ImportError:
        raise InputError(
            f"{path.name} 已加密；解密需要安装：pip install govdisclose[crypt]"
        ) from None
    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=password)
        office.decrypt(plain)
    except Exception as error:  # msoffcrypto raises its own and cryptography's types alike
        raise InputError(f"{path.name} 的密码不对，或加密方式不受支持") from error
    return plain.getvalue()


def _why_oversized(data: bytes, path: Path, error: OversizedPartError) -> str:
    """What to say of a part that is too large: of a worksheet, mostly of formatted rows, its name and what to do."""
    try:
        rest = open_package(data, f"{path.name} ", without=frozenset({error.part}))
        sheets = book_parts(rest, may_lack=error.part).sheets
    except PackageError:
        sheets = ()
    name = next((sheet.name for sheet in sheets if sheet.part == error.part), None)
    return (
        _advised(str(error))
        if name is None
        else _too_large(path.name, name, _last_filled(data, error.part))
    )


def _too_large(file: str, sheet: str, row: int) -> str:
    start = f"第 {row} 行以下" if row else "最后一行内容以下"
    return f"{file} 的工作表“{sheet}”太大，多半是表格下方有大量带格式的空行：请选中{start}的空行，删除后保存"


_PIECE = 1_000_000
_MOST_INFLATED = 512_000_000
"""Bytes of an oversized sheet that are looked through for its last value."""


def _last_filled(data: bytes, part: str) -> int:
    """The number of the last row of an oversized sheet that holds a value, 0 if that is not found out."""
    found = row = taken = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part) as stream:
        rest = b""
        while taken < _MOST_INFLATED and (piece := stream.read(_PIECE)):
            taken += len(piece)
            text = rest + piece
            value = text.rfind(b"<v>")
            found = _row_before(text, value, row) if value >= 0 else found
            row = _row_before(text, len(text), row)
            rest = text[-len(b"<v") :]
    return found


def _row_before(text: bytes, end: int, otherwise: int) -> int:
    """The number of the last row that begins before ``end``."""
    start = text.rfind(_ROW, 0, end)
    number = text[start + len(_ROW) : start + len(_ROW) + 8].partition(b'"')[0]
    return int(number) if start >= 0 and number.isdigit() else otherwise


_ROW = b'<row r="'


# --- grids --------------------------------------------------------------------------------------


def sheet_names(source: Readable | InputFile) -> list[str]:
    """The names of a workbook's worksheets, without reading them. Raises ``InputError`` when it is none."""
    return [sheet.name for sheet in load(source).parts.sheets]


def read_grids(book: Book, file: str, *, without: frozenset[str] = frozenset()) -> list[Grid]:
    """Every worksheet of a workbook, hidden ones too, as a grid; not those named in ``without``.

    All of each sheet is read, or ``InputError`` raised.
    """
    grids = read_all_grids(book, file, without=without)
    for grid in grids:
        if grid.far:
            cell = a1(*grid.far[0])
            raise InputError(
                f"{file} 的工作表“{grid.name}”的 {cell} 有内容，离其他内容太远，请移近或删除后保存"
            )
    return grids


def read_all_grids(book: Book, file: str, *, without: frozenset[str] = frozenset()) -> list[Grid]:
    """As ``read_grids``, but cells far from all others are named by the grid instead of refused."""
    return _read_sheets(book, file, without)


def _read_sheets(book: Book, file: str, without: frozenset[str]) -> list[Grid]:
    """The worksheets but ``without``, checked, with the cells understood that need their format."""
    wanted = [sheet for sheet in book.parts.sheets if sheet.name not in without]
    if not wanted:
        return []
    strings, styles = _strings_and_styles(book.parts, file)
    read = list(_checked(book.parts, wanted, strings, styles, file))
    _refuse_spread(wanted, read, file)
    _fill_formatted(read, styles.xml, book.parts.date1904, file)
    pairs = zip(wanted, read, strict=True)
    return [
        Grid(file, sheet.name, cells.rows, cells.merges, far=cells.far) for sheet, cells in pairs
    ]


def _strings_and_styles(parts: BookParts, file: str) -> tuple[list[str], Styles]:
    room = sum(map(len, parts.package.parts.values()))
    try:
        return shared_strings(parts.content(parts.strings), room=room), read_styles(
            parts.content(parts.styles)
        )
    except (BadStringsError, BadStylesError) as error:
        raise InputError(f"{file} 已损坏（{error}），请用 Excel 或 WPS 打开后另存一份") from error


def _checked(
    parts: BookParts, wanted: Sequence[SheetPart], strings: list[str], styles: Styles, file: str
) -> Iterator[SheetCells]:
    """The cells of each sheet, refused where they are damaged, or too many together."""
    cells_left, tags_left = MAX_CELLS, MAX_TAGS
    for sheet in wanted:
        content = parts.content(sheet.part)
        tags_left -= content.count(b"<")
        if tags_left < 0:
            raise InputError(_too_large(file, sheet.name, _last_value_row(content)))
        try:
            cells = read_cells(content, strings, styles, cells_left)
        except DamagedSheetError as error:
            raise InputError(
                f"{file} 的工作表“{sheet.name}”已损坏（{error}），请用 Excel 或 WPS 打开后另存一份"
            ) from error
        except LargeSheetError as error:
            raise InputError(
                f"{file} 的工作表“{sheet.name}”{error}，不像年度报告工作簿，请把与报告无关的内容移到别的文件"
            ) from error
        cells_left -= cells.count
        yield cells


def _last_value_row(content: bytes) -> int:
    return _row_before(content, max(content.rfind(b"<v>"), 0), 0)


def _refuse_spread(wanted: Sequence[SheetPart], checked: Sequence[SheetCells], file: str) -> None:
    """Refuse sheets whose rectangles together are far larger than what they hold."""
    areas = [len(cells.rows) * cells.width for cells in checked]
    if sum(areas) > MAX_AREA:
        largest = areas.index(max(areas))
        cells, name = checked[largest], wanted[largest].name
        last = a1(len(cells.rows) - 1, cells.width - 1)
        raise InputError(
            f"{file} 的各张工作表占的范围太大（如“{name}”直到 {last}），请删去远离表格的内容，或与报告无关的工作表"
        )


def _fill_formatted(read: Sequence[SheetCells], styles: bytes, date1904: bool, file: str) -> None:
    """Put what the engine says into the cells that need their format to be understood."""
    cells = [cell for sheet in read for cell in sheet.formatted]
    if not cells:
        return
    try:
        values = understood(cells, styles, date1904=date1904)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except (
        BaseException
    ) as error:  # calamine raises a dozen types, and when it panics one that is no Exception
        raise InputError(
            f"{file} 的内容已损坏，读不出日期，请用 Excel 或 WPS 打开后另存一份"
        ) from error
    answers = iter(values)
    for sheet in read:
        for cell in sheet.formatted:
            sheet.rows[cell.row][cell.column] = next(answers)
