"""The long table as a file: rows are written one by one, then read back and compared."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import define, field, frozen

from govdisclose.errors import OutputError
from govdisclose.form.long_table import LongRow
from govdisclose.write.long_table.commas import read_csv, texts_of, write_csv
from govdisclose.write.long_table.database import read_sqlite, write_sqlite
from govdisclose.write.long_table.parquet import (
    read_parquet,
    refuse_missing_pyarrow,
    write_parquet,
)

__all__ = ["LONG_FILES", "LongFile", "Tally", "long_bytes", "write_long"]


@frozen
class LongFile:
    """One kind of file: the functions that write it and read it back.

    Both hold only a bounded number of rows. ``write`` is called with the path of a new file.
    ``ready`` raises ``UsageError`` if a library that the kind needs is not installed.
    """

    write: Callable[[Iterable[LongRow], Path], None]
    read: Callable[[Path], Iterator[LongRow]]
    ready: Callable[[], object] = lambda: None


LONG_FILES: Mapping[str, LongFile] = {
    "csv": LongFile(write_csv, read_csv),
    "parquet": LongFile(write_parquet, read_parquet, refuse_missing_pyarrow),
    "sqlite": LongFile(write_sqlite, read_sqlite),
}
"""The kinds of files of the long table, by name."""


@define
class Tally:
    """The number of rows that have passed, and a digest of their content."""

    rows: int = 0
    _digest: Any = field(factory=hashlib.sha256, repr=False)

    def through(self, rows: Iterable[LongRow]) -> Iterator[LongRow]:
        """Yield the same rows and count them."""
        for row in rows:
            self.rows += 1
            self._digest.update(_content(row))
            yield row

    @property
    def result(self) -> tuple[int, str]:
        """Number and digest, equal for the same rows in the same order."""
        return self.rows, self._digest.hexdigest()


def write_long(rows: Iterable[LongRow], path: Path, to: str) -> int:
    """Write the rows to a new file, flush it and read it back. Returns the number of rows.

    Raises ``OutputError`` if the rows that are read back differ, ``UsageError`` if pyarrow is
    missing.
    """
    kind = LONG_FILES[to]
    written = Tally()
    kind.write(written.through(rows), path)
    with open(path, "r+b") as file:  # on Windows only a file open for writing can be flushed
        os.fsync(file.fileno())
    read_back = Tally()
    for _ in read_back.through(kind.read(path)):
        pass
    if read_back.result != written.result:
        raise OutputError("长表写入后读回的内容不一致，请检查磁盘")
    return written.rows


def long_bytes(rows: Iterable[LongRow], to: str) -> bytes:
    """The bytes of the file, for the rows of one report. Raises the errors of ``write_long``."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cells"
        write_long(rows, path, to)
        return path.read_bytes()


def _content(row: LongRow) -> bytes:
    """The content of a row in one spelling: 0.5 and 0.50 are equal, and no code and an empty one."""
    value = None if row.value is None else str(Decimal(row.value).normalize())
    return repr((row.year, value, texts_of(row))).encode("utf-8", "surrogatepass")
