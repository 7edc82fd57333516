"""PDF alone and in a batch of ten with one start of LibreOffice; charts as SVG and PNG.

    python benchmarks/exports_pdf.py

Times are the median of several runs in this process; the ratio of batch to single is what matters.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from govdisclose import chart_png, charts, figures_html, make_pdf, read_report  # noqa: E402  # as above
from govdisclose.exports import Material, word_bytes  # noqa: E402  # as above
from govdisclose.write.office import convert  # noqa: E402  # as above
from govdisclose.write.pdf import verify_pdf  # noqa: E402  # as above
from support import consistent_report  # noqa: E402  # the tests' own generator
from timing import stopwatch  # noqa: E402  # as above

BATCH = 10


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """The median time of a call."""
    job = stopwatch(call)
    return statistics.median(job() for _ in range(times))


def batch(words: list[bytes]) -> None:
    """What ``pdf_files`` does but for files: one start, each result verified."""
    for word, made in zip(words, convert(words), strict=True):
        assert isinstance(made, bytes), made
        verify_pdf(made, word)


def main() -> None:
    """Print the times."""
    report = read_report(ROOT / "sample_workbooks" / "huaian-2024.xlsx").report
    last = report.evolve(year=2023)
    drawn = charts(report)
    print(f"four charts, SVG            {seconds(lambda: charts(report), 50) * 1000:8.1f} ms")
    print(f"four charts, with last year {seconds(lambda: charts(report, last), 50) * 1000:8.1f} ms")
    print(f"figures for a web page      {seconds(lambda: figures_html(report), 50) * 1000:8.1f} ms")
    print(f"four charts, PNG            {seconds(lambda: [chart_png(c) for c in drawn], 5) * 1000:8.1f} ms")
    words = [word_bytes(Material(consistent_report(seed=seed))) for seed in range(BATCH)]
    alone = seconds(lambda: make_pdf(words[0]))
    together = seconds(lambda: batch(words), 1) / BATCH
    print(f"PDF alone                   {alone * 1000:8.0f} ms")
    print(f"PDF in a batch of {BATCH}        {together * 1000:8.0f} ms a file, {together / alone:.2f} of one alone")


if __name__ == "__main__":
    main()
