"""The long table as an SQLite database: one table ``cells`` with indexes for the usual queries.

``value`` is a number for calculations: an integer, or the nearest binary fraction for an amount of
money that is not whole. ``exact`` is the same number with all decimal digits as text.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import Any

from govdisclose.errors import OutputError
from govdisclose.form.long_table import LongRow
from govdisclose.write.long_table.commas import COLUMNS, plain, texts_of

_TYPES = {"year": "INTEGER", "value": "NUMERIC"}
_LARGEST = 2**63 - 1

_TYPED = ", ".join(f'"{name}" {_TYPES.get(name, "TEXT")}' for name in COLUMNS)
_CREATE = f"CREATE TABLE cells ({_TYPED}, exact TEXT)"
_PLACES = ", ".join("?" for _ in (*COLUMNS, "exact"))
_INSERT = f"INSERT INTO cells VALUES ({_PLACES})"
_INDEX = (
    "CREATE INDEX by_path ON cells (path, year)",
    "CREATE INDEX by_agency ON cells (agency, year)",
)
_EXACTLY = ", ".join("exact" if name == "value" else f'"{name}"' for name in COLUMNS)
_SELECT = f"SELECT {_EXACTLY} FROM cells ORDER BY rowid"
_VALUE = COLUMNS.index("value")
_get_cells = attrgetter(*COLUMNS)


def write_sqlite(rows: Iterable[LongRow], path: Path) -> None:
    """Write the rows, then the indexes.

    Raises ``OutputError`` for a number or text that SQLite cannot hold, ``OSError`` if it cannot
    write the file.
    """
    try:
        _write(rows, path)
    except sqlite3.Error as error:
        full = "disk is full" in str(error)  # the error has a code only from Python 3.11
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error


def _write(rows: Iterable[LongRow], path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        # Nobody uses the file before it is complete, so it needs no journal.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(_CREATE)
        base.executemany(_INSERT, map(_line, rows))
        for statement in _INDEX:
            base.execute(statement)
        base.commit()


def read_sqlite(path: Path) -> Iterator[LongRow]:
    """The rows of a file that ``write_sqlite`` wrote, in the same order."""
    with closing(sqlite3.connect(path)) as base:
        for row in base.execute(_SELECT):
            cells: list[Any] = list(row)
            exact = cells[_VALUE]
            if exact is not None:
                cells[_VALUE] = Decimal(exact)
            yield LongRow(*cells)


def _line(row: LongRow) -> tuple[object, ...]:
    texts = "".join(texts_of(row))
    try:
        texts.encode()
    except UnicodeEncodeError as error:
        said = f"{row.year} 年度 {row.path}：机关名称、代码或上级中有不成字的字符，数据库不能保存"
        raise OutputError(said) from error
    cells = list(_get_cells(row))
    cells[_VALUE] = _number(row)
    exact = None if row.value is None else plain(row.value)
    return (*cells, exact)


def _number(row: LongRow) -> int | float | None:
    """The value for calculations. Raises ``OutputError`` if it is too large."""
    if row.value is None:
        return None
    value = Decimal(row.value)
    if abs(value) > _LARGEST:
        raise OutputError(f"{row.agency} {row.year} 年度 {row.path}：{value} 太大，数据库不能保存")
    is_whole = value % 1 == 0
    return int(value) if is_whole else float(value)
