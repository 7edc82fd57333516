"""Measure ``govdisclose aggregate`` against openpyxl scripts that only add table three up.

    python benchmarks/aggregate.py [--books 1000] [--rounds 3] [--jobs 2] [--peer SCRIPT --peer-books FOLDER]

Ours does the whole job, as a user gets it: every table read by its labels, checked, added up, the
consolidated workbook with its provenance written, read back, and put in place. The naive script of
``naive/`` reads the same books; ``--peer`` names another script (``SCRIPT FOLDER COUNT``) with books
of its own layout. Whole processes take turns, each on a slice of the books in a round; medians of
milliseconds a book, wall clock and processor, are printed and written to ``aggregate.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from govdisclose import Agency, read_report, write_workbook  # noqa: E402  # the tests' generator is no package
from support import consistent_report  # noqa: E402  # as above

MUST, AIM = 0.06, 0.025


def make_books(folder: Path, count: int) -> None:
    """``count`` consistent books with the prose of a real report."""
    prose = read_report(ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx").report
    texts = {key: getattr(prose, key) for key in ("overview", "problems", "other_matters")}
    for seed in range(count):
        agency = Agency(f"某某市第{seed:04}局", f"1142010000000{seed:05}")
        report = consistent_report(seed=seed).evolve(agency=agency, title="", **texts)
        write_workbook(report, folder / f"{seed:04}.xlsx")


def run(command: Sequence[str | Path]) -> tuple[float, float]:
    """Wall-clock and processor seconds of one process and its children. Raises when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(options: argparse.Namespace, folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds a book for each competitor, medians over the rounds."""
    books, few = folder / "books", folder / "few"
    books.mkdir()
    few.mkdir()
    make_books(books, options.books)
    slow = min(options.books, options.naive_books)
    for path in sorted(books.iterdir())[:slow]:
        os.link(path, few / path.name)
    ours: list[str | Path] = [
        sys.executable,
        "-m",
        "govdisclose",
        "aggregate",
        books,
        "--force",
        "-o",
        folder / "sum.xlsx",
    ]
    commands: dict[str, tuple[list[str | Path], int]] = {
        "one process": ([*ours, "--jobs", "1"], options.books),
        f"{options.jobs} processes": ([*ours, "--jobs", str(options.jobs)], options.books),
        "naive": ([sys.executable, ROOT / "benchmarks" / "naive" / "naive_aggregate.py", few], slow),
    }
    if options.peer:
        commands["peer"] = ([sys.executable, options.peer, options.peer_books, str(slow)], slow)
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, (command, count) in commands.items():
            wall, cpu = run(command)
            samples[name].append((1000 * wall / count, 1000 * cpu / count))
    return {
        name: {kind: statistics.median(pair[i] for pair in pairs) for i, kind in enumerate(("wall", "processor"))}
        for name, pairs in samples.items()
    }


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--books", type=int, default=1000)
    parser.add_argument("--naive-books", type=int, default=100, help="as many of them for the slow scripts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--peer-books", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmarks" / "aggregate.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        figures = measure(options, Path(made))
    rivals = [name for name in ("naive", "peer") if name in figures]
    ratios = {
        f"{name} / {rival}, {kind}": round(figures[name][kind] / figures[rival][kind], 4)
        for name in figures if name not in rivals for rival in rivals for kind in ("wall", "processor")
    }  # fmt: skip
    for name, times in figures.items():
        print(f"{name}: {times['wall']:.2f} ms a book ({times['processor']:.2f} ms of processor)")
    for name, ratio in ratios.items():
        print(f"{name}: {ratio} (must {MUST}, aim {AIM})")
    result = {
        "books": options.books,
        "rounds": options.rounds,
        "environment": {
            "python": platform.python_version(),
            "system": platform.system(),
            "processors": os.cpu_count(),
            "load at the end": [round(load, 1) for load in os.getloadavg()],
        },
        "milliseconds a book": {n: {k: round(v, 3) for k, v in times.items()} for n, times in figures.items()},
        "ratios": ratios,
    }
    options.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
