"""Measure a batch against the script a competent user would write, in the same run.

    python benchmarks/batch.py [--count 400] [--rounds 3] [--grow 5000] [-o FILE]

Each side runs as a process of its own, in turn, so that a busy machine slows all; medians are printed as
JSON. ``documents per CPU second`` is what one core can do, whoever else is using it. The naive script
gets its own template and the same books. With ``--grow`` one process makes so many more documents,
and the memory it holds after 100 of them is set against what it holds at the end. Linux or macOS.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
MUST = {"one process": 20.0, "two processes": 1.7, "megabytes": 5.0}

NAIVE = """
import sys
sys.path.insert(0, sys.argv[1])
import naive_report as naive
from pathlib import Path
for book in sorted(Path(sys.argv[2]).iterdir()):
    naive.render(naive.read_book(str(book)), sys.argv[3], str(Path(sys.argv[4]) / f"{book.stem}.docx"))
"""


def make_books(folder: Path, count: int) -> None:
    """So many different books of as many agencies, each checked clean."""
    sys.path.insert(0, str(ROOT / "tests"))
    from govdisclose import Agency
    from govdisclose.write.workbook import workbook_bytes
    from support import consistent_report

    folder.mkdir()
    for number in range(count):
        name = f"某某市第{number}示范局"
        report = consistent_report(seed=number % 97).evolve(
            agency=Agency(name), title=f"{name}2024年政府信息公开工作年度报告"
        )
        (folder / f"{number:06d}.xlsx").write_bytes(workbook_bytes(report))


def timed(command: list[str], count: int) -> dict[str, float]:
    """Documents per second and per CPU second of one process and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed")
    return {"wall": count / seconds, "cpu": count / (usage.ru_utime + usage.ru_stime)}


def sides(books: Path, few: Path, folder: Path) -> dict[str, tuple[list[str], int]]:
    """The commands to compare, and how many documents each makes."""
    count, naive_count = (len(list(path.iterdir())) for path in (books, few))
    ours = [sys.executable, "-m", "govdisclose", "batch", str(books), "--force", "-o", str(folder / "ours")]
    naive = [sys.executable, "-c", NAIVE, str(HERE / "naive"), str(few), str(ROOT / "templates" / "2021.docx")]
    return {
        "naive": ([*naive, str(folder)], naive_count),
        "one process": ([*ours, "--jobs", "1"], count),
        "two processes": ([*ours, "--jobs", "2"], count),
    }


def speed(count: int, rounds: int, folder: Path) -> dict[str, dict[str, float]]:
    """All sides in turn; medians."""
    books, few = folder / "books", folder / "few"
    make_books(books, count)
    few.mkdir()
    for book in sorted(books.iterdir())[: max(10, count // 20)]:
        shutil.copy(book, few)
    samples: dict[str, list[dict[str, float]]] = {}
    for _ in range(rounds):
        for name, (command, made) in sides(books, few, folder).items():
            samples.setdefault(name, []).append(timed(command, made))
    return {name: {k: statistics.median(s[k] for s in runs) for k in runs[0]} for name, runs in samples.items()}


def growth(count: int, folder: Path) -> dict[str, float]:
    """The memory of one process after document 100 and after document ``count``, in MB."""
    from govdisclose.many.batch import batch_reports

    books = folder / "grow"
    make_books(books, 200)
    paths = sorted(books.iterdir())
    for number in range(200, count):
        os.link(paths[number % 200], books / f"{number:06d}.xlsx")
    held: list[float] = []
    for number, _ in enumerate(batch_reports(books, folder / "grown"), 1):
        if number in (100, count // 2, count):
            gc.collect()
            held.append(_resident())
    return {"after 100": held[0], "half way": held[1], "at the end": held[2], "growth": held[2] - held[0]}


def _resident() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--grow", type=int, default=0, help="documents for the measure of memory")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        found: dict[str, Any] = {"processors": os.cpu_count(), "count": options.count, "rounds": options.rounds}
        if options.rounds:
            found["documents a second"] = rates = speed(options.count, options.rounds, Path(made))
            found["ratios"] = {
                "one process over naive, per CPU second": rates["one process"]["cpu"] / rates["naive"]["cpu"],
                "two processes over one": rates["two processes"]["wall"] / rates["one process"]["wall"],
            }
        if options.grow:
            found["megabytes"] = growth(options.grow, Path(made))
        found["must"] = MUST
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    print(text, end="")
    if options.output:
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
