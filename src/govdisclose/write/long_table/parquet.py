"""The long table as Parquet, through pyarrow (``pip install govdisclose[parquet]``).

``value`` is a decimal number of 38 digits, ten of them after the point, so amounts are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from govdisclose.errors import OutputError, UsageError
from govdisclose.form.long_table import LongRow
from govdisclose.write.long_table.commas import COLUMNS

DIGITS, PLACES = 38, 10
"""All digits of a value, and its digits after the point."""

CHUNK = 10_000
"""Rows in memory at a time: one row group."""

_BATCH = 2_000
"""Rows read back at a time: as Python objects they take fifty times the room of the file."""


def need_pyarrow() -> Any:
    """The library pyarrow. Raises ``UsageError`` if it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "导出 parquet 需要 pyarrow，请先运行 pip install govdisclose[parquet]"
        ) from error
    return pyarrow


def write_parquet(rows: Iterable[LongRow], path: Path) -> None:
    """Write the rows. Raises ``OutputError`` for a number with too many digits or broken text."""
    arrow = need_pyarrow()
    texts = {name: arrow.string() for name in COLUMNS}
    types = texts | {"year": arrow.int32(), "value": arrow.decimal128(DIGITS, PLACES)}
    schema = arrow.schema(list(types.items()))
    remaining = iter(rows)
    with arrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while chunk := list(islice(remaining, CHUNK)):
            writer.write_table(_table(arrow, schema, chunk))


def _table(arrow: Any, schema: Any, rows: list[LongRow]) -> Any:
    """Rows as a table of pyarrow."""
    data: dict[str, list[Any]] = {}
    for name in COLUMNS:
        data[name] = [getattr(row, name) for row in rows]
    data["value"] = [None if value is None else Decimal(value) for value in data["value"]]
    try:
        return arrow.table(data, schema=schema)
    except (arrow.ArrowInvalid, UnicodeEncodeError) as error:
        raise OutputError(f"{_first_bad(rows)}，Parquet 不能原样保存") from error


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
    with need_pyarrow().parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            for row in batch.to_pylist():
                yield LongRow(**row)
