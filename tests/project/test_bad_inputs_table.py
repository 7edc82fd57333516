"""The quick rows of the table of bad inputs, each given to the command line in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.paths import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from bad_inputs import Answer, answer, faults  # tools/ is no package
from bad_inputs_rows import ROWS, Row  # as above

pytestmark = pytest.mark.slow

QUICK = [row for row in ROWS if row.quick]


@pytest.mark.parametrize("row", QUICK, ids=[row.name for row in QUICK])
def test_a_bad_input_gets_its_exit_code_and_one_clear_message(row: Row, tmp_path: Path) -> None:
    got = answer(row, tmp_path)
    assert faults(row, got) == [], got


def test_every_row_has_a_name_of_its_own() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names) > 120


def test_faults_are_noticed() -> None:
    row = ROWS[0]
    good = Answer(3, "", f"错误：{row.names} 是空文件（0 字节）\n", 0.3, ())
    assert faults(row, good) == []
    bad = Answer(70, "", "Traceback (most recent call last)\n", 99, ("半.docx",))
    assert len(faults(row, bad)) == 6
