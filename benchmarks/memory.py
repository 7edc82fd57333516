"""How the memory of one process grows from document 100 to the last; all workbooks are different.

    python benchmarks/memory.py BOOKS OUT_DIR [--way batch|session|single]

A folder in a batch, or a workbook at a time with one ``Session`` or without one. Every document has
a name of its own.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

Way = Literal["batch", "session", "single"]
"""How the documents are made."""

WAYS: tuple[Way, ...] = ("batch", "session", "single")

FIRST = 100
"""By then everything is loaded and every cache of fixed size has been used."""


def growth(books: Path, output: Path, way: Way = "batch") -> dict[str, float]:
    """What ``grow`` found in a process of its own."""
    command = [sys.executable, __file__, books, output, "--way", way]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def grow(books: Path, output: Path, way: Way) -> dict[str, float]:
    """Make a report of every workbook, and look at this process on the way. In MB."""
    count = sum(1 for _ in books.iterdir())
    held: dict[int, float] = {}
    made = in_a_batch(books, output) if way == "batch" else one_by_one(books, output, way)
    for number, _ in enumerate(made, 1):
        if number in (min(FIRST, count), count // 2, count):
            gc.collect()
            held[number] = _resident()
    first, last = held[min(FIRST, count)], held[count]
    return {
        "documents": count,
        "after 100": first,
        "half way": held[count // 2],
        "end": last,
        "growth": last - first,
    }


def in_a_batch(books: Path, output: Path) -> Iterator[None]:
    """Make the documents of a folder; yield after each."""
    from govdisclose.batch import batch_reports

    for _ in batch_reports(books, output):
        yield


def one_by_one(books: Path, output: Path, way: Way) -> Iterator[None]:
    """Make a document of each workbook; yield after each."""
    from govdisclose import Session, compile_report

    output.mkdir()
    session = Session() if way == "session" else None
    for book in books.iterdir():
        compile_report(book, output / f"{book.stem}.docx", session=session)
        yield


def _resident() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """Measure one way, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("books", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--way", choices=WAYS, default="batch")
    options = parser.parse_args()
    print(json.dumps(grow(options.books, options.output, options.way)))


if __name__ == "__main__":
    main()
