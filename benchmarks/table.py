"""The whole table of measurements by one command: ours, the peer, the ratio, what must hold, what is aimed at.

    python benchmarks/table.py [--quick] [--only PART …] [--peer-folder DIR] [--node-modules DIR]
    python benchmarks/table.py --profile [--count 200]

Run it with the Python of an environment where govdisclose is *installed* (``pip install .``) with
hypothesis and docx-mailmerge2; the engines of Node are looked for in ``--node-modules``. Everything a
user gets is switched on: checks, reading back, flushing to disk. Results go to ``table.json``, and the
chart and the table of docs/performance.md are drawn from it by ``tools/build_docs.py``. Linux or macOS.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import aggregate
import batch
import memory
import renders
import run
from shown import markdown
from sides import Sides, foreign, own
from targets import Measured
from timing import environment, rounded

HERE = Path(__file__).resolve().parent


class Size(NamedTuple):
    """How much is measured."""

    books: int
    batch: int
    rounds: int
    cold: int
    warm: int


FULL = Size(books=5000, batch=1000, rounds=5, cold=15, warm=60)
QUICK = Size(books=120, batch=40, rounds=1, cold=2, warm=5)
AGGREGATED = 1000


class Run(NamedTuple):
    """A run of the benchmark: what the sides read, how much of it, and where results may be written."""

    sides: Sides
    size: Size
    folder: Path
    node_modules: Path | None

    def some(self, count: int) -> Sides:
        """The sides with the first ``count`` of our books."""
        few = self.folder / f"books-{count}"
        if not few.exists():
            few.mkdir()
            for book in sorted(self.sides.books.iterdir())[:count]:
                (few / book.name).hardlink_to(book)
        return self.sides._replace(
            books=few, naive_books=few if self.sides.own else self.sides.naive_books
        )


def cold(bench: Run) -> dict[str, Measured]:
    """One command, a process from start to exit."""
    sides = bench.sides
    naive = run.Naive(sides.scripts / "naive_report.py", sides.naive_book, sides.template)
    found = run.cold(bench.size.cold, sides.book, naive, bench.folder)
    slow, fast = found["seconds"], found["fastest"]
    return {
        "cold": Measured(1000 * slow["ours"], 1000 * slow["naive"], fast["ours"] / fast["naive"])
    }


def batches(bench: Run) -> dict[str, Measured]:
    """A folder of workbooks into reports, in one process and in two."""
    sides = bench.some(bench.size.batch)
    cost = batch.measure(sides, bench.size.batch, bench.size.rounds, bench.folder)
    middle, best = cost["median"], cost["best"]
    one, two = middle["one process"], middle["two processes"]
    return {
        "batch": Measured(
            1 / one["cpu"],
            1 / middle["naive"]["cpu"],
            best["naive"]["cpu"] / best["one process"]["cpu"],
        ),
        "two processes": Measured(
            1 / two["wall"],
            1 / one["wall"],
            best["one process"]["wall"] / best["two processes"]["wall"],
        ),
    }


def rendering(bench: Run) -> dict[str, Measured]:
    """Warm: our rendering and our whole job against each engine."""
    found = renders.measure(bench.sides, bench.size.warm, bench.folder, bench.node_modules)
    for name, reason in found["missing"].items():
        print(f"{name} is not measured: {reason}", file=sys.stderr)
    slow, fast = found["seconds"], found["fastest"]

    def against(ours: str, peer: str) -> Measured:
        return Measured(1000 * slow[ours], 1000 * slow[peer], fast[ours] / fast[peer])

    pairs = {
        "render over docxtpl": ("render", "docxtpl"),
        "render over deflate": ("render", "deflate"),
        "warm whole job": ("whole job", "naive, whole job"),
    }
    results = {name: against(*pair) for name, pair in pairs.items()}
    for name in renders.ENGINES:
        if name in slow:
            results[name] = _turned(against("render", name))
            results[f"{name}, whole job"] = _turned(against("whole job", name))
    return results


def _turned(measured: Measured) -> Measured:
    """How many times faster, where the others are how much of the time."""
    return measured._replace(best=1 / measured.best)


def aggregates(bench: Run) -> dict[str, Measured]:
    """Many workbooks into one, in one process and in two."""
    count = min(AGGREGATED, bench.size.books)
    cost = aggregate.measure(bench.some(count), count, min(3, bench.size.rounds), bench.folder)
    middle, best = cost["median"], cost["best"]
    return {
        name: Measured(
            1000 * middle[side]["wall"],
            1000 * middle["naive"]["wall"],
            best[side]["wall"] / best["naive"]["wall"],
        )
        for name, side in (
            ("aggregate", "one process"),
            ("aggregate, two processes", "two processes"),
        )
    }


def growth(bench: Run) -> dict[str, Measured]:
    """What one process holds at the end of a long batch, over what it held after 100 documents."""
    found = memory.growth(bench.sides.books, bench.folder / "grown")
    return {"memory": Measured(found["growth"], found["after 100"], found["growth"])}


PARTS: dict[str, Callable[[Run], dict[str, Measured]]] = {
    "cold": cold, "memory": growth, "batch": batches, "aggregate": aggregates, "render": rendering,
}  # fmt: skip
"""In this order: a child's peak of memory counts what this process held, and rendering imports the most."""


