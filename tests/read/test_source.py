"""A source is a path, bytes, or a binary file; bytes and open files are told apart by their content."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from govdisclose import Session, export_report, read_report
from govdisclose.errors import InputError, UsageError
from govdisclose.form.reading import Reading
from govdisclose.read.source import IN_MEMORY, LIMIT, kind_of
from support.paths import ROOT
from support.reports import consistent_report
from support.sheets import said

SAMPLE = ROOT / "sample_workbooks" / "tongliao-minwei-2021.xlsx"
MISTAKES = ROOT / "sample_workbooks" / "with-mistakes.xlsx"
FORMS = ("json", "html", "html-fragment", "docx")


def content_of(reading: Reading) -> tuple[object, ...]:
    """What a reading says apart from the file's name."""
    findings = [(f.code, f.text, f.place.sheet, f.place.cell, f.path) for f in reading.findings]
    return reading.report, findings, reading.unread, reading.without_prose


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    from govdisclose import compile_report

    folder = tmp_path_factory.mktemp("forms")
    made = {"xlsx": SAMPLE}
    for form in ("json", "html", "html-fragment"):
        ending = "html" if form.startswith("html") else form
        path = folder / f"{form}.{ending}"
        export_report(SAMPLE, path, to=form)
        made[form] = path
    compile_report(SAMPLE, folder / "report.docx")
    made["docx"] = folder / "report.docx"
    return made


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", *FORMS])
def test_bytes_and_open_files_say_what_the_path_says(form: str, exported: dict[str, Path]) -> None:
    path = exported[form]
    data = path.read_bytes()
    expected = content_of(read_report(path))
    with path.open("rb") as opened:
        assert content_of(read_report(opened)) == expected
    for source in (data, bytearray(data), memoryview(data), io.BytesIO(data)):
        assert content_of(read_report(source)) == expected


@pytest.mark.parametrize("name", ["sample.txt", "sample.md", "sample.pdf"])
def test_the_kind_of_published_bytes_follows_from_their_content(name: str) -> None:
    content = {
        "sample.txt": "某某局2024年政府信息公开工作年度报告\n一、总体情况\n",
        "sample.md": "# 某某局2024年政府信息公开工作年度报告\n\n## 一、总体情况\n",
        "sample.pdf": "%PDF-1.7\n",
    }[name]
    assert kind_of(content.encode()) == ("pdf" if name.endswith("pdf") else "text")
    if not name.endswith("pdf"):
        assert kind_of(content.encode("utf-16")) == "text"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"\xef\xbb\xbf  <section><h1>1</h1></section>", "html"),
        ("<p>页</p>".encode("utf-16"), "html"),
        (b'<?xml version="1.0"?><html/>', "html"),
        (b'\xef\xbb\xbf{"schema": 1}', "json"),
        (b"PK\3\4 broken", "workbook"),
        (b"\xd0\xcf\x11\xe0", "workbook"),
        (b"\0\1\2", "workbook"),
        (b"", "text"),
    ],
)
def test_every_content_has_a_kind(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_findings_name_an_open_file_by_its_name_and_bytes_as_in_memory(tmp_path: Path) -> None:
    assert {f.place.file for f in read_report(MISTAKES.read_bytes()).findings} == {IN_MEMORY}
    with MISTAKES.open("rb") as opened:
        assert {f.place.file for f in read_report(opened).findings} == {MISTAKES.name}
    assert read_report(MISTAKES.read_bytes()).source is None


@pytest.mark.parametrize(
    "source", [b"", b" \n", b"PK\3\4", b"%PDF-", b"{", b"\0\0", b"<html></html>", b"hello"]
)
def test_bytes_that_are_no_report_are_refused_by_name(source: bytes) -> None:
    with pytest.raises(InputError, match=IN_MEMORY):
        read_report(source)


def test_a_source_over_the_limit_is_refused_before_all_of_it_is_read() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert 0 < size <= LIMIT + 1
            self.taken += min(size, 1_000_000)
            return b"x" * min(size, 1_000_000)

    endless = Endless()
    with pytest.raises(InputError, match="上限"):
        read_report(endless)  # type: ignore[arg-type]  # a raw stream reads as a binary file does
    assert endless.taken == LIMIT + 1
    with pytest.raises(InputError, match="上限"):
        read_report(b"x" * (LIMIT + 1))


@pytest.mark.parametrize("source", [5, None, ["a.xlsx"], io.StringIO("text"), io.StringIO()])
def test_anything_else_is_misuse(source: object) -> None:
    with pytest.raises(UsageError):
        read_report(source)  # type: ignore[arg-type]  # that is the test


def test_a_closed_or_unreadable_file_is_refused() -> None:
    closed = io.BytesIO(b"")
    closed.close()
    with pytest.raises(InputError, match="读不了"):
        read_report(closed)
    with open(os.devnull, "wb") as opened, pytest.raises(InputError, match="读不了"):
        read_report(opened)


@pytest.mark.slow
def test_a_session_says_what_single_reads_say(tmp_path: Path) -> None:
    from govdisclose import write_workbook

    session = Session()
    paths = [SAMPLE, MISTAKES, SAMPLE]
    for seed in range(3):
        paths.append(write_workbook(consistent_report(seed=seed), tmp_path / f"{seed}.xlsx"))
    for path in (*paths, *paths):
        assert said(session.read, path) == said(read_report, path)
        assert content_of(session.read(path.read_bytes())) == content_of(read_report(path))
