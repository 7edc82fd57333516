"""Measure the offline page in Chromium against the command line, in the same run.

    python benchmarks/page.py [--units 300] [-o page.json]

It builds the page from this checkout, opens it, and measures the time until it can be used, a first
and a further check, a folder of many units, and the memory of its Python. ``python -m govdisclose
check`` runs in turn. Results go to ``page.json``; ``tools/build_docs.py`` makes the table of
docs/performance.md from them. Needs npm, Chromium and Playwright.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from govdisclose import Agency, read_report
from govdisclose.write.workbook import workbook_bytes
from support.browser import launched  # helpers of the tests
from support.offline_page import ask, build_page, open_page  # as above
from timing import environment, rounded, run_process

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
_LOOKING = 3
"""Seconds in which a clerk looks for her file, and the page loads what its check needs."""
SAMPLE = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"


def measure(rounds: int, units: int) -> dict[str, Any]:
    """Medians of ``rounds`` pages, each opened anew; the folder of ``units`` once."""
    given = ("book", SAMPLE.name, SAMPLE.read_bytes())
    command: list[str | Path] = [sys.executable, "-m", "govdisclose", "check", SAMPLE]
    found: dict[str, list[float]] = {"ready": [], "first": [], "next": [], "command": []}
    with tempfile.TemporaryDirectory() as name, launched() as browser:
        file = Path(name, "govdisclose.html")
        build_page("-o", file)
        for _ in range(rounds):
            begun = time.perf_counter()
            page = open_page(browser, file.as_uri())
            found["ready"].append(time.perf_counter() - begun)
            time.sleep(_LOOKING)
            found["first"].append(ask(page, "check", {}, [given]).seconds)
            again = [ask(page, "check", {}, [given]).seconds for _ in range(5)]
            found["next"].append(statistics.median(again))
            found["command"].append(run_process(command).wall)
            page.context.close()
        page = open_page(browser, file.as_uri())
        many = _many(page, given, units)
        size = file.stat().st_size
    medians = {key: statistics.median(values) for key, values in found.items()}
    return {"bytes": size, "seconds": medians, **many, "environment": environment()}


def _many(page: Any, given: tuple[str, str, bytes], units: int) -> dict[str, float]:
    """A folder of many units: seconds a unit, and megabytes of Python."""
    report = read_report(SAMPLE).report
    books = []
    for number in range(units):
        unit = report.evolve(agency=Agency(f"某市第{number}局"), title="")
        books.append(("book", f"{number}.xlsx", workbook_bytes(unit)))
    ask(page, "check", {}, [given])
    before = ask(page, "check", {}, [given]).memory
    ask(page, "batch", {"to": ["docx"]}, books)
    begun = time.perf_counter()
    while not (answer := ask(page, "next", {}, [])).files:
        pass
    spent = time.perf_counter() - begun
    return {
        "units": units,
        "unit": spent / units,
        "megabytes before": before / 1e6,
        "megabytes": answer.memory / 1e6,
    }


def main() -> None:
    """Measure, print, and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("-o", "--output", type=Path, default=HERE / "page.json")
    options = parser.parse_args()
    found = rounded(measure(options.rounds, options.units))
    print(json.dumps(found, indent=2, ensure_ascii=False))
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
