"""Read a long table back as reports: the .csv, .parquet or .sqlite that an export has written."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from govdisclose.errors import InputError, UsageError, unreadable
from govdisclose.form.edition import EDITIONS
from govdisclose.form.fields import Kind, Value
from govdisclose.form.long_table import LongRow, Tabled
from govdisclose.form.outline import Cell, outline
from govdisclose.form.report import LEVELS, Agency
from govdisclose.source import PathLike

LONG_SUFFIXES: Mapping[str, str] = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".sqlite": "sqlite",
    ".db": "sqlite",
}
"""The ending of a long table → the name of its form in ``LONG_FILES``."""

TOTAL_SUFFIXES = (".xlsx", ".xlsm")
"""The endings of a consolidated workbook, whose sheet 来源明细 lists the units."""

_MOST_DIGITS = 28
"""The most digits before the point of a figure; more are refused."""


def is_long_file(path: Path) -> bool:
    """Whether a path has the ending of a long table."""
    return path.suffix.lower() in LONG_SUFFIXES


def refuse_previous(source: PathLike | None) -> None:
    """Raise ``UsageError`` for a path that cannot hold the reports of last year."""
    if source is None:
        return
    path = Path(source)
    if not path.is_dir() and not is_long_file(path) and path.suffix.lower() not in TOTAL_SUFFIXES:
        known = "、".join(LONG_SUFFIXES)
        raise UsageError(
            f"上年的报告 {path} 应为收件文件夹，或长表（{known}，可用 govdisclose export 导出），"
            f"或汇总工作簿（{'、'.join(TOTAL_SUFFIXES)}）"
        )


def read_long_file(path: Path) -> Iterator[Tabled]:
    """Yield the reports of a long table, in its order; one report at a time is held.

    The rows of a report must be together and be complete. Raises ``InputError`` for a file that
    is no long table of this program, or that somebody has changed so that rows are missing or
    doubled; ``UsageError`` when pyarrow is needed and missing.
    """
    from govdisclose.write.long_table import LONG_FILES

    kind = LONG_SUFFIXES[path.suffix.lower()]
    file = LONG_FILES[kind]
    file.ready()
    with _refusals(path):
        _refuse_other_file(path, kind)
        for rows in _together(file.read(path)):
            yield _report(path, rows)


def _together(rows: Iterable[LongRow]) -> Iterator[list[LongRow]]:
    """The rows of each report."""
    for _, group in groupby(rows, _whose):
        yield list(group)


def _whose(row: LongRow) -> tuple[object, ...]:
    """The columns that are equal in all rows of a report."""
    return (row.year, row.edition, row.agency_code, row.agency, row.file, row.status)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn every fault of the file into one sentence."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise unreadable(path.name, error) from error
    except (ValueError, TypeError, ArithmeticError, csv.Error, sqlite3.Error) as error:
        raise _no_long_table(path, "内容读不出") from error


def _no_long_table(path: Path, why: str) -> InputError:
    return InputError(
        f"{path.name} 不是本程序导出的长表，或导出后被改动过：{why}。"
        "请用 govdisclose export 重新导出"
    )


def _refuse_other_file(path: Path, kind: str) -> None:
    """Raise ``InputError`` or ``OSError`` for a file that cannot be read as this form."""
    from govdisclose.write.long_table.commas import COLUMNS

    with open(path, "rb"):
        pass  # opening a database that is not there would create it
    if kind == "csv":
        with open(path, encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        if tuple(header) != COLUMNS:
            raise _no_long_table(path, "第一行不是长表的列名")
    if kind == "sqlite":
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            if not base.execute("SELECT 1 FROM sqlite_master WHERE name = 'cells'").fetchone():
                raise _no_long_table(path, "没有表 cells")


def _report(path: Path, rows: list[LongRow]) -> Tabled:
    """The report of some rows. Raises ``InputError`` if they are not all its cells, each once."""
    first = rows[0]
    who = f"“{first.agency}”{first.year or ''} 年度"
    edition = EDITIONS.get(first.edition)
    if edition is None:
        raise _no_long_table(path, f"{who}的格式版本是“{first.edition}”")
    cells = outline(edition).cells
    values: dict[str, Value] = {}
    for row in rows:
        if row.path not in cells:
            raise _no_long_table(path, f"{who}有一行的 path 是“{row.path}”，没有这一格")
        if row.path in values:
            raise _no_long_table(path, f"{who}有两行“{row.path}”")
        values[row.path] = _value(path, row, cells[row.path])
    if len(values) < len(cells):
        said = f"{who}只有 {len(values)} 行，应有 {len(cells)} 行"
        raise _no_long_table(path, said)
    level = first.category if first.category in LEVELS else "agency"
    return Tabled(
        first.year,
        edition.name,
        Agency(first.agency, first.agency_code or None, level),
        tuple(values[name] for name in cells),
        parent=first.parent,
        level=first.level,
        file=first.file,
        status=first.status,
    )


def _value(path: Path, row: LongRow, cell: Cell) -> Value:
    """The figure of a row. Raises ``InputError`` for one that the cell cannot hold."""
    if row.value is None:
        return None
    value = Decimal(row.value)
    where = f"“{row.agency}”的“{cell.label}”是 {row.value}"
    if not value.is_finite() or value.adjusted() > _MOST_DIGITS:
        raise _no_long_table(path, where)
    if cell.kind is Kind.MONEY:
        return value
    if value != value.to_integral_value():
        raise _no_long_table(path, f"{where}，应为整数")
    return int(value)
