"""What can happen to a run — a closed or full output, paths without end, a kill — ends with a sentence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from govdisclose import compile_report, export_report, read_report
from govdisclose.errors import InputError, OutputError, UsageError
from govdisclose.form.printed import harmless
from govdisclose.write.atomic import publish
from support.batches import run as run_batch
from support.commands import Run
from support.reports import consistent_report, write_book

LONG = "长" * 120
DEEP = Path(*["d" * 200] * 25)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_book(tmp_path_factory.mktemp("book"), consistent_report())


def shell(command: str, book: Path, folder: Path) -> tuple[int, str]:
    """Exit code and stderr of a command line for a shell; ``$B`` is a workbook, ``$G`` the program."""
    environment = {**os.environ, "B": str(book), "G": f"{sys.executable} -m govdisclose"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode, done.stderr.decode()


OUTPUTS = {
    "closed, for people": ("$G check $B >&-", 5, "标准输出已关闭"),
    "closed, for programs": ("$G check $B --format json >&-", 5, "标准输出已关闭"),
    "closed, for an export": ("$G export $B --to csv -o - >&-", 5, "标准输出已关闭"),
    "full, for people": ("$G check $B >/dev/full", 5, "写不到标准输出"),
    "full, for programs": ("$G check $B --format sarif >/dev/full", 5, "写不到标准输出"),
    "full, for an export": ("$G export $B --to json -o - >/dev/full", 5, "写不到标准输出"),
    "full, for a page of help": ("$G --help >/dev/full", 5, "出错"),
    "nobody listens": ("$G compile $B -o a.docx 2>&-", 0, ""),
    "nobody can be told": ("$G compile $B -o b.docx 2>/dev/full", 0, ""),
    "the reader has gone": (
        "set -o pipefail; $G export $B --to json -o - | head -c 1 >/dev/null",
        0,
        "",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("command", "code", "said"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_output_that_is_closed_or_full(
    command: str, code: int, said: str, book: Path, tmp_path: Path
) -> None:
    found, err = shell(command, book, tmp_path)
    assert (found, said in err) == (code, True), err
    assert "Traceback" not in err
    assert "Exception ignored" not in err


PATHS: dict[str, tuple[tuple[object, ...], int]] = {
    "a workbook": (("check", f"{LONG}.xlsx"), 3),
    "an export": (("check", f"{LONG}.json"), 3),
    "a page": (("import", f"{LONG}.html"), 3),
    "a folder": (("batch", LONG, "-o", "out"), 3),
    "a folder to add up": (("aggregate", LONG, "-o", "x.xlsx"), 3),
    "a folder to export": (("export", LONG, "--to", "csv"), 3),
    "last year's": (("new", "--from", f"{LONG}.xlsx"), 3),
    "a template": (("template", "check", f"{LONG}.docx"), 4),
    "a report": (("compile", "B", "-o", f"{LONG}.docx"), 5),
    "a new workbook": (("new", "--agency", "某局", "--year", "2025", "-o", f"{LONG}.xlsx"), 5),
    "a page to write": (("export", "B", "--to", "html", "-o", f"{LONG}.html"), 5),
    "a bundle": (("export", "B", "--to", "all", "-o", LONG), 5),
    "a workbook far down": (("check", DEEP / "x.xlsx"), 3),
    "an export far down": (("check", DEEP / "x.json"), 3),
    "a folder far down": (("batch", DEEP, "-o", "out"), 3),
    "a template far down": (("compile", "B", "--template", DEEP / "x.docx"), 4),
    "a report far down": (("compile", "B", "-o", DEEP / "x.docx"), 5),
    "a copy far down": (("check", "B", "--annotate", DEEP / "x.xlsx"), 5),
}


@pytest.mark.slow
@pytest.mark.usefixtures("small_pictures")
@pytest.mark.parametrize(("command", "code"), PATHS.values(), ids=PATHS)
def test_a_name_or_path_that_is_too_long(
    command: tuple[object, ...],
    code: int,
    book: Path,
    tmp_path: Path,
    run: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "")  # without LibreOffice, which would make a PDF first
    done = run(*(book if word == "B" else word for word in command))
    assert done.code == code, done.err
    assert "Traceback" not in done.err
    assert not list(tmp_path.glob(".gd-*"))


@pytest.mark.slow
def test_a_working_folder_deeper_than_a_path_may_be(book: Path, tmp_path: Path) -> None:
    down = f"for i in $(seq 30); do mkdir {'d' * 200}; cd {'d' * 200}; done;"
    code, err = shell(f"{down} $G compile $B -o a.docx && $G check a.docx", book, tmp_path)
    assert (code, "Traceback" in err) == (0, False), err


@pytest.mark.slow
def test_a_working_folder_that_has_gone(
    book: Path, tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = "mkdir gone; cd gone; rmdir ../gone;"
    found, err = shell(f"{gone} $G check x.xlsx", book, tmp_path)
    assert (found, "Traceback" in err) == (3, False), err
    folder = tmp_path / "gone too"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    for command in (
        ("compile", book, "-o", "a.docx"),
        ("export", book, "--to", "all", "-o", "x"),
        ("batch", ".", "-o", "x"),
    ):
        done = run(*command)
        assert (done.code, "Traceback" in done.err) == (5, False), done.err


def test_a_file_that_cannot_be_closed_is_not_taken_for_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = open

    class Failing:
        def __init__(self, path: Path) -> None:
            self.file = real(path, "xb")

        def __enter__(self) -> object:
            return self.file

        def __exit__(self, *_: object) -> None:
            self.file.close()
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("builtins.open", lambda path, mode: Failing(path))
    with pytest.raises(OutputError, match="磁盘已满"):
        publish(tmp_path / "a", b"1")
    assert not list(tmp_path.iterdir())


# What a killed run leaves


WRITER = """
import os, sys, time
from pathlib import Path
from govdisclose.write.atomic import unfinished
with unfinished(Path(sys.argv[1]) / "a.docx") as temporary:
    temporary.write_bytes(b"half")
    print("begun", flush=True)
    time.sleep(60)
