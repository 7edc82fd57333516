"""``check --annotate``: a copy with every finding where the clerk sees it; the original stays as it is."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from govdisclose import Finding, check_report, read_report
from govdisclose.write.annotate import RESULT_SHEET, annotate
from support.commands import Run
from support.reports import EDITION_2019, consistent_report, opened, write_book, written

GOOD = consistent_report()
BAD = GOOD.with_values(
    {
        "disputes.review.total": 999,
        "requests.outcomes.granted.other": 999,
        "proactive.licences.decisions": None,
    }
)


def copy_of(data: bytes, findings: list[Finding]) -> Any:
    return load_workbook(io.BytesIO(annotate(data, findings, "book.xlsx").data))


@pytest.fixture
def made(tmp_path: Path, run: Callable[..., Run]) -> Any:
    done = run("check", write_book(tmp_path, BAD), "--annotate", tmp_path / "out.xlsx")
    assert done.code == 1
    return load_workbook(tmp_path / "out.xlsx")


@pytest.mark.slow
def test_what_a_finding_quotes_may_be_no_text_for_a_file(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = opened(written(GOOD))
    book["四、复议诉讼"]["A6"] = "72_x000B_73"
    book.save(tmp_path / "book.xlsx")
    done = run("check", tmp_path / "book.xlsx", "--annotate", tmp_path / "out.xlsx")
    assert (done.code, "Traceback" in done.err) == (1, False)
    assert "72�" in load_workbook(tmp_path / "out.xlsx")["四、复议诉讼"]["A6"].comment.text


@pytest.mark.slow
def test_every_finding_is_a_comment_and_a_fill_at_its_cell(made: Any, tmp_path: Path) -> None:
    for finding in check_report(tmp_path / "book.xlsx"):
        cell = made[finding.place.sheet][finding.place.cell]
        assert finding.text in cell.comment.text
        assert cell.fill.fgColor.rgb[-6:] in {"FFC7CE", "FFEBB0", "DCE6F5"}


@pytest.mark.slow
def test_the_first_sheet_lists_all_findings_with_links_in_their_order(
    made: Any, tmp_path: Path
) -> None:
    findings = check_report(tmp_path / "book.xlsx")
    sheet = made.worksheets[0]
    assert (sheet.title, made.active.title) == (RESULT_SHEET, RESULT_SHEET)
    rows = list(sheet.iter_rows(min_row=5))
    assert [row[0].value for row in rows] == [f.code for f in findings]
    for row, finding in zip(rows, findings, strict=True):
        assert row[2].hyperlink.location == f"'{finding.place.sheet}'!{finding.place.cell}"
        assert row[3].value == finding.text
        assert (row[4].value or "", row[5].value or "") == tuple(
            "" if side is None else str(side) for side in (finding.expected, finding.found)
        )
        assert finding.hint in row[6].value


@pytest.mark.slow
def test_the_original_is_never_touched_or_overwritten(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, BAD)
    before = book.read_bytes()
    assert run("check", book, "--annotate", tmp_path / "out.xlsx").code == 1
    assert run("check", book, "--annotate", book, "--force").code == 2
    assert run("check", book, "--annotate", tmp_path / "out.xlsx").code == 2
    assert run("check", book, "--annotate", tmp_path / "out.xlsx", "--force").code == 1
    assert book.read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "report", [BAD, GOOD, consistent_report(EDITION_2019)], ids=["bad", "good", "2019"]
)
def test_a_copy_reads_as_the_same_report_with_the_same_findings(
    report: Any, tmp_path: Path
) -> None:
    book = write_book(tmp_path, report)
    findings = check_report(book)
    for _ in range(2):  # a copy of the copy says nothing twice
        copy = tmp_path / "copy.xlsx"
        copy.write_bytes(annotate(book.read_bytes(), findings, "book.xlsx").data)
        assert read_report(copy).report == report
        assert [
            f.evolve(place=g.place) for f, g in zip(check_report(copy), findings, strict=True)
        ] == findings
        book = copy


@pytest.mark.slow
def test_formulas_keep_the_values_they_had(tmp_path: Path) -> None:
    data = written(GOOD)
    copied = annotate(data, [], "book.xlsx").data
    before, after = (load_workbook(io.BytesIO(d), data_only=True) for d in (data, copied))
    for sheet in before.worksheets:
        for line in sheet.iter_rows():
            assert [after[sheet.title][c.coordinate].value or "" for c in line] == [
                c.value or "" for c in line
            ]


@pytest.mark.slow
def test_what_a_copy_cannot_carry_is_said(tmp_path: Path, run: Callable[..., Run]) -> None:
    def draw(book: Any) -> None:
        chart = BarChart()
        chart.add_data(Reference(book["四、复议诉讼"], min_col=1, max_col=4, min_row=6))
        book["四、复议诉讼"].add_chart(chart, "A20")

    done = run("check", write_book(tmp_path, GOOD, draw), "--annotate", tmp_path / "out.xlsx")
    note = load_workbook(tmp_path / "out.xlsx").worksheets[0]["A2"].value
    assert "图表的部分样式没有带过来" in done.err
    assert "图表的部分样式没有带过来" in note
    assert "副本" in done.err


@pytest.mark.slow
def test_extensions_that_get_lost_are_said(tmp_path: Path) -> None:
    from support.packages import repack

    extension = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        b'<x14:dataValidations count="0"/></ext></extLst></worksheet>'
    )
    data = repack(
        written(GOOD),
        lambda n, c: c.replace(b"</worksheet>", extension) if "sheet3" in n else c,
    )
    assert annotate(data, [], "b.xlsx").lost == ("较新版本的数据有效性或条件格式",)


@pytest.mark.slow
def test_a_clerks_own_comment_stays_and_a_merged_cell_gets_its_comment(tmp_path: Path) -> None:
    book = opened(written(BAD))
    book["四、复议诉讼"]["E6"].comment = Comment("请老王核", "老王")
    stream = io.BytesIO()
    book.save(stream)
    finding = next(f for f in check_report(write_book(tmp_path, BAD)) if f.code == "A104")
    merged = finding.evolve(place=finding.place.__class__(None, "四、复议诉讼", "B1"))
    copy = copy_of(stream.getvalue(), [finding, merged])["四、复议诉讼"]
    assert "请老王核" in copy["E6"].comment.text
    assert finding.text in copy["E6"].comment.text
    assert finding.text in copy["A1"].comment.text


@pytest.mark.slow
def test_text_from_a_workbook_never_becomes_a_formula() -> None:
    finding = next(f for f in check_report(BAD)).evolve(text="=1+1", hint="=2", expected="=3")
    sheet = copy_of(written(BAD), [finding])[RESULT_SHEET]
    assert [sheet.cell(5, c).data_type for c in (4, 5, 7)] == ["s", "s", "s"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["two.xlsx", "--annotate", "o.xlsx"], "一次只能用于一个工作簿"),
        (["--annotate", "no/o.xlsx"], "目标文件夹不存在"),
    ],
)
def test_a_copy_that_cannot_be_made_is_one_sentence(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    run: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("check", write_book(tmp_path, GOOD), *arguments)
    assert said in done.err
    assert done.code in (2, 5)
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]


def test_a_json_export_cannot_be_annotated(tmp_path: Path, run: Callable[..., Run]) -> None:
    run("export", write_book(tmp_path, GOOD), "--to", "json", "-o", tmp_path / "a.json")
    done = run("check", tmp_path / "a.json", "--annotate", tmp_path / "o.xlsx")
    assert (done.code, "不是工作簿" in done.err) == (2, True)
