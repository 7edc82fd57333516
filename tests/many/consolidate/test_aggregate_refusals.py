"""What cannot be added up, and what is found on the way: one case for each refusal and each rule of family H."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from govdisclose import (
    AnnualReport,
    FindingsError,
    Reading,
    Severity,
    blank_report,
    check_report,
    outline,
    read_report,
    write_workbook,
)
from govdisclose.consolidate import aggregate_folder, aggregate_reports, write_consolidated
from govdisclose.errors import InputError, UsageError
from govdisclose.form.explanation import Explanation
from govdisclose.roster import Roster, RosterUnit, make_roster, write_roster
from govdisclose.rules import RULES
from govdisclose.write.workbook import workbook_bytes
from support.commands import Run
from support.reports import EDITION_2019, EDITION_2021, write_book
from support.units import cell_sums, folder_of, unit, units

A, B, C, D = units("甲局", "乙局", "丙局", "丁局")
OFF = {"requests.received.total": 10**6}
ROSTER = make_roster([RosterUnit("", n) for n in ("甲局", "乙局", "丙局", "丁局")])
TWINS = make_roster(
    [RosterUnit("", "财政局", "1"), RosterUnit("", "财政局", "2"), RosterUnit("", "甲局", "3")]
)


def overview_of(*reports: AnnualReport, **cells: Any) -> AnnualReport:
    """The government's own report: the sum of ``reports``, some cells otherwise."""
    named = unit("某市人民政府", level="government")
    return named.with_values(
        {**cell_sums(*reports), **{p.replace("__", "."): v for p, v in cells.items()}}
    )


