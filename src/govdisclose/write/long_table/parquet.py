"""The long table as Parquet, through pyarrow (``pip install govdisclose[parquet]``).

``value`` is a decimal number of 38 digits, ten of them after the point, so amounts are exact.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from govdisclose.errors import OutputError, UsageError
from govdisclose.form.long_table import LongRow
from govdisclose.write.long_table.commas import COLUMNS, plain

DIGITS, PLACES = 38, 10
"""All digits of a value, and its digits after the point."""

CHUNK = 2_000
"""Rows in memory at a time: one row group. More of them make a smaller file and take more memory."""

_BATCH = 500
"""Rows read back at a time: as Python objects they take fifty times the room of the file."""

_NULL = "\x00"
"""What stands for a missing year, code or value on the way to pyarrow; no name consists of it."""

_NULLABLE = [COLUMNS.index(name) for name in ("year", "agency_code", "value")]
_VALUE = COLUMNS.index("value")
_get_cells = attrgetter(*COLUMNS)


def need_pyarrow() -> Any:
    """The library pyarrow. Raises ``UsageError`` if it is not installed."""
    try:
        import pyarrow.csv
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "导出 parquet 需要 pyarrow，请先运行 pip install govdisclose[parquet]"
        ) from error
    return pyarrow


@contextmanager
def _giving_back(arrow: Any) -> Iterator[None]:
    """Have pyarrow return its memory to the system: its own pools keep some 20 MB."""
    before = arrow.default_memory_pool()
    arrow.set_memory_pool(arrow.system_memory_pool())
    try:
        yield
    finally:
        arrow.set_memory_pool(before)


def write_parquet(rows: Iterable[LongRow], path: Path) -> None:
    """Write the rows. Raises ``OutputError`` for a number with too many digits or broken text."""
    arrow = need_pyarrow()
    texts = {name: arrow.string() for name in COLUMNS}
    types = texts | {"year": arrow.int32(), "value": arrow.decimal128(DIGITS, PLACES)}
    schema = arrow.schema(list(types.items()))
    remaining = iter(rows)
    with (
        _giving_back(arrow),
        arrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer,
    ):
        while chunk := list(islice(remaining, CHUNK)):
            writer.write_table(_table(arrow, schema, chunk))


def _table(arrow: Any, schema: Any, rows: list[LongRow]) -> Any:
    """Rows as a table of pyarrow.

    They go through its reader of CSV: making arrays of Python objects imports pandas, if that is
    installed, which takes 50 MB.
    """
    if not all(row.value is None or _fits(Decimal(row.value)) for row in rows):
        raise OutputError(f"{_first_bad(rows)}，Parquet 不能原样保存")
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\n").writerows(map(_cells, rows))
    try:
        data = lines.getvalue().encode()
        return arrow.csv.read_csv(
            arrow.BufferReader(data),
            read_options=arrow.csv.ReadOptions(
                column_names=list(COLUMNS), use_threads=False, block_size=len(data) + 1
            ),
            parse_options=arrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=arrow.csv.ConvertOptions(
                column_types=schema,
                null_values=[_NULL],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except (arrow.ArrowInvalid, UnicodeEncodeError) as error:
        raise OutputError(f"{_first_bad(rows)}，Parquet 不能原样保存") from error


def _cells(row: LongRow) -> list[Any]:
    cells = list(_get_cells(row))
    if row.value is not None:
        cells[_VALUE] = plain(row.value)
    for place in _NULLABLE:
        if cells[place] is None:
            cells[place] = _NULL
    return cells


def _first_bad(rows: list[LongRow]) -> str:
    """The value or text that pyarrow refused, in Chinese."""
    for row in rows:
        if row.value is not None and not _fits(Decimal(row.value)):
            return f"{row.agency} {row.year} 年度 {row.path}：{row.value} 位数太多"
    return f"{rows[0].year} 年度的报告：机关名称、代码或上级中有不成字的字符"


def _fits(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= PLACES and value.adjusted() < DIGITS - PLACES


def read_parquet(path: Path) -> Iterator[LongRow]:
    """The rows of a file that ``write_parquet`` wrote."""
    arrow = need_pyarrow()
    with _giving_back(arrow), arrow.parquet.ParquetFile(path, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            for row in batch.to_pylist():
                yield LongRow(**row)
