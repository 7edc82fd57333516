"""The conformance set, run in this process, and its runner."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from govdisclose import check_report
from govdisclose.rules import RULES
from support.paths import ROOT

sys.path.insert(0, str(ROOT / "conformance"))
import build  # the folder is data for others and no package

import run as runner  # as above

CASES = list(build.cases())


def check(book: Path, last: Path | None) -> Iterable[dict[str, Any]]:
    return [finding.as_dict() for finding in check_report(book, previous=last)]


@pytest.mark.slow
def test_every_case_gives_exactly_the_expected_findings(conformance_books: Path) -> None:
    assert runner.run(conformance_books, check) == (len(CASES), {})


def test_the_set_is_large_and_its_names_are_unique() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    assert f"{len(CASES)} 个工作簿" in (ROOT / "conformance" / "README.md").read_text(
        encoding="utf-8"
    )


def test_every_code_that_a_workbook_can_have_is_expected_somewhere() -> None:
    expected = {code for case in CASES for code, _ in case.expected}
    elsewhere = {
        "V108",
        "V111",
        "V113",
        "S125",
    }  # a file's own parts: an error value, a control character, no cached totals, broken styles
    of_workbooks = {
        code for code in RULES if code[0] not in "IH"
    }  # published reports, and many workbooks at once
    assert of_workbooks - elsewhere <= expected


@pytest.mark.slow
def test_the_runner_takes_any_command_and_tells_what_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("P101-late", "P101-last-day"):
        build.write(next(case for case in CASES if case.name == name), tmp_path)
    silent = [sys.executable, "-c", "print('[]')"]
    assert runner.main(["--name", "P101-last-day", str(tmp_path), *silent]) == 0
    assert runner.main(["--name", "P101-la", str(tmp_path), *silent]) == 1
    assert "- P101 基本信息!B8" in capsys.readouterr().out
    assert runner.main(["--name", "P101-la", str(tmp_path)]) == 0
