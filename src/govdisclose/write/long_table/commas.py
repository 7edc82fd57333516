"""The long table as CSV: UTF-8 with a byte order mark and CRLF, as Excel and WPS open it.

A text that a spreadsheet would run as a formula or change into another number gets an apostrophe in
front, and so does a text that begins with an apostrophe. To restore the texts, remove one
apostrophe from the front of each. Numbers and blank cells are never changed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import attrs

from govdisclose.form.fields import Value
from govdisclose.form.long_table import LongRow

COLUMNS = tuple(field.name for field in attrs.fields(LongRow))
"""The names of the columns in every kind of file."""

TEXTS = tuple(name for name in COLUMNS if name not in ("year", "value"))
"""The columns that hold text."""

_YEAR, _CODE, _VALUE = map(COLUMNS.index, ("year", "agency_code", "value"))

_get_texts = attrgetter(*TEXTS)

_RISKY = re.compile(
    r"[\s'=+\-@＇＝＋－＠]"  # OWASP's list, its full-width forms, and the mark itself
    r"|[0０]\d+$|\d{12,}$|\d+[eE]\d+$|\d+[-/]\d+([-/]\d+)?$"  # loses digits, or becomes a date
)
_LITERAL = "surrogatepass"


def write_csv(rows: Iterable[LongRow], path: Path) -> None:
    """Write the rows below a header."""
    with open(path, "x", encoding="utf-8", errors=_LITERAL, newline="") as file:
        file.write("\ufeff")
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(_line, rows))


def read_csv(path: Path) -> Iterator[LongRow]:
    """The rows of a file that ``write_csv`` wrote."""
    with open(path, encoding="utf-8-sig", errors=_LITERAL, newline="") as file:
        lines = csv.reader(file)
        next(lines)
        for line in lines:
            year = line[_YEAR]
            value = line[_VALUE]
            cells: list[Any] = list(map(unmarked, line))
            cells[_YEAR] = int(year) if year else None
            cells[_CODE] = cells[_CODE] or None
            cells[_VALUE] = Decimal(value) if value else None
            yield LongRow(*cells)


def texts_of(row: LongRow) -> tuple[str, ...]:
    """The texts of a row; a missing code is an empty text."""
    texts: tuple[str | None, ...] = _get_texts(row)
    return tuple(text or "" for text in texts)


def _line(row: LongRow) -> list[str]:
    year = "" if row.year is None else str(row.year)
    value = plain(row.value)
    line = list(map(marked, texts_of(row)))
    line.insert(_YEAR, year)
    line.insert(_VALUE, value)
    return line


@lru_cache(maxsize=4096)
def marked(text: str) -> str:
    """``text`` with an apostrophe in front if a spreadsheet would change it."""
    if _RISKY.match(text):
        return f"'{text}"
    return text


def unmarked(text: str) -> str:
    """The text that ``marked`` was called with."""
    return text.removeprefix("'")


def plain(value: Value) -> str:
    """All digits of a number without exponent and grouping; empty for a blank cell."""
    if value is None:
        return ""
    return format(Decimal(value), "f")
