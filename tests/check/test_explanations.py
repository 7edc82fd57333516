"""Recorded reasons: what they explain, for how long, and what is said of those without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from govdisclose import AnnualReport, Finding, check_report
from govdisclose.form.explanation import Explanation
from govdisclose.write.workbook import workbook_bytes
from support.reports import consistent_report

GROUP = "disputes.review"
CELLS = {
    f"{GROUP}.{name}": n
    for name, n in (("upheld", 2), ("corrected", 1), ("other", 0), ("pending", 1))
}
GOOD = consistent_report().with_values({**CELLS, f"{GROUP}.total": 4})
OFF = GOOD.with_values({f"{GROUP}.total": 5})
REASON = "一案移送后重复登记"


def check(folder: Path, report: AnnualReport, *reasons: Explanation) -> list[Finding]:
    (folder / "book.xlsx").write_bytes(workbook_bytes(report, explanations=reasons))
    return check_report(folder / "book.xlsx")


def reason(
    cell: str = "E6", value: str = "4/5", code: str = "A104", why: str = REASON
) -> Explanation:
    return Explanation(code, cell, value, why)


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell", ["E6", "e6", "$E$6", "Ｅ６", "四、复议诉讼!E6", "'四、复议诉讼'!E6", f"{GROUP}.total"]
)
@pytest.mark.parametrize("value", ["4/5", "4 / 5", "４／５"])
def test_a_reason_names_the_cell_and_the_numbers_as_a_clerk_types_them(
    cell: str, value: str, tmp_path: Path
) -> None:
    (found,) = [f for f in check(tmp_path, OFF, reason(cell, value)) if f.code in ("A104", "V114")]
    assert (found.code, found.place.cell, found.explained, found.stops) == (
        "A104",
        "E6",
        REASON,
        False,
    )


@pytest.mark.parametrize("path", [*CELLS, f"{GROUP}.total"])
def test_a_finding_comes_back_as_soon_as_any_one_of_its_numbers_changes(
    path: str, tmp_path: Path
) -> None:
    changed = OFF.with_values({path: int(OFF.values()[path] or 0) + 3})
    findings = check(tmp_path, changed, reason())
    (broken,) = [f for f in findings if f.code == "A104"]
    assert broken.stops
    (note,) = [f for f in findings if f.code == "V114"]
    assert "数值已变" in note.text
    assert broken.fingerprint in note.text
    assert (note.place.sheet, note.place.cell) == ("说明事项", "A4")


USELESS = {
    "the problem is gone": (GOOD, reason(), "问题已改正"),
    "the cell is another": (OFF, reason("E7"), "单元格抄写有误"),
    "only the found value": (OFF, reason(value="5"), "现为“4/5”"),
    "no reason": (OFF, reason(why=""), "没有写原因"),
    "no code": (OFF, reason(code=""), "没有写规则代码"),
    "no such rule": (OFF, reason(code="A999"), "没有规则“A999”"),
}


@pytest.mark.parametrize("case", USELESS)
def test_a_reason_without_effect_is_reported_as_a_note(case: str, tmp_path: Path) -> None:
    report, explanation, said = USELESS[case]
    findings = check(tmp_path, report, explanation)
    (note,) = [f for f in findings if f.code == "V114"]
    assert said in note.text
    assert note.severity.value == "note"
    assert all(f.explained is None for f in findings)


def test_an_address_that_two_sheets_share_needs_the_sheets_name(tmp_path: Path) -> None:
    report = consistent_report().with_values(
        {"requests.received.total": None, "disputes.review.total": None}
    )
    first, second = [f for f in check_report(report) if f.code == "V101"]
    table_three = next(f for f in check(tmp_path, report) if f.path == first.path)
    assert second.path == "disputes.review.total"
    named = Explanation("V101", str(table_three.place), table_three.fingerprint, REASON)
    told = {f.path: f.explained for f in check(tmp_path, report, named) if f.code == "V101"}
    assert told == {first.path: REASON, second.path: None}


def test_an_address_without_a_sheet_that_two_findings_have_explains_neither(tmp_path: Path) -> None:
    values = {"requests.received.business": None, "disputes.review.total": None}
    report = consistent_report().with_values(values)
    blank = [f for f in check(tmp_path, report) if f.code == "V101"]
    by_cell: dict[str, list[Finding]] = {}
    for finding in blank:
        by_cell.setdefault(finding.place.cell or "", []).append(finding)
    (shared,) = [found for found in by_cell.values() if len(found) == 2]
    cell = Explanation("V101", shared[0].place.cell or "", shared[0].fingerprint, REASON)
    findings = check(tmp_path, report, cell)
    assert [f.explained for f in findings if f.code == "V101"] == [None, None]
    (note,) = [f for f in findings if f.code == "V114"]
    assert "单元格应写明工作表" in note.text


@pytest.mark.parametrize("code", ["S112", "V104"])
def test_what_is_missing_or_unreadable_cannot_be_explained_away(code: str, tmp_path: Path) -> None:
    path = "proactive.licences.decisions"
    report = consistent_report().evolve(year=None) if code == "S112" else consistent_report()
    data = workbook_bytes(report, as_typed={path: "约十件"} if code == "V104" else None)
    (tmp_path / "a.xlsx").write_bytes(data)
    (finding,) = [f for f in check_report(tmp_path / "a.xlsx") if f.code == code]
    explanation = Explanation(code, str(finding.place), finding.fingerprint, REASON)
    typed = {path: "约十件"} if code == "V104" else None
    (tmp_path / "b.xlsx").write_bytes(
        workbook_bytes(report, explanations=[explanation], as_typed=typed)
    )
    findings = check_report(tmp_path / "b.xlsx")
    assert [f.stops for f in findings if f.code == code] == [True]
    assert any("不能用说明代替" in f.text for f in findings if f.code == "V114")


def test_a_suggestion_is_explained_with_all_the_relations_it_rests_on(tmp_path: Path) -> None:
    off = GOOD.with_values(
        {"requests.received.total": int(GOOD.values()["requests.received.total"] or 0) + 1}
    )
    broken = [f for f in check(tmp_path, off) if f.code in ("A101", "A103")]
    reasons = [Explanation(f.code, str(f.place), f.fingerprint, REASON) for f in broken]
    for recorded, told in ((reasons, REASON), (reasons[:1], None)):
        (suggestion,) = [f for f in check(tmp_path, off, *recorded) if f.code == "A106"]
        assert suggestion.explained == told