"""


def begun(folder: Path) -> subprocess.Popen[bytes]:
    """A process that is writing a file in ``folder``."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    with writer.stdout as told:
        assert told.readline() == b"begun\n"
    return writer


def test_what_a_killed_run_left_is_swept_by_the_next_and_what_a_running_one_writes_is_not(
    book: Path, tmp_path: Path
) -> None:
    killed, running = begun(tmp_path), begun(tmp_path)
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert len(list(tmp_path.glob(".gd-*.tmp"))) == 2
        compile_report(book, tmp_path / "b.docx")
        left = list(tmp_path.glob(".gd-*.tmp"))
        assert [f"-{running.pid}-" in path.name for path in left] == [True]
    finally:
        running.kill()
        running.wait()
    compile_report(book, tmp_path / "c.docx")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.docx", "c.docx"]


def test_what_cannot_be_known_to_be_left_stays_for_a_day_and_other_files_always(
    tmp_path: Path,
) -> None:
    fresh = [".gd-0123456789abcdef.tmp", ".gd-00000000-1-0123456789abcdef.tmp"]
    others = [".gd-notes.tmp", "x.tmp", ".gd-0123456789abcdef.tmp.docx"]
    for name in (*fresh, *others):
        (tmp_path / name).write_bytes(b"x")
    publish(tmp_path / "a", b"1")
    assert {path.name for path in tmp_path.iterdir()} == {"a", *fresh, *others}
    before = time.time() - 2 * 86_400
    for name in (*fresh, *others):
        os.utime(tmp_path / name, (before, before))
    publish(tmp_path / "b", b"1")
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b", *others}


# Drafts


def test_a_draft_that_still_stands_beside_the_report_is_named(
    book: Path, tmp_path: Path, run: Callable[..., Run]
) -> None:
    own = tmp_path / "book.xlsx"
    own.write_bytes(book.read_bytes())
    assert run("compile", own, "--draft").code == 0
    done = run("compile", own)
    assert done.code == 0
    assert "（草稿）.docx 还在" in done.err
    assert run("export", own, "--to", "html", "--draft").code == 0
    assert "book（草稿）.html 还在" in run("export", own, "--to", "html").err
    for path in tmp_path.glob("*（草稿）*"):
        path.unlink()
    assert compile_report(own, force=True).notes == ()


