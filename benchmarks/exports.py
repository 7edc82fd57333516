"""How long a web page and a JSON export take, warm, against the naive script's Word file; and what a page weighs.

    python benchmarks/exports.py [BOOK.xlsx]

Times are the best of several runs for one report already read and checked; the limit is 3 ms for each
form, 120 kB for a page. The ratio is to the rendering of the naive script (docxtpl, prepared anew for
every file), measured in the same run.
"""

from __future__ import annotations

import sys
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path

from govdisclose import read_report
from govdisclose.exports import EXPORTS, Material
from govdisclose.form.quotes import fill_quotes
from timing import script

HERE = Path(__file__).resolve().parent
FORMS = ("json", "html", "html-fragment")
LIMIT, WEIGHT = 3.0, 120_000
"""Milliseconds of one export; bytes of one page."""


def milliseconds(call: Callable[[], object]) -> float:
    """The best time of one call."""
    return min(timeit.repeat(call, number=20, repeat=10)) * 50


def naive(book: Path, folder: Path) -> Callable[[], object]:
    """The naive script's rendering of the same workbook, which it has read before."""
    module = script(HERE / "naive" / "naive_report.py")
    context = module.read_book(str(book))
    template = HERE.parent / "templates" / "2021.docx"
    return lambda: module.render(context, str(template), str(folder / "naive.docx"))


def main(book: Path) -> int:
    """Print times and weights; 1 when a limit is passed."""
    material = Material(fill_quotes(read_report(book).report))
    with tempfile.TemporaryDirectory() as folder:
        slow = min(timeit.repeat(naive(book, Path(folder)), number=1, repeat=5)) * 1000
    print(f"naive script, render: {slow:.1f} ms")
    passed = []
    for name in FORMS:
        make = EXPORTS[name].make
        taken, weight = milliseconds(lambda make=make: make(material)), len(make(material))  # type: ignore[misc]  # bound at once
        print(f"{name:14}{taken:6.2f} ms (at most {LIMIT:g}), {taken / slow:.3f} of the naive script, {weight:7} bytes")
        passed.append(taken <= LIMIT and weight <= WEIGHT)
    return int(not all(passed))


if __name__ == "__main__":
    default = HERE.parent / "sample_workbooks" / "tongliao-minwei-2021.xlsx"
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else default))
