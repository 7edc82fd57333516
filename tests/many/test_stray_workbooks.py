"""Workbooks that are no report at all, lying in an inbox: listed with the reason, never checked.

A damaged report must never pass for one.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from govdisclose import EDITIONS, Agency, blank_report, check_report, read_report
from govdisclose.batch import Status, batch_reports
from govdisclose.consolidate import aggregate_folder
from govdisclose.errors import NoReportError
from govdisclose.long_table import export_folder
from govdisclose.many.inbox import NO_REPORT, InboxEntry, look_into, note_of, read_entry
from govdisclose.overview import make_overview
from govdisclose.status import check_inbox
from govdisclose.write.workbook import workbook_bytes
from govdisclose.write.workbook.roster import roster_bytes
from support.commands import Run
from support.reports import EDITION_2021, consistent_report, opened, written
from support.seasons import YEAR, place, unit, workbook

Rows = Sequence[Sequence[object]]


def of_rows(*sheets: Rows, names: Sequence[str] = ()) -> bytes:
    """A workbook with plain sheets."""
    made = Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets):
        page = made.create_sheet(names[number] if names else None)
        for row in rows:
            page.append(list(row))
    return saved(made)


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


CONTACTS: Rows = [
    ("2024年政府信息公开工作年度报告联系人名单",),
    ("序号", "单位名称", "统一社会信用代码", "联系人", "电话", "备注"),
    (1, "甲市第1局", "U1", "张三", 13800000000, ""),
    (2, "甲市第2局", "U2", "李四", 13800000001, "其他"),
    ("总计", "2 家"),
]
MONEY: Rows = [("项目", "预算数", "决算数"), ("人员经费", 100, 99.5), ("公用经费", 20, 18)]

ROSTER_ROWS: Rows = [
    ("2024年度报告应报单位名单", "", "", "", "", "", ""),
    ("序号", "名称", "代码", "填报", "层级", "上级", "曾用名"),
    (1, "甲市人民政府", "C0", "是", "市级", "", ""),
    (2, "甲市政务公开办公室", "U1", "是", "市级", "甲市人民政府", "甲市信息公开年度报告办公室"),
]
"""A roster as an office may have changed it: its units have words of reports in their names."""


def roster_beside(*sheets: Rows, names: Sequence[str] = ()) -> bytes:
    """A roster with further sheets, or with rows below it where no name is given."""
    if not names:
        return of_rows([*ROSTER_ROWS, *sheets[0]])
    return of_rows(ROSTER_ROWS, *sheets, names=("单位", *names))


NO_REPORTS: dict[str, Callable[[], bytes]] = {
    "a list of people": lambda: of_rows(CONTACTS),
    "two lists": lambda: of_rows(CONTACTS, MONEY),
    "a budget": lambda: of_rows(MONEY),
    "a blank roster": lambda: roster_bytes([]),
    "a roster": lambda: roster_bytes([("C0", "甲市政务公开办公室", *[""] * 13)]),
    "a roster that an office has changed": lambda: of_rows(ROSTER_ROWS),
    "a roster beside a list": lambda: roster_beside(CONTACTS, names=["联系人"]),
}


@pytest.mark.parametrize("case", NO_REPORTS)
def test_a_workbook_that_is_no_report_is_known(case: str) -> None:
    assert read_report(NO_REPORTS[case]()).is_no_report


# --- damaged reports ----------------------------------------------------------------------------


def without_sheets(*kept: str) -> bytes:
    """A report of which some sheets are left."""
    workbook = opened(written(consistent_report()))
    for page in workbook.worksheets:
        if page.title not in kept:
            workbook.remove(page)
    return saved(workbook)


def renamed_sheets(change: Callable[[object], object] = lambda value: value) -> bytes:
    """All sheets of a report under names that say nothing, each cell changed."""
    workbook = opened(written(consistent_report()))
    made = Workbook()
    made.remove(made.active)
    for page in workbook.worksheets:
        copy = made.create_sheet()
        for row in page.iter_rows(values_only=True):
            copy.append([change(value) for value in row])
    return saved(made)


def only_numbers(value: object) -> object:
    return value if isinstance(value, int | float) else None


def with_picture() -> bytes:
    made = Workbook()
    for row in CONTACTS:
        made.active.append(list(row))
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "png")
    made.active.add_image(SheetImage(picture), "A9")
    return saved(made)


def left_of(*labels: object) -> bytes:
    """Some labels of the form on a sheet of its own, among words that say nothing."""
    return of_rows([("说明", "单位", "张三", "李四"), *((text, 1) for text in labels)])


REPORTS: dict[str, Callable[[], bytes]] = {
    **{
        f"only {name}": partial(without_sheets, name)
        for name in ("基本信息", "一、总体情况", "三、依申请公开", "填报说明", "前言")
    },
    "renamed sheets": renamed_sheets,
    "only numbers": lambda: renamed_sheets(only_numbers),
    "empty": lambda: of_rows([]),
    "one word": lambda: of_rows([("报告",)]),
    "a picture": with_picture,
    "broken formulas": lambda: of_rows([*CONTACTS, ("=#REF!",)]),
    "a label of table two": lambda: left_of("行政许可"),
    "a label of table three": lambda: left_of("社会公益组织"),
    "a label of table four": lambda: left_of("结果维持"),
    "a short label": lambda: left_of("自然人"),
    "a label with its ordinal": lambda: left_of("（七）总计"),
    "an item of table two": lambda: left_of("第二十条第（五）项"),
    "a light": lambda: left_of("√ 平"),
    "a word above paragraphs": lambda: left_of("正文"),
    "a heading": lambda: left_of("存在的主要问题及改进情况"),
    "a title": lambda: of_rows([("甲局2024年政府信息公开工作年度报告",), *CONTACTS[1:]]),
    "a table of former years": lambda: of_rows([("政府信息公开情况统计表",), *CONTACTS[1:]]),
    "words of a paragraph": lambda: of_rows([*CONTACTS, ("本年主动公开信息 300 条",)]),
    "a paragraph": lambda: of_rows([*CONTACTS, ("解读形式不够多样，将逐步改进。",)]),
    "the name of a sheet": lambda: of_rows(CONTACTS, names=["三、依申请公开"]),
    "a roster above a paragraph": lambda: roster_beside([("解读形式不够多样，将逐步改进。",)]),
    "a roster above a table": lambda: roster_beside([("行政许可", 1), ("行政处罚", 2)]),
    "a roster beside a word of reports": lambda: roster_beside([("公开情况",)], names=["其他"]),
    "a roster beside a sheet of a report": lambda: roster_beside([], names=["一、总体情况"]),
    "a roster below the title of a report": lambda: of_rows(
        [("甲局2024年政府信息公开工作年度报告",), *ROSTER_ROWS[1:]]
    ),
    "a list of units without all columns of a roster": lambda: of_rows(
        [row[:4] for row in ROSTER_ROWS]
    ),
    "the blank form": lambda: workbook_bytes(
        blank_report(EDITION_2021, agency=Agency("", None, "agency"))
    ),
}


@pytest.mark.parametrize("case", REPORTS)
def test_a_damaged_report_stays_a_faulty_report(case: str) -> None:
    assert not read_report(REPORTS[case]()).is_no_report


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.slow
def test_whichever_column_of_a_report_is_left_it_stays_one(edition: str) -> None:
    report = consistent_report(EDITIONS[edition])
    workbook = load_workbook(io.BytesIO(workbook_bytes(report)), data_only=True)
    for page in workbook.worksheets:
        for column in page.iter_cols(values_only=True):
            if not any(isinstance(value, str) and len(value) > 5 for value in column):
                continue
            data = left_of(*[value for value in column if value is not None])
            assert not read_report(data).is_no_report, (page.title, column)


@pytest.mark.parametrize("name", ["甲局年报.xlsx", "2024年政府信息公开工作年度报告.xlsx"])
def test_the_name_of_a_file_may_say_that_it_is_a_report(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(of_rows(MONEY))
    assert not read_report(path).is_no_report


# --- in an inbox --------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_command_lists_it_and_goes_on(tmp_path: Path) -> None:
    made = place(tmp_path, unit(1), unit(3))
    made.put("1.xlsx", workbook("甲市第1局", "U1"))
    made.put("3.xlsx", workbook("甲市第3局", "U3"))
    made.put("联系人.xlsx", of_rows(CONTACTS))
    listed = [("联系人.xlsx", NO_REPORT)]

    total = aggregate_folder(made.inbox, tmp_path / "汇总.xlsx", roster=made.roster)
    assert [(one.name, one.reason) for one in total.not_read] == listed
    assert total.complete
    assert note_of(total.not_read) == "另有 1 个文件看过、没有采用：联系人.xlsx"

    table = export_folder(made.inbox, tmp_path / "t.csv", to="csv")
    assert [(one.name, one.reason) for one in table.not_read] == listed
    assert table.left_out == ()

    done = list(batch_reports(made.inbox, tmp_path / "out", roster=made.roster, year=YEAR))
    found = {one.workbook.name: one.status for one in done}
    assert found["联系人.xlsx"] is Status.NO_REPORT
    assert found["1.xlsx"] is Status.MADE

    seen = check_inbox(made.inbox, made.roster, today=date(2025, 1, 25), jobs=1)
    assert [(one.file, one.reason) for one in seen.not_looked_at] == listed
    assert seen.strays == ()

    overview = make_overview(made.inbox, roster=made.roster)
    (excluded,) = overview.excluded
    assert (excluded.file, excluded.leaves_a_gap) == ("联系人.xlsx", False)


@pytest.mark.slow
def test_every_command_lists_a_roster_and_says_nothing_of_the_one_it_is_given(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    made = place(tmp_path, unit(1), unit(3))
    made.put("1.xlsx", workbook("甲市第1局", "U1"))
    made.put("3.xlsx", workbook("甲市第3局", "U3"))
    given = made.put("花名册.xlsx", made.roster.read_bytes())
    made.put("花名册副本.xlsx", made.roster.read_bytes())
    made.put("花名册空白.xlsx", roster_bytes([]))
    before = place(tmp_path / "上年", unit(1), unit(3))
    before.put("1.xlsx", workbook("甲市第1局", "U1", year=YEAR - 1))
    before.put("花名册副本.xlsx", made.roster.read_bytes())
    out = tmp_path / "out"
    commands: dict[str, Sequence[object]] = {
        "batch": ("-o", out, "--year", YEAR, "--previous", before.inbox),
        "status": ("--year", YEAR, "--today", "2025-01-25"),
        "aggregate": ("-o", tmp_path / "汇总.xlsx", "--previous", before.inbox),
        "overview": (),
        "export": ("-o", tmp_path / "长表.csv", "--to", "csv"),
    }
    for name, options in commands.items():
        done = run(name, made.inbox, "--roster", given, *options)
        said = done.out + done.err
        assert done.code == 0, (name, said)
        assert "花名册副本.xlsx" in said, name
        assert "花名册空白.xlsx" in said, name
        assert "花名册.xlsx" not in said.replace(str(given), ""), name
        assert "错误" not in said.replace("没有错误", ""), (name, said)
    compared = run("compare", before.inbox, made.inbox, "--roster", given)
    assert compared.code == 0, compared.err


@pytest.mark.slow
def test_what_the_program_has_written_is_no_report(tmp_path: Path, run) -> None:
    """States, overviews, comparisons, results and letters that lie in the inbox are passed over."""
    made = place(tmp_path, unit(1), unit(3))
    made.put("1.xlsx", workbook("甲市第1局", "U1"))
    made.put("3.xlsx", workbook("甲市第3局", "U3", wrong=1))
    last = tmp_path / "上年.xlsx"
    last.write_bytes(workbook("甲市第1局", "U1", year=YEAR - 1))
    out = tmp_path / "out"
    out.mkdir()
    options = ("--roster", made.roster)
    run("status", made.inbox, *options, "--year", YEAR, "--return", out, *_outputs(out, "情况"))
    for ending in (".xlsx", ".html", ".json"):
        run("overview", made.inbox, *options, "-o", out / f"概览{ending}")
        run("compare", last, made.inbox / "1.xlsx", "-o", out / f"比较{ending}")
    run("batch", made.inbox, *options, "--year", YEAR, "--to", "json", "-o", tmp_path / "b")
    shutil.copy(tmp_path / "b" / "结果.xlsx", out)
    found = run("check", made.inbox / "3.xlsx", "--format", "json")
    (out / "问题.json").write_text(found.out, encoding="utf-8")
    entries = look_into(out).entries
    assert len(entries) == 13
    taken = [entry.name for entry in entries if not _is_no_report(entry)]
    assert taken == []


def _is_no_report(entry: InboxEntry) -> bool:
    try:
        read_entry(entry)
    except NoReportError:
        return True
    return False


def _outputs(folder: Path, name: str) -> Iterator[object]:
    """The options for an output of each kind."""
    for ending in (".xlsx", ".html", ".json"):
        yield from ("-o", folder / f"{name}{ending}")


def test_a_check_of_the_file_alone_says_what_a_report_lacks() -> None:
    findings = check_report(of_rows(CONTACTS))
    assert "S101" in [finding.code for finding in findings]
