"""Files that are no workbook: one clear Chinese message, exit code 3, nothing written."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from govdisclose import read_report
from govdisclose.errors import InputError
from support.commands import Run
from support.packages import repack
from support.reports import consistent_report, written

GOOD = written(consistent_report())
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def without(member: str) -> bytes:
    return repack(GOOD, lambda name, content: None if name == member else content)


def package(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def flip(data: bytes) -> bytes:
    middle = data.index(b"xl/worksheets/sheet6.xml") + 200
    return data[:middle] + bytes(b ^ 0xFF for b in data[middle : middle + 40]) + data[middle + 40 :]


def with_entity(content: bytes) -> bytes:
    return content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)


def bomb() -> bytes:
    return repack(GOOD, lambda n, c: c + b" " * 60_000_000 if n.endswith("sheet6.xml") else c)


BAD: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "empty": ("b.xlsx", b"", "空文件"),
    "text": ("b.xlsx", "本年新收,3\n".encode(), "纯文本或 CSV"),
    "html": ("b.xlsx", b"<!DOCTYPE html><html><table></table></html>", "网页"),
    "pdf": ("b.xlsx", b"%PDF-1.7\n", "PDF"),
    "old Excel": ("b.xls", OLE + "Workbook".encode("utf-16-le"), "另存为 .xlsx"),
    "old Excel renamed": ("b.xlsx", OLE + "Workbook".encode("utf-16-le"), "另存为 .xlsx"),
    "WPS .et": ("b.et", OLE, "另存为"),
    "binary workbook": ("b.xlsb", package(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}), ".xlsb"),
    "OpenDocument": ("b.ods", package(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument 表格"),
    "Numbers": ("b.numbers", package(**{"Index/Document.iwa": b"x"}), "Numbers"),
    "Word document": ("b.xlsx", package(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}), "Word 文件"),
    "encrypted": ("b.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "GOVDISCLOSE_PASSWORD"),
    "truncated": ("b.xlsx", GOOD[: len(GOOD) * 2 // 3], "不完整"),
    "flipped bits": ("b.xlsx", flip(GOOD), "已损坏"),
    "owner file": ("~$b.xlsx", b"\x06 clerk", "临时文件"),
    "no content types": ("b.xlsx", without("[Content_Types].xml"), "[Content_Types].xml"),
    "no workbook part": ("b.xlsx", without("xl/workbook.xml"), "xl/workbook.xml"),
    "broken sheet": ("b.xlsx", repack(GOOD, lambda n, c: c[:-300] if n.endswith("sheet6.xml") else c), "已损坏"),
    "entity": ("b.xlsx", repack(GOOD, lambda n, c: with_entity(c) if n == "xl/workbook.xml" else c), "DTD"),
    "bomb": ("b.xlsx", bomb, "压缩炸弹"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "said"), BAD.values(), ids=BAD)
@pytest.mark.parametrize("command", ["check", "compile"])
def test_a_file_that_is_no_workbook_is_refused(
    command: str,
    name: str,
    data: bytes | Callable[[], bytes],
    said: str,
    tmp_path: Path,
    run: Callable[..., Run],
) -> None:
    book = tmp_path / name
    book.write_bytes(data() if callable(data) else data)
    done = run(command, book)
    assert done.code == 3
    assert said in done.err
    assert name in done.err
    assert "Traceback" not in done.err
    assert done.err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_good_workbook_with_a_bad_suffix_is_read(tmp_path: Path) -> None:
    for name in ("book", "book.zip", "book.et"):
        (tmp_path / name).write_bytes(GOOD)
        assert read_report(tmp_path / name).report == consistent_report()


def test_a_missing_file_a_folder_and_a_forbidden_file_are_told_apart(
    tmp_path: Path, run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden = tmp_path / "secret.xlsx"
    forbidden.write_bytes(GOOD)
    for path, said in (
        (tmp_path / "none.xlsx", "找不到文件"),
        (tmp_path, "是文件夹"),
        (forbidden, "权限"),
    ):
        if (
            path is forbidden
        ):  # by a stand-in for the system's refusal, since the superuser may read everything
            monkeypatch.setattr(os, "access", lambda *_: False)
            monkeypatch.setattr("govdisclose.read.source.read_input", forbid)
        for command in ("check", "compile"):
            done = run(command, path)
            assert (done.code, said in done.err) == (3, True), done.err


def forbid(path: Path, limit: int) -> bytes:
    raise PermissionError(13, "Permission denied", str(path))


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # cryptography deprecates what the format needs
class TestEncryption:
    def encrypted(self, folder: Path) -> Path:
        from msoffcrypto.format.ooxml import OOXMLFile

        path = folder / "locked.xlsx"
        with path.open("wb") as out:
            OOXMLFile(io.BytesIO(GOOD)).encrypt("对的密码", out)
        return path

    def test_a_locked_workbook_opens_with_the_password_in_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        book = self.encrypted(tmp_path)
        monkeypatch.setenv("GOVDISCLOSE_PASSWORD", "对的密码")
        assert read_report(book).report == consistent_report()

    def test_without_the_password_it_says_how_to_give_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GOVDISCLOSE_PASSWORD", raising=False)
        with pytest.raises(InputError, match="打开密码"):
            read_report(self.encrypted(tmp_path))

    def test_a_wrong_password_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GOVDISCLOSE_PASSWORD", "错的密码")
        with pytest.raises(InputError, match="密码不对"):
            read_report(self.encrypted(tmp_path))


def test_a_stray_value_in_the_last_cell_of_a_sheet_costs_nothing(tmp_path: Path) -> None:
    def edit(name: str, content: bytes) -> bytes:
        far = b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
        return content.replace(b"</sheetData>", far) if name.endswith("sheet6.xml") else content

    (tmp_path / "far.xlsx").write_bytes(repack(GOOD, edit))
    assert read_report(tmp_path / "far.xlsx").report == consistent_report()
