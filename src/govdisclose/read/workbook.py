"""A workbook file → grids → a reading. calamine reads it; openpyxl explains what calamine cannot.

calamine gives a blank for a formula without a value and for an error value alike, so a blank
statutory cell is looked at again with openpyxl. openpyxl also reads the rare book with a cell far
away from all others, for which calamine would allocate the whole rectangle.
"""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve, field, frozen

from govdisclose.errors import InputError
from govdisclose.finding import Place
from govdisclose.form.edition import EDITION_2021, EDITIONS, Edition, edition_for
from govdisclose.form.reading import Reading
from govdisclose.form.sheets import GUIDE_SHEET, LAST_YEAR_SHEET, PROSE_SHEETS, PROVENANCE_SHEET
from govdisclose.package import Package, PackageError, open_package
from govdisclose.read.assemble import assemble
from govdisclose.read.grid import ErrorValue, Grid, Merge, Picture, Raw, Uncalculated, position
from govdisclose.read.prose import read_prose
from govdisclose.read.rawsheet import is_sheet, look
from govdisclose.read.sheetparts import sheet_parts
from govdisclose.read.tables import read_tables
from govdisclose.read.written import is_consolidated, is_written

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 10_000, 500, 200_000
"""What a sheet may hold; a statutory workbook has some 5,000 cells."""

_END = re.compile(rb"</(?:\w+:)?worksheet\s*>\s*(?:<!--.*?-->\s*)*\Z", re.DOTALL)
_MERGE = re.compile(rb'mergeCell ref="([A-Z]+\d+):([A-Z]{2,}\d+|[A-Z]+\d{3,})"')
_read_before = count()
"""How many workbook files this process has read."""

_PASSWORD = "GOVDISCLOSE_PASSWORD"

_Engine = Callable[[bytes, str, frozenset[str]], list[Grid]]

_NEVER_READ = frozenset({PROVENANCE_SHEET})
_PROSE = frozenset(PROSE_SHEETS.values())
_NO_FIGURES = _NEVER_READ | _PROSE | {GUIDE_SHEET, LAST_YEAR_SHEET}
"""Sheets that hold neither figures nor agency data."""


def read_workbook(path: Path) -> Reading:
    """Read a workbook of either edition.

    Raises ``InputError`` when the file cannot be read as a workbook; whatever is wrong with what it
    says is a finding of the reading.
    """
    data = _plain_bytes(_load_file(path), path)
    grids = _package_grids(_open(data, path), data, path, _NEVER_READ)
    return _with_formula_cells(_reading(grids, path, prose=True), data)


def read_workbook_figures(path: Path) -> Reading:
    """As ``read_workbook``, but the sheets of paragraphs are left unread: for sums over many books.

    They are read all the same where a look at their bytes does not show that each section is written. A
    consolidated workbook is a sum whose text is yet to be written.
    """
    data = _plain_bytes(_load_file(path), path)
    package = _open(data, path)
    if is_written(package) or is_consolidated(package):
        reading = _reading(_package_grids(package, data, path, _NO_FIGURES), path, prose=False)
    else:
        reading = _reading(_package_grids(package, data, path, _NEVER_READ), path, prose=True)
    return _with_formula_cells(reading, data)


def read_loaded(book: Book, path: Path) -> Reading:
    """As ``read_workbook``, of a workbook that is in memory already; ``path`` names it."""
    return _with_formula_cells(_reading(_all_grids(book, path.name, _NEVER_READ), path, prose=True), book.data)


def _with_formula_cells(reading: Reading, data: bytes) -> Reading:
    """The reading of a workbook, which can be asked which of its cells hold formulas."""
    return evolve(reading, formulas=partial(_formula_cells, data, reading.report.edition, reading.places))


def _formula_cells(data: bytes, edition: Edition, places: Mapping[str, Place]) -> Mapping[str, tuple[str, ...]]:
    from govdisclose.read.formulacells import formula_cells  # most workbooks are never asked

    return formula_cells(data, edition, places)


