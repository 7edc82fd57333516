"""How often the suggested cell and value are exactly right: consistent reports with one wrong cell.

Run ``python benchmarks/rootcause.py [reports]``; the figures in docs/rootcause.md are those of 2,000.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from govdisclose import EDITIONS, AnnualReport, blank_report, check_report, outline
from govdisclose.form.fields import Kind
from support import consistent_values

SLIPS: dict[str, Callable[[random.Random, str], str]] = {
    "相邻两位颠倒": lambda rng, n: n[: (i := rng.randrange(max(1, len(n) - 1)))] + n[i : i + 2][::-1] + n[i + 2 :],
    "少一位": lambda rng, n: n[: (i := rng.randrange(len(n)))] + n[i + 1 :] or "0",
    "多一位": lambda rng, n: n[: (i := rng.randrange(len(n) + 1))] + str(rng.randrange(10)) + n[i:],
    "一位写错": lambda rng, n: n[: (i := rng.randrange(len(n)))] + str(rng.randrange(10)) + n[i + 1 :],
    "多一或少一": lambda rng, n: str(abs(int(n) + rng.choice([-1, 1]))),
    "任意一个数": lambda rng, n: str(rng.randrange(100)),
}
"""How a clerk gets one number wrong."""


def wrong_cells(seed: int, number: int = 1) -> tuple[AnnualReport, dict[str, int], str]:
    """A report that is right but for some counts: the report, what those should be, and the last slip."""
    rng = random.Random(seed)
    edition = rng.choice(list(EDITIONS.values()))
    values = consistent_values(edition, seed)
    paths = [p for p, c in outline(edition).cells.items() if c.kind is Kind.COUNT]
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    while len(wrong) < number:
        path, slip = rng.choice(paths), rng.choice(list(SLIPS))
        before = int(values[path] or 0)
        after = int(SLIPS[slip](rng, str(before)))
        if after != before and path not in wrong:
            right[path], wrong[path] = before, after
    return blank_report(edition).with_values({**values, **wrong}), right, slip


def outcome(seed: int) -> tuple[str, str, str]:
    """The table of the one wrong cell, its slip, and what the check made of it."""
    report, right, slip = wrong_cells(seed)
    suggested = suggestions(report)
    made = "没有提示" if not suggested else "正确" if suggested == list(right.items()) else "错误"
    return next(iter(right)).partition(".")[0], slip, made


def suggestions(report: AnnualReport) -> list[tuple[str | None, object]]:
    """The cells and values that the check suggests."""
    return [(f.path, f.expected) for f in check_report(report) if f.code == "A106"]


def main() -> None:
    """Print the counts by table and slip, and how suggestions fare with two wrong cells."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    start = perf_counter()
    counts = Counter(outcome(seed) for seed in range(number))
    spent = perf_counter() - start
    for (table, slip, made), n in sorted(counts.items()):
        print(f"{table:10} {slip}\t{made}\t{n}")
    for table in ("proactive", "requests", "disputes"):
        print(table, {m: sum(n for (t, _, x), n in counts.items() if (t, x) == (table, m)) for m in RESULTS})
    print(f"{number} reports, {spent * 1000 / number:.1f} ms each")
    two: Counter[str] = Counter()
    for seed in range(number):
        report, right, _ = wrong_cells(seed, 2)
        two.update("正确" if item in right.items() else "错误" for item in suggestions(report))
    print("two wrong cells, suggestions:", dict(two))


RESULTS = ("正确", "错误", "没有提示")


if __name__ == "__main__":
    main()
