"""What is blamed for a broken relation: first cells that cannot be read, then text numbers, never a formula."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from govdisclose import AnnualReport, Finding, check_report, outline
from govdisclose.check import check_reading
from govdisclose.form.edition import Edition
from govdisclose.form.reading import Reading
from govdisclose.read import read_book
from support.paths import DATA
from support.reports import (
    EDITION_2019,
    EDITION_2021,
    calculated,
    consistent_report,
    sum_formulas,
    write_book,
)

EDITIONS = [EDITION_2021, EDITION_2019]
RELATIONS = ("A101", "A102", "A103", "A104")


def broken(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.code in RELATIONS]


def suggestions(findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.code == "A106"]


# --- the cases ----------------------------------------------------------------------------------


def test_a_note_beside_a_number_is_blamed_and_not_the_total_that_leaves_it_out() -> None:
    findings = check_report(DATA / "note-in-number-blames-total.xlsx")
    table_three = [f for f in findings if f.place.sheet == "三、依申请公开"]
    assert [f.code for f in table_three] == ["V104", "V104", "A103"]
    assert suggestions(findings) == []
    (off,) = broken(findings)
    assert off.hint is not None
    assert off.hint.startswith("先改正 D6、D8")
    assert "是公式，会随之重新计算，不要改" in off.hint
    assert not [f for f in findings if f.code == "N102"], (
        "the prose is right: the total leaves a cell out"
    )


def test_a_number_as_text_is_named_in_the_finding_of_the_total_that_leaves_it_out() -> None:
    findings = check_report(DATA / "text-number-blames-total.xlsx")
    assert suggestions(findings) == []
    assert [f.code for f in broken(findings)] == ["A101", "A103"]
    for off in broken(findings):
        assert "其中 D6 是文本“120”，公式求和时不计" in off.text
        assert off.hint is not None
        assert off.hint.startswith("先把 D6 由文本转换为数字")


def test_a_wrong_part_under_a_formula_total_of_table_four_cannot_be_found() -> None:
    assert check_report(DATA / "formula-total-follows-a-wrong-part.xlsx") == []


# --- every cell ---------------------------------------------------------------------------------


def judged(reading: Reading) -> list[Finding]:
    findings = check_reading(reading)
    formulas = reading.formulas()
    for finding in suggestions(findings):
        assert finding.path not in formulas
        assert not formulas.keys() & set(re.findall(r"“([^”]+)” 由", finding.text))
    return findings


def parts(edition: Edition) -> list[str]:
    """The cells of tables three and four that are typed."""
    return [
        p
        for p in outline(edition).cells
        if p not in sum_formulas(edition) and not p.startswith("proactive.")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.name)
@pytest.mark.parametrize("written", ["{}件", "{}"], ids=["unread", "text number"])
def test_of_every_cell_that_a_formula_leaves_out_nothing_else_is_blamed(
    edition: Edition, written: str
) -> None:
    report = consistent_report(edition)
    for path in parts(edition):
        typed = written.format((report.values()[path] or 0) or 7)
        findings = judged(calculated(report, **{path.replace(".", "__"): typed}))
        assert suggestions(findings) == [], path
        label = outline(edition).cells[path].label
        for off in broken(findings):
            assert label in (off.hint or ""), path


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.name)
def test_with_formula_totals_no_wrong_part_leads_to_a_wrong_suggestion(edition: Edition) -> None:
    rng = random.Random(5)
    for path in parts(edition):
        right = consistent_report(edition, rng.randrange(100))
        before = int(right.values()[path] or 0)
        wrong = right.with_values({path: before + rng.choice([1, 2, 9])})
        for finding in suggestions(judged(calculated(wrong))):
            assert (finding.path, finding.expected) == (path, before)


def test_a_wrong_part_under_formulas_says_which_cells_are_formulas(tmp_path: Path) -> None:
    path = write_book(tmp_path, wrong_received(consistent_report()))
    (one, other) = broken(check_report(path))
    assert "D29 是自动求和的公式，不要改" in (one.hint or "")
    assert "J6" in (other.hint or "")


def wrong_received(report: AnnualReport) -> AnnualReport:
    """One more request received from a natural person, and the totals that follow."""
    values = report.values()
    steps = ("requests.received.natural_person", "requests.received.total")
    return report.with_values({path: int(values[path] or 0) + 1 for path in steps})


# --- formulas as workbooks have them --------------------------------------------------------------


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with the XML of its sheets changed."""
    done = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name.startswith("xl/worksheets/") else data)
    path.write_bytes(done.getvalue())
    return path


