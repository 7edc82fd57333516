"""Measure ``govdisclose aggregate`` against an openpyxl script that only adds table three up.

    python benchmarks/aggregate.py [--books 1000] [--rounds 3] [--peer-folder DIR]

Ours does the whole job, as a user gets it: every table read by its labels, checked, added up, the
consolidated workbook with its provenance written, read back, and put in place. The naive script reads
a tenth of the books. Whole processes take turns; seconds a workbook, wall clock and processor, are printed
as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from sides import Sides, foreign, own
from timing import Costs, cost_of_each, environment, rounded

SHARE = 10
"""The naive script reads one workbook to so many of ours."""


def measure(sides: Sides, count: int, rounds: int, folder: Path) -> Costs:
    """Seconds a workbook, by side."""
    ours: list[str | Path] = [
        sys.executable, "-m", "govdisclose", "aggregate", sides.books, "--force", "-o", folder / "sum.xlsx",
    ]  # fmt: skip
    few = min(max(10, count // SHARE), sum(1 for _ in sides.naive_books.iterdir()))
    naive = [sys.executable, sides.scripts / "naive_aggregate.py", sides.naive_books, str(few)]
    return cost_of_each(
        {
            "naive": (naive, few),
            "one process": ([*ours, "--jobs", "1"], count),
            "two processes": ([*ours, "--jobs", "2"], count),
        },
        rounds,
    )


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--books", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        sides = (
            foreign(options.peer_folder, folder, options.books)
            if options.peer_folder
            else own(folder, options.books)
        )
        found = measure(sides, options.books, options.rounds, folder)
    cost = found["median"]
    ratios = {
        f"{name} over naive, {field}": cost[name][field] / cost["naive"][field]
        for name in ("one process", "two processes")
        for field in ("wall", "cpu")
    }
    result = {
        "environment": environment(),
        "books": options.books,
        "seconds a book": found,
        "ratios": ratios,
    }
    print(json.dumps(rounded(result), indent=2))


if __name__ == "__main__":
    main()
