"""A file is there whole or not at all; names are safe on every system."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose.errors import OutputError, UsageError
from govdisclose.write.atomic import publish
from govdisclose.write.file_names import report_stem, safe_name


def fails(code: int) -> Any:
    def call(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return call


def test_the_file_holds_the_bytes_and_nothing_else_is_left(tmp_path: Path) -> None:
    publish(tmp_path / "a.docx", b"123")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.docx", b"123")]


def test_the_mode_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        publish(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640 or os.name == "nt"


def test_an_existing_file_is_only_replaced_by_force(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(UsageError, match="已存在"):
        publish(target, b"new")
    assert target.read_bytes() == b"old"
    publish(target, b"new", force=True)
    assert target.read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_appears_while_writing_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a"

    def meanwhile(_: bytes) -> None:
        target.write_bytes(b"theirs")

    with pytest.raises(UsageError, match="已存在"):
        publish(target, b"mine", verify=meanwhile)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"theirs"]


def test_where_hard_links_are_unknown_the_file_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.link", fails(errno.EOPNOTSUPP))
    publish(tmp_path / "a", b"1")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        ("fsync", errno.ENOSPC, "磁盘已满"),
        ("fsync", errno.EIO, "无法写入"),
        ("replace", errno.EACCES, "请先关闭"),
        ("replace", errno.ENOSPC, "磁盘已满"),
        ("link", errno.ENOSPC, "磁盘已满"),
    ],
)
def test_a_fault_keeps_the_old_file_and_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, words: str
) -> None:
    target = tmp_path / "a"
    if call == "replace":
        target.write_bytes(b"old")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    monkeypatch.setattr(f"os.{call}", fails(code))
    with pytest.raises(OutputError, match=words) as raised:
        publish(target, b"new", force=call == "replace")
    assert raised.value.exit_code == 5
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.EROFS, "文件夹只读"), (errno.EACCES, "没有写入权限"), (errno.ENOSPC, "磁盘已满")],
)
def test_a_folder_that_takes_no_file_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    monkeypatch.setattr("builtins.open", fails(code))
    with pytest.raises(OutputError, match=words):
        publish(tmp_path / "a", b"")
    assert not list(tmp_path.iterdir())


def test_a_vanished_folder_and_a_folder_as_target_are_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="目标文件夹不存在"):
        publish(tmp_path / "gone" / "a", b"")
    with pytest.raises(OutputError, match="是文件夹"):
        publish(tmp_path, b"", force=True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
def test_a_disk_that_fills_up_while_writing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = open
    monkeypatch.setattr("builtins.open", lambda name, mode: real("/dev/full", "wb"))
    with pytest.raises(OutputError, match="磁盘已满"):
        publish(tmp_path / "a", b"1")
    assert not list(tmp_path.iterdir())


def test_bytes_that_read_back_differently_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: os.truncate(handle, 0))
    with pytest.raises(OutputError, match="读回"):
        publish(tmp_path / "a", b"1")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [OutputError("回读核对不一致"), KeyboardInterrupt()])
def test_what_verification_raises_is_passed_on_and_nothing_is_left(
    tmp_path: Path, error: BaseException
) -> None:
    def verify(data: bytes) -> None:
        assert data == b"1"
        raise error

    with pytest.raises(type(error)):
        publish(tmp_path / "a", b"1", verify=verify)
    assert not list(tmp_path.iterdir())


NAMES = [
    ("淮安市人民政府", "淮安市人民政府"),
    ('a/b\\c:d*e?f"g<h>i|j', "a_b_c_d_e_f_g_h_i_j"),
    ("../../x", "_.._x"),
    ("..", "_"),
    ("", "_"),
    ("CON", "_CON"),
    ("con.txt", "_con.txt"),
    ("com1", "_com1"),
    ("console", "console"),
    ("结尾. . ", "结尾"),
    ("a\x00b\nc", "a_b_c"),
    ("甲\u200b乙\u202e丙\ufeff", "甲_乙_丙_"),
    ("e\u0301", "\u00e9"),
    ("\ud800", "_"),
    ("市" * 86, "市" * 66),
    ("x" * 100, "x" * 80),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_safe(text: str, name: str) -> None:
    assert safe_name(text) == name
    assert len(safe_name(text).encode()) <= 200


@pytest.mark.parametrize("text", [text for text, _ in NAMES])
def test_a_safe_name_can_be_written(text: str, tmp_path: Path) -> None:
    publish(tmp_path / f"{safe_name(text)}.docx", b"")
    assert len(list(tmp_path.iterdir())) == 1


@given(st.integers(1, 300), st.booleans())
def test_however_long_an_agencys_name_is_its_reports_of_two_years_have_two_names(
    length: int, draft: bool
) -> None:
    names = {
        report_stem("长" * length, year, draft=draft, tail="（111111111111111111）")
        for year in (2024, 2025)
    }
    assert len(names) == 2
    assert all("年政府信息公开工作年度报告" in name and len(name.encode()) <= 200 for name in names)
    assert all(name.endswith("（111111111111111111）") for name in names)
