"""Reports of several years side by side: changes, percentages, editions, prose, continuity."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from govdisclose import AnnualReport, FindingsError, Paragraph, export_report, outline, read_report
from govdisclose.check.copied import SHINGLE, copied, passages
from govdisclose.comparison import Comparison, compare_reports
from govdisclose.errors import InputError, UsageError
from govdisclose.form.comparison import Change, Entry, Figure, Passage, State, change
from govdisclose.form.fields import Kind, Value
from govdisclose.form.growth import difference, percent
from support.reports import EDITION_2019, EDITION_2021, consistent_report, reports, write_book

RECEIVED = "requests.received.total"
FEES = "proactive.fees.amount"


def report_on(year: int, seed: int = 1, **values: Value) -> AnnualReport:
    """A consistent report on ``year``; values by path with ``__`` for the dots."""
    edition = EDITION_2019 if year < 2021 else EDITION_2021
    report = consistent_report(edition, seed).evolve(year=year)
    return report.with_values({name.replace("__", "."): value for name, value in values.items()})


def figure(compared: Comparison, path: str) -> Figure:
    return next(f for f in (*compared.figures, *compared.apart) if f.cell.path == path)


# --- one figure and the next --------------------------------------------------------------------

D = Decimal
NUMBER, BLANK, UNREAD, ABSENT = State.NUMBER, State.BLANK, State.UNREAD, State.ABSENT


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (8, 10, Change(2, D("25.0"))),
        (10, 8, Change(-2, D("-20.0"))),
        (8, 8, Change(0, D("0.0"))),
        (3, 4, Change(1, D("33.3"))),
        (3, 5, Change(2, D("66.7"))),
        (1000, 1015, Change(15, D("1.5"))),
        (2000, 2001, Change(1, D("0.1"))),
        (100_000, 100_001, Change(1, D("0.001"))),
        (8, 0, Change(-8, D("-100.0"))),
        (D("0.1"), D("0.3"), Change(D("0.2"), D("200.0"))),
        (D("0.30"), D("0.3"), Change(D("0.00"), D("0.0"))),
        (D("9999999999.999999"), D("0.000001"), Change(D("-9999999999.999998"), D("-100.0"))),
        (0, 5, Change(5, None, "上期为 0")),
        (0, 0, Change(0, None, "上期为 0")),
        (None, 5, Change(None, None, "上期空白")),
        (5, None, Change(None, None, "本期空白")),
        (None, None, Change(None, None, "两期均空白")),
        (None, 0, Change(None, None, "上期空白")),
        (UNREAD, 5, Change(None, None, "上期不是数")),
        (UNREAD, None, Change(None, None, "上期不是数，本期空白")),
        (ABSENT, 5, Change(None, None, "上期无此项")),
    ],
)
def test_a_change_is_exact_and_a_percentage_is_given_only_where_there_is_one(
    old: Value | State, new: Value | State, expected: Change
) -> None:
    assert change(entry(old), entry(new), Kind.MONEY) == expected


def entry(said: Value | State) -> Entry:
    if isinstance(said, State):
        return Entry(None, said)
    return Entry(said, BLANK if said is None else NUMBER)


def test_a_difference_that_the_form_itself_asks_for_has_no_percentage() -> None:
    assert change(entry(-3), entry(4), Kind.CHANGE) == Change(7, None, "增减数不计百分比")


_AMOUNTS = st.integers(0, 10**12) | st.decimals(0, 10**9, places=6, allow_nan=False)


@given(_AMOUNTS, _AMOUNTS)
def test_the_new_figure_is_the_old_one_and_the_difference(
    new: int | Decimal, old: int | Decimal
) -> None:
    assert Decimal(old) + Decimal(difference(new, old)) == new


@given(_AMOUNTS, _AMOUNTS.filter(bool))
def test_a_percentage_has_the_sign_of_the_change_and_is_off_by_half_its_last_digit_at_most(
    new: int | Decimal, old: int | Decimal
) -> None:
    share = percent(new, old)
    assert share is not None
    assert (share > 0, share < 0) == (new > old, new < old)
    step = Decimal(1).scaleb(int(share.as_tuple().exponent))
    assert abs(share * Decimal(old) / 100 - (Decimal(new) - Decimal(old))) <= step * Decimal(
        old
    ) / 200 + D("1e-12")


# --- two years, and more ------------------------------------------------------------------------


def test_every_cell_is_compared_once_and_only_what_differs_is_changed() -> None:
    compared = compare_reports(
        report_on(2024), report_on(2025, requests__received__total=7, proactive__fees__amount=None)
    )
    assert [f.cell.path for f in compared.figures] == list(outline(EDITION_2021).cells)
    assert [f.cell.path for f in compared.figures if f.changed] == [FEES, RECEIVED]
    assert compared.apart == ()


def test_a_blank_that_became_0_is_a_change() -> None:
    compared = compare_reports(
        report_on(2024, proactive__fees__amount=None), report_on(2025, proactive__fees__amount=0)
    )
    found = figure(compared, FEES)
    assert found.changed
    assert found.entries == (Entry(None, BLANK), Entry(0, NUMBER))
    assert found.changes == (Change(None, None, "上期空白"),)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_years_make_a_series_in_whatever_order_they_come(order: tuple[int, ...]) -> None:
    given_ = [report_on(2023 + i, requests__received__total=n) for i, n in enumerate((10, 20, 15))]
    compared = compare_reports(*(given_[i] for i in order))
    assert compared.years == (2023, 2024, 2025)
    assert compared.agency == given_[0].agency.name
    assert [(s.old, s.new) for s in compared.steps] == [(2023, 2024), (2024, 2025)]
    found = figure(compared, RECEIVED)
    assert [e.value for e in found.entries] == [10, 20, 15]
    assert found.changes == (Change(10, D("100.0")), Change(-5, D("-25.0")))


@pytest.mark.slow
@settings(max_examples=15)
@given(reports(), reports())
def test_whatever_the_reports_no_figure_is_lost_and_none_is_made_up(
    old: AnnualReport, new: AnnualReport
) -> None:
    old, new = old.evolve(year=2021), new.evolve(year=2024)
    compared = compare_reports(new, old)
    for i, report in enumerate((old, new)):
        entries = {f.cell.path: f.entries[i] for f in (*compared.figures, *compared.apart)}
        present = {path: e.value for path, e in entries.items() if e.state is not ABSENT}
        assert present == report.values()


def test_between_editions_equal_paths_are_compared_and_the_others_stand_apart() -> None:
    compared = compare_reports(report_on(2020), report_on(2021))
    old, new = outline(EDITION_2019).cells, outline(EDITION_2021).cells
    assert {f.cell.path for f in compared.figures} == old.keys() & new.keys()
    assert {f.cell.path for f in compared.apart} == old.keys() ^ new.keys()
    assert all(ABSENT in {e.state for e in f.entries} for f in compared.apart)
    assert not any(f.changed or f.changes[0].amount for f in compared.apart)
    assert "格式版本不同（2019、2021 版）" in compared.notices[0]


def test_what_stands_apart_is_still_compared_between_years_of_one_edition() -> None:
    compared = compare_reports(report_on(2019, 1), report_on(2020, 2), report_on(2021))
    found = figure(compared, "proactive.regulations.newly_made")
    assert found in compared.apart
    assert found.changes[0].amount is not None
    assert found.changes[1].note == "本期无此项"


# --- what cannot be compared --------------------------------------------------------------------


def test_one_year_twice_is_refused_by_name(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
    books = [write_book(tmp_path / folder, report_on(2024)) for folder in ("甲", "乙")]
    with pytest.raises(UsageError, match=r"2024 年度的报告给了 2 份：book\.xlsx、book\.xlsx"):
        compare_reports(*books, report_on(2025))


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([], "至少要有两份"),
        ([report_on(2024)], "至少要有两份"),
        ([report_on(2024), report_on(2025).evolve(year=None)], "没有写明年度"),
    ],
)
def test_too_few_reports_or_one_without_a_year_are_refused(
    sources: list[AnnualReport], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        compare_reports(*sources)


def test_a_json_export_without_a_year_is_refused_as_any_report_without_one(tmp_path: Path) -> None:
    export_report(report_on(2025), tmp_path / "a.json", to="json")
    text = (tmp_path / "a.json").read_text("utf-8").replace('"year": 2025', '"year": null')
    (tmp_path / "a.json").write_text(text, "utf-8")
    with pytest.raises(UsageError, match="没有写明年度"):
        compare_reports(report_on(2024), tmp_path / "a.json")


def test_a_file_that_is_no_report_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        compare_reports(report_on(2024), tmp_path / "none.xlsx")


def test_a_report_without_one_of_the_tables_is_refused_with_the_finding(tmp_path: Path) -> None:
    book = write_book(tmp_path, report_on(2024), lambda b: b.remove(b["四、复议诉讼"]))
    with pytest.raises(FindingsError) as stop:
        compare_reports(book, report_on(2025))
    assert {f.code[0] for f in stop.value.findings} == {"S"}


def test_a_cell_that_is_no_number_is_neither_blank_nor_0(tmp_path: Path) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["二、主动公开"]["B16"] = "约三万元"

    reading = read_report(write_book(tmp_path, report_on(2024), edit))
    compared = compare_reports(reading, report_on(2025))
    assert figure(compared, FEES).entries[0] == Entry(None, UNREAD)
    assert figure(compared, FEES).changes[0].note == "上期不是数"
    assert any("2024 年度有 1 格填的不是数" in notice for notice in compared.notices)


def test_years_apart_are_compared_without_continuity_and_that_is_said() -> None:
    compared = compare_reports(report_on(2021), report_on(2024, 2))
    assert compared.steps[0].findings == ()
    assert compared.notices == ("2021 与 2024 不是相邻的年度，没有核对跨年衔接",)


def test_another_agency_is_a_finding_and_a_notice() -> None:
    other = report_on(2025)
    other = other.evolve(agency=other.agency.__class__("另一个局"))
    compared = compare_reports(report_on(2024), other)
    assert "C105" in {f.code for f in compared.steps[0].findings}
    (notice,) = compared.notices
    assert notice.startswith(
        "不是同一个机关的报告：2024 年度是“某某市示范局”，2025 年度是“另一个局”"
    )
    assert compared.title == "某某市示范局2024、另一个局2025年度报告比较"


def test_continuity_is_checked_from_each_year_to_the_next() -> None:
    years = [report_on(2023), report_on(2024, requests__carried_in__total=999), report_on(2025)]
    compared = compare_reports(*years)
    wrong = [{f.path for f in s.findings if f.code == "C101"} for s in compared.steps]
    assert "requests.carried_in.total" in wrong[0]
    assert all(f.code.startswith("C") for s in compared.steps for f in s.findings)


# --- prose --------------------------------------------------------------------------------------

SAME = "全年通过门户网站和政务新媒体主动公开政府信息共计九十六条，其中规范性文件六件"
ONE_WORD = "甲乙丙丁戊己庚辛壬癸子丑"


def prose(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(map(Paragraph, texts))


def test_a_copied_passage_is_shown_as_each_year_wrote_it() -> None:
    (found,) = passages(
        prose("短句。", f"2025年{SAME}，收到申请15件。"), prose(f"2024年{SAME}，没有收到申请。")
    )
    assert found == Passage(
        len(SAME), 0, f"年{SAME}", 1, f"年{SAME}"
    )  # the comma does not count, 年 does


def test_figures_and_punctuation_may_differ_in_a_copied_passage() -> None:
    new, old = (
        "全年主动公开政府信息 118 条，比上年有所增加。",
        "全年主动公开政府信息96条；比上年有所增加。",
    )
    (found,) = passages(prose(new), prose(old))
    assert (found.new, found.old) == (new.rstrip("。"), old.rstrip("。"))


@pytest.mark.parametrize(("length", "share"), [(SHINGLE, 1.0), (SHINGLE - 1, 0.0)])
def test_what_is_shorter_than_a_shingle_is_no_copy(length: int, share: float) -> None:
    text = prose(ONE_WORD[:length])
    assert copied(text, text).share == share
    assert len(passages(text, text)) == int(share)


def test_two_paragraphs_are_not_one_passage() -> None:
    assert passages(prose(ONE_WORD), prose(ONE_WORD[:6], ONE_WORD[6:])) == ()


def test_personal_numbers_are_hidden_in_passages() -> None:
    text = prose(f"{ONE_WORD}联系电话13800138000，欢迎来电")
    (found,) = passages(text, text)
    assert "13800138000" not in found.old + found.new
    assert "138******00" in found.new


_WORDS = st.text(st.sampled_from("甲乙丙丁戊己，1"), max_size=80)


@given(st.lists(_WORDS, max_size=4), st.lists(_WORDS, max_size=4))
def test_every_passage_stands_in_both_and_there_is_one_where_anything_is_copied(
    new: list[str], old: list[str]
) -> None:
    found = passages(prose(*new), prose(*old))
    for passage in found:
        assert passage.new in new[passage.new_index]
        assert passage.old in old[passage.old_index]
        bare = [text.replace("，", "").replace("1", "") for text in (passage.new, passage.old)]
        assert bare[0] == bare[1]
        assert len(bare[0]) == passage.length >= SHINGLE
    assert bool(found) == (copied(prose(*new), prose(*old)).share > 0)


def test_similarity_is_given_for_every_section_and_is_none_where_there_is_no_text() -> None:
    old = report_on(2024).evolve(problems=prose(SAME), preface=())
    new = report_on(2025).evolve(problems=prose(SAME), preface=(), other_matters=())
    found = {p.key: p.similarity for p in compare_reports(old, new).steps[0].prose}
    assert list(found) == ["preface", "overview", "problems", "other_matters"]
    assert (found["problems"], found["preface"], found["other_matters"]) == (D(1), None, None)


def test_quoted_figures_are_compared_as_they_are_printed() -> None:
    text = prose(
        f"{ONE_WORD}{{表三.本年新收.总计}}件，比上年{{表三.本年新收.总计|同比}}，{ONE_WORD}"
    )
    years = (
        report_on(2024, requests__received__total=10),
        report_on(2025, requests__received__total=15),
    )
    (found, *_) = (
        compare_reports(*(r.evolve(overview=text) for r in years)).steps[0].prose[1].passages
    )
    assert "15件" in found.new
    assert "10件" in found.old
