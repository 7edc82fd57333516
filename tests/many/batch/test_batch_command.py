"""The command ``batch``: what it says, and its exit codes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.batches import book, left, shelve
from support.commands import Run


@pytest.mark.slow
def test_the_command_says_a_line_for_each_workbook_and_ends_with_6_when_some_gave_no_report(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path, run: Callable[..., Run]
) -> None:
    out = tmp_path / "out"
    done = run("batch", folder, "-o", out, "--to", "docx，json")
    assert (done.code, done.out) == (6, "")
    assert all(f"{path}：" in done.err for path in folder.glob("*.xlsx"))
    assert "共 6 个工作簿：已生成 4 份，未通过检查 1 份，出错 1 份" in done.err
    assert left(out) == undisturbed
    assert run("batch", folder, "-o", out).code == 2
    done = run("batch", folder, "-o", out, "--to", "docx,json", "--resume")
    assert (done.code, "其中 5 份与上次相同" in done.err) == (6, True)
    assert left(out) == undisturbed


@pytest.mark.slow
def test_the_command_ends_with_0_when_every_workbook_gave_its_report(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    folder = shelve(
        tmp_path / "in", {"a.xlsx": book("甲局"), "~$a.xlsx": b"", "b/b.xlsx": book("乙局")}
    )
    out = tmp_path / "out"
    done = run("batch", folder, "-o", out, "--dry-run")
    assert (done.code, "会生成 2 份" in done.err, out.exists()) == (0, True, False)
    assert run("batch", folder, "-o", out).code == 0
    assert len(list(out.glob("*.docx"))) == 2
    done = run("batch", folder, "-o", out, "--dry-run", "--resume")
    assert (done.code, done.err.count("没有变化")) == (0, 2)
    assert "会生成 2 份，其中 2 份与上次相同" in done.err


@pytest.mark.slow
def test_files_that_are_no_workbooks_are_named(tmp_path: Path, run: Callable[..., Run]) -> None:
    folder = shelve(tmp_path / "in", {"a.xlsx": book("甲局"), "b.doc": b"", "c/d.wps": b""})
    done = run("batch", folder, "-o", tmp_path / "out")
    assert (done.code, "另有 2 个文件没有看：b.doc、c/d.wps" in done.err) == (0, True)


@pytest.mark.slow
def test_every_file_of_a_workbook_is_named_by_its_whole_ending(
    tmp_path: Path, run: Callable[..., Run]
) -> None:
    folder = shelve(tmp_path / "in", {"a.xlsx": book("甲局")})
    done = run("batch", folder, "-o", tmp_path / "out", "--to", "html,html-fragment,docx")
    assert "已生成 甲局2024年政府信息公开工作年度报告.html、.fragment.html、.docx" in done.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
def test_on_a_terminal_a_bar_runs_under_the_lines(
    folder: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    import pty

    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "govdisclose",
            "batch",
            folder,
            "-o",
            tmp_path / "out",
            "--to",
            "docx,json",
        ],
        stdin=end,
        stdout=end,
        stderr=end,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "60"},
    )
    os.close(end)
    seen = b"".join(iter(lambda: read(terminal), b"")).decode()
    os.close(terminal)
    assert process.wait() == 6
    assert "生成报告" in seen
    assert "━" in seen
    assert "6/6" in seen
    # Each line is written over the bar, which has been wiped off, and is followed by the bar.
    assert all(
        re.search(rf"\x1b\[2K{re.escape(str(path))}：[^\x1b]+\r\n", seen)
        for path in folder.glob("*.xlsx")
    )
    assert "共 6 个工作簿" in seen.rpartition("━")[2]
    assert left(tmp_path / "out") == undisturbed


def read(terminal: int) -> bytes:
    """What comes out of a terminal; nothing when its last process has gone."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["none", "-o", "out"], 3),
        (["in", "-o", "out", "--to", "odt"], 2),
        (["in", "-o", "in/a.xlsx"], 5),
        (["in"], 2),
        (["in", "-o", "in/b"], 2),
        (["in", "-o", "out", "--to", ","], 2),
    ],
)
def test_misuse_of_the_command_is_one_sentence_and_the_documented_code(
    arguments: list[str],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Callable[..., Run],
) -> None:
    shelve(tmp_path / "in", {"a.xlsx": book("甲局"), "b/b.xlsx": book("乙局")})
    monkeypatch.chdir(tmp_path)
    done = run("batch", *arguments)
    assert (done.code, done.out) == (code, "")
    assert "Traceback" not in done.err
