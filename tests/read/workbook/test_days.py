"""Days are read without calamine exactly as calamine reads them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govdisclose import Session, read_report, write_workbook
from govdisclose.read.workbook.cells import Formatted
from govdisclose.read.workbook.days import day_of, shows_days
from govdisclose.read.workbook.engine import understood
from govdisclose.read.workbook.styles import CellFormat, Styles
from support.reports import consistent_report
from support.sheets import repacked, swap

STYLES = Styles(
    own={"165": "yyyy-mm-dd", "166": "yyyy-mm-dd hh:mm"},
    formats=tuple(CellFormat(number, "0") for number in ("165", "14", "166", "0")),
)
EDGES = (0, 1, 59, 60, 61, 62, 366, 36526, 44578, 2_958_464, 2_958_465, 2_958_466, 10**7)
SERIALS = sorted({*EDGES, *range(61, 2_958_465, 997)})


@pytest.mark.parametrize("style", [0, 1])
def test_a_day_is_what_calamine_reads(style: int) -> None:
    assert shows_days(STYLES, style)
    cells = [Formatted(row, 0, style, "n", str(n)) for row, n in enumerate(SERIALS)]
    read = understood(cells, STYLES, date1904=False)
    for serial, raw in zip(SERIALS, read, strict=True):
        day = day_of(str(serial))
        assert day is None or (day == raw and type(raw) is date)
        assert (day is not None) == (61 <= serial <= 2_958_465)


@pytest.mark.parametrize("serial", ["", "-61", "61.0", "6e1", " 61", "٦١", "99999999999"])
def test_anything_but_a_plain_serial_number_is_left_to_calamine(serial: str) -> None:
    assert day_of(serial) is None


def test_other_formats_are_left_to_calamine() -> None:
    assert not shows_days(STYLES, 2)
    assert not shows_days(STYLES, 3)
    assert not shows_days(STYLES, 4)
    assert not shows_days(Styles(own={"14": "0"}, formats=(CellFormat("14", "0"),)), 0)


NUMBERS = (
    '"折合 "#,##0.00" 元"',
    '0"件"',
    '"d"0',
    '#,##0"年m月"',
    '"yyyy"#',
    '0_ ;[=0]"mm"',
    "0.00",
)


@pytest.mark.parametrize(
    "code",
    [*NUMBERS, '0"d', 'd"0"', '\\\\"d"', '\\"d"', '!"d"', '_"d"', '*"d"', '"a"yyyy', '"0"d', "0d"],
)
def test_a_format_that_surely_shows_numbers_shows_them_to_calamine_too(code: str) -> None:
    styles = Styles(own={"165": code}, formats=(CellFormat("165", "0"),))
    (shows_number,) = styles.shows_numbers
    assert shows_number == (code in NUMBERS)
    if shows_number:
        cells = [Formatted(0, 0, 0, "n", "45000"), Formatted(1, 0, 0, "n", "0.5")]
        assert understood(cells, styles, date1904=False) == [45000.0, 0.5]


@pytest.mark.parametrize(
    ("serial", "date1904", "published"),
    [
        ("45000", False, date(2023, 3, 15)),
        ("45000.0", False, date(2023, 3, 15)),
        ("43538", True, date(2023, 3, 15)),
        ("60", False, None),
    ],
)
def test_a_date_is_read_alike_with_and_without_a_session(
    serial: str, date1904: bool, published: date | None, tmp_path: Path
) -> None:
    report = consistent_report().evolve(published=date(2024, 1, 19))
    first = write_workbook(report, tmp_path / "first.xlsx")
    session = Session()
    assert session.read(first).report.published == date(2024, 1, 19)
    changes = {"xl/worksheets/sheet2.xml": swap("<v>45310</v>", f"<v>{serial}</v>")}
    if date1904:
        changes["xl/workbook.xml"] = swap("<workbookPr ", '<workbookPr date1904="1" ')
    other = tmp_path / "other.xlsx"
    other.write_bytes(repacked(first.read_bytes(), changes))
    alone = read_report(other)
    assert alone.report.published == published or published is None
    assert session.read(other).report == alone.report
    assert session.read(other).findings == alone.findings