def profile(count: int) -> None:
    """Print where a warm batch in one process spends its time."""
    from govdisclose.batch import batch_reports

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        sides = own(folder, count)
        warm = sorted(sides.books.iterdir())[: min(20, count)]
        list(batch_reports(warm, folder / "warm"))
        measured = cProfile.Profile()
        measured.runcall(lambda: list(batch_reports(sides.books, folder / "out")))
    statistics = pstats.Stats(measured).strip_dirs()
    for order in ("tottime", "cumulative"):
        statistics.sort_stats(order).print_stats(30)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Every part asked for, after the workbooks of all have been made."""
    size, place = QUICK if options.quick else FULL, environment()
    size = size._replace(books=options.books or size.books)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        count = (
            size.books if "memory" in options.only else max(size.batch, min(size.books, AGGREGATED))
        )
        sides = (
            foreign(options.peer_folder, folder, count)
            if options.peer_folder
            else own(folder, count)
        )
        bench = Run(sides, size, folder, options.node_modules)
        found: dict[str, Measured] = {}
        for name in options.only:
            print(f"{name} …", file=sys.stderr)
            found |= PARTS[name](bench)
    return {
        "environment": place, "size": {**size._asdict(), "books": count},
        "content": "peer folder" if options.peer_folder else "own",
        "figures": {name: measured._asdict() for name, measured in found.items()},
    }  # fmt: skip


def arguments() -> argparse.Namespace:
    """The options of this script."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run of a minute; its figures mean little"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--books", type=int, help=f"documents of the measure of memory; default {FULL.books}"
    )
    parser.add_argument(
        "--peer-folder", type=Path, help="measure against the scripts and books of another folder"
    )
    parser.add_argument(
        "--node-modules", type=Path, help="where docxtemplater, pizzip and carbone are installed"
    )
    parser.add_argument(
        "--profile", action="store_true", help="only print the profile of a warm batch"
    )
    parser.add_argument("--count", type=int, default=200, help="documents of the profile")
    parser.add_argument(
        "-o", "--output", type=Path, help="default: table.json beside this script, for a whole run"
    )
    options = parser.parse_args()
    options.only = [name for name in PARTS if name in options.only]
    return options


def main() -> None:
    """Measure, print, write."""
    options = arguments()
    if options.profile:
        return profile(options.count)
    results = rounded(measure(options))
    print(markdown(results))
    whole = not options.quick and options.only == list(PARTS)
    output = options.output or (HERE / "table.json" if whole else None)
    if output:
        output.write_text(
            json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return None


if __name__ == "__main__":
    main()
