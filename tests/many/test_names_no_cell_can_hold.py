"""Files whose names hold characters that no workbook can store: told, and nothing is stopped by them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose.consolidate import aggregate_folder, verify_folder
from govdisclose.form.sheets import SEAL_SHEET
from support import seasons
from support.commands import Run
from support.seasons import workbook

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")

NAMES = ("1\x07甲", "1\r乙", "1\n丙", os.fsdecode(b"1\xff") + "丁")
"""The last character is shown whatever becomes of the one before it."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [("status",), ("aggregate",), ("batch", "--to", "json", "--year", "2024")],
    ids=lambda command: command[0],
)
def test_a_name_that_no_cell_can_hold_stops_nothing(
    command: tuple[str, ...], tmp_path: Path, run
) -> None:
    """Of reports, and of files that are none."""
    place = seasons.place(tmp_path, *(seasons.unit(number) for number in range(len(NAMES))))
    for number, name in enumerate(NAMES):
        place.put(f"{name}.xlsx", workbook(f"甲市第{number}局", f"U{number}"))
        place.put(f"{name}.jpg", b"")
    verb, *options = command
    output = tmp_path / ("out" if verb == "batch" else "out.xlsx")
    done: Run = run(
        verb, place.inbox, "--roster", place.roster, *options, "-o", output, "--jobs", "1"
    )
    assert done.code == 0, done.err
    book = load_workbook(output / "结果.xlsx" if verb == "batch" else output, read_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    texts = [str(cell) for cell in cells if cell is not None]
    for name in NAMES:
        for ending in (f"{name[-1]}.xlsx", f"{name[-1]}.jpg"):
            assert any(ending in text for text in texts), (ending, texts)


@pytest.mark.slow
def test_such_files_can_be_sealed_and_verified(tmp_path: Path) -> None:
    """Names that a cell holds in another spelling are found again too."""
    names = (*NAMES, " 前后有空格 ", "1_x0041_戊", "=1+1己")
    place = seasons.place(tmp_path, *(seasons.unit(number) for number in range(len(names))))
    for number, name in enumerate(names):
        place.put(f"{name}.xlsx", workbook(f"甲市第{number}局", f"U{number}"))
    output = tmp_path / "汇总.xlsx"
    made = aggregate_folder(place.inbox, output, roster=place.roster, final=True)
    assert (len(made.checksums), made.complete) == (len(names), True)
    assert verify_folder(place.inbox, output, roster=place.roster) == ()
    counted = [row[2] for row in load_workbook(output)[SEAL_SHEET].iter_rows(values_only=True)]
    assert counted.count("是") == len(names)
