"""The roster: what it says, and what is refused with its cell."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from govdisclose import Agency, FindingsError
from govdisclose.consolidate import aggregate_folder, aggregate_reports
from govdisclose.errors import InputError
from govdisclose.roster import Contact, RosterUnit, make_roster, read_roster, write_roster
from support.commands import Run
from support.units import folder_of, unit

HEADER = ["代码", "名称", "上级", "层级", "填报"]


def sheet(
    folder: Path, *rows: list[object], header: list[str] | None = None, above: int = 0
) -> Path:
    workbook = Workbook()
    for _ in range(above):
        workbook.active.append(["某市应报单位"])
    workbook.active.append(header or HEADER)
    for row in rows:
        workbook.active.append(row)
    workbook.save(folder / "r.xlsx")
    return folder / "r.xlsx"


def test_a_roster_is_read_by_its_column_labels(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["县级", "乙局", "01", "甲"], ["市级", "甲", None, None],
                 header=["层 级", "名称", "代码", "上级"], above=2)  # fmt: skip
    first, second = read_roster(path).units
    assert (first.key, first.name, first.code, first.parent, first.level) == (
        "01",
        "乙局",
        "01",
        "甲",
        "县级",
    )
    assert (first.reports, second.reports) == (True, False)
    assert str(first.place) == "Sheet!C4"


def test_a_unit_with_others_below_it_reports_only_if_the_roster_says_so(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["1", "教育局", "", "", "是"],
        ["2", "一中", "1", "", ""],
        ["3", "撤销的校", "1", "", "否"],
    )
    assert [u.reports for u in read_roster(path).units] == [True, True, False]


def test_full_width_codes_and_blank_rows_are_followed(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["１２", "甲", "", "", ""], [None] * 5, [7, "乙", "12", "", ""])
    assert [(u.key, u.parent) for u in read_roster(path).units] == [("12", None), ("7", "12")]


@pytest.mark.slow
def test_a_roster_of_fifty_thousand_units_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    rows = [("代码", "名称", "上级"), ("P", "某省人民政府", "")]
    for county in range(3_125):
        rows.append((f"C{county}", f"第{county}县人民政府", "P"))
        rows += [(f"T{county}-{town}", f"第{town}镇人民政府", f"C{county}") for town in range(15)]
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    workbook.close()
    roster = read_roster(path)
    assert [(unit.code, unit.name) for unit in roster.units] == [row[:2] for row in rows[1:]]
    assert len(roster.units) == 50_001
    assert roster.find(Agency("第14镇人民政府", "T3124-14")).unit == roster.units[-1]
    assert roster.find(Agency("第14镇人民政府")).reason.startswith("花名册上有 3125 家")


def test_a_unit_of_a_roster_takes_half_a_kilobyte(tmp_path: Path) -> None:
    units = [RosterUnit("", f"{n}单位", code=f"U{n}", level="单位") for n in range(500)]
    path = write_roster(tmp_path / "r.xlsx", units)
    read_roster(path)  # what is worked out once does not count
    tracemalloc.start()
    roster = read_roster(path)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(roster.units) == 500
    assert kept < 500 * 450  # with a contact and a list of cells of its own it would take 520


def test_cells_in_far_rows_are_named_like_those_in_the_first(tmp_path: Path) -> None:
    blank: list[list[object]] = [[]] * 1_200
    path = sheet(tmp_path, ["1", "甲", "", "", ""], *blank, ["2", "乙", "", "", "错"])
    with pytest.raises(FindingsError) as caught:
        read_roster(path)
    assert [str(finding.place) for finding in caught.value.findings] == ["Sheet!E1203"]


def test_other_names_of_a_unit_stand_in_a_column_of_their_own(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["1", "甲局", "旧甲局、 老甲局；原甲局", "甲"],
        ["2", "乙局", None, None],
    ]
    path = sheet(tmp_path, *rows, header=["代码", "名称", "曾用名", "别名"])
    assert [unit.aliases for unit in read_roster(path).units] == [
        ("旧甲局", "老甲局", "原甲局", "甲"),
        (),
    ]


def test_whom_to_write_to_stands_in_columns_under_any_of_their_names(tmp_path: Path) -> None:
    rows: list[list[object]] = [["1", "甲局", "张三", "0517-1", 13900000000, "a@b.cn", "北京路1号"]]
    header = ["代码", "名称", "联系人", "联系电话", "手机", "电子邮箱", "通讯地址"]
    (unit,) = read_roster(sheet(tmp_path, *rows, header=header)).units
    assert unit.contact == Contact("张三", "0517-1、13900000000", "a@b.cn", "北京路1号")


WRONG: dict[str, tuple[list[list[object]], str, str]] = {
    "a code twice": ([["1", "甲"], ["1", "乙"]], "Sheet!A3", "代码 1与 Sheet!A2 重复"),
    "a name twice without codes": ([["", "甲"], ["", "甲"]], "Sheet!B3", "都没有代码"),
    "a name once with a code and once without": (
        [["A1", "城关镇人民政府"], ["", "城关镇 人民政府"]],
        "Sheet!B3",
        "没有代码，与 Sheet!A2 同名",
    ),
    "a blank name": ([["1", ""], ["2", "乙"]], "Sheet!B2", "名称空着"),
    "an unknown parent": ([["1", "甲", "无此局"]], "Sheet!A2", "上级“无此局”不在花名册上"),
    "a parent that two units could be": (
        [["1", "甲"], ["2", "甲"], ["3", "乙", "甲"]],
        "Sheet!A4",
        "请改填代码",
    ),
    "a circle": ([["1", "甲", "2"], ["2", "乙", "1"]], "Sheet!A2", "甲 → 乙 → 甲"),
    "its own parent": ([["1", "甲", "甲"]], "Sheet!A2", "甲 → 甲"),
    "a word for 填报": ([["1", "甲", "", "", "也许"]], "Sheet!E2", "应为“是”或“否”"),
    "a code as a long number": ([[11420100000000001, "甲"]], "Sheet!A2", "以数字存放"),
    "a code that became a number and a text again": (
        [["1.14201E+17", "甲"]],
        "Sheet!A2",
        "后面的数字已丢失",
    ),
    "a code with the sign of a text": ([["'11420100", "甲"]], "Sheet!A2", "前后有引号"),
    "a total": ([["1", "甲"], ["", "合计：1家"]], "Sheet!B3", "不是单位名称"),
    "a number of units": ([["1", "甲"], ["合计", 1]], "Sheet!B3", "“1”不是单位名称"),
    "a note": ([["1", "甲"], ["", "注：甲局 2024 年更名"]], "Sheet!B3", "不是单位名称"),
    "a heading": ([["", "一、市直部门"], ["1", "甲"]], "Sheet!B2", "不是单位名称"),
    "a formula without a result": ([["1", '="甲"&"局"']], "Sheet!B2", "公式还没有算出结果"),
    "an error for a parent": ([["1", "甲", "#N/A"]], "Sheet!C2", "是错误值 #N/A"),
    "a date for a name": ([["1", True]], "Sheet!B2", "不是文字"),
    "nothing": ([], "", "没有单位"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_with_its_cell(case: str, tmp_path: Path) -> None:
    rows, place, words = WRONG[case]
    with pytest.raises(FindingsError) as stop:
        read_roster(sheet(tmp_path, *rows))
    assert {f.code for f in stop.value.findings} == {"H105"}
    assert any(str(f.place) == place and words in f.message for f in stop.value.findings)


@pytest.mark.parametrize("column", ["上级", "层级"])
def test_merged_cells_over_several_units_are_refused(column: str, tmp_path: Path) -> None:
    """Only the first of the units would have the text."""
    path = sheet(tmp_path, ["0", "县", "", "县级"], ["1", "甲", "县", "乡级"], ["2", "乙"])
    workbook = load_workbook(path)
    letter = "CD"[column == "层级"]
    workbook.active.merge_cells(f"{letter}3:{letter}4")
    workbook.save(path)
    with pytest.raises(FindingsError) as stop:
        read_roster(path)
    (finding,) = stop.value.findings
    assert str(finding.place) == f"Sheet!{letter}3"
    assert f"“{column}”的 {letter}3:{letter}4 是合并单元格" in finding.message


def test_merged_cells_above_and_below_the_units_do_no_harm(tmp_path: Path) -> None:
    """A title over all columns, and headings in two rows."""
    workbook = Workbook()
    page = workbook.active
    for row in (["应报单位"], ["单位", "", "上级"], ["代码", "名称", ""]):
        page.append(row)
    for merged in ("A1:C1", "A2:B2", "C2:C3"):
        page.merge_cells(merged)
    for row in (["1", "甲", ""], ["2", "乙", "甲"]):
        page.append(row)
    page.merge_cells("A8:C9")
    workbook.save(tmp_path / "r.xlsx")
    assert [unit.parent for unit in read_roster(tmp_path / "r.xlsx").units] == [None, "1"]


@pytest.mark.parametrize("word", ["无", "/", "——", "（暂无）"])
def test_a_word_for_no_code_is_no_code(word: str, tmp_path: Path) -> None:
    path = sheet(tmp_path, [word, "甲局"], [word, "乙局", "甲局"])
    roster = read_roster(path)
    assert [(unit.code, unit.key, unit.parent) for unit in roster.units] == [
        (None, "甲局", None),
        (None, "乙局", "甲局"),
    ]
    assert roster.find(Agency("乙局", word)).key == "乙局"
    made = aggregate_reports([unit("丙局", 1, word), unit("丁局", 2, word)])
    assert len(made.units) == 2


def test_names_are_read_as_those_of_reports(tmp_path: Path) -> None:
    """Lines that Excel has wrapped are joined, and what nobody sees is left out."""
    city = unit("乙县人民政府").agency.name
    rows: list[list[object]] = [
        ["0", "乙县\n人民\u200b政府", None, None],
        ["1", "乙县\t公安局", "乙县\n人民政府", "旧局\n老局，前局"],
    ]
    path = sheet(tmp_path, *rows, header=["代码", "名称", "上级", "曾用名"])
    top, lower = read_roster(path).units
    assert (top.name, lower.name, lower.parent) == (city, "乙县公安局", "0")
    assert lower.aliases == ("旧局", "老局", "前局")
    folder = folder_of(tmp_path, unit("乙县公安局", code="1"))
    made = aggregate_folder(folder, tmp_path / "汇总.xlsx", roster=path)
    assert made.report.agency.name == city


def test_the_years_of_a_former_name_are_no_part_of_it(tmp_path: Path) -> None:
    said = "老甲局（2019年以前）、甲委(2019-2021)、甲局（东区）"
    path = sheet(tmp_path, ["1", "甲局", said], header=["代码", "名称", "曾用名"])
    (unit,) = read_roster(path).units
    assert unit.aliases == ("老甲局", "甲委", "甲局（东区）")


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["1", "甲", "2"], ["2", "乙", "1"], ["6", "己"], ["6", "丙"], ["3", "丁", "无此局"], ["4", ""], ["5", "戊", "", "", "也许"],
    ]  # fmt: skip
    with pytest.raises(FindingsError) as stop:
        read_roster(sheet(tmp_path, *rows))
    said = " ".join(finding.message for finding in stop.value.findings)
    assert all(words in said for words in ("循环", "重复", "无此局", "名称空着", "也许"))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as stop:
        read_roster(sheet(tmp_path, ["1", "甲", "2"], header=["代码", "名称", "代码"]))
    assert "有两列“代码”" in stop.value.findings[0].message


@pytest.mark.parametrize(
    ("heading", "meant"),
    [
        ("上级单位", "上级"),
        ("是否填报", "填报"),
        ("撤销时间", "撤并年份"),
        ("旧代码", "原代码"),
        ("原名称", "曾用名"),
    ],
)
def test_a_heading_that_nobody_reads_but_that_recalls_a_column_is_told(
    heading: str, meant: str, tmp_path: Path
) -> None:
    with pytest.raises(FindingsError) as stop:
        read_roster(sheet(tmp_path, ["1", "甲", "x"], header=["代码", "名称", heading]))
    (finding,) = stop.value.findings
    assert (finding.code, str(finding.place)) == ("H105", "Sheet!C1")
    assert f"“{heading}”" in finding.message
    assert f"“{meant}”" in finding.message


@pytest.mark.parametrize(
    "heading", ["上级领导", "上级单位联系电话", "填报人", "填报时间", "填报人电话", "序号", "备注"]
)
def test_other_columns_of_a_roster_may_have_any_heading(heading: str, tmp_path: Path) -> None:
    path = sheet(tmp_path, ["1", "甲", "x"], header=["代码", "名称", heading])
    assert [unit.name for unit in read_roster(path).units] == ["甲"]


DOUBTFUL: dict[str, tuple[list[list[object]], str]] = {
    "a former name that is the present one of another": (
        [["1", "甲局", "", "乙局"], ["2", "乙局"]],
        "“甲局”的曾用名“乙局”是花名册上另一家现在的名称（Sheet!A3）",
    ),
    "a former name of two": (
        [["1", "甲局", "", "老局"], ["2", "乙局", "", "老 局"]],
        "曾用名“老局”写在几家名下（“甲局” Sheet!A2、“乙局” Sheet!A3）",
    ),
    "one name twice below one unit": (
        [["0", "市"], ["1", "甲局（市）", "0"], ["2", "甲局(市)", "0"]],
        "同一上级有几家同名而代码不同（“甲局（市）” Sheet!A3、“甲局(市)” Sheet!A4）",
    ),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_name_that_may_mean_two_units_is_a_warning(case: str, tmp_path: Path) -> None:
    rows, words = DOUBTFUL[case]
    roster = sheet(tmp_path, *rows, header=["代码", "名称", "上级", "曾用名"])
    made = aggregate_reports([unit(str(rows[-1][1]), code="2")], roster=roster)
    (doubt,) = [finding.text for finding in made.findings if finding.code == "H118"]
    assert words in doubt


def test_units_that_are_struck_out_are_told(tmp_path: Path) -> None:
    """The cell, or all of its text."""
    path = sheet(tmp_path, *[[str(number), f"第{number}局"] for number in range(4)])
    workbook = load_workbook(path, rich_text=True)
    page = workbook.active
    page["B3"].font = Font(strike=True)
    page["B4"] = CellRichText(TextBlock(InlineFont(strike=True), "第2局"))
    page["B5"] = CellRichText(TextBlock(InlineFont(strike=True), "原"), "第3局")
    workbook.save(path)
    (doubt,) = read_roster(path).doubts
    assert doubt.code == "H119"
    assert "2 行的名称划了删除线，照样算在内：“第1局” Sheet!A3、“第2局” Sheet!A4" in doubt.text


def two_sheets(folder: Path, *, first_is_hidden: bool = False) -> Path:
    """A roster in two sheets: unit 1 stands in both, units 2 and 3 in one of them."""
    workbook = Workbook()
    for title, number in (("市直", 2), ("乙县", 3)):
        page = workbook.create_sheet(title)
        for row in (["代码", "名称"], ["1", "第1局"], [str(number), f"第{number}局"]):
            page.append(row)
    workbook.remove(workbook.worksheets[0])
    if first_is_hidden:
        workbook.worksheets[0].sheet_state = "hidden"
    workbook.active = workbook.worksheets[-1]
    workbook.save(folder / "r.xlsx")
    return folder / "r.xlsx"


@pytest.mark.parametrize(
    ("first_is_hidden", "read", "other", "lost"),
    [(False, "市直", "乙县", 3), (True, "乙县", "市直", 2)],
)
def test_units_on_another_sheet_are_told(
    first_is_hidden: bool, read: str, other: str, lost: int, tmp_path: Path
) -> None:
    roster = read_roster(two_sheets(tmp_path, first_is_hidden=first_is_hidden))
    assert f"第{lost}局" not in [unit.name for unit in roster.units]
    (doubt,) = roster.doubts
    assert (doubt.code, doubt.place.sheet) == ("H119", other)
    assert f"只读了“{read}”；那里没有的 1 家没有算在内：“第{lost}局”" in doubt.text


def test_units_in_hidden_rows_are_told(tmp_path: Path) -> None:
    path = sheet(tmp_path, *[[str(number), f"第{number}局"] for number in range(4)])
    workbook = load_workbook(path)
    for row in (3, 5):
        workbook.active.row_dimensions[row].hidden = True
    workbook.save(path)
    roster = read_roster(path)
    assert len(roster.units) == 4
    (doubt,) = roster.as_of(2024).doubts
    assert "2 行隐藏着或被筛选掉了，照样算在内：“第1局” Sheet!A3、“第3局” Sheet!A5" in doubt.text


@pytest.mark.slow
def test_every_command_that_takes_a_roster_says_so(tmp_path: Path, run: Callable[..., Run]) -> None:
    rows, words = DOUBTFUL["a former name of two"]
    roster = sheet(tmp_path, *rows, header=["代码", "名称", "上级", "曾用名"])
    workbook = load_workbook(roster)
    workbook.active.row_dimensions[2].hidden = True
    workbook.save(roster)
    folder = folder_of(tmp_path, unit("乙局", code="2"))
    last = folder_of(tmp_path / "2023", unit("乙局", code="2", year=2023))
    for command in (
        ("batch", folder, "-o", tmp_path / "out", "--dry-run"),
        ("aggregate", folder, "-o", tmp_path / "o.xlsx"),
        ("overview", folder),
        ("status", folder),
        ("compare", last, folder),
        ("export", folder, "--to", "csv", "-o", tmp_path / "o.csv"),
    ):
        done = run(*command, "--roster", roster)
        assert words in done.out + done.err, command
        assert "花名册有 1 行隐藏着" in done.out + done.err, command


def test_former_names_that_are_nobody_else_s_are_no_doubt(tmp_path: Path) -> None:
    header = ["代码", "名称", "上级", "曾用名"]
    rows: list[list[object]] = [
        ["1", "甲局", "", "老甲局、甲局、老甲局"],
        ["2", "财政局", "1"],
        ["3", "财政局"],
    ]
    roster = read_roster(sheet(tmp_path, *rows, header=header))
    made = aggregate_reports([unit("财政局", 1, "2")], roster=roster)
    assert {finding.code for finding in made.findings} == {"H102"}


def test_a_sheet_without_the_columns_is_no_roster(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="不是花名册"):
        read_roster(sheet(tmp_path, ["1", "甲"], header=["编号", "名称"]))


_NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=8)


@settings(max_examples=15)
@given(names=st.lists(_NAMES, min_size=1, max_size=8, unique=True), data=st.data())
@pytest.mark.slow
def test_a_roster_that_was_written_is_read_the_same(
    names: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    units = [
        RosterUnit(
            "",
            name,
            data.draw(st.none() | st.just(f"0{i}")),
            data.draw(st.none() | st.sampled_from(names[:i])) if i else None,
            data.draw(st.sampled_from(["", "县级", "乡级"])),
            data.draw(st.none() | st.booleans()),
            tuple(data.draw(st.lists(_NAMES, max_size=2))),
            data.draw(st.builds(Contact, *[st.just("") | _NAMES] * 4)),
        )
        for i, name in enumerate(names)
    ]
    roster = make_roster(units)
    path = write_roster(tmp_path_factory.mktemp("r") / "r.xlsx", roster.units)
    assert read_roster(path).units == roster.units


def test_a_blank_roster_can_be_written_and_has_no_units_yet(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="错误"):
        read_roster(write_roster(tmp_path / "r.xlsx"))
