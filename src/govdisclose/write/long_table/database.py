"""The long table as an SQLite database: one table ``cells``, indexed for the usual questions.

``value`` is a number to reckon with: an integer, or for amounts of money that are not whole the
nearest binary fraction. ``exact`` has the same number in all its decimal digits as text.
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

_CREATE = (
    "CREATE TABLE cells ("
    + ", ".join(f'"{name}" {_TYPES.get(name, "TEXT")}' for name in COLUMNS)
    + ", exact TEXT)"
)  # fmt: skip
_INSERT = f"INSERT INTO cells VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
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

    Raises ``OutputError`` for a number or text that SQLite cannot hold, ``OSError`` when it cannot write.
    """
    try:
        _write(rows, path)
    except sqlite3.Error as error:
        full = "disk is full" in str(error)  # it has no code for that before Python 3.11
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error


def _write(rows: Iterable[LongRow], path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        # The file is not there for anybody before it is finished, so that nothing in it needs a journal.
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute(_CREATE)
        base.executemany(_INSERT, map(_line, rows))
        for statement in _INDEX:
            base.execute(statement)
        base.commit()


def read_sqlite(path: Path) -> Iterator[LongRow]:
    """The rows of a file that ``write_sqlite`` wrote, in the order they were written."""
    with closing(sqlite3.connect(path)) as base:
        for row in base.execute(_SELECT):
            cells: list[Any] = list(row)
            cells[_VALUE] = None if cells[_VALUE] is None else Decimal(cells[_VALUE])
            yield LongRow(*cells)


def _line(row: LongRow) -> tuple[object, ...]:
    try:
        "".join(texts_of(row)).encode()
    except UnicodeEncodeError as error:
        said = f"{row.year} 年度 {row.path}：机关名称、代码或上级中有不成字的字符，数据库不能保存"
        raise OutputError(said) from error
    cells = list(_get_cells(row))
    cells[_VALUE] = _number(row)
    return (*cells, plain(row.value) if row.value is not None else None)


def _number(row: LongRow) -> int | float | None:
    value = None if row.value is None else Decimal(row.value)
    if value is None:
        return None
    if abs(value) > _LARGEST:
        raise OutputError(f"{row.agency} {row.year} 年度 {row.path}：{value} 太大，数据库不能保存")
    return float(value) if value % 1 else int(value)
