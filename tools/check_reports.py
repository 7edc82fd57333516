"""Hold the sample workbooks, and imports of the published reports, against the published figures.

    python tools/check_reports.py FOLDER    # with <name>.tables.json for each report, and openings.jsonl

The folder is not part of the project; the tests do not need it.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from govdisclose import AnnualReport, Reading, outline, read_report
from govdisclose.errors import InputError
from govdisclose.finding import Place
from govdisclose.read.published.document import Document, TextLine
from govdisclose.read.published.headings import find_headings
from govdisclose.read.published.masthead import find_title
from govdisclose.read.published.reader import read_published
from govdisclose.read.source import PUBLISHED

SAMPLES = Path(__file__).parents[1] / "sample_workbooks"


def published(data: dict[str, Any], report: AnnualReport) -> dict[str, Any]:
    """The published figures by path, found by their printed labels."""
    form = outline(report.edition)
    rows = {
        tuple(labels): dict(zip(data["table3"]["columns"], values, strict=True))
        for labels, values in data["table3"]["rows"]
    }
    found: dict[str, Any] = {}
    for path, cell in form.cells.items():
        if cell.table == "proactive":
            found[path] = data["table2"][cell.row[-1]][cell.column[-1]]
        elif cell.table == "requests":
            found[path] = rows[cell.row][cell.column[-1]]
    disputes = [c.path for c in form.tables["disputes"].cells]
    return found | dict(zip(disputes, data["table4"], strict=True))


def compare(reading: Reading, data: dict[str, Any]) -> int:
    """Print how many figures came exactly and how many with a finding; how many are wrong without one."""
    figures, values = published(data, reading.report), reading.report.values()
    said = {finding.path: finding.found for finding in reading.findings}
    exact = sum(values[path] == figure for path, figure in figures.items())
    found = [
        path
        for path, figure in figures.items()
        if values[path] is None and said.get(path) == figure is not None
    ]
    name = reading.source.name if reading.source else "?"
    print(
        f"{name}: {exact} of {len(figures)} figures as published, {len(found)} more with a finding"
    )
    return len(figures) - exact - len(found)


def openings(path: Path) -> int:
    """Print the masthead read from openings of reports. Returns the number of unknown titles."""
    missed = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        text = data["excerpt"].replace("[…]", "\n")
        lines = [
            TextLine(part.strip(), Place(path.name)) for part in text.split("\n") if part.strip()
        ]
        title = find_title(lines)
        sections = find_headings(lines, {})
        print(
            f"{data['agency']} {data['year']}: {title.text if title else 'no title'}, sections {[*sections.values()]}"
        )
        missed += title is not None and title.year != data["year"]
        try:
            read_published(Document(path.name, tuple(lines)), path)
        except InputError as error:
            print(f"    {error}")
    return missed


def main(folder: Path) -> int:
    """Compare each sample and report that has published figures; 1 when a figure differs without a finding."""
    wrong = 0
    for source in sorted(folder.glob("*.tables.json")):
        name = source.name.removesuffix(".tables.json")
        data = json.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
        reports = [folder / (name + suffix) for suffix in PUBLISHED]
        for path in (SAMPLES / f"{name}.xlsx", *reports):
            if path.exists():
                wrong += compare(read_report(path), data)
    if (folder / "openings.jsonl").exists():
        wrong += openings(folder / "openings.jsonl")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
