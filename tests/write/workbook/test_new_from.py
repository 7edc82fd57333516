"""This year's workbook starts from last year's report: what passes over, what is only shown, what is said."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from govdisclose import (
    EDITIONS,
    Agency,
    FindingsError,
    Paragraph,
    blank_report,
    check_report,
    continue_workbook,
    read_report,
    write_workbook,
)
from govdisclose.errors import UsageError
from govdisclose.form.edition import Edition
from govdisclose.form.sheets import LAST_YEAR_SHEET
from govdisclose.write.data import report_to_json
from govdisclose.write.workbook import workbook_bytes
from support.reports import EDITION_2019, EDITION_2021, codes, consistent_report

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=EDITIONS)
COLUMNS = (
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other",
    "total",
)


def last_book(folder: Path, edition: Edition = EDITION_2021, **changes: Any) -> Path:
    return write_workbook(
        consistent_report(edition, seed=7).evolve(**changes), folder / "last.xlsx"
    )


@each_edition
def test_carried_in_is_what_last_year_carried_out_column_by_column(
    edition: Edition, tmp_path: Path
) -> None:
    last = consistent_report(edition, seed=7)
    made = continue_workbook(last_book(tmp_path, edition), output=tmp_path / "new.xlsx")
    report = read_report(made.path).report
    assert report.year == (last.year or 0) + 1
    assert report.agency == last.agency
    for column in COLUMNS:
        old, new = f"requests.carried_out.{column}", f"requests.carried_in.{column}"
        assert report.values()[new] == last.values()[old]
    filled = {path for path, value in report.values().items() if value is not None}
    assert filled == {f"requests.carried_in.{column}" for column in COLUMNS}


@pytest.mark.slow
@each_edition
@pytest.mark.parametrize("seed", range(4))
def test_last_years_figures_are_never_read_as_this_years(
    edition: Edition, seed: int, tmp_path: Path
) -> None:
    last, report = consistent_report(edition, seed=seed + 10), consistent_report(edition, seed=seed)
    (tmp_path / "b.xlsx").write_bytes(workbook_bytes(report, last=last))
    reading = read_report(tmp_path / "b.xlsx")
    assert reading.report == report
    assert reading.findings == ()
    assert check_report(tmp_path / "b.xlsx") == []


@pytest.mark.slow
@each_edition
def test_without_this_years_tables_last_years_figures_do_not_stand_in(
    edition: Edition, tmp_path: Path
) -> None:
    made = continue_workbook(
        last_book(tmp_path, edition), output=tmp_path / "new.xlsx", edition=edition.name
    )
    workbook = load_workbook(made.path)
    for name in ("二、主动公开", "三、依申请公开", "四、复议诉讼"):
        del workbook[name]
    workbook.save(made.path)
    reading = read_report(made.path)
    assert codes(list(reading.findings), "S1") == ["S101"] * 3
    assert not any(v is not None for v in reading.report.values().values())


def test_the_sheet_shows_last_year_beside_this_year_and_the_difference() -> None:
    last = consistent_report(seed=3).with_values({"proactive.licences.decisions": 40})
    report = consistent_report(seed=3).with_values({"proactive.licences.decisions": 55})
    workbook = load_workbook(io.BytesIO(workbook_bytes(report, last=last)), data_only=True)
    lines = {
        row[1]: row[2:5] for row in workbook[LAST_YEAR_SHEET].iter_rows(min_row=4, values_only=True)
    }
    assert lines["行政许可／本年处理决定数量"] == (40, 55, 15)
    assert len(list(workbook[LAST_YEAR_SHEET].iter_rows(min_row=4))) == len(last.values())


def test_prose_is_not_copied_but_its_outline_is_offered_where_no_reader_looks(
    tmp_path: Path,
) -> None:
    prose = (
        Paragraph("（一）主要问题。少数栏目更新不及时。", 2),
        Paragraph("平铺直叙的一段。"),
        Paragraph("1.队伍建设：人员变动多", 3),
    )
    made = continue_workbook(last_book(tmp_path, problems=prose), output=tmp_path / "new.xlsx")
    hint = load_workbook(made.path)["五、问题及改进"]["A2"].value
    assert "上年提纲" in hint
    assert "（一）主要问题；1.队伍建设" in hint
    assert "更新不及时" not in hint
    report = read_report(made.path).report
    assert (report.preface, report.overview, report.problems, report.other_matters) == (
        (),
        (),
        (),
        (),
    )


@pytest.mark.slow
def test_a_json_export_and_a_published_word_report_serve_as_last_year(tmp_path: Path) -> None:
    from govdisclose import compile_report

    last = consistent_report(seed=9)
    (tmp_path / "a.json").write_text(report_to_json(last), encoding="utf-8")
    word = compile_report(last_book(tmp_path), tmp_path / "b.docx").path
    for name in (tmp_path / "a.json", word):
        made = continue_workbook(name, output=tmp_path / f"{name.name}.xlsx")
        source = read_report(name).report
        carried = read_report(made.path).report
        assert carried.requests.carried_in == source.requests.carried_out
        assert carried.agency.name == last.agency.name


@pytest.mark.slow
def test_between_editions_what_has_no_cell_is_said_and_still_shown(tmp_path: Path) -> None:
    made = continue_workbook(last_book(tmp_path, EDITION_2019), output=tmp_path / "new.xlsx")
    report = read_report(made.path).report
    assert (report.year, report.edition) == (2021, EDITION_2021)
    lost = set(consistent_report(EDITION_2019).values()) - set(report.values())
    assert any(f"{len(lost)} 格在本年没有对应" in note for note in made.notes)
    shown = [
        row[3]
        for row in load_workbook(made.path)[LAST_YEAR_SHEET].iter_rows(min_row=4, values_only=True)
    ]
    assert shown.count("本年格式没有") == len(lost)


def test_a_blank_carried_out_cell_stays_blank_and_is_said(tmp_path: Path) -> None:
    last = consistent_report(seed=7).with_values({"requests.carried_out.research": None})
    made = continue_workbook(
        write_workbook(last, tmp_path / "last.xlsx"), output=tmp_path / "new.xlsx"
    )
    assert any("科研机构" in note and "没有填" in note for note in made.notes)
    assert read_report(made.path).report.requests.carried_in.research is None


@pytest.mark.parametrize(
    ("changes", "options", "said"),
    [
        ({}, {"year": 2027}, "2024 年度的报告，不能作为 2027 年度的上年"),
        ({"year": None, "title": "年报"}, {}, "--year"),
        ({"agency": Agency(""), "title": "年报"}, {}, "--agency"),
    ],
    ids=["not the year before", "no year", "no name"],
)
def test_what_cannot_be_known_is_asked_for(
    changes: Any, options: Any, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        continue_workbook(last_book(tmp_path, **changes), output=tmp_path / "new.xlsx", **options)
    assert not (tmp_path / "new.xlsx").exists()


def test_another_name_does_not_inherit_the_code(tmp_path: Path) -> None:
    made = continue_workbook(
        last_book(tmp_path), output=tmp_path / "new.xlsx", agency="某某市数据局"
    )
    assert read_report(made.path).report.agency == Agency("某某市数据局", None, "agency")
    assert any("某某市示范局" in note for note in made.notes)


def test_a_last_report_without_a_table_is_refused(tmp_path: Path) -> None:
    workbook = load_workbook(last_book(tmp_path))
    del workbook["三、依申请公开"]
    workbook.save(tmp_path / "last.xlsx")
    with pytest.raises(FindingsError):
        continue_workbook(tmp_path / "last.xlsx", output=tmp_path / "new.xlsx")
    assert not (tmp_path / "new.xlsx").exists()


def test_the_command_needs_neither_year_nor_agency_with_from(run: Any, tmp_path: Path) -> None:
    done = run("new", "--from", last_book(tmp_path), "-o", tmp_path / "new.xlsx")
    assert (done.code, done.out) == (0, "")
    assert read_report(tmp_path / "new.xlsx").report.year == 2025


@pytest.mark.parametrize(
    ("options", "missing"), [((), "--agency"), (("--agency", "某局"), "--year")]
)
def test_without_from_both_are_needed(run: Any, options: tuple[str, ...], missing: str) -> None:
    done = run("new", *options)
    assert done.code == 2
    assert f"缺少 {missing}" in done.err


def test_a_blank_report_of_last_year_gives_no_figures(tmp_path: Path) -> None:
    blank = blank_report(
        EDITION_2021, agency=Agency("某局"), year=2024, title="某局2024年政府信息公开工作年度报告"
    )
    made = continue_workbook(
        write_workbook(blank, tmp_path / "last.xlsx"), output=tmp_path / "new.xlsx"
    )
    assert set(read_report(made.path).report.values().values()) == {None}
    assert len(made.notes) == 1