def _package_grids(package: Package, data: bytes, path: Path, without: frozenset[str]) -> list[Grid]:
    """The sheets of a file but ``without``; those that differ from a known one in values only without a parser."""
    if next(_read_before) == 0:  # most programs read one book, and have no use for what it teaches
        return _all_grids(Book(data, *_check_kind(package, path)), path.name, without)
    from govdisclose.read.stencil import learn, recall

    known = recall(package, path.name, without | _PROSE)
    book = Book(data, *_check_kind(package, path, known.parts))
    if book.sparse or book.unstored:
        return _all_grids(book, path.name, without)
    names = {grid.name for grid in known.grids}
    if names and names.issuperset({*known.names} - without):
        return list(known.grids)
    others, engine = _engine_grids(book, path.name, without | names)
    if engine is not _calamine_grids:  # which see a few things otherwise: then all is as one of them sees it
        return _all_grids(book, path.name, without)
    # No two books have as many paragraphs: to learn their sheets would cost more than it saves.
    if new := [grid for grid in others if grid.name not in _PROSE]:
        learn(package, new)
    return known.beside(others)


def _all_grids(book: Book, file: str, without: frozenset[str]) -> list[Grid]:
    grids = read_grids(book, file, without=without)
    return _with_formulas(grids, book.data, file) if book.unstored else grids


def _reading(grids: list[Grid], path: Path, *, prose: bool) -> Reading:
    texts = read_prose(grids, path.name, prose=prose)
    likely = _likely(texts.edition_name, texts.attributes.get("year"))
    tables = read_tables(grids, likely, path.name)
    reading = assemble(path, texts, tables, likely)
    return reading if prose else evolve(reading, without_prose=True)


def _likely(name: str | None, year: int | None) -> Edition:
    if name in EDITIONS:
        return EDITIONS[name]
    return edition_for(year) if year else EDITION_2021


# --- the file -----------------------------------------------------------------------------------


@frozen
class Book:
    """The bytes of a workbook that is safe to parse.

    ``sparse`` when calamine would not read a sheet rightly (a cell far from all others, say), ``unstored`` when a formula has no value or an error.
    """

    data: bytes = field(repr=False)
    sparse: bool
    unstored: bool


def load(path: Path) -> Book:
    """A workbook file, decrypted if need be. Raises ``InputError`` when it is none or unsafe."""
    return load_bytes(_load_file(path), path)


def _load_file(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise InputError(f"{path.name} 是 Excel 打开文件时的临时文件，请改用 {path.name[2:]}")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"找不到文件 {path}") from None
    except IsADirectoryError:
        raise InputError(f"{path} 是文件夹，应给出一个工作簿文件") from None
    except PermissionError:
        raise InputError(f"没有读取 {path} 的权限，或文件正被其他程序独占") from None
    except OSError as error:
        raise InputError(f"读不了文件 {path}：{error.strerror or error}") from error


def load_bytes(data: bytes, path: Path) -> Book:
    """A workbook that is in memory; ``path`` names it in messages. Raises ``InputError``."""
    data = _plain_bytes(data, path)
    return Book(data, *_check_kind(_open(data, path), path))


def _plain_bytes(data: bytes, path: Path) -> bytes:
    return _decrypt(data, path) if "EncryptedPackage".encode("utf-16-le") in data else data


def _open(data: bytes, path: Path) -> Package:
    try:
        return open_package(data, f"{path.name} ")
    except PackageError as error:
        raise InputError(f"{error}。{_ADVICE}") from error


_ADVICE = "请提供 .xlsx 工作簿"


def _decrypt(data: bytes, path: Path) -> bytes:
    password = os.environ.get(_PASSWORD)
    if not password:
        raise InputError(f"{path.name} 设有打开密码：请在 Excel 中取消密码后另存，或用环境变量 {_PASSWORD} 给出密码")
    try:
        import msoffcrypto
    except ImportError:
        raise InputError(f"{path.name} 已加密；解密需要安装：pip install govdisclose[crypt]") from None
    plain = io.BytesIO()
    try:
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=password)
        office.decrypt(plain)
    except Exception as error:  # msoffcrypto raises its own and cryptography's types alike
        raise InputError(f"{path.name} 的密码不对，或加密方式不受支持") from error
    return plain.getvalue()