@pytest.mark.slow
def test_a_batch_with_force_removes_the_drafts_of_what_it_makes_and_names_the_others(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_batch(folder, out, draft=True, to=("docx", "html"))
    drafts = {path.name for path in out.glob("*（草稿）*")}
    results = run_batch(folder, out, force=True, to=("docx",))
    standing = {path.name for path in out.glob("*（草稿）*")}
    assert standing < drafts
    said = "".join(note for result in results for note in result.notes)
    assert all(name in said for name in standing)


def test_a_batch_with_force_begins_anew_where_it_cannot_read_what_was(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_batch(folder, out, to=("docx",))
    (out / ".govdisclose" / "batch.sqlite").write_text("another version\n")
    assert any(result.outputs for result in run_batch(folder, out, force=True, to=("docx",)))


# Characters that do something


@pytest.mark.parametrize(
    "char", ["\x1b", "\x07", "\x7f", "\x9b", "\r", "\u202e", "\u2066", "\u2028", "\ud800", "\x00"]
)
def test_a_character_that_acts_is_written_out(char: str) -> None:
    assert harmless(f"甲{char}乙\n\t丙") == f"甲\\u{ord(char):04x}乙\n\t丙"


def test_text_of_a_report_with_such_characters_reaches_no_output_unescaped(tmp_path: Path) -> None:
    from govdisclose import Paragraph

    for char in ("\x1b", "\x9b", "\ud800", "\x00", "\uffff"):
        report = consistent_report().evolve(
            problems=(Paragraph(f"甲{char}乙"),), title=f"标{char}题"
        )
        for to in ("json", "csv", "html", "html-fragment", "sqlite"):
            path = tmp_path / f"{ord(char)}.{to.partition('-')[0]}"
            try:
                export_report(report, path, to=to, force=True)
            except InputError:
                continue
            data = path.read_bytes()
            if to == "json":
                assert char.encode("utf-8", "surrogatepass") not in data
                assert read_report(path)


# Names and links


@pytest.mark.slow
def test_a_file_whose_name_is_in_another_encoding_is_told_in_every_format(
    book: Path, tmp_path: Path, run: Callable[..., Run]
) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\xfe.xlsx"
    with open(odd, "wb") as file:
        file.write(book.read_bytes())
    command = [sys.executable, "-m", "govdisclose", "check", odd]
    process = subprocess.run(command, capture_output=True, check=False)
    assert process.returncode == 0, process.stderr
    process.stdout.decode("utf-8")
    for style in ("json", "jsonl", "sarif", "github"):
        done = run("check", os.fsdecode(odd), "--format", style)
        assert done.code == 0, done.err
        assert "\N{REPLACEMENT CHARACTER}" not in done.out  # bytes that are no UTF-8
    done = run("check", os.fsdecode(odd), "--annotate", tmp_path / "copy.xlsx")
    assert done.code == 0, done.err


@pytest.mark.slow
def test_links_that_lead_to_themselves_are_passed_over_or_told(
    book: Path, tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("loop.xlsx", "loop.json", "loop.docx", "folder"):
        (tmp_path / name).symlink_to(tmp_path / name)
    (tmp_path / "a.xlsx").write_bytes(book.read_bytes())
    for command, code in (
        (("check", "loop.xlsx"), 3), (("check", "loop.json"), 3), (("compile", book, "--template", "loop.docx"), 4),
        (("compile", book, "-o", "folder/a.docx"), 5), (("batch", "folder", "-o", "out"), 3),
        (("export", ".", "--to", "csv", "-o", "all.csv"), 3), (("batch", ".", "-o", "out"), 6),
        (("aggregate", ".", "-o", "sum.xlsx"), 1),
    ):  # fmt: skip
        done = run(*command)
        assert (done.code, "Traceback" in done.err) == (code, False), (command, done.err)


def test_an_output_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.docx", tmp_path / "b.docx"
    target.write_bytes(b"old")
    link.symlink_to(target)
    publish(link, b"new", force=True)
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")
    assert [path.name for path in (tmp_path / "there").iterdir()] == ["a.docx"]


def test_a_name_that_is_nothing_but_an_ending_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="扩展名不对"):
        compile_report(book, tmp_path / ".docx")
