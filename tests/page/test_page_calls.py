"""What the offline page calls, in this interpreter: the same bytes and sentences as the command line."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from govdisclose import Agency, check_report, compile_report, export_report
from govdisclose.batch import BatchEnd, batch_reports, look_into
from govdisclose.browser import Desk, answer
from govdisclose.consolidate import aggregate_folder
from govdisclose.roster import RosterUnit, make_roster, write_roster
from support.archives import shelved
from support.offline_page import NOT_READ, office_inbox, sent

SAMPLES = sorted((Path(__file__).parents[2] / "sample_workbooks").glob("*.xlsx"))
GOOD = [book for book in SAMPLES if book.stem != "with-mistakes"]
MISTAKES = next(book for book in SAMPLES if book.stem == "with-mistakes")


def ask(call: str, options: Mapping[str, Any], *files: tuple[str, Path]) -> tuple[Any, Any]:
    said, made = answer(
        call, json.dumps(options), [(role, path.name, path.read_bytes()) for role, path in files]
    )
    return json.loads(said), made


@pytest.mark.parametrize("book", GOOD, ids=lambda book: book.stem)
def test_the_word_file_is_that_of_compile(book: Path, tmp_path: Path) -> None:
    _, [(name, data)] = ask("make", {"to": "docx"}, ("book", book))
    made = compile_report(book, tmp_path / name)
    assert data == made.path.read_bytes()


@pytest.mark.parametrize("to", ["html", "html-fragment", "json", "csv"])
@pytest.mark.parametrize("book", GOOD, ids=lambda book: book.stem)
def test_other_forms_are_those_of_export(book: Path, to: str, tmp_path: Path) -> None:
    _, [(name, data)] = ask("make", {"to": to}, ("book", book))
    assert data == export_report(book, tmp_path / name, to=to).path.read_bytes()


@pytest.mark.parametrize("book", SAMPLES, ids=lambda book: book.stem)
def test_findings_are_those_of_check_and_stand_where_they_belong(book: Path) -> None:
    said, _ = ask("check", {}, ("book", book))
    expected = check_report(book)
    assert [(f["code"], f["message"]) for f in said["findings"]] == [
        (f.code, f.message) for f in expected
    ]
    drawn = json.dumps(said["sections"], ensure_ascii=False)
    in_tables = [f for f in said["findings"] if f["path"] in said["cells"]]
    assert all(f'data-path=\\"{f["path"]}\\"' in drawn for f in in_tables)


def test_disputed_words_are_marked_in_their_paragraph() -> None:
    said, _ = ask("check", {}, ("book", MISTAKES))
    overview = next(part for part in said["sections"] if part["key"] == "overview")
    marked = [
        (piece["text"], said["findings"][piece["finding"]]["code"])
        for paragraph in overview["paragraphs"]
        for piece in paragraph["pieces"]
        if "finding" in piece
    ]
    assert ("本年新收政府信息公开申请160件", "N102") in marked


def test_relations_hold_or_break_with_their_sums() -> None:
    said, _ = ask("check", {}, ("book", MISTAKES))
    broken = [item for item in said["relations"] if item["state"] == "broken"]
    codes = [f for f in said["findings"] if f["code"] in ("A101", "A102", "A103", "A104")]
    assert len(broken) == len(codes)
    assert {"broken", "holds"} <= {item["state"] for item in said["relations"]}


def test_what_was_mended_is_said_when_a_file_comes_again() -> None:
    first, _ = ask("check", {}, ("book", MISTAKES))
    before = [[finding["key"], finding["message"]] for finding in first["findings"]]
    again, _ = ask("check", {"before": before}, ("book", MISTAKES))
    assert again["changed"] == {"mended": [], "added": 0, "left": len(before)}
    good, _ = ask("check", {"before": before}, ("book", GOOD[0]))
    assert len(good["changed"]["mended"]) > 20


def test_errors_stop_the_report_and_a_draft_is_marked() -> None:
    said, made = ask("make", {"to": "docx"}, ("book", MISTAKES))
    assert (said["exit_code"], made) == (1, [])
    assert said["error"].startswith("检查发现 10 个错误")
    said, [(name, _)] = ask("make", {"to": "docx", "draft": True}, ("book", MISTAKES))
    assert "草稿" in name


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"", "a.xlsx 是空文件（0 字节）"),
        ("a.xlsx", b"abc", "a.xlsx 不是 Office 文档，而是纯文本或 CSV"),
        ("a.xlsx", bytes(50_000_000), "a.xlsx 有 50 MB，超过 20 MB 的上限"),
        ("~$a.xlsx", b"PK", "Excel 打开文件时的临时文件"),
        ("../../a.xlsx", b"%PDF", "a.xlsx 不是 Office 文档，而是PDF 文件"),
        ("a.json", b"{", "a.json"),
    ],
)
def test_what_is_no_workbook_is_refused_as_by_the_command_line(
    name: str, data: bytes, sentence: str, tmp_path: Path, run: Callable[..., Any]
) -> None:
    said, made = answer("check", "{}", [("book", name, data)])
    fault = json.loads(said)
    assert (fault["exit_code"], made) == (3, [])
    assert sentence in fault["error"]
    assert "/tmp" not in fault["error"]


def test_an_unknown_call_is_an_internal_fault_and_no_traceback() -> None:
    said, made = answer("nothing", "{}", [])
    assert (json.loads(said)["exit_code"], made) == (70, [])


def test_a_blank_workbook_and_one_that_follows_last_years() -> None:
    options = {"agency": "某某局", "year": 2025, "level": "agency"}
    said, [(name, data)] = ask("begin", options)
    assert (name, data[:2], said["notes"]) == ("某某局2025年度报告填报表.xlsx", b"PK", [])
    last = next(book for book in GOOD if book.stem.startswith("huaian"))
    said, [(name, _)] = ask("begin", {"agency": "", "year": 2025, "level": None}, ("last", last))
    assert name == "淮安市人民政府2025年度报告填报表.xlsx"
    said, made = ask("begin", {"agency": "", "year": 2020, "level": None}, ("last", last))
    assert (said["exit_code"], made) == (2, [])


@pytest.mark.slow
def test_an_annotated_copy_has_the_findings() -> None:
    _said, [(name, data)] = ask("annotate", {}, ("book", MISTAKES))
    assert name == "with-mistakes（带批注）.xlsx"
    again, _ = answer("check", "{}", [("book", name, data)])
    assert len(json.loads(again)["findings"]) == 23


# --- the beginning ------------------------------------------------------------------------------


def test_before_any_file_the_page_knows_the_year_and_what_it_can_make() -> None:
    said, _ = ask("about", {"today": "2026-01-05"})
    assert (said["year"], said["edition"], said["editions"]) == (2025, "2021", ["2019", "2021"])
    assert {form["key"] for form in said["forms"]} >= {"docx", "html", "json", "csv"}
    assert said["own_template"] is False
    assert ask("warm", {}) == ({}, [])


def test_last_years_workbook_says_who_it_is_from_and_which_year_follows() -> None:
    last = next(book for book in GOOD if book.stem.startswith("huaian"))
    said, _ = ask("last", {}, ("last", last))
    assert said == {"agency": "淮安市人民政府", "level": "government", "year": 2025}


def test_a_published_page_becomes_a_workbook(tmp_path: Path) -> None:
    page = export_report(GOOD[0], tmp_path / "年报.html", to="html").path
    said, [(name, data)] = ask("import", {}, ("book", page))
    assert (said["name"], name) == ("年报.xlsx", "年报.xlsx")
    before, after = check_report(GOOD[0]), check_report(io.BytesIO(data))
    assert [f.code for f in after if f.stops] == [f.code for f in before if f.stops] == []


# --- corrections --------------------------------------------------------------------------------


def test_a_figure_is_corrected_in_a_workbook_and_nowhere_else(tmp_path: Path) -> None:
    changes = {"disputes.review.total": "5"}
    said, [(name, data)] = ask("correct", {"changes": changes, "before": []}, ("book", MISTAKES))
    assert name.endswith(".xlsx")
    assert len(said["findings"]) == 22
    assert len(check_report(io.BytesIO(data))) == 22
    page = export_report(GOOD[0], tmp_path / "年报.html", to="html").path
    said, made = ask("correct", {"changes": changes}, ("book", page))
    assert ("不是工作簿，不能在这里改正" in said["error"], made) == (True, [])


# --- many workbooks -----------------------------------------------------------------------------


def at_desk(
    desk: Desk, call: str, options: Mapping[str, Any], *files: tuple[str, str, bytes]
) -> tuple[Any, Any]:
    said, made = desk.answer(call, json.dumps(options), files)
    return json.loads(said), made


@pytest.mark.slow
def test_a_batch_gives_the_files_of_the_command_line(tmp_path: Path) -> None:
    files = office_inbox()
    inbox = shelved(tmp_path / "收件", files)
    ends: list[BatchEnd] = []
    expected = list(batch_reports(inbox, tmp_path / "报告", on_end=ends.append))
    desk = Desk()
    assert "没有正在进行" in at_desk(desk, "next", {})[0]["error"]
    given = sent(files, at_desk(desk, "about", {"today": "2026-01-05"})[0]["suffixes"])
    said, _ = at_desk(desk, "batch", {"to": ["docx"]}, *given)
    assert said["order"] == [entry.name for entry in look_into(inbox).entries]
    passed_over = {name: reason for name, reason in NOT_READ.items() if name != "通知.txt"}
    assert {one["name"]: one["reason"] for one in said["not_read"]} == passed_over
    results = []
    while True:
        said, made = at_desk(desk, "next", {})
        if said["done"]:
            break
        results.append(said["result"])
    assert [(r["book"], r["status"]) for r in results] == [
        (r.workbook.relative_to(inbox).as_posix(), r.status.value) for r in expected
    ]
    assert {one["name"]: one["reason"] for one in said["not_read"]} == NOT_READ
    assert {one.name: one.reason for one in ends[0].not_read} == NOT_READ
    wrong = next(r for r in results if r["book"] == MISTAKES.name)
    assert wrong["counts"]["error"] == 10
    made_here = dict(made)
    assert made_here["结果.xlsx"] == (tmp_path / "报告" / "结果.xlsx").read_bytes()
    packed = zipfile.ZipFile(io.BytesIO(made_here["全部报告.zip"]))
    there = [path for path in (tmp_path / "报告").iterdir() if path.is_file()]
    assert {name: packed.read(name) for name in packed.namelist()} == {
        path.name: path.read_bytes() for path in there
    }
    at_desk(desk, "batch", {"to": ["docx"]}, ("book", GOOD[0].name, GOOD[0].read_bytes()))
    assert at_desk(desk, "end", {}) == ({}, [])
    assert "没有正在进行" in at_desk(desk, "next", {})[0]["error"]


def test_files_of_which_none_is_read_are_listed_with_the_reasons() -> None:
    desk = Desk()
    said, _ = at_desk(desk, "batch", {"to": ["docx"]}, ("book", "县/说明.doc", b""))
    assert (said["order"], said["not_read"][0]["name"]) == ([], "县/说明.doc")
    said, made = at_desk(desk, "next", {})
    assert (said["done"], made, said["not_read"][0]["reason"]) == (
        True,
        [],
        "这种文字文件读不了，请用 Word 或 WPS 另存为 .docx",
    )
    at_desk(desk, "end", {})


def test_a_pdf_is_refused_by_name_where_no_reader_can_be_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("govdisclose.read.published.pdf.reader.find_spec", lambda name: None)
    monkeypatch.setattr("govdisclose.read.published.pdf.reader.IN_BROWSER", True)
    for call, role in (("check", "book"), ("import", "book"), ("last", "last")):
        said, _ = answer(call, "{}", [(role, "甲局.pdf", b"%PDF-1.7")])
        assert "甲局.pdf 在网页里读不了：请打开后另存为" in json.loads(said)["error"], call
    desk = Desk()
    at_desk(desk, "batch", {"to": ["docx"]}, ("book", "县/甲局.pdf", b"%PDF-1.7"))
    row = at_desk(desk, "next", {})[0]["result"]
    assert (row["book"], row["status"]) == ("县/甲局.pdf", "failed")
    assert "甲局.pdf 在网页里读不了" in row["message"]
    at_desk(desk, "end", {})


def test_a_sum_says_who_is_missing_and_who_is_refused(tmp_path: Path) -> None:
    good = next(book for book in GOOD if book.stem.startswith("huaian"))
    units = make_roster([RosterUnit("", "淮安市人民政府"), RosterUnit("", "缺报县人民政府")]).units
    roster = write_roster(tmp_path / "花名册.xlsx", units)
    options = {"agency": "某市", "skip_errors": True}
    files = ("roster", tmp_path / "花名册.xlsx"), ("book", good), ("book", MISTAKES)
    said, [(name, data)] = ask("consolidate", options, *files)
    assert roster is not None
    assert (name, said["missing"]) == ("某市2024年度汇总.xlsx", ["缺报县人民政府"])
    assert [item["file"] for item in said["refused"]] == [MISTAKES.name]
    inbox = tmp_path / "收件"
    inbox.mkdir()
    for book in (good, MISTAKES):
        (inbox / book.name).write_bytes(book.read_bytes())
    aggregate_folder(
        inbox,
        tmp_path / "汇总.xlsx",
        roster=tmp_path / "花名册.xlsx",
        on_error="list",
        agency=Agency("某市"),
    )
    assert data == (tmp_path / "汇总.xlsx").read_bytes()


def test_a_call_without_its_file_says_so() -> None:
    assert ask("check", {})[0]["error"] == "没有给出文件"