def _check_kind(archive: Package, path: Path, known: frozenset[str] = frozenset()) -> tuple[bool, bool]:
    """Refuse what is not an .xlsx workbook or too large to be one of ours; whether it is sparse, and unstored.

    ``known`` are parts that need no look, since sheets like them in every byte that is looked at passed before.
    """
    names = archive.parts
    if "xl/workbook.bin" in names:
        raise InputError(f"{path.name} 是 .xlsb 工作簿，请用 Excel 另存为 .xlsx")
    if "word/document.xml" in names:
        raise InputError(f"{path.name} 是 Word 文件，不是工作簿。{_ADVICE}")
    if "xl/workbook.xml" not in names:
        raise InputError(f"{path.name} 里没有工作簿（缺少 xl/workbook.xml），文件不完整或不是 .xlsx")
    sparse = unstored = False
    aside = _parts_never_read(archive)
    for name in names:
        if name not in known and is_sheet(name, sheet := archive.read(name)):
            _check_sheet(sheet, name, path, most=None if name in aside else MAX_CELLS)
            if name in aside:
                continue
            found = look(sheet)
            sparse, unstored = sparse or found[0], unstored or found[1]
    return sparse, unstored


def _parts_never_read(archive: Package) -> set[str]:
    """The parts of sheets that are for people only, which may be far longer than any sheet that is read."""
    book, relations = archive.read("xl/workbook.xml"), archive.parts.get("xl/_rels/workbook.xml.rels", b"")
    names = {name.encode() for name in _NEVER_READ}
    if not any(name in book for name in names):
        return set()
    return {part for name, part in sheet_parts(book, relations) if name in names}


def _check_sheet(sheet: bytes, name: str, path: Path, most: int | None) -> None:
    """Refuse a sheet that breaks off or is far too large to be one of ours.

    Of one that breaks off, calamine would give the rows before the break without a word; for a
    merged area of millions of cells openpyxl would make every one of them.
    """
    if not (_END.search(sheet, max(0, len(sheet) - 64)) or _END.search(sheet)):
        raise InputError(f"{path.name} 的工作表 {name} 已损坏，请用 Excel 或 WPS 打开后另存一份")
    if most is not None and sheet.count(b"<c ") + sheet.count(b":c ") > most:
        raise InputError(f"{path.name} 的工作表 {name} 超过 {most} 个单元格，不像年度报告工作簿")
    for first, last in _MERGE.findall(sheet):
        (top, left), (bottom, right) = (position(ref.decode()) for ref in (first, last))
        if (bottom - top + 1) * (right - left + 1) > MAX_CELLS:
            raise InputError(
                f"{path.name} 的工作表 {name} 有过大的合并区域 {first.decode()}:{last.decode()}，请取消合并"
            )


