"""Every other way out, warm: web page, fragment, JSON, charts, PDF; what a page weighs.

    python benchmarks/exports.py [-o exports.json]

Run it where the package is installed with its extras (``pip install ".[charts,pdf]"``), with LibreOffice.
Times are medians in one process, of a report that has been read and checked; those of ``render_report``
hold reading and checking too. The ratio is to the rendering of the naive script (docxtpl), measured in
the same run. Results go to ``exports.json``, and the table of docs/performance.md is made from them by
``tools/build_docs.py``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from govdisclose import read_report, render_report
from govdisclose.charts import draw_charts
from govdisclose.form.quotes import fill_quotes
from govdisclose.outputs import OUTPUTS, Context
from govdisclose.pdf import make_pdf, pdf_files
from govdisclose.write.charts.png import chart_png
from timing import environment, in_turn, medians, rounded, script, stopwatch

HERE = Path(__file__).resolve().parent
BOOK = HERE.parent / "sample_workbooks" / "huaian-2024.xlsx"
LIMITS = {"json": 3.0, "html": 3.0, "html-fragment": 3.0}
"""Milliseconds of one export, at most."""

HEAVIEST = 120_000
"""Bytes of a page without its pictures, at most."""

PDFS = 20
"""Files that are made PDFs by one start of LibreOffice."""


def naive(folder: Path) -> Callable[[], object]:
    """The naive script's rendering of the same workbook, which it has read before."""
    module = script(HERE / "naive" / "naive_report.py")
    context = module.read_book(str(BOOK))
    template = HERE.parent / "templates" / "2021.docx"
    return lambda: module.render(context, str(template), str(folder / "naive.docx"))


def quick(rounds: int, folder: Path) -> dict[str, float]:
    """Milliseconds of all but PDFs, in turn."""
    report = fill_quotes(read_report(BOOK).report)
    drawn = draw_charts(report)
    jobs: dict[str, Callable[[], object]] = {
        **{name: lambda name=name: OUTPUTS[name].render(report, Context()) for name in LIMITS},  # type: ignore[misc]  # bound at once
        "html, whole": lambda: render_report(BOOK, "html"),
        "charts": lambda: draw_charts(report),
        "charts as PNG": lambda: [chart_png(chart) for chart in drawn],
        "naive": naive(folder),
    }
    found = medians(in_turn(rounds, {name: stopwatch(job) for name, job in jobs.items()}))
    return {name: 1000 * seconds for name, seconds in found.items()}


def slow(rounds: int, folder: Path) -> dict[str, float]:
    """Milliseconds of a PDF: of one file, and of one among many."""
    word = render_report(BOOK).data
    paths = [folder / f"{number}.docx" for number in range(PDFS)]
    for path in paths:
        path.write_bytes(word)

    def many() -> None:
        assert not any(made.error for made in pdf_files(paths, folder, force=True))

    jobs = {"pdf": stopwatch(lambda: make_pdf(word)), "pdf among many": stopwatch(many)}
    found = medians(in_turn(rounds, jobs, uncounted=0))
    return {"pdf": 1000 * found["pdf"], "pdf among many": 1000 * found["pdf among many"] / PDFS}


def weights() -> dict[str, int]:
    """Bytes of the outputs, and of the page without its pictures."""
    report = fill_quotes(read_report(BOOK).report)
    made = {name: len(OUTPUTS[name].render(report, Context())) for name in LIMITS}
    pictures = sum(len(chart.svg.encode()) for chart in draw_charts(report))
    return {**made, "html without pictures": made["html"] - pictures}


def measure(rounds: int) -> dict[str, Any]:
    """All figures."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        place = environment()
        return {
            "environment": place,
            "milliseconds": quick(rounds, folder) | slow(max(1, rounds // 10), folder),
            "bytes": weights(),
            "pdfs": PDFS,
        }


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("-o", "--output", type=Path, default=HERE / "exports.json")
    options = parser.parse_args()
    text = json.dumps(rounded(measure(options.rounds)), indent=2) + "\n"
    options.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
