"""The long table as Parquet, through pyarrow (``pip install govdisclose[parquet]``).

``value`` is a decimal number of 38 digits, ten of them after the point, so amounts are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from attrs import define, field

from govdisclose.errors import OutputError, UsageError
from govdisclose.form.long_table import LongRow
from govdisclose.write.long_table.columns import (
    ArrowColumn,
    TextColumn,
    ValueColumn,
    YearColumn,
    fits,
)
from govdisclose.write.long_table.commas import COLUMNS

ROW_GROUP = 20_000
"""Rows written at a time. The file describes every column of every row group, and both writing and
reading hold all descriptions: of many small groups they take more memory than the rows.
"""

_BATCH = 500
"""Rows read back at a time: as Python objects they take fifty times the room of the file."""

_KINDS: dict[str, type[YearColumn] | type[ValueColumn]] = {
    "year": YearColumn,
    "value": ValueColumn,
}
"""The columns that are no texts."""

_SOUGHT = ["year", "agency_code", "agency", "parent"]
"""The columns whose least and greatest value stand with each row group: in the others, every row
group has the same values.
"""

_SETTINGS: dict[str, Any] = {
    "compression": "zstd",
    "store_schema": False,
    "write_statistics": _SOUGHT,
}

_get_cells = attrgetter(*COLUMNS)


_MISSING = "导出 parquet 需要 pyarrow，请先运行 pip install govdisclose[parquet]"


def refuse_missing_pyarrow() -> None:
    """Raises ``UsageError`` if pyarrow is not installed. It is not imported yet: it takes 50 MB."""
    if find_spec("pyarrow") is None:
        raise UsageError(_MISSING)


def need_pyarrow() -> Any:
    """The library pyarrow. Raises ``UsageError`` if it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(_MISSING) from error
    return pyarrow


@contextmanager
def _giving_back(arrow: Any) -> Iterator[Any]:
    """Have pyarrow return its memory to the system: its own pools keep some 20 MB.

    Yields the pool that does.
    """
    before = arrow.default_memory_pool()
    pool = arrow.system_memory_pool()
    arrow.set_memory_pool(pool)
    pool.release_unused()
    try:
        yield pool
    finally:
        arrow.set_memory_pool(before)


def write_parquet(rows: Iterable[LongRow], path: Path) -> None:
    """Write the rows. Raises ``OutputError`` for a number with too many digits or broken text."""
    arrow = need_pyarrow()
    remaining = iter(rows)
    # Texts are dictionaries on the way only: whoever reads the file gets texts.
    schema = _RowGroup().table(arrow).schema
    with (
        _giving_back(arrow) as pool,
        arrow.parquet.ParquetWriter(path, schema, **_SETTINGS) as writer,
    ):
        while _write_group(islice(remaining, ROW_GROUP), arrow, writer):
            pool.release_unused()


def _write_group(rows: Iterable[LongRow], arrow: Any, writer: Any) -> bool:
    """Write the rows of one row group; whether there were any."""
    group = _RowGroup()
    for row in rows:
        group.add(row)
    if group.rows:
        writer.write_table(group.table(arrow))
    return bool(group.rows)


def _columns() -> list[ArrowColumn]:
    return [_KINDS.get(name, TextColumn)() for name in COLUMNS]


@define
class _RowGroup:
    """The rows that are written together, as columns."""

    rows: int = 0
    columns: list[ArrowColumn] = field(factory=_columns)

    def add(self, row: LongRow) -> None:
        """Add a row. Raises ``OutputError`` for a number or a text that the file cannot hold."""
        if not fits(row.value):
            raise OutputError(f"{_place(row)}：{row.value} 位数太多，Parquet 不能原样保存")
        try:
            for column, cell in zip(self.columns, _get_cells(row), strict=True):
                column.add(cell)
        except OverflowError as error:
            raise OutputError(f"{_place(row)}：年度太大，Parquet 不能保存") from error
        except UnicodeEncodeError as error:
            said = "机关名称、代码或上级中有不成字的字符，Parquet 不能原样保存"
            raise OutputError(f"{row.year} 年度 {row.path}：{said}") from error
        self.rows += 1

    def table(self, arrow: Any) -> Any:
        """The rows as a table of pyarrow."""
        arrays = [column.to_arrow(arrow) for column in self.columns]
        return arrow.Table.from_arrays(arrays, names=list(COLUMNS))


def _place(row: LongRow) -> str:
    """Where a cell stands, in Chinese."""
    return f"{row.agency} {row.year} 年度 {row.path}"


def read_parquet(path: Path) -> Iterator[LongRow]:
    """The rows of a file that ``write_parquet`` wrote."""
    arrow = need_pyarrow()
    with _giving_back(arrow), arrow.parquet.ParquetFile(path, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            for row in batch.to_pylist():
                yield LongRow(**row)