def test_the_totals_of_our_own_workbook_are_all_known_as_sums(tmp_path: Path) -> None:
    for edition in EDITIONS:
        path = write_book(tmp_path, consistent_report(edition))
        for _ in range(3):  # the third time it is read as a sheet that is known
            assert read_book(path).formulas() == sum_formulas(edition)


def test_a_workbook_saved_by_openpyxl_has_the_same_formulas(tmp_path: Path) -> None:
    path = write_book(tmp_path, consistent_report(), lambda book: None)
    assert read_book(path).formulas() == sum_formulas(EDITION_2021)


def test_a_formula_that_is_no_statutory_sum_is_known_as_a_formula(tmp_path: Path) -> None:
    path = write_book(tmp_path, consistent_report(), lambda book: set_formula(book, "=SUM(D6:H6)"))
    assert read_book(path).formulas()["requests.received.total"] == ()


def set_formula(book: object, formula: str) -> None:
    book["三、依申请公开"]["J6"] = formula  # type: ignore[index]  # openpyxl's workbook


def shared(sheet: bytes) -> bytes:
    """The totals of table three as Excel writes a formula that was filled down: one text, shared."""
    pattern = re.compile(rb'(<c r="(J)(\d+)"[^>]*>)<f>[^<]*</f>')
    first = pattern.search(sheet)
    if first is None or b"D6:I6" not in first.group():
        return sheet

    def replace(match: re.Match[bytes]) -> bytes:
        row = match[3]
        if match.start() == first.start():
            return (
                match[1] + b'<f t="shared" ref="J6:J30" si="0">SUM(D' + row + b":I" + row + b")</f>"
            )
        return match[1] + b'<f t="shared" si="0"/>'

    return pattern.sub(replace, sheet)


def test_shared_formulas_are_read_in_each_of_their_cells(tmp_path: Path) -> None:
    path = rewritten(write_book(tmp_path, consistent_report()), shared)
    parts_of_it = zipfile.ZipFile(path)
    assert any(b't="shared"' in parts_of_it.read(name) for name in parts_of_it.namelist())
    assert read_book(path).formulas() == sum_formulas(EDITION_2021)


def test_an_outdated_result_of_a_sum_is_to_be_calculated_anew(tmp_path: Path) -> None:
    report = consistent_report()
    total = int(report.values()["requests.received.total"] or 0)
    old = f"<v>{total}</v>".encode()

    def outdate(sheet: bytes) -> bytes:
        return re.sub(rb'(<c r="J6"[^>]*><f>[^<]*</f>)' + old, rb"\g<1><v>" + b"3</v>", sheet)

    findings = check_report(rewritten(write_book(tmp_path, report), outdate))
    assert suggestions(findings) == []
    assert [f.code for f in broken(findings)] == ["A101", "A103"]
    assert all(
        "J6 是求和公式" in (f.hint or "") and "重新计算" in (f.hint or "") for f in broken(findings)
    )


def test_a_linked_total_is_not_to_be_overwritten(tmp_path: Path) -> None:
    def link(sheet: bytes) -> bytes:
        return re.sub(
            rb'(<c r="J6"[^>]*>)<f>[^<]*</f><v>\d+</v>', rb"\g<1><f>X1</f><v>3</v>", sheet
        )

    findings = check_report(rewritten(write_book(tmp_path, consistent_report()), link))
    assert suggestions(findings) == []
    assert all("J6 是公式，不要直接改数" in (f.hint or "") for f in broken(findings))
    assert broken(findings)


def with_typed_totals(report: AnnualReport, **cells: str) -> Reading:
    """The reading of a workbook without formulas; some cells are numbers stored as text."""
    stated = report.values()
    reading = calculated(report, **cells)
    return evolve(reading, report=reading.report.with_values(stated), formulas=dict)


def test_with_typed_totals_a_wrong_cell_far_from_a_text_number_is_still_named() -> None:
    report = consistent_report()
    wrong = "requests.outcomes.granted.other"
    now = int(report.values()[wrong] or 0)
    reading = with_typed_totals(
        report.with_values({wrong: now + 5}),
        disputes__review__upheld=str(report.values()["disputes.review.upheld"]),
    )
    assert [(f.path, f.expected) for f in suggestions(check_reading(reading))] == [(wrong, now)]


def test_with_typed_totals_a_text_number_comes_first_in_its_own_row() -> None:
    report = consistent_report()
    row = "requests.outcomes.granted"
    text = str(report.values()[f"{row}.other"])
    reading = with_typed_totals(
        report.with_values({f"{row}.business": 99}), requests__outcomes__granted__other=text
    )
    findings = check_reading(reading)
    assert suggestions(findings) == []
    (off,) = [f for f in broken(findings) if f.code == "A101"]
    assert "是文本" in off.text
    assert "已按数字读取" in off.text
