"""The memory one process holds after document 100 of a batch, half way, and at its end; all workbooks are different.

python benchmarks/memory.py BOOKS OUT_DIR
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
from pathlib import Path

FIRST = 100
"""By then everything is loaded and every cache of fixed size has been used."""


def growth(books: Path, output: Path) -> dict[str, float]:
    """What ``grow`` found in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, books, output], check=True, capture_output=True, text=True
    )
    return dict(json.loads(done.stdout))


def grow(books: Path, output: Path) -> dict[str, float]:
    """Make a report of every workbook, and look at this process on the way. In MB."""
    from govdisclose.batch import batch_reports

    count = sum(1 for _ in books.iterdir())
    held: dict[int, float] = {}
    for number, _ in enumerate(batch_reports(books, output), 1):
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


def _resident() -> float:
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    print(json.dumps(grow(Path(sys.argv[1]), Path(sys.argv[2]))))
