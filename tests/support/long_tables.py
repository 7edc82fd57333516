"""Long tables of made-up cities for the tests of overviews: many units without a single workbook."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from govdisclose import Agency
from govdisclose.form.edition import Edition, edition_for
from govdisclose.form.fields import Kind, Value
from govdisclose.form.long_table import Tabled, long_rows
from govdisclose.form.outline import outline
from govdisclose.write.long_table import write_long
from support.reports import settle

COUNTIES = ("市本级", "清河县", "平江县")


def unit_values(edition: Edition, seed: int, size: int = 40) -> tuple[Value, ...]:
    """Consistent figures of a unit with about ``size`` requests of each kind; fees are blank."""
    rng = random.Random(seed)
    values: dict[str, Value] = {}
    for path, cell in outline(edition).cells.items():
        is_count = cell.kind is not Kind.MONEY
        values[path] = rng.choice([0, rng.randint(0, size)]) if is_count else None
    return tuple(settle(edition, values).values())


def report_of(
    name: str,
    year: int = 2024,
    seed: int = 1,
    size: int = 40,
    code: str | None = None,
    **more: str,
) -> Tabled:
    """One report as a long table holds it; ``more`` are its further columns."""
    edition = edition_for(year)
    columns = {"status": "ok", "file": f"{year}/{name}-{seed}.xlsx", **more}
    category = columns.pop("category", "agency")
    agency = Agency(name, code, category)  # type: ignore[arg-type]  # a test names one of the two
    return Tabled(year, edition.name, agency, unit_values(edition, seed, size), **columns)


def city(years: Iterable[int], units: int) -> Iterator[Tabled]:
    """So many units in three counties, small and large ones, each in every year."""
    for year in years:
        for number in range(units):
            yield report_of(
                f"第{number:02}局",
                year,
                seed=1000 * year + number,
                size=(0, 1, 40)[number % 3],
                code=f"1142010{number:011}",
                parent=COUNTIES[number % 3 - number % 2],
                level="市级" if number % 2 else "县级",
            )


def long_file(path: Path, reports: Iterable[Tabled]) -> Path:
    """The long table of some reports, in the form that the ending of ``path`` says."""
    rows = (row for report in reports for row in long_rows(report))
    write_long(rows, path, path.suffix[1:])
    return path
