"""Measure ``govdisclose compile`` against the script a competent user would write, in the same run.

    python benchmarks/run.py [--rounds 15] [--book BOOK.xlsx] [--peer DIR --peer-book B --peer-template T]

Run it with the Python of an environment where govdisclose is *installed* (``pip install .``): a wheel
carries its templates prepared, a source checkout does not. Both sides run in turn, so that a busy
machine slows both; medians and minima are printed and written to ``results.json``. Linux or macOS.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from timing import (
    column,
    environment,
    in_turn,
    medians,
    minima,
    rounded,
    run_process,
    script,
    stopwatch,
)

HERE = Path(__file__).resolve().parent
TARGETS = {"cold": 0.60, "warm": 0.05, "memory": 0.90}
"""Ours over the naive script's; what the project promises."""


class Naive(NamedTuple):
    """A script to compare with, and what it reads."""

    script: Path
    book: Path
    template: Path


def cold(rounds: int, book: Path, naive: Naive, folder: Path) -> dict[str, dict[str, float]]:
    """Whole processes, and their peak memory.

    Must run before this process imports anything large: a child's peak counts what its parent held
    when it was started.
    """
    python = sys.executable
    commands: dict[str, list[str | Path]] = {
        "ours": [
            python,
            "-m",
            "govdisclose",
            "compile",
            book,
            "--force",
            "-o",
            folder / "ours.docx",
        ],
        "naive": [python, naive.script, naive.book, naive.template, folder / "naive.docx"],
        "python": [python, "-c", "pass"],
    }
    usages = in_turn(
        rounds, {name: partial(run_process, command) for name, command in commands.items()}
    )
    times = column(usages, "wall")
    return {
        "seconds": medians(times),
        "fastest": minima(times),
        "megabytes": medians(column(usages, "megabytes")),
    }


def warm(rounds: int, book: Path, naive: Naive, folder: Path) -> dict[str, dict[str, float]]:
    """The same work again and again in one process, and how ours divides.

    Ours keeps one session, as a program for many workbooks does; single calls do not.
    """
    from govdisclose import Session, compile_report, read_report
    from govdisclose.check import check_reading
    from govdisclose.write.word import load_template, render

    naive_report = script(naive.script)
    target = folder / "warm.docx"
    session = Session()
    reading = read_report(book)
    template = load_template(reading.report.edition)
    times = in_turn(
        rounds,
        {
            "ours": stopwatch(lambda: compile_report(book, target, session=session, force=True)),
            "single calls": stopwatch(lambda: compile_report(book, target, force=True)),
            "naive": stopwatch(
                lambda: naive_report.render(
                    naive_report.read_book(str(naive.book)), str(naive.template), str(target)
                )
            ),
            "read": stopwatch(lambda: session.read(book)),
            "check": stopwatch(lambda: check_reading(reading)),
            "render": stopwatch(lambda: render(reading.report, template)),
        },
    )
    found = medians(times)
    found["verify and publish"] = found["ours"] - found["read"] - found["check"] - found["render"]
    return {"seconds": found, "fastest": minima(times)}


def ratios(
    processes: dict[str, dict[str, float]], repeats: dict[str, dict[str, float]]
) -> dict[str, float]:
    """Ours over the naive script's."""
    return {
        "cold": _ratio(processes["seconds"]),
        "cold, fastest runs": _ratio(processes["fastest"]),
        "warm": _ratio(repeats["seconds"]),
        "warm, fastest runs": _ratio(repeats["fastest"]),
        "memory": _ratio(processes["megabytes"]),
    }


def _ratio(figures: dict[str, float]) -> float:
    return figures["ours"] / figures["naive"]


def table(figures: dict[str, Any]) -> str:
    """The figures as lines of a Markdown table."""
    cold_, warm_ = figures["cold"], figures["warm"]
    lines = ["| | govdisclose | naive script | ratio | target |", "|---|---|---|---|---|"]
    for name, sides, unit in (
        ("cold", {k: 1000 * v for k, v in cold_["seconds"].items()}, "ms"),
        ("warm", {k: 1000 * v for k, v in warm_["seconds"].items()}, "ms"),
        ("memory", cold_["megabytes"], "MB"),
    ):
        lines.append(
            f"| {name} | {sides['ours']:.1f} {unit} | {sides['naive']:.1f} {unit} "
            f"| {figures['ratios'][name]:.3f} | ≤ {TARGETS[name]:.2f} |"
        )
    split = ", ".join(
        f"{k} {1000 * v:.2f} ms" for k, v in warm_["seconds"].items() if k not in ("ours", "naive")
    )
    return "\n".join(
        [
            *lines,
            "",
            f"warm, divided: {split}",
            f"bare interpreter: {1000 * cold_['seconds']['python']:.0f} ms",
        ]
    )


def arguments() -> argparse.Namespace:
    """The options of this script."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument(
        "--book", type=Path, default=HERE.parent / "sample_workbooks" / "tongliao-minwei-2021.xlsx"
    )
    parser.add_argument(
        "--template",
        type=Path,
        default=HERE.parent / "templates" / "2021.docx",
        help="for the naive script",
    )
    parser.add_argument(
        "--peer", type=Path, help="folder of another naive_report.py to measure too"
    )
    parser.add_argument("--peer-book", type=Path, help="the workbook it reads")
    parser.add_argument("--peer-template", type=Path, help="the template it fills")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "results.json")
    return parser.parse_args()


def main() -> None:
    """Measure, print, write."""
    options = arguments()
    results: dict[str, Any] = {"environment": environment(), "rounds": options.rounds}
    peers = {"naive": Naive(HERE / "naive" / "naive_report.py", options.book, options.template)}
    if options.peer:
        peers["peer"] = Naive(
            options.peer / "naive_report.py", options.peer_book, options.peer_template
        )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        processes = {
            name: cold(options.rounds, options.book, naive, folder) for name, naive in peers.items()
        }
        repeats = {
            name: warm(options.rounds, options.book, naive, folder) for name, naive in peers.items()
        }
    for name in peers:
        results[name] = {
            "cold": processes[name], "warm": repeats[name], "ratios": ratios(processes[name], repeats[name]),
        }  # fmt: skip
        print(f"## {name}\n\n{table(results[name])}\n")
    options.output.write_text(json.dumps(rounded(results), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
