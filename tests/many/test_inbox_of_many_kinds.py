"""Sums and long tables take reports in every form that is read, each of them once."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from govdisclose import export_report, write_workbook
from govdisclose.form.report import AnnualReport
from govdisclose.long_table import export_folder
from govdisclose.many.consolidate.folder import aggregate_folder
from govdisclose.write.long_table import LONG_FILES
from support.archives import shelved, zipped
from support.commands import Run
from support.units import cell_sums, units

UNITS = units("甲局", "乙局", "丙局", "丁局")
NOTICE = "关于报送年度报告的通知\n请各单位按时报送。".encode()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook, a page, an export in an archive and a Word report in an archive in it."""
    made = tmp_path_factory.mktemp("made")
    workbook, page, data, word = (_written(report, made) for report in UNITS)
    inner = zipped({"丁局.html": word["html"]}, "gbk")
    root = tmp_path_factory.mktemp("in")
    outer = zipped({"县/丙局.json": data["json"], "县/里.zip": inner, "县/照片.jpg": b"x"}, "gbk")
    files = {
        "甲局.xlsx": workbook["xlsx"],
        "乙局.html": page["html"],
        "县.zip": outer,
        "通知.txt": NOTICE,
    }
    return shelved(root, files)


def _written(report: AnnualReport, folder: Path) -> dict[str, bytes]:
    """A report in three forms."""
    book = folder / f"{report.agency.name}.xlsx"
    write_workbook(report, book)
    forms = {"xlsx": book.read_bytes()}
    for form in ("html", "json"):
        forms[form] = export_report(book, to=form, force=True).path.read_bytes()
    return forms


@pytest.mark.slow
def test_reports_in_every_form_are_added_up(inbox: Path, tmp_path: Path) -> None:
    made = aggregate_folder(inbox, tmp_path / "汇总.xlsx")
    assert made.report.values() == cell_sums(*UNITS)
    files = {unit.file for unit in made.units}
    assert files == {"甲局.xlsx", "乙局.html", "县.zip/县/丙局.json", "县.zip/县/里.zip/丁局.html"}
    assert {one.name for one in made.not_read} == {"县.zip/县/照片.jpg", "通知.txt"}
    sheet = load_workbook(tmp_path / "汇总.xlsx").worksheets[0]
    said = [str(row[0]) for row in sheet.iter_rows(values_only=True)]
    assert any(
        "1 个文件没有看：县.zip/县/照片.jpg" in text and "1 个文件看过、没有采用：通知.txt" in text
        for text in said
    )
    rows = [
        row[4:7] for row in sheet.iter_rows(values_only=True) if row[4] in ("没有看", "没有采用")
    ]
    assert ("没有采用", "通知.txt", "看过，不是年度报告") in rows
    assert [row[0] for row in rows] == ["没有看", "没有采用"]


def test_reports_in_every_form_are_in_the_long_table(inbox: Path, tmp_path: Path) -> None:
    made = export_folder(inbox, tmp_path / "t.csv", to="csv")
    sums: dict[str, int] = {}
    for row in LONG_FILES["csv"].read(made.path):
        sums[row.path] = sums.get(row.path, 0) + (row.value or 0)
    expected = {path: value or 0 for path, value in cell_sums(*UNITS).items()}
    assert sums == expected
    assert {one.name for one in made.not_read} == {"县.zip/县/照片.jpg", "通知.txt"}


def test_a_unit_that_came_in_two_forms_counts_once(inbox: Path, tmp_path: Path) -> None:
    book = (inbox / "甲局.xlsx").read_bytes()
    again = shelved(
        tmp_path / "in", {"甲.xlsx": book, "乙.html": (inbox / "乙局.html").read_bytes()}
    )
    shelved(again, {"又.zip": zipped({"甲.xlsx": book})})
    made = aggregate_folder(again, tmp_path / "汇总.xlsx")
    assert made.report.values() == cell_sums(*UNITS[:2])
    (told,) = [finding.text for finding in made.findings if finding.code == "H102"]
    assert "又.zip/甲.xlsx" in told
    assert "甲.xlsx" in told


def with_unicode_name(name: str, told: str, data: bytes) -> bytes:
    """An archive whose member has a name in code page 437, and its Unicode name in an extra field."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo(name)
        content = struct.pack("<BI", 1, zlib.crc32(name.encode())) + told.encode()
        other = struct.pack("<HH", 0x5455, 2) + b"xx"
        info.extra = other + struct.pack("<HH", 0x7075, len(content)) + content
        archive.writestr(info, data)
    return packed.getvalue()


def test_a_name_in_the_field_for_unicode_names_is_the_one_that_counts(
    inbox: Path, tmp_path: Path
) -> None:
    book = (inbox / "甲局.xlsx").read_bytes()
    folder = shelved(tmp_path / "in", {"县.zip": with_unicode_name("a.xlsx", "甲局.xlsx", book)})
    (unit,) = aggregate_folder(folder, tmp_path / "汇总.xlsx").units
    assert unit.file == "县.zip/甲局.xlsx"


BROKEN = zipped({"乙.xlsx": b"x" * 4_000})
INNER = {
    "cut off": (BROKEN[: len(BROKEN) // 2], "已损坏或不完整"),
    "no archive": (b"text", "不是 zip 压缩包"),
    "empty": (b"", "是空文件"),
    "a Word file": (zipped({"[Content_Types].xml": b"<a/>"}), "其实是 Office 文档"),
}


@pytest.mark.parametrize(("data", "said"), INNER.values(), ids=INNER)
@pytest.mark.slow
def test_an_archive_in_an_archive_that_cannot_be_read_is_named(
    data: bytes, said: str, inbox: Path, tmp_path: Path, run: Callable[..., Run]
) -> None:
    book = (inbox / "甲局.xlsx").read_bytes()
    folder = shelved(tmp_path / "in", {"外.zip": zipped({"甲.xlsx": book, "里.zip": data})})
    done = run("aggregate", folder, "-o", tmp_path / "a.xlsx")
    assert done.code == 1
    assert "外.zip/里.zip" in done.err
    assert said in done.err


@pytest.mark.slow
def test_an_archive_that_cannot_be_read_is_an_error_and_stops_no_other(
    inbox: Path, tmp_path: Path, run: Callable[..., Run]
) -> None:
    bad = shelved(
        tmp_path / "in", {"甲.xlsx": (inbox / "甲局.xlsx").read_bytes(), "坏.zip": b"PK no"}
    )
    done = run("aggregate", bad, "-o", tmp_path / "a.xlsx")
    assert (done.code, "坏.zip：读不出：坏.zip 已损坏" in done.err) == (1, True)
    assert run("aggregate", bad, "-o", tmp_path / "a.xlsx", "--skip-errors").code == 6
    done = run("export", bad, "--to", "csv", "-o", tmp_path / "a.csv")
    assert (done.code, "坏.zip 已损坏" in done.err) == (3, True)