# --- grids --------------------------------------------------------------------------------------


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, without reading them. Raises ``InputError`` when it is none."""
    from python_calamine import CalamineWorkbook

    book = load(path)
    try:
        return list(CalamineWorkbook.from_filelike(io.BytesIO(book.data)).sheet_names)
    except Exception as error:  # as in read_grids
        raise InputError(f"{path.name} 的内容已损坏，请用 Excel 或 WPS 打开后另存一份") from error


def read_grids(book: Book, file: str, *, without: frozenset[str] = frozenset()) -> list[Grid]:
    """Every worksheet of a workbook, hidden ones too, as a grid; not those named in ``without``."""
    return _engine_grids(book, file, without)[0]


def _engine_grids(book: Book, file: str, without: frozenset[str]) -> tuple[list[Grid], _Engine]:
    """The same, and by which engine: openpyxl reads what calamine cannot, or not rightly."""
    for engine in (_openpyxl_grids,) if book.sparse else (_calamine_grids, _openpyxl_grids):
        try:
            return engine(book.data, file, without), engine
        except Exception as error:  # the engines raise a dozen types on broken parts; none may reach a user
            why = error
    raise InputError(f"{file} 的内容已损坏，读不出工作表，请用 Excel 或 WPS 打开后另存一份") from why


def _calamine_grids(data: bytes, file: str, without: frozenset[str] = frozenset()) -> list[Grid]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids = []
    for meta in book.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet or meta.name in without:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        rows = sheet.to_python(skip_empty_area=False)
        merges = tuple(Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ())
        grids.append(Grid(file, meta.name, [[None if v == "" else cast(Raw, v) for v in row] for row in rows], merges))
    return grids


def _openpyxl_grids(data: bytes, file: str, without: frozenset[str] = frozenset()) -> list[Grid]:
    """The same grids by openpyxl, cut at ``MAX_ROWS`` × ``MAX_COLUMNS``."""
    book = _open_slowly(data, values=True)
    grids = []
    for sheet in (s for s in book.worksheets if s.title not in without):
        cells = {
            (c.row - 1, c.column - 1): _raw(c)
            for c in sheet._cells.values()  # the sparse cells; iterating rows would visit the whole rectangle
            if (c.row or 0) <= MAX_ROWS and (c.column or 0) <= MAX_COLUMNS and c.value not in (None, "")
        }
        height = max((r for r, _ in cells), default=-1) + 1
        width = max((c for _, c in cells), default=-1) + 1
        rows: list[list[Raw]] = [[cells.get((r, c)) for c in range(width)] for r in range(height)]
        merges = tuple(
            Merge(m.min_row - 1, m.min_col - 1, m.max_row - 1, m.max_col - 1) for m in sheet.merged_cells.ranges
        )
        grids.append(Grid(file, sheet.title, rows, merges))
    return grids


def _raw(cell: Any) -> Raw:
    """One openpyxl cell as a raw value; openpyxl's cells are untyped in all but name."""
    from openpyxl.utils.escape import unescape

    value = cell.value
    if cell.data_type == "e":
        return ErrorValue(str(value))
    if isinstance(value, str):
        return Picture() if value.startswith("=DISPIMG") or value.startswith("=_xlfn.DISPIMG") else unescape(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return cast(Raw, value)


def _open_slowly(data: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it leaves out, in English
        return load_workbook(io.BytesIO(data), data_only=values)


def _with_formulas(grids: list[Grid], data: bytes, file: str) -> list[Grid]:
    """The same grids, with what calamine leaves blank: formulas without a value, errors, pictures."""
    try:
        stored, written = _open_slowly(data, values=True), _open_slowly(data, values=False)
    except Exception as error:  # openpyxl raises a dozen types on books that calamine reads
        raise InputError(f"{file} 里有没有计算结果的公式，请用 Excel 或 WPS 打开后保存一次") from error
    for grid in grids:
        formulas = written[grid.name]._cells
        for (row, column), cell in stored[grid.name]._cells.items():
            found = _unstored(cell, formulas.get((row, column))) if grid.raw(row - 1, column - 1) is None else None
            if found is not None and row <= MAX_ROWS and column <= MAX_COLUMNS:
                _put(grid.rows, row - 1, column - 1, found)
    return grids


def _unstored(cell: Any, formula: Any) -> Raw:
    """What a cell that calamine reads as blank holds instead of a value; ``None`` for nothing."""
    if cell.data_type == "e" and cell.value is not None:
        return ErrorValue(str(cell.value))
    if cell.value is None and cell.data_type != "str" and formula is not None and formula.data_type == "f":
        written = getattr(formula.value, "text", formula.value)  # an array formula is an object of its own
        written = written if isinstance(written, str) else "模拟运算表"
        return Picture() if "DISPIMG" in written.upper() else Uncalculated(written)
    return None


def _put(rows: list[list[Raw]], row: int, column: int, raw: Raw) -> None:
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = raw
