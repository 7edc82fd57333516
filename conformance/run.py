"""Hold a checker against the conformance set.

    python conformance/build.py FOLDER
    python conformance/run.py [--name PART] FOLDER [COMMAND …]

COMMAND is what checks one workbook and prints the findings as JSON; without it, this library's own
command. The workbook, and ``--previous LAST`` where a case has last year's, are put at its end. The
order of findings does not matter. Exit code 1 when a case differs. Needs only the standard library.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OWN = [sys.executable, "-m", "govdisclose", "check", "--format", "json"]
ADVICE = {"A106"}
"""Suggestions where the fault most likely lies: compared only in cases that expect one."""

Checker = Callable[[Path, "Path | None"], Iterable[dict[str, Any]]]


def by_command(command: list[str]) -> Checker:
    """A checker that is a program; its exit code is not looked at, its output must be a JSON list."""

    def check(book: Path, last: Path | None) -> Iterable[dict[str, Any]]:
        previous = ["--previous", str(last)] if last else []
        done = subprocess.run(
            [*command, str(book), *previous], capture_output=True, encoding="utf-8", check=False
        )
        try:
            found: list[dict[str, Any]] = json.loads(done.stdout)
        except ValueError:
            raise SystemExit(
                f"{book.name}: no JSON on stdout; exit code {done.returncode}: {done.stderr}"
            ) from None
        return found

    return check


def place(finding: dict[str, Any]) -> str:
    """Where a finding is, as cases write it: ``sheet!cell``."""
    return "!".join(part for part in (finding["sheet"], finding["cell"]) if part)


def differences(case: dict[str, Any], found: Iterable[dict[str, Any]]) -> list[str]:
    """What a checker reported too much (+) and too little (-) on one case."""
    wanted = Counter((code, where) for code, where in case["expect"])
    advice = ADVICE if ADVICE.isdisjoint(code for code, _ in wanted) else set()
    seen = Counter(
        (f["code"], place(f)) for f in found if f["code"] not in advice and not f["explained"]
    )
    more, less = seen - wanted, wanted - seen
    return [f"+ {code} {where}" for code, where in sorted(more)] + [
        f"- {code} {where}" for code, where in sorted(less)
    ]


def run(folder: Path, check: Checker, part: str = "") -> tuple[int, dict[str, list[str]]]:
    """How many cases were run, and the differences of those that failed."""
    number, failed = 0, {}
    for file in sorted((HERE / "cases").glob("*.json")):
        for case in json.loads(file.read_text(encoding="utf-8")):
            if part in case["name"]:
                number += 1
                last = folder / f"{case['name']}.last.xlsx"
                book = folder / f"{case['name']}.xlsx"
                wrong = differences(case, check(book, last if "previous" in case else None))
                failed |= {case["name"]: wrong} if wrong else {}
    return number, failed


def main(arguments: list[str] | None = None) -> int:
    """Run every case; print what differs."""
    parser = argparse.ArgumentParser(description="Hold a checker against the conformance set.")
    parser.add_argument("folder", type=Path, help="where build.py has put the workbooks")
    parser.add_argument("--name", default="", help="only cases whose name has this part")
    parser.add_argument(
        "command", nargs=argparse.REMAINDER, help="the checker; default: govdisclose"
    )
    given = parser.parse_args(arguments)
    number, failed = run(given.folder, by_command(given.command or OWN), given.name)
    for name, wrong in failed.items():
        print(name, *wrong, sep="\n    ")
    print(f"{number - len(failed)} of {number} cases as expected")
    return 1 if failed or not number else 0


if __name__ == "__main__":
    sys.exit(main())
