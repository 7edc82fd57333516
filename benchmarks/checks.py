"""How long a check takes, and that 10,000 consistent reports give no finding of a relation.

    python benchmarks/checks.py [NUMBER]

Times are the best of several runs, warm, for one report: without the prose rules, and with all of
them on 40 paragraphs of 200 characters; the limits are 2 ms and 10 ms.
"""

from __future__ import annotations

import sys
import timeit
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from govdisclose import AnnualReport, Paragraph, Reading, check_report, read_report  # noqa: E402  # as above
from govdisclose.check import CHECKS, TABLE_CHECKS, check_reading  # noqa: E402  # as above
from support.reports import EDITION_2019, EDITION_2021, consistent_report  # noqa: E402  # the tests' own generator

LIMITS = {"tables": 2.0, "all": 10.0, "all, with last year": None}


def dense() -> AnnualReport:
    """A report with 40 paragraphs of 200 characters, made of the samples' section one."""
    samples = [
        read_report(ROOT / "sample_workbooks" / f"{n}.xlsx").report
        for n in ("huaian-2024", "tongliao-minwei-2021")
    ]
    text = "".join(p.text for report in samples for p in report.overview) * 10
    return consistent_report().evolve(
        overview=[Paragraph(text[i * 200 : (i + 1) * 200]) for i in range(40)]
    )


def milliseconds(call: object) -> float:
    """The best time of one call."""
    return min(timeit.repeat(call, number=10, repeat=12)) * 100  # type: ignore[call-overload]  # any callable will do


def times() -> dict[str, float]:
    """Measured times by check."""
    reading = Reading(dense())
    last = Reading(consistent_report(seed=2).evolve(year=2023, overview=reading.report.overview))
    return {
        "tables": milliseconds(lambda: [list(check(reading)) for check in TABLE_CHECKS]),
        "all": milliseconds(lambda: check_reading(reading)),
        "all, with last year": milliseconds(lambda: check_reading(reading, last)),
        **{
            f"  {check.__name__}": milliseconds(lambda check=check: list(check(reading)))
            for check in CHECKS
        },
    }


def alarms(number: int) -> Counter[str]:
    """Codes of families A, C and H found on consistent reports, half of each edition."""
    editions = (EDITION_2021, EDITION_2019)
    found = (
        f
        for seed in range(number)
        for f in check_report(consistent_report(editions[seed % 2], seed))
    )
    return Counter(f.code for f in found if f.code[0] in "ACH")


def main(number: int) -> int:
    """Print times and alarms; 1 when a limit is passed or there is an alarm."""
    measured = times()
    for name, taken in measured.items():
        limit = LIMITS.get(name)
        print(f"{name:24}{taken:8.2f} ms" + (f"   (at most {limit:g})" if limit else ""))
    false = alarms(number)
    print(
        f"{number} consistent reports: {sum(false.values())} findings of families A, C, H {dict(false) or ''}"
    )
    return int(
        bool(false) or any(limit and measured[name] > limit for name, limit in LIMITS.items())
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
