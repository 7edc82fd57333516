"""Folders of units' workbooks for the tests of consolidation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from govdisclose import Agency, AnnualReport, write_workbook
from govdisclose.form.edition import Edition
from govdisclose.form.fields import Value
from govdisclose.form.outline import outline
from support.reports import EDITION_2021, consistent_report


def unit(
    name: str, seed: int = 1, code: str | None = None, edition: Edition = EDITION_2021, **more: Any
) -> AnnualReport:
    """A consistent report of a unit."""
    level = more.pop("level", "agency")
    return consistent_report(edition, seed).evolve(
        agency=Agency(name, code, level), title="", **more
    )


def units(*names: str, **more: Any) -> list[AnnualReport]:
    return [unit(name, seed, **more) for seed, name in enumerate(names, 1)]


def folder_of(root: Path, *reports: AnnualReport) -> Path:
    """One workbook for each report, named after its unit and its place in the list."""
    folder = root / "books"
    folder.mkdir(parents=True, exist_ok=True)
    for number, report in enumerate(reports):
        write_workbook(report, folder / f"{number:02}{report.agency.name}.xlsx")
    return folder


def cell_sums(*reports: AnnualReport) -> dict[str, Value]:
    """The sum of every cell, totals too; blank if all are blank."""
    sums: dict[str, Value] = {}
    for path in outline(reports[0].edition).cells:
        filled = [v for v in (report.values()[path] for report in reports) if v is not None]
        sums[path] = sum(filled) if filled else None
    return sums