REFUSED: dict[str, tuple[Sequence[AnnualReport], str, str]] = {
    "an error in the figures": ([A, B.with_values(OFF)], "H104", "乙局：有 "),
    "no agency": ([A, B.evolve(agency=unit("").agency)], "H104", "没有填机关名称"),
    "two editions": ([A, unit("旧", edition=EDITION_2019).evolve(year=2024)], "H103", "格式版本不一"),
    "two years": ([A, B, C.evolve(year=2023)], "H103", "年度不一，不能相加：2023 年度 1 家（丙局：丙局）；2024 年度 2 家"),
    "one code on two different reports": ([unit("甲", 1, "X"), unit("乙", 2, "X")], "H104", "代码相同而名称不同"),
    "one name on two different reports": ([A, unit("甲局", 9), B], "H104", "同一单位有 2 份不同的报告"),
    "a name without code among twins": (
        [unit("财政局", 1, "1"), unit("财政局", 2, "2"), unit("财政局", 3)], "H104", "这一份没有填代码"),
    "nothing filled in": ([A, blank_report(EDITION_2021, agency=B.agency, year=A.year)], "H104", "一格也没有填"),
    "one name on two different reports without codes": ([A, unit("甲局", 9), B], "H104", "如果是同名的几家单位"),
    "a government beside agencies": ([A, B, overview_of(A, B)], "H104", "报告类别是“政府”"),
    "the sum beside its parts": (
        [r.evolve(agency=unit(n, level="government").agency)
         for r, n in ((A, "甲县"), (B, "乙县"), (overview_of(A, B), "丙市"))], "H104", "等于其余各份之和"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_added_up_stops_the_sum_with_its_reason(case: str) -> None:
    reports, code, words = REFUSED[case]
    with pytest.raises(FindingsError) as stop:
        aggregate_reports(reports)
    found = [f for f in stop.value.findings if f.code == code]
    assert any(words in f.message for f in found), [f.message for f in stop.value.findings]
    assert {f.severity for f in found} == {RULES[code].severity}


@pytest.mark.parametrize("case", [case for case, (_, code, _) in REFUSED.items() if code == "H104"])
def test_it_can_be_left_out_and_listed_instead(case: str) -> None:
    reports, code, words = REFUSED[case]
    made = aggregate_reports([*reports, D] if "one code" in case else reports, on_error="list")
    assert any(words in f.message for f in made.findings if f.code == code)
    assert any(
        words in r.reason or words in f"{r.contribution.file}：{r.reason}" for r in made.refused
    )
    kept = [
        r
        for r in (*reports, D)
        if r.agency.name in {p.name for p in made.units} and r not in _refused(reports, made)
    ]
    assert made.report.values() == cell_sums(*kept)


def _refused(reports: Sequence[AnnualReport], made: Any) -> list[AnnualReport]:
    return [r for r in reports if any(x.contribution.agency == r.agency for x in made.refused)]


def test_editions_and_years_are_never_mixed_even_when_errors_are_listed() -> None:
    for case in ("two editions", "two years"):
        with pytest.raises(FindingsError):
            aggregate_reports(REFUSED[case][0], on_error="list")


@pytest.mark.parametrize("roster", [None, ROSTER], ids=["without a roster", "with a roster"])
def test_a_report_of_an_earlier_year_beside_the_right_one_is_named_and_not_added(
    roster: Roster | None, tmp_path: Path
) -> None:
    earlier = A.evolve(year=A.year - 1).with_values(B.values())
    made = aggregate_reports([earlier, A, B, C, D], roster=roster)
    assert made.report.values() == cell_sums(A, B, C, D)
    assert made.refused == ()
    (finding,) = made.findings
    assert finding.code == "H102"
    assert "2023 年度的报告；2024 年度的是" in finding.message
    sheet = load_workbook(write_consolidated(made, tmp_path / "o.xlsx")).worksheets[0]
    assert [row for row in sheet.iter_rows(values_only=True) if "其他年度" in row]


def test_a_report_of_a_later_year_beside_the_right_one_is_not_simply_left_out() -> None:
    """Its year may be mistyped, and the report be the corrected one."""
    later = A.evolve(year=A.year + 1).with_values(B.values())
    made = aggregate_reports([later, A, B, C, D], on_error="list")
    assert {refusal.rule.code for refusal in made.refused} == {"H104"}
    assert made.report.values() == cell_sums(B, C, D)


def test_the_same_report_twice_counts_once_and_is_told() -> None:
    made = aggregate_reports([A, B, A])
    assert made.report.values() == cell_sums(A, B)
    assert [(f.code, f.severity) for f in made.findings] == [("H102", Severity.WARNING)]
    assert "数据相同，只计一份；都没有填代码" in made.findings[0].message


def test_of_many_reports_under_one_name_a_sentence_names_only_some() -> None:
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([unit("财政局", seed) for seed in range(30)])
    assert {f.message.count("财政局") for f in stop.value.findings} == {11}
    assert all("等 30 份" in f.message for f in stop.value.findings)


def test_two_names_on_one_code_are_both_told_even_when_the_figures_are_the_same() -> None:
    made = aggregate_reports([unit("甲局", 1, "X"), unit("乙局", 1, "X")])
    assert made.findings[0].message.startswith("乙局、甲局有 2 份报告（乙局、甲局）")


def test_the_same_faulty_report_twice_is_refused_for_its_fault() -> None:
    broken = B.with_values(OFF)
    made = aggregate_reports([A, broken, broken], on_error="list")
    assert ["个错误" in refusal.reason for refusal in made.refused] == [True]
    assert any("数据相同，都没有计入" in f.message for f in made.findings)


@pytest.mark.parametrize(
    "wrong",
    [
        A.with_values({"disputes.review.total": 9_999}),
        A.evolve(overview=(), problems=()),
        A.evolve(agency=evolve(A.agency, name="")),
    ],
    ids=["a total", "no texts", "no name"],
)
def test_of_two_reports_with_the_same_figures_the_one_without_errors_counts(
    wrong: AnnualReport, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, B, C, D)
    faulty = folder / "0甲局旧" / "年报.xlsx"  # a report without a name is known by its folder
    faulty.parent.mkdir()
    write_workbook(wrong, faulty)
    write_workbook(A, folder / "新.xlsx")
    write_roster(tmp_path / "花名册.xlsx", ROSTER.units)
    made = aggregate_folder(folder, tmp_path / "o.xlsx", roster=tmp_path / "花名册.xlsx")
    assert made.report.values() == cell_sums(A, B, C, D)
    (finding,) = made.findings
    assert (
        "甲局有 2 份报告（新.xlsx、0甲局旧/年报.xlsx），数据相同，只计没有错误的 新.xlsx"
        in finding.message
    )
    assert "代码相同而名称不同" not in finding.message
    sheet = load_workbook(tmp_path / "o.xlsx").worksheets[0]
    (line,) = [row for row in sheet.iter_rows(values_only=True) if "0甲局旧/年报.xlsx" in row]
    assert "三张表的数与 新.xlsx 相同，这一份有错误，没有采用" in line


def test_a_cell_that_cannot_be_read_is_not_taken_for_a_blank_of_another_version(
    tmp_path: Path,
) -> None:
    licences = "proactive.licences.decisions"
    blank = write_book(tmp_path, A.with_values({licences: None}))
    faulty = tmp_path / "other.xlsx"
    blank.rename(tmp_path / "blank.xlsx")
    write_book(tmp_path, A, lambda book: _type(book, "12件")).rename(faulty)
    made = aggregate_reports([tmp_path / "blank.xlsx", faulty, B], on_error="list")
    assert len(made.refused) == 2
    assert made.report.values() == B.values()


def _type(book: Workbook, text: str) -> None:
    book["二、主动公开"]["B9"] = text


def test_same_named_units_are_told_apart_by_code() -> None:
    twins = [unit("财政局", 1, "1"), unit("财政局", 2, "2")]
    assert aggregate_reports(twins).report.values() == cell_sums(*twins)
    assert aggregate_reports(twins, roster=TWINS).missing[0].name == "甲局"


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (unit("外局", 5), "花名册上没有这个单位"),
        (unit("外局", 5, "9"), "花名册上没有这个单位"),
        (unit("财政局", 5), "要用代码区分，报告的代码空着"),
        (unit("", 5), "报告没有写机关名称，不知是哪一家"),
    ],
)
def test_a_report_that_the_roster_does_not_know_is_not_counted(
    report: AnnualReport, words: str
) -> None:
    known = unit("财政局", 1, "1")
    made = aggregate_reports([known, report], roster=TWINS)
    assert made.report.values() == known.values()
    assert any(f.code == "H102" and words in f.message for f in made.findings)
    assert [words in r.reason for r in made.unknown] == [True]


