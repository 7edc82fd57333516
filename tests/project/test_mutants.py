"""Changed inputs are read, with findings, or refused in one sentence: a small fixed part of tools/mutants.py."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from support.paths import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from mutants_inputs import good_inputs  # tools/ is no package
from mutants_judge import Mutant, figures_differ, judge, make_mutant  # as above
from mutants_package import Member, pack, unpack  # as above

pytestmark = pytest.mark.slow

COUNTS = {"xlsx": 12, "docx": 30, "html": 25, "txt": 30, "json": 40, "roster": 15, "template": 4}
"""How many mutants of each kind; those of PDFs need LibreOffice and are left to the script."""

MOST = 6
"""Of how many good inputs."""


@pytest.mark.parametrize("kind", COUNTS)
def test_a_mutant_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    goods = good_inputs(kind, MOST)
    for good in goods:  # so that known sheets are in memory
        assert judge(Mutant(kind, -1, good, good.data, ()), tmp_path).outcome == "read", good.name
    wrong = {}
    for number in range(COUNTS[kind]):
        mutant = make_mutant(kind, goods, 7, number)
        verdict = judge(mutant, tmp_path)
        if verdict.outcome == "fault":
            wrong[number] = f"{mutant.changes} {verdict.words}"
        elif kind == "xlsx" and (differing := figures_differ(mutant, verdict)):
            wrong[number] = f"{mutant.changes} {differing}"
    assert wrong == {}


def test_a_mutant_is_the_same_each_time() -> None:
    for kind in ("xlsx", "docx", "json"):
        first, second = (make_mutant(kind, good_inputs(kind, 2), 7, 3) for _ in range(2))
        assert first == second


def test_a_figure_that_is_read_otherwise_than_stored_is_noticed(tmp_path: Path) -> None:
    good = good_inputs("xlsx", 2)[0]
    verdict = judge(Mutant("xlsx", 0, good, good.data, ()), tmp_path)
    assert verdict.reading is not None
    assert figures_differ(Mutant("xlsx", 0, good, good.data, ()), verdict) == ""
    other = good_inputs("xlsx", 2)[1]
    assert figures_differ(Mutant("xlsx", 0, other, other.data, ()), verdict) != ""


@pytest.mark.parametrize("kind", ["xlsx", "docx", "template"])
def test_a_part_in_an_encoding_that_nobody_knows_is_read_or_refused(
    kind: str, tmp_path: Path
) -> None:
    good = good_inputs(kind, 1)[0]
    members = unpack(good.data)
    for at, member in enumerate(members):
        content = re.sub(rb'encoding="[^"]*"', b'encoding="x"', member.content, count=1)
        data = pack([*members[:at], Member(member.name, content), *members[at + 1 :]])
        verdict = judge(Mutant(kind, 0, good, data, ()), tmp_path)
        assert verdict.outcome != "fault", (member.name, verdict.words)
