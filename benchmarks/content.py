"""The workbooks that measurements read: all different, with full tables and 40 paragraphs of real prose.

Three real reports at hand, of a city, a municipal office and a prefecture's committee, have 10 to
23 paragraphs with 1,250 to 2,360 characters together. ``usual_report`` has as much as the longest
of them, ``dense_report``, which most measurements take, three times as much.

    python benchmarks/content.py FOLDER COUNT [--contexts CONTEXTS.json]

With ``--contexts``, what a foreign ``read_book`` said of its own workbooks as a list of JSON objects, the
workbooks hold those figures and paragraphs, in our form. A process of its own writes the workbooks, so that
whoever measures memory has not imported what writes them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from govdisclose import (  # noqa: E402  # as below
    EDITIONS,
    Agency,
    AnnualReport,
    Paragraph,
    blank_report,
    outline,
    read_report,
)
from govdisclose.form.fields import Value  # noqa: E402  # as below
from govdisclose.write.workbook import workbook_bytes  # noqa: E402  # as below
from support.reports import consistent_report  # noqa: E402  # the tests' generator is no package

PARAGRAPHS = 40
USUAL_PARAGRAPHS = 23
_SECTIONS = ("overview", "problems", "other_matters")
_PROACTIVE = {"regulations": 0, "normative_documents": 1, "licences": 2, "penalties": 3, "coercive_measures": 4, "fees": 5}  # fmt: skip
"""The rows of a foreign table two by the name of ours."""
_DOCUMENTS = {
    "issued": "made",
    "repealed": "void",
    "in_force": "valid",
    "decisions": "made",
    "amount": "made",
}


@cache
def _clauses() -> list[str]:
    """Clauses of real reports; those that tell of figures in the tables would contradict made-up tables."""
    names = ("huaian-2024", "tongliao-minwei-2021")
    reports = [read_report(ROOT / "sample_workbooks" / f"{name}.xlsx").report for name in names]
    text = "。".join(
        p.text for report in reports for key in _SECTIONS for p in getattr(report, key)
    )
    cut = dict.fromkeys(clause.strip() for clause in re.split("[，。；：\n]", text))
    return [
        c
        for c in cut
        if 5 <= len(c) <= 40
        and not re.search("申请|复议|诉讼|结转|收取|件|年|^[0-9]|[（()）“”《》]", c)
    ]


def _paragraph(rng: random.Random, shortest: int = 100, longest: int = 170) -> Paragraph:
    """A paragraph of so many characters and up to a sentence more, put together at random."""
    wanted, text = rng.randint(shortest, longest), ""
    while len(text) < wanted:
        text += "，".join(rng.sample(_clauses(), 3)) + "。"
    return Paragraph(text)


def _agency(number: int) -> Agency:
    return Agency(f"某某市第{number:05}示范局", f"1142010000000{number:05}")


def dense_report(seed: int) -> AnnualReport:
    """A consistent report with 40 paragraphs of 100 to 300 characters made of real clauses; no two are alike."""
    rng = random.Random(seed)
    prose = [_paragraph(rng) for _ in range(PARAGRAPHS)]
    return _with_prose(seed, prose)


def usual_report(seed: int) -> AnnualReport:
    """A consistent report with as much prose as the longest of the real ones, made of real clauses."""
    rng = random.Random(seed)
    prose = [_paragraph(rng, 65, 95) for _ in range(USUAL_PARAGRAPHS)]
    return _with_prose(seed, prose)


def _with_prose(seed: int, prose: list[Paragraph]) -> AnnualReport:
    """A consistent report: half of the paragraphs are section one, a quarter each the others."""
    *others, last = prose
    all_prose = [*others, Paragraph(f"{last.text}本年没有收取信息处理费。")]
    half, quarter = len(prose) // 2, len(prose) // 4
    ends = (0, half, half + quarter, len(prose))
    sections = {key: all_prose[ends[i] : ends[i + 1]] for i, key in enumerate(_SECTIONS)}
    return consistent_report(seed=seed).evolve(agency=_agency(seed), title="", **sections)


def converted(context: dict[str, Any], number: int) -> AnnualReport:
    """Our report with the figures and paragraphs of a foreign context; its other columns have no place in the form."""
    edition = EDITIONS["2021"]
    figures: dict[str, Value] = {}
    requests = iter(value for row in context["t3"].values() for value in row.values())
    disputes = iter(value for group in context["t4"].values() for value in group.values())
    for path in outline(edition).cells:
        table, row, *_, leaf = path.split(".")
        if table == "proactive":
            figures[path] = context["t2"][_PROACTIVE[row]][_DOCUMENTS[leaf]]
        else:
            figures[path] = next(requests if table == "requests" else disputes)
    prose = dict(
        zip(
            _SECTIONS,
            ([Paragraph(text) for text in context[key]] for key in ("s1", "s5", "s6")),
            strict=True,
        )
    )
    made = blank_report(edition, agency=_agency(number), year=context["cover"]["year"], **prose)
    return made.with_values(figures)


def write_books(folder: Path, count: int, contexts: Path | None = None) -> None:
    """Write ``count`` workbooks as a process of its own."""
    more = ["--contexts", str(contexts)] if contexts else []
    subprocess.run([sys.executable, __file__, str(folder), str(count), *more], check=True)


def _write(folder: Path, contexts: list[dict[str, Any]], number: int) -> None:
    report = (
        converted(contexts[number % len(contexts)], number) if contexts else dense_report(number)
    )
    (folder / f"{number:06}.xlsx").write_bytes(workbook_bytes(report))


def main() -> None:
    """Write the books."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--contexts", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    contexts = json.loads(options.contexts.read_text("utf-8")) if options.contexts else []
    with ProcessPoolExecutor() as pool:
        list(
            pool.map(partial(_write, options.folder, contexts), range(options.count), chunksize=16)
        )


if __name__ == "__main__":
    main()
