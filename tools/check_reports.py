"""Hold the sample workbooks against the published figures they were made from.

    python tools/check_reports.py FOLDER    # with <name>.tables.json for each sample of a real report

The folder is not part of the project; the tests do not need it.
"""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from govdisclose import AnnualReport, outline, read_report

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


def main(folder: Path) -> int:
    """Compare each sample that has published figures; 1 when a figure differs."""
    wrong = 0
    for source in sorted(folder.glob("*.tables.json")):
        book = SAMPLES / source.name.replace(".tables.json", ".xlsx")
        if not book.exists():
            continue
        report = read_report(book).report
        figures = published(json.loads(source.read_text(encoding="utf-8"), parse_float=Decimal), report)
        differ = {path for path, value in report.values().items() if value != figures[path]}
        print(f"{book.name}: {len(figures) - len(differ)} of {len(figures)} figures as published")
        wrong += len(differ)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
