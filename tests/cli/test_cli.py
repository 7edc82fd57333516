"""The command line: help, exit codes, what goes to stdout and stderr, what is written and what is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from govdisclose import blank_report, read_report
from govdisclose.cli import cli
from govdisclose.write.workbook import workbook_bytes
from support.commands import Run
from support.reports import consistent_report, write_book

GOOD = consistent_report()
BAD = GOOD.with_values({"disputes.review.total": 999})


def test_help_is_chinese_and_lists_every_command(run: Callable[..., Run]) -> None:
    page = run("--help")
    assert page.code == 0
    assert "用法：" in page.out
    assert all(name in page.out for name in cli.list_commands())
    assert run().out == page.out


@pytest.mark.parametrize("name", cli.every())
def test_every_command_and_option_has_chinese_help(name: str, run: Callable[..., Run]) -> None:
    page = run(*name.split(), "--help")
    assert page.code == 0
    assert "Usage" not in page.out
    assert "Options" not in page.out
    for option in cli.every()[name].params:
        help_text = getattr(option, "help", None)
        assert option.param_type_name == "argument" or any(
            "\u4e00" <= c <= "\u9fff" for c in help_text or ""
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chekc"], "没有命令 chekc"),
        (["check"], "缺少 工作簿"),
        (["check", "--formt", "json", "x"], "没有选项 --formt，是否为 --format"),
        (["check", "--format", "xml", "x"], "可选：text、json、jsonl"),
        (["new", "--year", "2025"], "缺少 --agency"),
        (["new", "--agency", "局", "--year", "24"], "应为 2008 至 2100 的整数"),
        (["new", "--agency", "局", "--year", "2025", "--edition", "2008"], "没有 2008 版格式"),
        (["new", "--agency", "  ", "--year", "2025"], "机关名称不能为空"),
        (["explain", "X999"], "没有规则 X999"),
        (["export", ".", "--to", "csv", "--draft"], "不用于文件夹"),
        (["status", ".", "--roster", "x.xlsx", "--today", "1月2日"], "应为日期，如"),
        (["batch", ".", "-o", "o", "--return", "r"], "--return 要与 --roster 一起用"),
    ],
)
def test_wrong_usage_is_said_in_chinese_with_exit_code_2(
    arguments: list[str], said: str, run: Callable[..., Run]
) -> None:
    done = run(*arguments)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


def test_new_makes_a_blank_workbook_that_reads_back_blank(
    tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "--agency", "某市/某局", "--year", "2020", "--level", "government").code == 0
    (made,) = tmp_path.iterdir()
    assert made.name == "某市_某局2020年度报告填报表.xlsx"
    report = read_report(made).report
    assert report == blank_report(
        report.edition,
        agency=report.agency,
        year=2020,
        title="某市/某局2020年政府信息公开工作年度报告",
    )
    assert (report.edition.name, report.agency.name, report.agency.level) == (
        "2019",
        "某市/某局",
        "government",
    )


def test_nothing_existing_is_overwritten_without_force(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, GOOD)
    assert run("compile", book, "-o", tmp_path / "a.docx").code == 0
    (tmp_path / "a.docx").write_bytes(b"mine")
    refused = run("compile", book, "-o", tmp_path / "a.docx")
    assert (refused.code, (tmp_path / "a.docx").read_bytes()) == (2, b"mine")
    assert "--force" in refused.err
    assert run("compile", book, "-o", tmp_path / "a.docx", "--force").code == 0
    assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    "arguments",
    [
        ("compile", "book.xlsx", "-o", "报告.pdf"),
        ("compile", "book.xlsx", "-o", "报告"),
        ("new", "-o", "表.docx", "--agency", "甲局", "--year", "2024"),
        ("check", "book.xlsx", "--annotate", "注.docx"),
        ("export", "book.xlsx", "--to", "html", "-o", "页.json"),
        ("export", "book.xlsx", "--to", "json", "-o", "数据.xlsx"),
        ("export", "book.xlsx", "--to", "pdf", "-o", "报告.docx"),
        ("template", "new", "-o", "模板.dotx"),
    ],
    ids=" ".join,
)
def test_a_file_that_no_program_would_open_under_its_name_is_not_made(
    arguments: tuple[str, ...],
    tmp_path: Path,
    run: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_book(tmp_path, consistent_report())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("govdisclose.write.pdf.convert", None)  # told before the work
    done = run(*arguments)
    assert (done.code, "扩展名不对，应为" in done.err) == (2, True), done.err
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


@pytest.mark.parametrize("command", [["compile"], ["export", "--to", "json"]])
def test_an_output_that_is_the_input_is_refused(
    command: list[str], tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, GOOD)
    before = book.read_bytes()
    done = run(*command, book, "-o", book, "--force")
    assert (done.code, book.read_bytes()) == (2, before)
    assert "就是输入文件" in done.err
    link = tmp_path / "link.docx"
    link.symlink_to(book)
    assert run(*command, book, "-o", link, "--force").code == 2


@pytest.mark.parametrize(
    "command",
    [["compile", "-o"], ["check", "--annotate"], ["export", "--to", "html", "-o"]],
    ids=lambda words: words[0],
)
def test_an_output_that_is_last_years_report_is_refused(
    command: list[str], tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, consistent_report())
    last = tmp_path / "last.xlsx"
    last.write_bytes(workbook_bytes(consistent_report(seed=2).evolve(year=2023)))
    before = last.read_bytes()
    done = run(command[0], book, *command[1:], last, "--previous", last, "--force")
    assert (done.code, "就是输入文件" in done.err) == (2, True)
    assert last.read_bytes() == before


def test_errors_stop_compile_and_a_draft_says_what_is_wrong(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    from govdisclose.read.published.word.reader import read_document

    book = write_book(tmp_path, BAD)
    stopped = run("compile", book)
    assert stopped.code == 1
    assert "A104" in stopped.err
    assert stopped.out == ""
    assert [p.name for p in tmp_path.iterdir()] == ["book.xlsx"]
    assert run("compile", book, "--draft").code == 0
    draft = tmp_path / "某某市示范局2024年政府信息公开工作年度报告（草稿）.docx"
    text = "\n".join(read_document(draft.read_bytes()).paragraphs)
    assert "草稿" in text
    assert "应为" in text
    assert "999" in text


def test_warnings_do_not_stop_compile_but_fail_a_strict_check(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, GOOD.with_values({"proactive.licences.decisions": None}))
    assert run("check", book).code == 0
    assert run("check", book, "--strict").code == 1
    assert run("compile", book).code == 0


def test_check_takes_many_workbooks_and_goes_on_after_a_bad_one(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    one = write_book(tmp_path, GOOD).rename(tmp_path / "one.xlsx")
    two = write_book(tmp_path, BAD).rename(tmp_path / "two.xlsx")
    done = run("check", one, tmp_path / "none.xlsx", two, "--format", "json")
    assert done.code == 3
    assert [f["file"] for f in json.loads(done.out)] == ["two.xlsx"]
    assert "none.xlsx" in done.err
    assert run("check", one, two).code == 1
    lines = run("check", two, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["A104"]


def test_findings_may_be_selected_and_ignored_by_code(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = write_book(tmp_path, BAD.with_values({"proactive.licences.decisions": None}))
    assert {f["code"] for f in json.loads(run("check", book, "--format", "json").out)} == {
        "A104",
        "V101",
    }
    assert run("check", book, "--select", "v").code == 0
    assert run("check", book, "--ignore", "A104").code == 0


def test_doctor_tells_what_is_installed(run: Callable[..., Run]) -> None:
    assert "2021 版模板：完好" in run("doctor").out
    facts = json.loads(run("doctor", "--json").out)
    assert facts["docxtpl"]["ok"]


def test_version(run: Callable[..., Run]) -> None:
    from govdisclose import __version__

    assert run("--version").out == f"govdisclose {__version__}\n"


POOL_OF_PYARROW = """
import sys
from govdisclose.cli import main
sys.argv = ["govdisclose", "--version"]
try:
    main()
