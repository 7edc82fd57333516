"""What the offline page calls, in this interpreter: the same bytes and sentences as the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from govdisclose import check_report, compile_report, export_report
from govdisclose.browser import answer

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


def test_an_annotated_copy_has_the_findings() -> None:
    _said, [(name, data)] = ask("annotate", {}, ("book", MISTAKES))
    assert name == "with-mistakes（带批注）.xlsx"
    again, _ = answer("check", "{}", [("book", name, data)])
    assert len(json.loads(again)["findings"]) == 23