@pytest.mark.slow
def test_a_report_without_a_name_is_named_by_its_file_once(tmp_path: Path, run) -> None:
    write_roster(tmp_path / "r.xlsx", TWINS.units)
    folder = folder_of(tmp_path, unit("财政局", 1, "1"), unit("", 5))
    done: Run = run("aggregate", folder, "--roster", tmp_path / "r.xlsx", "-o", tmp_path / "o.xlsx")
    assert " H102 01.xlsx：报告没有写机关名称，不知是哪一家，没有计入" in done.err


@pytest.mark.parametrize(
    "typed", ["11420100000000001x", "１１42 0100 0000 0000 1ｘ", "11420100000000001X\n"]
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    code = "11420100000000001X"
    with pytest.raises(FindingsError, match="2 个错误"):
        aggregate_reports([unit("甲局", 1, code), unit("甲局", 2, typed)])
    for mine, theirs in ((code, typed), (typed, code)):
        roster = make_roster(
            [
                RosterUnit("", "市"),
                RosterUnit("", "甲局", mine, parent="市"),
                RosterUnit("", "乙局", parent=theirs),
            ]
        )
        assert [u.name for u in roster.children[roster.units[1].key]] == ["乙局"]
        assert aggregate_reports([unit("甲局", 1, theirs)], roster=roster).unknown == ()


CONTRADICTIONS = {
    "another unit's code": (
        unit("甲局", 5, "1"),
        "代码 1 在花名册上是“财政局”，名称却是花名册上的另一家“甲局”",
    ),
    "an unknown name": (
        unit("甲分局", 5, "3"),
        "代码 3 在花名册上是“甲局”，报告的名称却是“甲分局”",
    ),
    "no name": (unit("", 5, "3"), "只凭代码不能认定"),
    "an unknown code": (unit("甲局", 5, "9"), "花名册上“甲局”的代码是 3，报告的代码是 9"),
    "an unknown code under a common name": (unit("财政局", 5, "9"), "花名册上有 2 家“财政局”"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_code_and_a_name_that_contradict_each_other_stop_the_sum_until_that_is_settled(
    case: str,
) -> None:
    report, words = CONTRADICTIONS[case]
    known = unit("财政局", 1, "1")
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([known, report], roster=TWINS)
    missing, finding = stop.value.findings
    assert missing.code == "H102"
    assert (finding.code, finding.severity, words in finding.message) == (
        "H106",
        Severity.ERROR,
        True,
    )
    made = aggregate_reports([known, report], roster=TWINS, on_error="list")
    assert made.report.values() == known.values()
    is_of_unit = "2 家" not in words
    assert [unit.name for unit in made.missing] == ["财政局", "甲局"][: 2 - is_of_unit]
    assert [refusal.key for refusal in made.refused] == (["3"] if is_of_unit else [""])
    assert not made.complete


@pytest.mark.parametrize(
    "name", ["财政和国资局", "市财政局（新）", "财 政 局", "〔财政局〕", "财政局\u3000"]
)
@pytest.mark.parametrize("code", ["1", None])
def test_a_known_alias_and_another_way_of_typing_a_name_agree(name: str, code: str | None) -> None:
    roster = make_roster(
        [
            RosterUnit("", "财政局", "1", aliases=("财政和国资局", "市财政局(新)")),
            RosterUnit("", "甲局", "3"),
        ]
    )
    report = unit(name, 4, code)
    assert aggregate_reports([report], roster=roster).report.values() == report.values()


def test_an_alias_that_is_the_present_name_of_another_unit_settles_nothing() -> None:
    roster = make_roster(
        [RosterUnit("", "财政局", "1", aliases=("甲局",)), RosterUnit("", "甲局", "3")]
    )
    for code, whose in (("3", "甲局"), (None, "甲局")):
        made = aggregate_reports([unit("甲局", 4, code)], roster=roster)
        assert list(made.counted) == ["3"], whose
    with pytest.raises(FindingsError, match="1 个错误"):
        aggregate_reports([unit("甲局", 4, "1")], roster=roster)


@given(
    code=st.sampled_from([None, "1", "3", "9"]),
    name=st.sampled_from(["财政局", "甲局", "旧甲局", "甲 局", "丙局", ""]),
)
def test_a_report_is_counted_under_a_unit_only_when_nothing_it_says_points_elsewhere(
    code: str | None, name: str
) -> None:
    units_ = [RosterUnit("", "财政局", "1"), RosterUnit("", "甲局", "3", aliases=("旧甲局",))]
    names = {"财政局": "1", "甲局": "3", "旧甲局": "3", "甲 局": "3"}
    found = make_roster(units_).find(unit(name, 4, code).agency)
    agrees = names.get(name) is not None and code in (None, names[name])
    assert (found.unit.key if found.unit else None) == (names[name] if agrees else None)
    assert found.contradicts == (
        not agrees and (code in ("1", "3") or (code == "9" and name in names))
    )


def test_an_explained_error_does_not_keep_a_report_out_and_is_noted(tmp_path: Path) -> None:
    total = int(B.values()["disputes.review.total"] or 0)
    odd = B.with_values({"disputes.review.total": total + 1})
    reason = Explanation("A104", "disputes.review.total", f"{total}/{total + 1}", "一案移送")
    (tmp_path / "b.xlsx").write_bytes(workbook_bytes(odd, explanations=[reason]))
    made = aggregate_reports([A, read_report(tmp_path / "b.xlsx")])
    assert made.report.values() == cell_sums(A, B)
    assert [bool(part.explained) for part in made.units] == [
        part.name == "乙局" for part in made.units
    ]


def test_a_stated_total_that_no_rule_can_check_must_still_be_the_sum() -> None:
    row = "requests.outcomes.total"
    blank = dict.fromkeys(p for p in A.values() if p.startswith(f"{row}.") and p != f"{row}.total")
    odd = A.with_values(
        {**blank, **{p: None for p in A.values() if p.endswith(".total") and "outcomes" in p}}
    )
    odd = odd.with_values({f"{row}.total": 10**6})
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([odd, B])
    assert [f.code for f in stop.value.findings] == ["H104"]


def test_sums_have_no_prose_and_are_added_without_any() -> None:
    bare = A.evolve(overview=(), problems=(), other_matters=())
    assert aggregate_reports([bare, B]).findings == ()


# --- against the government's own report --------------------------------------------------------


def test_a_figure_that_is_not_the_sum_is_found_at_its_cell() -> None:
    licences = "proactive.licences.decisions"
    total = int(cell_sums(A, B)[licences] or 0)
    made = aggregate_reports(
        [A, B], against=overview_of(A, B, proactive__licences__decisions=total + 7)
    )
    (finding,) = made.findings
    assert (finding.code, finding.path, finding.expected, finding.found) == (
        "H101",
        licences,
        total,
        total + 7,
    )
    assert finding.message.endswith(f"所属单位之和为 {total}，本级报告为 {total + 7}，差 +7")


def test_a_difference_that_the_government_has_explained_is_marked(tmp_path: Path) -> None:
    licences = "proactive.licences.decisions"
    total = int(cell_sums(A, B)[licences] or 0)
    own = overview_of(A, B, proactive__licences__decisions=total + 7)
    reason = Explanation("H101", licences, f"{total}/{total + 7}", "垂直管理单位的数")
    (tmp_path / "own.xlsx").write_bytes(workbook_bytes(own, explanations=[reason]))
    assert [
        f.explained for f in aggregate_reports([A, B], against=tmp_path / "own.xlsx").findings
    ] == [reason.reason]
    assert "V114" not in {f.code for f in check_report(tmp_path / "own.xlsx")}


def test_several_units_at_the_top_are_added_under_the_name_of_the_governments_report() -> None:
    roster = make_roster(
        [RosterUnit("", n, parent=p) for n, p in (("甲区", ""), ("甲局", "甲区"), ("乙局", ""))]
    )
    broken = C.evolve(agency=unit("").agency)
    made = aggregate_reports(
        [A, B, broken], roster=roster, against=overview_of(A, B), on_error="list"
    )
    assert (made.report.agency.name, made.expected) == ("某市人民政府", 2)
    assert [(len(node.unknown), node.face) for node in made.walk()] == [
        (1, "已汇总 2 家，应报 2 家"),
        (0, "已汇总 1 家，应报 1 家"),
    ]


def test_a_report_that_is_the_sum_has_no_finding() -> None:
    assert aggregate_reports([A, B], against=overview_of(A, B)).findings == ()


def test_a_total_that_only_follows_its_addend_is_not_told_twice() -> None:
    path, total = "requests.received.other", "requests.received.total"
    sums = {p: int(v or 0) for p, v in cell_sums(A, B).items()}
    own = overview_of(A, B).with_values({path: sums[path] + 1, total: sums[total] + 1})
    assert [f.path for f in aggregate_reports([A, B], against=own).findings] == [path]
    wrong = overview_of(A, B).with_values({total: sums[total] + 1})
    assert [f.path for f in aggregate_reports([A, B], against=wrong).findings] == [total]


def test_money_is_compared_exactly() -> None:
    fees = "proactive.fees.amount"
    parts = [r.with_values({fees: Decimal("0.1")}) for r in (A, B, C)]
    assert (
        aggregate_reports(
            parts, against=overview_of(*parts, proactive__fees__amount=Decimal("0.30"))
        ).findings
        == ()
    )


def test_missing_units_make_one_finding_and_not_two_hundred() -> None:
    made = aggregate_reports([A, B], roster=ROSTER, against=overview_of(A, B, C))
    assert [f.code for f in made.findings] == ["H102", "H102"]
    assert "已汇总 2 家，应报 4 家，缺 2 家（丙局、丁局）" in made.findings[0].message
    assert "汇总齐以前不逐格列出" in made.findings[1].message


def test_what_is_found_below_the_top_names_the_unit_and_its_file() -> None:
    roster = make_roster(
        [
            RosterUnit("", n, parent=p)
            for n, p in (("市", ""), ("县", "市"), ("甲局", "县"), ("乙局", "县"))
        ]
    )
    own = overview_of(A, C).evolve(agency=unit("县", level="government").agency)
    for reports in ([A, own], [A, B, own]):
        told = [
            f.message
            for f in aggregate_reports(reports, roster=roster).findings
            if f.place.file == "县"
        ]
        assert told
        assert all(message.startswith("县（县）：") for message in told)


def test_a_figure_smaller_than_an_unfinished_sum_is_named_all_the_same() -> None:
    made = aggregate_reports(
        [A, B], roster=ROSTER, against=overview_of(A, B, C, proactive__licences__decisions=0)
    )
    small = next(f for f in made.findings if f.others)
    assert list(small.others) == ["proactive.licences.decisions"]
    assert "不是缺报造成的：行政许可／本年处理决定数量" in small.message


def test_differences_everywhere_are_folded_by_table() -> None:
    findings = aggregate_reports([A, B], against=overview_of(A, B, C)).findings
    assert {f.code for f in findings} == {"H101"}
    folded = [f for f in findings if len(f.others) > 10]
    assert [f.message.count("；") for f in folded] == [2] * len(folded)
    assert len(findings) < 30


@pytest.mark.parametrize("own", [unit("市").evolve(year=2023), unit("市", edition=EDITION_2019)])
def test_another_years_report_is_not_compared(own: AnnualReport) -> None:
    with pytest.raises(UsageError, match="不能核对"):
        aggregate_reports([A, B], against=own)


def test_the_place_of_a_difference_is_the_governments_own_cell(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    path.write_bytes(workbook_bytes(overview_of(A, B, proactive__licences__decisions=10**6)))
    (finding,) = aggregate_reports([A, B], against=path).findings
    assert (finding.place.file, finding.place.sheet, finding.place.cell) == (
        "own.xlsx",
        "二、主动公开",
        "B9",
    )


# --- files and the command ----------------------------------------------------------------------


@pytest.mark.slow
def test_an_unreadable_workbook_is_a_listed_failure(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, A, B)
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    made = aggregate_folder(folder, tmp_path / "b.xlsx", on_error="list")
    assert [(r.contribution.file, r.reason.startswith("读不出：")) for r in made.refused] == [
        ("坏.xlsx", True)
    ]
    with pytest.raises(FindingsError):
        aggregate_folder(folder, tmp_path / "c.xlsx")
    assert not (tmp_path / "c.xlsx").exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError, "找不到文件"),
        (PermissionError, "正被其他程序独占"),
        (TimeoutError, "磁盘或网络出错"),
    ],
)
def test_a_json_export_that_cannot_be_opened_is_said_in_chinese(
    error: type[OSError], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> bytes:
        raise error(1, "Operation not permitted")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(InputError, match=words):
        read_report(tmp_path / "a.json")


def test_no_reports_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="没有工作簿"):
        aggregate_folder(tmp_path / "empty", tmp_path / "b.xlsx")


def _with_each(root: Path) -> list[object]:
    write_roster(
        root / "roster.xlsx",
        [
            RosterUnit("", "市"),
            RosterUnit("", "县", parent="市"),
            RosterUnit("", "甲局", parent="县"),
        ],
    )
    (root / "each").mkdir()
    (root / "each/县2024年度汇总.xlsx").write_bytes(b"theirs")
    return [folder_of(root, A), "--roster", root / "roster.xlsx", "--each", root / "each"]


EXITS: dict[str, tuple[int, Callable[[Path], list[object]]]] = {
    "done": (0, lambda t: [folder_of(t, A, B), "-o", t / "o.xlsx"]),
    "errors listed": (
        6,
        lambda t: [folder_of(t, A, B.with_values(OFF)), "-o", t / "o.xlsx", "--skip-errors"],
    ),
    "errors": (1, lambda t: [folder_of(t, A, B.with_values(OFF)), "-o", t / "o.xlsx"]),
    "mixed years": (
        1,
        lambda t: [folder_of(t, A, B.evolve(year=2023)), "-o", t / "o.xlsx", "--skip-errors"],
    ),
    "no output": (2, lambda t: [folder_of(t, A)]),
    "output exists": (2, lambda t: [folder_of(t, A), "-o", t / "books/00甲局.xlsx"]),
    "the output is a unit's book": (
        2,
        lambda t: [folder_of(t, A, B), "--force", "-o", t / "books/00甲局.xlsx"],
    ),
    "no folder": (3, lambda t: [t / "none", "-o", t / "o.xlsx"]),
    "no roster": (3, lambda t: [folder_of(t, A), "--roster", t / "none.xlsx", "-o", t / "o.xlsx"]),
    "a book for a roster": (
        3,
        lambda t: [folder_of(t, A), "--roster", t / "books/00甲局.xlsx", "-o", t / "o.xlsx"],
    ),
    "no place for the output": (5, lambda t: [folder_of(t, A), "-o", t / "none" / "o.xlsx"]),
    "no workbook's name": (2, lambda t: [folder_of(t, A), "-o", t / "o.docx"]),
    "each into the books": (
        2,
        lambda t: [folder_of(t, A), "--each", t / "books", "-o", t / "o.xlsx"],
    ),
    "each over a unit's book": (
        2,
        lambda t: [folder_of(t, A).parent, "--each", t / "books", "-o", t / "o.xlsx"],
    ),
    "a book of each exists": (2, lambda t: [*_with_each(t), "-o", t / "o.xlsx"]),
    "a file as the folder for each": (
        5,
        lambda t: [folder_of(t, A), "--each", t / "books" / "00甲局.xlsx", "-o", t / "o.xlsx"],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", EXITS)
def test_the_exit_code_says_how_it_went_and_nothing_is_left_half_done(
    case: str, tmp_path: Path, run
) -> None:
    code, arguments = EXITS[case]
    done: Run = run("aggregate", *arguments(tmp_path))
    assert done.code == code, done.err
    assert (tmp_path / "o.xlsx").exists() == (code in (0, 6))
    assert "Traceback" not in done.err
    assert not list(tmp_path.rglob(".gd-*"))


@pytest.mark.slow
def test_findings_are_printed_as_check_prints_them(tmp_path: Path, run) -> None:
    done: Run = run(
        "aggregate", folder_of(tmp_path, A, B.with_values(OFF)), "-o", tmp_path / "o.xlsx"
    )
    assert "错误 H104 01乙局.xlsx：有 " in done.err
    assert "没有写出汇总工作簿。" in done.err


def test_every_rule_of_the_family_has_its_failing_case_here() -> None:
    """H105 has its cases in test_roster.py, H107 and H108 in test_overviews.py, H114 in test_reform.py, H115 in test_final.py,
    H116 in test_batch_last_year.py, H117 in test_same_figures.py, H118 and H119 in test_roster.py,
    H120 in test_flat_rosters.py.

    Those of H112 and H113 stand in test_status.py, the others above.
    """
    elsewhere = {
        "H101",
        "H102",
        "H105",
        "H106",
        "H107",
        "H108",
        "H112",
        "H113",
        "H114",
        "H115",
        "H116",
        "H117",
        "H118",
        "H119",
        "H120",
    }
    assert {code for code in RULES if code[0] == "H"} == elsewhere | {
        code for _, code, _ in REFUSED.values()
    }


def test_a_reading_can_be_a_part() -> None:
    assert aggregate_reports([Reading(A), B]).report.values() == cell_sums(A, B)
    assert len(outline(EDITION_2021).cells) == len(A.values())


@pytest.mark.parametrize(
    ("other", "came", "missing"),
    [({"year": 2023}, 2, "乙局、丁局"), ({"edition": EDITION_2019}, 3, "丁局")],
    ids=["years", "editions"],
)
def test_who_is_missing_is_said_also_where_years_or_editions_are_mixed(
    other: dict[str, Any], came: int, missing: str
) -> None:
    edition = other.get("edition", EDITION_2021)
    stray = unit("乙局", 2, edition=edition).evolve(year=other.get("year", A.year))
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([A, stray, C], roster=ROSTER, on_error="list")
    said = {finding.code: finding.text for finding in stop.value.findings}
    assert said.keys() == {"H102", "H103"}
    assert said["H102"].strip().startswith(f"已收到 {came} 家，应报 4 家，缺")
    assert f"（{missing}）" in said["H102"]


def test_with_a_year_reports_of_other_years_are_left_out_and_named() -> None:
    strays = [unit("乙局", 2).evolve(year=2023), unit("丁局", 4).evolve(year=2042)]
    made = aggregate_reports([A, C, *strays], roster=ROSTER, year=A.year, on_error="list")
    assert made.report.values() == cell_sums(A, C)
    assert made.report.year == A.year
    assert [unit.name for unit in made.missing] == ["乙局"]  # a year to come was mistyped
    said = "\n".join(finding.text for finding in made.findings)
    assert f"是 2023 年度的报告，要汇总的是 {A.year} 年度，没有计入" in said
    (mistyped,) = [finding for finding in made.findings if finding.code == "H112"]
    assert "报告年度是 2042，还没有到，多半是填错了" in mistyped.text
    with pytest.raises(FindingsError):
        aggregate_reports([A, C, *strays], roster=ROSTER, year=A.year)


def test_with_a_year_of_which_nothing_came_nothing_is_added_up() -> None:
    with pytest.raises(FindingsError) as stop:
        aggregate_reports([A, C], roster=ROSTER, year=2020)
    assert "要汇总的是 2020 年度" in stop.value.findings[-1].text


@pytest.mark.slow
def test_a_stray_file_does_not_keep_the_governments_report_from_being_compared(
    tmp_path: Path,
) -> None:
    folder = folder_of(tmp_path, A, B, C, D)
    (folder / "杂项.xlsx").write_bytes(b"no workbook")
    write_roster(tmp_path / "r.xlsx", ROSTER.units)
    own = overview_of(A, B, C, D, proactive__licences__decisions=1)
    write_workbook(own, tmp_path / "own.xlsx")
    made = aggregate_folder(
        folder,
        tmp_path / "o.xlsx",
        roster=tmp_path / "r.xlsx",
        against=tmp_path / "own.xlsx",
        on_error="list",
    )
    codes = [finding.code for finding in made.findings]
    assert codes == ["H101", "H104"]
    assert made.findings[0].path == "proactive.licences.decisions"
    assert made.complete


def test_a_refused_unit_keeps_its_level_its_parent_and_its_place(tmp_path: Path) -> None:
    rows = [
        RosterUnit("", "某市人民政府", level="市级"),
        *(
            RosterUnit("", name, parent="某市人民政府", level="县级")
            for name in ("甲局", "乙局", "丙局")
        ),
    ]
    made = aggregate_reports([A, B.with_values(OFF), C], roster=make_roster(rows), on_error="list")
    sheet = load_workbook(write_consolidated(made, tmp_path / "o.xlsx")).worksheets[0]
    lines = [row for row in sheet.iter_rows(values_only=True) if row[0] == "县级"]
    assert [(line[1], line[3], line[4]) for line in lines] == [
        ("甲局", "某市人民政府", "已汇总"),
        ("乙局", "某市人民政府", "没有计入"),
        ("丙局", "某市人民政府", "已汇总"),
    ]