except SystemExit:
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)
"""


@pytest.mark.slow
def test_pyarrow_holds_no_memory_in_reserve_in_a_command() -> None:
    others = {name: said for name, said in os.environ.items() if not name.startswith("ARROW")}
    done = subprocess.run(
        [sys.executable, "-c", POOL_OF_PYARROW], env=others, capture_output=True, check=True
    )
    assert done.stdout.split()[-1] == b"system"


def test_an_internal_fault_is_one_sentence_and_code_70(
    tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the fault")

    monkeypatch.setattr("govdisclose.compile.check_reading", fail)
    done = run("check", write_book(tmp_path, GOOD))
    assert (done.code, "Traceback" in done.err) == (70, False)
    assert "内部错误" in done.err
    shown = run("--debug", "check", tmp_path / "book.xlsx")
    assert "the fault" in shown.err


def test_an_interrupt_is_code_130(
    tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("govdisclose.compile.check_reading", stop)
    assert run("check", write_book(tmp_path, GOOD)).code == 130


def test_the_module_is_the_same_program_and_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    book = write_book(tmp_path, BAD)
    program = [sys.executable, "-m", "govdisclose", "check", str(book)]
    done = subprocess.run(
        program, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "gbk"}, check=False
    )
    assert done.returncode == 1
    assert "应为" in done.stdout.decode("gbk")
    piped = subprocess.run(
        f"'{sys.executable}' -m govdisclose explain A102 | head -c 1",
        shell=True,
        capture_output=True,
        check=False,
    )
    assert piped.stderr == b""
