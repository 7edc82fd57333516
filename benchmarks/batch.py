"""Measure a batch against the script a competent user would write, in the same run.

    python benchmarks/batch.py [--count 1000] [--rounds 3] [--peer-folder DIR]

Each side runs as a process of its own, in turn, so that a busy machine slows all; seconds a document,
wall clock and processor, are printed as JSON. Processor time is what one core needs, whoever else is
using the machine. The naive script makes a twentieth of the documents, so that
starting weighs the same on both sides. Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from sides import Sides, foreign, own
from timing import Costs, cost_of_each, environment, rounded

SHARE = 20
"""The naive script makes one document to so many of ours."""


def naive_count(count: int) -> int:
    """How many documents the naive script makes."""
    return max(10, count // SHARE)


def measure(sides: Sides, count: int, rounds: int, folder: Path) -> Costs:
    """Seconds a document, by side."""
    ours: list[str | Path] = [
        sys.executable,
        "-m",
        "govdisclose",
        "batch",
        sides.books,
        "--force",
        "-o",
        folder / "ours",
    ]
    few = min(naive_count(count), sum(1 for _ in sides.naive_books.iterdir()))
    naive = [
        sys.executable,
        sides.scripts / "naive_batch.py",
        sides.naive_books,
        sides.template,
        folder / "naive",
    ]
    return cost_of_each(
        {
            "naive": ([*naive, str(few)], few),
            "one process": ([*ours, "--jobs", "1"], count),
            "two processes": ([*ours, "--jobs", "2"], count),
        },
        rounds,
    )


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer-folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        sides = (
            foreign(options.peer_folder, folder, options.count)
            if options.peer_folder
            else own(folder, options.count)
        )
        found = measure(sides, options.count, options.rounds, folder)
    cost = found["median"]
    ratios = {
        "one process over naive, documents per CPU second": cost["naive"]["cpu"]
        / cost["one process"]["cpu"],
        "two processes over one, documents per second": cost["one process"]["wall"]
        / cost["two processes"]["wall"],
    }
    result = {
        "environment": environment(),
        "count": options.count,
        "seconds a document": found,
        "ratios": ratios,
    }
    print(json.dumps(rounded(result), indent=2))


if __name__ == "__main__":
    main()
