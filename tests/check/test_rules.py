"""Every rule: one passing and one failing case, its page, its message; and how relations are judged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from govdisclose import AnnualReport, Severity, check_report, outline
from govdisclose.form.explanation import Explanation
from govdisclose.rules import RULES
from govdisclose.write.workbook import workbook_bytes
from support import edits as values
from support import tables as labels
from support.commands import Run
from support.prose_cases import CASES
from support.reports import (
    EDITION_2019,
    EDITION_2021,
    check_edited,
    codes,
    consistent_report,
    write_book,
)

GOOD = consistent_report()
DISPUTES = outline(EDITION_2021).tables["disputes"].cells
ROW = "requests.outcomes.granted"


def changed(**cells: int) -> AnnualReport:
    """The good report with cells changed by a difference; ``__`` stands for a dot."""
    now = GOOD.values()
    return GOOD.with_values(
        {p.replace("__", "."): (now[p.replace("__", ".")] or 0) + d for p, d in cells.items()}
    )


Case = tuple[AnnualReport, Callable[[Workbook], Any] | None]
"""A report, and what is done to its workbook."""

FAILING: dict[str, Case] = {
    **{code: (GOOD, edit) for edit, code in labels.REPORTED.values()},
    **{code: (GOOD, edit) for edit, code, _ in values.ERRORS.values()},
    "S110": (GOOD, values.basic("适用格式", "2019")),
    "S113": (GOOD, lambda book: setattr(book["一、总体情况"]["D5"], "value", "写在别处的一段话")),
    "S114": (GOOD, lambda book: setattr(book["基本信息"]["D4"], "value", "请核对")),
    "S115": (GOOD, lambda book: setattr(book["三、依申请公开"], "sheet_state", "hidden")),
    "S116": (GOOD.with_values(dict.fromkeys((c.path for c in DISPUTES), None)), None),
    "S117": (GOOD.evolve(problems=()), None),
    "S118": (GOOD, values.prose("五、问题及改进", "（文字描述）")),
    "S122": (GOOD, values.prose("五、问题及改进", "甲。\n乙。")),
    "S123": (GOOD, values.basic("机关名称", "某某市\n示范局")),
    "S124": (GOOD, lambda book: setattr(book["三、依申请公开"]["XFD1048576"], "value", 7)),
    "S121": (GOOD, lambda book: setattr(book["六、其他事项"]["B3"], "value", None)),
    "S120": (consistent_report(EDITION_2019).evolve(year=2023), None),
    "V101": (GOOD, values.put(values.DUPLICATE, None)),
    "V105": (GOOD, values.put(values.DUPLICATE, "/")),
    "V106": (GOOD, values.put(values.DUPLICATE, "１２")),
    "V110": (GOOD, values.put(values.FEES, 251000)),
    "V112": (GOOD, values.basic("机关名称", "某某\u200b局")),
    "V113": (GOOD, lambda book: None),
    "V114": (GOOD, values.explanation("A104", "E6", "5/4", "已改正")),
    "V115": (GOOD, values.put(values.DUPLICATE, 8, "0%")),
    "V116": (GOOD, lambda book: setattr(book["三、依申请公开"]["D6"], "font", Font(strike=True))),
    "V117": (GOOD, lambda book: setattr(book["一、总体情况"]["B4"], "font", Font(strike=True))),
    "N109": (GOOD, values.prose("五、问题及改进", "{表三.没有}")),
    "A101": (changed(requests__received__total=1), None),
    "A102": (changed(requests__outcomes__total__research=1), None),
    "A103": (changed(requests__carried_out__total=1), None),
    "A104": (changed(disputes__litigation__direct__total=-1), None),
    "A106": (changed(requests__outcomes__total__research=1), None),
    "A105": (
        changed(
            requests__outcomes__granted__natural_person=1, requests__outcomes__granted__other=-1
        ),
        None,
    ),
}

IN_THE_FILE_ITSELF = {"V108", "V111", "S125"}
"""Cases that openpyxl cannot write: an error value without its formula, a control character, broken styles."""


@pytest.mark.parametrize("code", sorted(FAILING.keys() & RULES.keys()))
def test_a_failing_case_of_each_rule_is_found(code: str, tmp_path: Path) -> None:
    report, edit = FAILING[code]
    findings = check_report(write_book(tmp_path, report, edit))
    found = [f for f in findings if f.code == code]
    assert found
    assert {f.severity for f in found} == {RULES[code].severity}
    assert all(re.search(r"[\u4e00-\u9fff]", f.message) and f.hint for f in found)


@pytest.mark.parametrize("edition", [EDITION_2019, EDITION_2021], ids=lambda e: e.name)
@pytest.mark.parametrize("seed", range(5))
def test_a_consistent_report_passes_every_rule(edition, seed: int, tmp_path: Path) -> None:
    assert check_report(write_book(tmp_path, consistent_report(edition, seed))) == []


def test_every_rule_has_a_failing_case() -> None:
    elsewhere = (
        "I",
        "H",
    )  # test_import_rules.py and test_aggregate_refusals.py have these families
    of_workbooks = {code for code in RULES if not code.startswith(elsewhere)}
    assert of_workbooks - IN_THE_FILE_ITSELF == {*FAILING, *CASES}


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_page_with_reason_example_and_fix(
    code: str, run: Callable[..., Run]
) -> None:
    rule = RULES[code]
    assert re.fullmatch(r"[SVACNPHI]\d{3}", code)
    assert all(len(text) > 8 for text in (rule.why, rule.example, rule.fix))
    page = run("explain", code.lower())
    assert page.code == 0
    assert all(
        heading in page.out for heading in (code, rule.name, "## 为什么", "## 例", "## 怎么改")
    )


def test_an_error_value_is_found(tmp_path: Path) -> None:
    data = workbook_bytes(GOOD, as_typed=None)
    from support.packages import repack

    place = values.CELLS[values.DUPLICATE]
    address = f"{chr(ord('A') + place[2])}{place[1] + 1}".encode()

    def spoil(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/worksheets/"):
            return content
        cell = (
            rb'<c r="'
            + address
            + rb'"( s="\d+")?><v>'
            + str(GOOD.values()[values.DUPLICATE]).encode()
            + rb"</v></c>"
        )
        return re.sub(
            cell, rb'<c r="' + address + rb'"\1 t="e"><f>1/0</f><v>#DIV/0!</v></c>', content
        )

    (tmp_path / "b.xlsx").write_bytes(repack(data, spoil))
    finding = next(f for f in check_report(tmp_path / "b.xlsx") if f.code == "V108")
    assert (finding.path, finding.found) == (values.DUPLICATE, "#DIV/0!")


# --- relations ----------------------------------------------------------------------------------


def test_a_message_names_place_label_expectation_and_value(tmp_path: Path) -> None:
    report = changed(requests__outcomes__total__total=-9)
    finding = next(f for f in check_report(write_book(tmp_path, report)) if f.code == "A102")
    total = report.values()["requests.outcomes.total.total"]
    assert isinstance(total, int)
    assert finding.message.startswith("三、依申请公开!J29 （七）总计／总计：应为 ")
    assert finding.message.endswith(f"实为 {total}，差 -9")
    assert (finding.expected, finding.found) == (total + 9, total)
    assert len(finding.others) == 21


def test_each_broken_relation_points_at_its_own_cells_only(tmp_path: Path) -> None:
    findings = [
        f
        for f in check_report(
            write_book(tmp_path, changed(requests__outcomes__granted__research=1))
        )
        if f.code[0] == "A"
    ]
    assert codes(findings) == ["A101", "A102", "A106"]
    assert {f.path for f in findings if f.code != "A106"} == {
        f"{ROW}.total",
        "requests.outcomes.total.research",
    }


def test_a_balanced_total_column_is_not_painted_red_for_two_columns_off(tmp_path: Path) -> None:
    report = changed(requests__received__natural_person=-1, requests__received__other=1)
    findings = check_report(write_book(tmp_path, report))
    assert codes(findings, "A103", "A105") == ["A103", "A103", "A105"]
    assert not any((f.path or "").endswith(".total") for f in findings)
    hint = next(f for f in findings if f.code == "A105")
    assert (hint.severity, "归错了列" in hint.message) == (Severity.NOTE, True)


def test_a_blank_addend_counts_as_zero_and_a_blank_total_does_not(tmp_path: Path) -> None:
    zeros = GOOD.with_values(
        {f"requests.outcomes.granted.{c}": None for c in ("research", "legal_service")}
    )
    kept = zeros.with_values({"requests.outcomes.granted.total": None})
    assert not any(f.path == f"{ROW}.total" for f in check_report(kept) if f.code == "A101")
    only_total = AnnualReport().with_values({"requests.received.total": 0})
    assert codes(check_report(only_total), "A") == []
    assert codes(
        check_report(AnnualReport().with_values({"requests.received.total": 5})), "A101"
    ) == ["A101"]


def test_a_wholly_blank_row_does_not_hide_a_broken_column(tmp_path: Path) -> None:
    columns = (
        "natural_person",
        "business",
        "research",
        "public_interest",
        "legal_service",
        "other",
        "total",
    )
    blank = GOOD.with_values({f"requests.outcomes.unable.unclear.{c}": None for c in columns})
    short = sum(
        int(GOOD.values()[f"requests.outcomes.unable.unclear.{c}"] or 0) for c in columns[:-1]
    )
    off = blank.values()["requests.outcomes.total.total"]
    wrong = blank.with_values({"requests.outcomes.total.total": int(off or 0) - short + 1})
    assert any(
        f.path == "requests.outcomes.total.total" for f in check_report(wrong) if f.code == "A102"
    )


def test_an_explained_error_no_longer_stops_the_report(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    report = changed(disputes__review__total=1)
    found = int(report.values()["disputes.review.total"] or 0)
    reason = Explanation(
        "A104", "disputes.review.total", f"{found - 1}/{found}", "一案移送后重复登记"
    )
    (tmp_path / "book.xlsx").write_bytes(workbook_bytes(report, explanations=[reason]))
    assert run("compile", tmp_path / "book.xlsx").code == 0
    assert "已说明（一案移送后重复登记）" in run("check", tmp_path / "book.xlsx").out


def test_a_cell_that_holds_no_number_cannot_be_explained_away(tmp_path: Path) -> None:
    place = values.CELLS[values.DUPLICATE]
    typed = workbook_bytes(
        GOOD,
        as_typed={values.DUPLICATE: "12件"},
        explanations=[Explanation("V104", values.DUPLICATE, "12件", "x")],
    )
    (tmp_path / "b.xlsx").write_bytes(typed)
    finding = next(f for f in check_report(tmp_path / "b.xlsx") if f.code == "V104")
    assert (finding.place.sheet, finding.explained, finding.stops) == (place[0], None, True)


def test_findings_come_by_sheet_and_the_most_serious_first(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        values.put("requests.outcomes.not_processed.duplicate.total", "１２")(workbook)
        values.put("requests.received.other", "x")(workbook)
        values.put("proactive.licences.decisions", None)(workbook)

    findings = check_edited(tmp_path, GOOD, edit)
    assert [f.place.sheet for f in findings] == sorted(
        (f.place.sheet for f in findings), key="二三".find
    )
    ranks = [f.severity.rank for f in findings if f.place.sheet == "三、依申请公开"]
    assert ranks == sorted(ranks)
