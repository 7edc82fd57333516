"""Measure ``govdisclose status`` on many units: the first day, and a day on which nothing has changed.

    python benchmarks/status.py [--units 20000] [--jobs 2] [--small] [--folder DIR]

Processor time (all processes), wall clock, and the peak memory of the main process go to
``status.json``, and from there into the table of docs/status.md (``tools/build_docs.py``). Of 20,000
units the first day takes some three minutes on two quiet processors, a later one some seconds.
``--small`` gives the units a page of prose. Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from timing import environment, rounded, run_process
from units import write_units_apart

HERE = Path(__file__).resolve().parent


def measure(folder: Path, day: str, jobs: int, *more: str) -> dict[str, float]:
    """Run the command once: seconds of all its processes, and the peak memory of the main one in MB."""
    print(f"{day} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "govdisclose", "status", folder / "inbox"]
    options = ["--roster", folder / "roster.xlsx", "--today", day, "--year", "2024"]
    usage = run_process([*command, *options, "--jobs", str(jobs), *more])
    return {"wall": usage.wall, "cpu": usage.cpu, "peak MB": usage.megabytes}


def main() -> None:
    """Write the inbox, run four days, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=20_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--small", action="store_true", help="a page of prose a unit")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "status.json")
    parser.add_argument(
        "--folder", type=Path, help="keep the inbox here, and use it if it is there"
    )
    options = parser.parse_args()
    place = environment()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        if not (folder / "roster.xlsx").exists():
            write_units_apart(folder, options.units, small=options.small, lacking=True)
        days = {
            "first day": measure(folder, "2025-01-20", options.jobs),
            "unchanged": measure(folder, "2025-01-21", options.jobs),
            "unchanged, with page": measure(
                folder, "2025-01-22", options.jobs, "-o", str(folder / "s.html"), "--force"
            ),
            "unchanged, with workbook": measure(
                folder, "2025-01-23", options.jobs, "-o", str(folder / "s.xlsx"), "--force"
            ),
        }
    for cost in days.values():
        cost["cpu ms a unit"] = cost["cpu"] * 1000 / options.units
    result = {
        "environment": place,
        "units": options.units,
        "jobs": options.jobs,
        "small": options.small,
        "days": days,
    }
    text = json.dumps(rounded(result), indent=2, ensure_ascii=False) + "\n"
    options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
