"""The folder in which the examples of docstrings run: what their readers would have at hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import xlsxwriter

from govdisclose.roster import RosterUnit, write_roster
from support.paths import ROOT
from support.seasons import workbook

CITY = "甲市人民政府"
UNITS = ("甲局", "乙局", "丙局")
"""The last one has handed in nothing."""


def make_example_folder(folder: Path) -> None:
    """Two inboxes, one with faults, the roster, and the decisions of the office."""
    for packaged in ("sample_workbooks", "templates"):
        shutil.copytree(ROOT / packaged, folder / packaged)
    for inbox, year, wrong in (("收件", 2024, 0), ("收件2023", 2023, 0), ("有错的件", 2024, 1)):
        (folder / inbox).mkdir()
        for seed, name in enumerate(UNITS[:2]):
            faults = wrong if seed == 0 else 0
            data = workbook(name, seed=seed, year=year, wrong=faults)
            (folder / inbox / f"{name}.xlsx").write_bytes(data)
    units = [RosterUnit("", name, parent=CITY, level="市级") for name in UNITS]
    write_roster(
        folder / "花名册.xlsx", [RosterUnit("", CITY, level="市级", reports=False), *units]
    )
    with xlsxwriter.Workbook(folder / "结果.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["以此为准", "工作簿"])
        sheet.write_row("A2", ["是", "甲局（更正）.xlsx"])
