"""How often the suggested cell and value are exactly right: consistent reports with one or two wrong cells.

The totals are typed, or formulas that follow a wrong part; a number may be text besides.
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
from govdisclose.check import check_reading
from govdisclose.finding import Finding
from govdisclose.form.fields import Kind
from support.reports import calculated, consistent_values, sum_formulas

SLIPS: dict[str, Callable[[random.Random, str], str]] = {
    "相邻两位颠倒": lambda rng, n: (
        n[: (i := rng.randrange(max(1, len(n) - 1)))] + n[i : i + 2][::-1] + n[i + 2 :]
    ),
    "少一位": lambda rng, n: n[: (i := rng.randrange(len(n)))] + n[i + 1 :] or "0",
    "多一位": lambda rng, n: n[: (i := rng.randrange(len(n) + 1))] + str(rng.randrange(10)) + n[i:],
    "一位写错": lambda rng, n: (
        n[: (i := rng.randrange(len(n)))] + str(rng.randrange(10)) + n[i + 1 :]
    ),
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


RELATIONS = ("A101", "A102", "A103", "A104")


def outcome_with_formulas(seed: int, wrong: int = 1, texts: int = 0) -> tuple[str, str, str]:
    """The same where totals are formulas: the table of the last wrong part, whether it is noticed, what is suggested.

    ``texts`` more cells of table three are numbers stored as text, which the formulas leave out.
    """
    rng = random.Random(seed)
    edition = rng.choice(list(EDITIONS.values()))
    values = consistent_values(edition, seed)
    counts = [path for path, cell in outline(edition).cells.items() if cell.kind is Kind.COUNT]
    paths = [path for path in counts if path not in sum_formulas(edition)]
    right: dict[str, int] = {}
    while len(right) < wrong:
        path, slip = rng.choice(paths), rng.choice(list(SLIPS))
        before = int(values[path] or 0)
        after = int(SLIPS[slip](rng, str(before)))
        if after != before and path not in right:
            right[path], values[path] = before, after
    filled = [
        path
        for path in paths
        if path.startswith("requests.") and values[path] and path not in right
    ]
    typed = {path.replace(".", "__"): str(values[path]) for path in rng.sample(filled, texts)}
    findings = check_reading(calculated(blank_report(edition).with_values(values), **typed))
    noticed = "报错" if any(f.code in RELATIONS for f in findings) else "不报错"
    table = next(reversed(right)).partition(".")[0] if right else "没有错格"
    return table, noticed, _made(findings, right)


def _made(findings: list[Finding], right: dict[str, int]) -> str:
    suggested = [(f.path, f.expected) for f in findings if f.code == "A106"]
    if not suggested:
        return "没有提示"
    return "正确" if set(suggested) <= set(right.items()) else "错误"


def main() -> None:
    """Print the counts by table and slip, and how suggestions fare with two wrong cells."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    start = perf_counter()
    counts = Counter(outcome(seed) for seed in range(number))
    spent = perf_counter() - start
    for (table, slip, made), n in sorted(counts.items()):
        print(f"{table:10} {slip}\t{made}\t{n}")
    for table in ("proactive", "requests", "disputes"):
        print(
            table,
            {m: sum(n for (t, _, x), n in counts.items() if (t, x) == (table, m)) for m in RESULTS},
        )
    print(f"{number} reports, {spent * 1000 / number:.1f} ms each")
    two: Counter[str] = Counter()
    for seed in range(number):
        report, right, _ = wrong_cells(seed, 2)
        two.update("正确" if item in right.items() else "错误" for item in suggestions(report))
    print("two wrong cells, suggestions:", dict(two))
    for wrong, texts in ((1, 0), (2, 0), (0, 1), (1, 1)):
        made = Counter(outcome_with_formulas(seed, wrong, texts) for seed in range(number))
        print(f"formula totals, {wrong} wrong, {texts} as text")
        for (table, noticed, said), n in sorted(made.items()):
            print(f"  {table:10} {noticed}\t{said}\t{n}")


RESULTS = ("正确", "错误", "没有提示")


if __name__ == "__main__":
    main()
