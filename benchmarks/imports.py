"""Import of published reports: first import in a fresh process, warm imports, memory.

    python benchmarks/imports.py                    # a generated page of 300 kB
    python benchmarks/imports.py --reports FOLDER   # and every report in FOLDER

Cold is a whole process, from start to the reading; warm is the median of 20 in one process. Memory
is the peak of the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from govdisclose import EDITIONS, Agency, Paragraph, blank_report, outline, read_report
from govdisclose.read.grid import Grid
from govdisclose.read.published.document import TextLine
from govdisclose.read.published.word.reader import read_docx
from govdisclose.read.source import PUBLISHED
from govdisclose.write.word import load_template, render

_COLD = """
import sys, time
start = time.perf_counter()
from govdisclose import read_report
read_report(sys.argv[1])
print(time.perf_counter() - start)
try:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
except ImportError:
    print(0)
"""


def _markup(block: TextLine | Grid) -> str:
    if isinstance(block, TextLine):
        return f"<p style='text-indent:2em'><span>{block.text}</span></p>"
    cell = "<td style='width:60px'><p align='center'><span>{}</span></p></td>".format
    rows = (
        "<tr>" + "".join(cell("" if v is None else v) for v in row) + "</tr>" for row in block.rows
    )
    return "<table>" + "".join(rows) + "</table>"


def large_page(folder: Path) -> Path:
    """A report as a site shows it, with prose until the page has 300 kB."""
    edition = EDITIONS["2021"]
    prose = tuple(
        Paragraph(f"（{n}）全年按时公开各类政府信息，更新栏目，回应关切。" * 20) for n in range(60)
    )
    report = blank_report(edition, agency=Agency("某某市示范局"), year=2024, overview=prose)
    report = report.with_values(dict.fromkeys(outline(edition).cells, 0))
    blocks = read_docx(render(report, load_template(edition, None)), "r.docx").blocks
    text = "".join(map(_markup, blocks))
    path = folder / "page-300kB.html"
    link = "<a href='/x'>链接</a>"
    missing = max(0, 300_000 - len(text.encode())) // len(link.encode())
    path.write_text(f"{text}<div>相关链接</div>{link * missing}", encoding="utf-8")
    return path


def measure(path: Path) -> str:
    """One line of the table for one report."""
    cold = subprocess.run(
        [sys.executable, "-c", _COLD, path],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
    )
    seconds, memory = map(float, cold.stdout.split())
    read_report(path)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        read_report(path)
        times.append(time.perf_counter() - start)
    size = path.stat().st_size / 1000
    return f"{path.name:32} {size:8.0f} kB  cold {seconds * 1000:6.0f} ms  warm {statistics.median(times) * 1000:6.1f} ms  peak {memory:5.0f} MB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=Path, help="folder with published reports")
    folder = parser.parse_args().reports
    with tempfile.TemporaryDirectory() as made:
        reports = [large_page(Path(made))]
        if folder:
            reports += sorted(
                p for p in folder.iterdir() if p.suffix in PUBLISHED and p.name != "README.md"
            )
        for path in reports:
            print(measure(path))


if __name__ == "__main__":
    main()
