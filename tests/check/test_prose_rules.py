"""Continuity, prose and publication: each rule's two cases, and what must not be alarmed about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govdisclose import AnnualReport, Finding, check_report, write_workbook
from govdisclose.charts import draw_charts
from govdisclose.check import wording
from govdisclose.check.regulation_claims import document_claims
from govdisclose.check.sensitive import valid_id
from govdisclose.check.sentences import claims_in
from govdisclose.check.stale import stale_sentences
from govdisclose.errors import UsageError
from govdisclose.rules import RULES
from support.commands import Run
from support.paths import DATA, ROOT
from support.prose_cases import CASES, GOOD, RECEIVED, Case, last_year, overview, paragraphs
from support.reports import EDITION_2019, EDITION_2021, codes, consistent_report, write_book

SENTENCES = json.loads((DATA / "sentences.json").read_text(encoding="utf-8"))


def found(case: Case, code: str) -> list[Finding]:
    return [f for f in check_report(case.report, previous=case.previous) if f.code == code]


@pytest.mark.parametrize("code", CASES)
def test_the_passing_case_of_a_rule_has_no_finding(code: str) -> None:
    assert found(CASES[code][0], code) == []


@pytest.mark.parametrize("code", CASES)
def test_the_failing_case_of_a_rule_has_one_finding_at_its_place(code: str) -> None:
    case = CASES[code][1]
    (finding,) = found(case, code)
    assert (finding.path, finding.severity) == (case.path, RULES[code].severity)
    assert case.said in finding.message
    assert finding.hint


@pytest.mark.slow
@pytest.mark.parametrize("edition", [EDITION_2019, EDITION_2021], ids=lambda e: e.name)
def test_of_consistent_reports_no_relation_and_no_continuity_is_reported(edition) -> None:
    for seed in range(150):
        assert codes(check_report(consistent_report(edition, seed)), "A", "C", "H") == []


# --- last year ----------------------------------------------------------------------------------


def test_a_report_that_follows_from_last_years_has_no_finding() -> None:
    assert codes(check_report(GOOD, previous=last_year()), "C101", "C102", "C104", "C105") == []


def test_every_column_of_the_carry_over_is_compared() -> None:
    other = last_year(requests__carried_out__natural_person=98, requests__carried_out__total=99)
    paths = [f.path for f in check_report(GOOD, previous=other) if f.code == "C101"]
    assert paths == ["requests.carried_in.natural_person", "requests.carried_in.total"]


def test_a_blank_carry_over_of_last_year_is_said_and_not_taken_for_zero() -> None:
    last = last_year().with_values({"requests.carried_out.total": None})
    (finding,) = [f for f in check_report(GOOD, previous=last) if f.code == "C101"]
    assert "空白" in finding.message
    assert finding.expected is None


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("0.394", "3940", "V110"),
        ("0.394", "5100.5", "V110"),
        ("25.1", "251000", "V110"),
        ("25.1", "300", "C103"),
        ("0", "3940", "C103"),
        ("0.394", "0.5", ""),
    ],
)
def test_fees_ten_thousand_times_those_of_last_year_are_taken_for_yuan(
    before: str, now: str, told: str
) -> None:
    path = "proactive.fees.amount"
    last = last_year().with_values({path: Decimal(before)})
    found = check_report(GOOD.with_values({path: Decimal(now)}), previous=last)
    said = [f for f in found if f.path == path and f.code in ("V110", "C103")]
    assert [f.code for f in said] == ([told] if told else [])
    if told == "V110":
        assert (said[0].severity.value, said[0].expected) == ("warning", Decimal(now) / 10_000)


def test_a_report_of_another_year_is_refused_as_last_years() -> None:
    with pytest.raises(UsageError, match="2022 年度的，应为 2023 年度"):
        check_report(GOOD, previous=last_year().evolve(year=2022))


def test_a_report_without_a_year_is_refused_as_last_years() -> None:
    unknown = last_year().evolve(year=None, title="")
    for use in (
        lambda: check_report(GOOD, previous=unknown),
        lambda: draw_charts(GOOD, unknown),
    ):
        with pytest.raises(UsageError, match="没有写明年度，不知是不是 2023 年度的"):
            use()


def test_last_years_report_may_be_on_the_older_form() -> None:
    now = consistent_report(EDITION_2021).evolve(year=2021, title="")
    before = consistent_report(EDITION_2019).evolve(year=2020)
    assert set(codes(check_report(now, previous=before), "C")) <= {"C101", "C103"}


@pytest.mark.parametrize("command", [["check", "--strict"], ["compile", "--draft"]])
def test_last_years_workbook_is_given_with_previous(
    command: list[str], tmp_path: Path, run: Callable[..., Run]
) -> None:
    last = write_book(tmp_path, last_year(requests__carried_out__total=99)).rename(
        tmp_path / "last.xlsx"
    )
    done = run(*command, write_book(tmp_path, GOOD), "--previous", last)
    assert "C101" in done.out + done.err
    unknown = write_workbook(last_year().evolve(year=None), tmp_path / "unknown.xlsx")
    refused = run(*command, tmp_path / "book.xlsx", "--previous", unknown)
    assert (refused.code, "（unknown.xlsx）没有写明年度" in refused.err) == (2, True)
    wrong = run(*command, tmp_path / "book.xlsx", "--previous", tmp_path / "book.xlsx")
    assert (wrong.code, "应为 2023 年度" in wrong.err) == (2, True)
    assert run(*command, tmp_path / "book.xlsx", "--previous", tmp_path / "none.xlsx").code == 3


# --- numbers in sentences -----------------------------------------------------------------------


def claims(text: str) -> set[tuple[str, int]]:
    found = [*claims_in(text, 2024), *document_claims(text, 2024)]
    return {("+".join(claim.topics), claim.number) for claim in found}


def rates(rows: list[dict[str, object]]) -> tuple[float, float]:
    """Precision and recall of the numbers found in labelled sentences."""
    right = stated = labelled = 0
    for row in rows:
        seen, wanted = claims(str(row["text"])), set(dict(row["claims"]).items())  # type: ignore[call-overload]  # JSON
        right, stated, labelled = (
            right + len(seen & wanted),
            stated + len(seen),
            labelled + len(wanted),
        )
    return right / stated, right / labelled


def test_numbers_in_sentences_are_found_with_the_stated_precision_and_recall() -> None:
    assert len(SENTENCES) >= 400
    precision, recall = rates(SENTENCES)
    assert precision >= 0.99
    assert recall >= 0.97


def test_the_page_on_prose_states_the_rates_of_this_test() -> None:
    page = (ROOT / "docs" / "narrative.md").read_text(encoding="utf-8")
    precision, recall = rates(SENTENCES)
    assert f"{len(SENTENCES)} 句" in page
    assert f"准确率 {precision:.1%}" in page
    assert f"召回率 {recall:.1%}" in page


def test_a_sentence_that_states_no_figure_of_the_tables_raises_no_alarm() -> None:
    silent = [row["text"] for row in SENTENCES if not row["claims"]]
    assert len(silent) > 100
    alarms = {text: claims(text) for text in silent}
    assert {text: found for text, found in alarms.items() if found} == {}


QUIET = [
    "全年未发生一起因政府信息公开引发的行政复议、行政诉讼案件。",
    "全年未收到一件政府信息公开申请。",
    "没有收到一份政府信息公开申请。",
    "无一起因政府信息公开提起的行政诉讼。",
    "没有一件政府信息公开申请引发行政复议。",
    "政府信息公开申请中，其他处理8件，总计139件。",
    "政府信息公开申请中，本机关不掌握相关政府信息无法提供15件。",
    "政府信息公开申请中，属于国家秘密不予公开1件。",
    "收到政府信息公开申请由150件降至137件。",
    "协助省厅办理依申请公开12件。",
    "妥善办理上级机关转来政府信息公开申请3件。",
    "公开12345热线，受理3560件，办结3555件。",
    "政务公开信箱收到邮件56封，回复56件。",
    "市政府作为复议机关受理政府信息公开行政复议案件30件。",
    "全年办理非政府信息公开类行政复议12件。",
]


@pytest.mark.parametrize("text", QUIET)
def test_what_counts_something_else_or_nothing_is_no_claim(text: str) -> None:
    assert {claim for claim in claims(text) if claim[1]} == set()


EXACT = {
    "收到政府信息公开申请20件，区分处理后公开1件。": {("received", 20), ("partly_granted", 1)},
    "本年度未收到因政府信息公开提出的行政复议、行政诉讼的申请。": {
        ("review", 0),
        ("litigation", 0),
    },
    "政府信息公开申请中，上一年度结转受理0件，本年新收3件。": {("carried_in", 0), ("new", 3)},
    "依申请公开方面，不予公开信息数95条。": set(),
    "全市共收到政府信息公开申请500件，其中市本级收到30件，办结28件。": {("received", 500)},
    "因政府信息公开被省政府行政复议3件，被市政府2件。": set(),
    "政府信息公开申请上年结转6件，其中答复6件。": {("carried_in", 6)},
    "本年制发规范性文件8件，废止2件，现行有效66件。": {
        ("normative_documents.issued", 8),
        ("normative_documents.repealed", 2),
        ("normative_documents.in_force", 66),
    },
    "全年制定规章2件、规范性文件12件。": {
        ("regulations.issued", 2),
        ("normative_documents.issued", 12),
    },
    "本年印发出台并公布规范性文件6件。": {("normative_documents.issued", 6)},
    "接收依申请公开共计81件。": {("received", 81)},
    "办结依申请公开81件。": {("processed", 81)},
    "清理规范性文件30件，废止2件。": set(),
    "对外公布各部门制发规范性文件12件。": set(),
}


@pytest.mark.parametrize("text", EXACT)
def test_a_sentence_claims_exactly_what_it_says_of_the_whole(text: str) -> None:
    assert claims(text) == EXACT[text]


def test_last_years_number_is_found_where_this_years_work_is_told_and_nowhere_else() -> None:
    stale = [row["text"] for row in SENTENCES if row.get("stale", False)]
    found = [row["text"] for row in SENTENCES if list(stale_sentences(row["text"], 2024))]
    assert stale
    assert found == stale


def test_documents_are_compared_with_table_two_of_the_edition_that_counts_them() -> None:
    (finding,) = [
        f for f in check_report(overview("本年制发规范性文件908件。")) if f.code == "N102"
    ]
    assert finding.path == "overview.0"
    assert finding.others == ("proactive.normative_documents.issued",)
    assert "行政规范性文件／本年制发件数" in finding.text
    older = consistent_report(EDITION_2019).evolve(overview=paragraphs("本年制发规范性文件908件。"))
    assert codes(check_report(older), "N102") == []


@pytest.mark.parametrize(
    ("year", "told"), [(2019, False), (2020, False), (2021, True), (2024, True)]
)
def test_fees_are_asked_for_from_the_first_year_that_they_are_regulated(
    year: int, told: bool
) -> None:
    edition = EDITION_2019 if year < 2021 else EDITION_2021
    report = consistent_report(edition).evolve(
        year=year, title="", other_matters=paragraphs("没有其他需要报告的事项。")
    )
    assert (codes(check_report(report), "N104") == ["N104"]) is told


def test_last_years_number_over_this_years_figures_is_reported_and_over_others_it_is_last_years() -> (
    None
):
    report = overview(
        f"公开工作平稳，2023年共收到政府信息公开申请{RECEIVED}件。", "我局2023年主动公开信息96条。"
    )
    assert codes(check_report(report), "N103") == ["N103", "N103"]
    assert codes(check_report(overview("2023年收到政府信息公开申请4567件。")), "N103") == []


def test_one_that_is_there_is_still_a_claim() -> None:
    assert claims("新收政府信息公开申请1件，不予公开一件，无法提供1件，结转下年度1件。") == {
        ("new", 1), ("refused", 1), ("unable", 1), ("carried_out", 1),
    }  # fmt: skip


def test_the_first_characters_of_keywords_leave_none_out() -> None:
    import re

    slow = re.compile(wording.ANY_TOPIC)
    for row in SENTENCES:
        assert [m.span() for m in wording.KEYWORD.finditer(row["text"])] == [
            m.span() for m in slow.finditer(row["text"])
        ]


@settings(max_examples=20)
@given(st.data())
@pytest.mark.parametrize("pattern", wording.TOPICS.values(), ids=wording.TOPICS)
def test_every_keyword_has_one_of_the_signs_that_are_looked_for_first(
    pattern: str, data: st.DataObject
) -> None:
    assert wording.SIGN.search(data.draw(st.from_regex(pattern)))


def test_no_number_in_full_width_is_passed_over() -> None:
    wide = str.maketrans("0123456789 ;!?():,", "０１２３４５６７８９　；！？（）：，")
    for row in SENTENCES:
        text = row["text"]
        assert bool(wording.ANY_COUNT.search(text.translate(wide))) == bool(
            wording.ANY_COUNT.search(wording.narrow(text))
        )
        assert claims(text.translate(wide)) == claims(text)


def disagreements(*texts: str) -> list[str]:
    return [str(f.found) for f in check_report(overview(*texts)) if f.code == "N102"]


def test_received_may_mean_new_or_new_and_carried_in() -> None:
    carried_in = GOOD.values()["requests.carried_in.total"]
    assert isinstance(RECEIVED, int)
    assert isinstance(carried_in, int)
    both = RECEIVED + carried_in
    assert (
        disagreements(f"收到政府信息公开申请{RECEIVED}件。", f"共收到政府信息公开申请{both}件。")
        == []
    )
    assert disagreements(
        f"新收政府信息公开申请{both}件。", f"收到政府信息公开申请{both + 1}件。"
    ) == [
        str(both),
        str(both + 1),
    ]


def test_a_heading_tells_what_its_paragraphs_are_about() -> None:
    report = GOOD.evolve(
        overview=(
            paragraphs("（二）依申请公开情况。")[0].__class__("（二）依申请公开情况。", 2),
            *paragraphs("全年收到3件。"),
        )
    )
    assert codes(check_report(report), "N102") == ["N102"]
    assert codes(check_report(overview("全年收到3件。")), "N102") == []


def test_a_number_against_a_blank_cell_is_not_judged() -> None:
    blank = overview("新收政府信息公开申请3件。").with_values({"requests.received.total": None})
    assert codes(check_report(blank), "N102") == []


# --- sections, years, ordinals, people ----------------------------------------------------------


@pytest.mark.parametrize("text", ["无", "无。", " 无 ", "没有", "无相关内容", "略"])
def test_a_section_that_says_nothing_is_reported_once(text: str) -> None:
    report = GOOD.evolve(other_matters=paragraphs(text))
    assert codes(check_report(report), "N") == ["N101"]


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("统计期限自2024年1月1日起至2024年12月31日止。", True),
        ("统计期限为2024年1月1日至12月31日。", True),
        ("所列数据的统计时限为2024年 1 月 1 日—12 月 31 日。", True),
        ("统计期限为2024年度。", True),
        ("统计期限自二〇二四年一月一日至十二月三十一日。", True),
        ("统计期限为2024年1月1日至12月30日。", False),
        ("统计期限为202024年1月1日至12月31日。", False),
        ("统计期限自20241月1日起至202412月31日止。", False),
        ("现公布某某镇2023年政府信息公开工作年度报告。", False),
        ("现公布某某镇2024年度政府信息公开工作年度报告。", True),
    ],
)
def test_the_preface_names_the_year_and_the_whole_of_it(text: str, fine: bool) -> None:
    assert (codes(check_report(GOOD.evolve(preface=paragraphs(text))), "N103") == []) is fine


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("2023年，本局完善公开目录。", False),
        ("2025年，本局将完善公开目录。", True),
        ("2023年，收到申请较多，2024年有所下降。", True),
        ("2024年，本局完善公开目录。", True),
        ("2025年，我局要进一步加强公开。", True),
        ("2023年，我局要进一步加强公开。", False),
        ("2023年，收到申请150件；2024年，收到申请137件。", True),
        ("2023年，我局被评为先进单位。2024年，继续保持。", True),
    ],
)
def test_a_sentence_of_section_one_that_opens_with_another_year_is_reported(
    text: str, fine: bool
) -> None:
    assert (codes(check_report(overview(text)), "N103") == []) is fine


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["（一）甲。", "（一）乙。"], "（一）重复"),
        (["（二）甲。"], "前面缺少（一）"),
        (["（一）甲。", "（二）乙。", "（一）丙。"], "（一）排在（二）之后"),
        (["1.甲。", "3.乙。"], "前面缺少2."),
        (["一、甲。"], "六个部分的序号"),
        ([")主动公开情况。"], "序号不完整"),
        (["（一主动公开情况。"], "序号不完整"),
        (["• 主动公开情况。"], "序号不完整"),
        (["（十）甲。"], "前面缺少（一）"),
    ],
)
def test_ordinals_out_of_order_are_reported(texts: list[str], said: str) -> None:
    messages = [
        f.message
        for f in check_report(GOOD.evolve(problems=paragraphs(*texts)))
        if f.code == "N107"
    ]
    assert len(messages) == 1
    assert said in messages[0]


def test_a_list_may_begin_anew_under_each_heading_and_after_body_text() -> None:
    texts = [
        "（一）甲。",
        "1.子。",
        "（1）一点。",
        "（2）两点。",
        "2.丑。",
        "（1）又一点。",
        "（二）乙。",
        "1.寅。",
        "说明。",
        "1.卯。",
    ]
    assert codes(check_report(GOOD.evolve(problems=paragraphs(*texts))), "N107") == []
    assert (
        codes(check_report(GOOD.evolve(problems=paragraphs("问题：", "——解读形式单一。"))), "N107")
        == []
    )


SECRET = "11010519491231002X"


def test_personal_numbers_are_never_shown_in_full() -> None:
    texts = (
        f"申请人{SECRET}，收到政府信息公开申请{(RECEIVED or 0) + 1}件。",
        "手机 138-1234-5678 或１３８１２３４５６７９。",
    )
    report = overview(*texts)
    findings = check_report(report, previous=last_year().evolve(overview=report.overview))
    assert codes(findings, "N108") == ["N108"] * 3
    shown = json.dumps([f.as_dict() for f in findings], ensure_ascii=False, default=str)
    for number in (SECRET, "138-1234-5678", "１３８１２３４５６７９", "13812345679"):
        assert number not in shown


@pytest.mark.parametrize(
    ("number", "valid"),
    [(SECRET, True), ("110105194912310021", False), ("11010519491231002x", True)],
)
def test_the_check_character_of_an_id_number_is_worked_out(number: str, valid: bool) -> None:
    assert valid_id(number) is valid


# --- publication --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "level", "fine"),
    [
        (date(2025, 1, 31), "agency", True),
        (date(2025, 2, 1), "agency", False),
        (date(2025, 3, 31), "government", True),
        (date(2025, 4, 1), "government", False),
        (date(2024, 12, 25), "agency", False),
        (None, "agency", True),
    ],
)
def test_a_report_is_published_after_the_year_and_by_the_deadline(
    when: date | None, level, fine: bool
) -> None:
    report = GOOD.evolve(
        published=when, agency=GOOD.agency.__class__(GOOD.agency.name, None, level)
    )
    assert (codes(check_report(report), "P101") == []) is fine


def titled(title: str) -> AnnualReport:
    return GOOD.evolve(title=title)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("某某市示范局2024年政府信息公开年度报告", "规定的写法不同"),
        ("另一局2024年政府信息公开工作年度报告", "没有机关名称"),
        ("某某市示范局2022年政府信息公开工作年度报告", "年份是 2022"),
    ],
)
def test_a_title_that_differs_from_agency_and_year_is_reported(title: str, said: str) -> None:
    (finding,) = [f for f in check_report(titled(title)) if f.code == "P102"]
    assert said in finding.message


@pytest.mark.parametrize("title", ["", "某某市示范局\n２０２４年政府信息公开工作年度报告"])
def test_line_breaks_and_wide_forms_in_a_title_do_not_matter(title: str) -> None:
    assert codes(check_report(titled(title)), "P102") == []
