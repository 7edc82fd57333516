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


def one_wrong_cell(seed: int) -> tuple[AnnualReport, str, int, str]:
    """A report that is right but for one count: the report, the cell, what it should be, the slip."""
    rng = random.Random(seed)
    edition = rng.choice(list(EDITIONS.values()))
    values = consistent_values(edition, seed)
    paths = [p for p, c in outline(edition).cells.items() if c.kind is Kind.COUNT]
    while True:
        path, slip = rng.choice(paths), rng.choice(list(SLIPS))
        right = int(values[path] or 0)
        wrong = int(SLIPS[slip](rng, str(right)))
        if wrong != right:
            return blank_report(edition).with_values({**values, path: wrong}), path, right, slip


def outcome(seed: int) -> tuple[str, str, str]:
    """The table of the wrong cell, its slip, and what the check made of it."""
    report, path, right, slip = one_wrong_cell(seed)
    suggested = [(f.path, f.expected) for f in check_report(report) if f.code == "A106"]
    made = "没有提示" if not suggested else "正确" if suggested == [(path, right)] else "错误"
    return path.partition(".")[0], slip, made


def main() -> None:
    """Print the counts by table and slip."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    start = perf_counter()
    counts = Counter(outcome(seed) for seed in range(number))
    for (table, slip, made), n in sorted(counts.items()):
        print(f"{table:10} {slip}\t{made}\t{n}")
    for table in ("proactive", "requests", "disputes"):
        by = {m: sum(n for (t, _, made), n in counts.items() if (t, made) == (table, m)) for _, _, m in counts}
        print(table, by)
    print(f"{number} reports, {(perf_counter() - start) * 1000 / number:.1f} ms each")


if __name__ == "__main__":
    main()
