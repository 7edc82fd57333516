"""Draw the pictures of docs/charts.md; with ``--check`` only say which are out of date (exit code 1).

    python tools/build_charts.py [--check]

The figures of the comparison are made up, and so is its agency.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from govdisclose import Agency, AnnualReport, read_report
from govdisclose.charts import draw_charts

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images" / "charts"


def _made_up(report: AnnualReport) -> tuple[AnnualReport, AnnualReport]:
    """Two years of an agency that does not exist: one with a blank, one with other numbers."""
    this = report.evolve(agency=Agency("示例市人民政府")).with_values(
        {"requests.received.research": None}
    )
    values = {
        path: value * 2 // 3 + 1 if isinstance(value, int) else value
        for path, value in report.values().items()
    }
    return this, this.evolve(year=(report.year or 1) - 1).with_values(values)


def pictures() -> Iterator[tuple[str, str]]:
    """File name and content of each picture."""
    report = read_report(ROOT / "sample_workbooks" / "huaian-2024.xlsx").report
    for chart in draw_charts(report):
        yield f"{chart.name}.svg", chart.svg + "\n"
    this, last = _made_up(report)
    yield "compared.svg", draw_charts(this, last)[0].svg + "\n"


def main(arguments: list[str]) -> int:
    """Write what differs, or with ``--check`` say so."""
    found = dict(pictures())
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = [
        n
        for n, svg in found.items()
        if not (FOLDER / n).exists() or (FOLDER / n).read_text("utf-8") != svg
    ]
    for name in stale:
        if "--check" not in arguments:
            (FOLDER / name).write_text(found[name], encoding="utf-8", newline="\n")
        print(f"{name}: {'out of date' if '--check' in arguments else 'written'}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
