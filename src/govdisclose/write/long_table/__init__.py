"""The long table as a file: rows are written one by one, and read back to see that they are all there."""

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
from govdisclose.write.long_table.parquet import need_pyarrow, read_parquet, write_parquet

__all__ = ["LONG_FILES", "LongFile", "Tally", "long_bytes", "write_long"]


@frozen
class LongFile:
    """How one kind of file is written and read back; neither holds more than a bounded number of rows.

    ``write`` gets the path of a file that does not exist yet. ``ready`` raises ``UsageError`` when
    something that it needs is not installed.
    """

    write: Callable[[Iterable[LongRow], Path], None]
    read: Callable[[Path], Iterator[LongRow]]
    ready: Callable[[], object] = lambda: None


LONG_FILES: Mapping[str, LongFile] = {
    "csv": LongFile(write_csv, read_csv),
    "parquet": LongFile(write_parquet, read_parquet, need_pyarrow),
    "sqlite": LongFile(write_sqlite, read_sqlite),
}
"""What the long table can be written as."""


@define
class Tally:
    """How many rows have gone through, and a digest of what they say."""

    rows: int = 0
    _digest: Any = field(factory=hashlib.sha256, repr=False)

    def through(self, rows: Iterable[LongRow]) -> Iterator[LongRow]:
        """The same rows, counted."""
        for row in rows:
            self.rows += 1
            self._digest.update(_saying(row))
            yield row

    @property
    def result(self) -> tuple[int, str]:
        """Equal for the same rows in the same order."""
        return self.rows, self._digest.hexdigest()


def write_long(rows: Iterable[LongRow], path: Path, to: str) -> int:
    """Write the rows to a new file, onto the disk, and read them back; how many there are.

    Raises ``OutputError`` when they read back differently, ``UsageError`` when pyarrow is missing.
    """
    kind, written, there = LONG_FILES[to], Tally(), Tally()
    kind.write(written.through(rows), path)
    with open(path, "r+b") as file:  # on Windows only a file open for writing can be flushed
        os.fsync(file.fileno())
    for _ in there.through(kind.read(path)):
        pass
    if there.result != written.result:
        raise OutputError("长表写入后读回的内容不一致，请检查磁盘")
    return written.rows


def long_bytes(rows: Iterable[LongRow], to: str) -> bytes:
    """The file as bytes, for the rows of one report. Raises as ``write_long`` does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cells"
        write_long(rows, path, to)
        return path.read_bytes()


def _saying(row: LongRow) -> bytes:
    """What a row says, however its number is written: 0.5 and 0.50 are one value, no code and an empty one too."""
    value = None if row.value is None else str(Decimal(row.value).normalize())
    return repr((row.year, value, texts_of(row))).encode("utf-8", "surrogatepass")
