"""Files whose names hold characters that no workbook can store: told, and nothing is stopped by them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from support import seasons
from support.commands import Run
from support.seasons import workbook

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")

NAMES = ("1\x07.xlsx", "1\r.xlsx", "1\n2.xlsx", os.fsdecode(b"1\xff.xlsx"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("junk", [True, False], ids=["no report", "report"])
@pytest.mark.parametrize(
    "command",
    [("status",), ("aggregate",), ("batch", "--to", "json", "--year", "2024")],
    ids=lambda command: command[0],
)
def test_a_name_that_no_cell_can_hold_stops_nothing(
    command: tuple[str, ...], junk: bool, name: str, tmp_path: Path, run
) -> None:
    place = seasons.place(tmp_path, seasons.unit(1), seasons.unit(2))
    place.put("2.xlsx", workbook("甲市第2局", "U2"))
    if junk:
        place.put(f"{name}.jpg", b"")
    else:
        place.put(name, workbook("甲市第1局", "U1"))
    verb, *options = command
    output = tmp_path / ("out" if verb == "batch" else "out.xlsx")
    done: Run = run(
        verb, place.inbox, "--roster", place.roster, *options, "-o", output, "--jobs", "1"
    )
    assert done.code == 0, done.err
    book = load_workbook(output / "结果.xlsx" if verb == "batch" else output)
    texts = [
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    ending = f"{name[2:]}.jpg" if junk else name[2:]
    assert any(ending in text for text in texts)
