"""Measure ``govdisclose status`` on many units: the first day, and a day on which nothing has changed.

    python benchmarks/status.py [--units 20000] [--jobs 2] [--folder DIR]

The units have as much prose as the longest real report at hand; the first day is also measured with
three times as much (``content.py``). Processor time (all processes), wall clock, and the peak memory
of the main process go to ``status.json``, and from there into the table of docs/status.md
(``tools/build_docs.py``). Of 20,000 units a first day takes some three minutes on two quiet
processors, a later one some seconds. Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from timing import environment, rounded, run_process
from units import PROSE, write_units_apart

HERE = Path(__file__).resolve().parent

Cost = dict[str, float]
"""What one run of the command costs."""


def measure(folder: Path, day: str, options: argparse.Namespace, *more: str) -> Cost:
    """Run the command once: seconds of all its processes, and the peak memory of the main one in MB."""
    print(f"{folder.name}, {day} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "govdisclose", "status", folder / "inbox"]
    given = ["--roster", folder / "roster.xlsx", "--today", day, "--year", "2024"]
    usage = run_process([*command, *given, "--jobs", str(options.jobs), *more])
    each = usage.cpu * 1000 / options.units
    return {
        "wall": usage.wall,
        "cpu": usage.cpu,
        "peak MB": usage.megabytes,
        "cpu ms a unit": each,
    }


def days(folder: Path, options: argparse.Namespace) -> dict[str, Cost]:
    """The first day, and three on which nothing has changed."""
    page = ("-o", str(folder / "s.html"), "--force")
    workbook = ("-o", str(folder / "s.xlsx"), "--force")
    return {
        "first day": measure(folder, "2025-01-20", options),
        "unchanged": measure(folder, "2025-01-21", options),
        "unchanged, with page": measure(folder, "2025-01-22", options, *page),
        "unchanged, with workbook": measure(folder, "2025-01-23", options, *workbook),
    }


def main() -> None:
    """Write the inboxes, run five days, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, default=HERE / "status.json")
    parser.add_argument(
        "--folder", type=Path, help="keep the inboxes here, and use them if they are there"
    )
    options = parser.parse_args()
    place = environment()
    with tempfile.TemporaryDirectory() as made:
        above = options.folder or Path(made)
        for prose in PROSE:
            if not (above / prose / "roster.xlsx").exists():
                write_units_apart(above / prose, options.units, prose=prose, lacking=True)
        measured = days(above / "usual", options)
        dense = measure(above / "dense", "2025-01-20", options)
    result = {
        "environment": place,
        "units": options.units,
        "jobs": options.jobs,
        "days": measured,
        "first day, dense": dense,
    }
    text = json.dumps(rounded(result), indent=2, ensure_ascii=False) + "\n"
    options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
